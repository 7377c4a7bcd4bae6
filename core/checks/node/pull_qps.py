"""Does the kubelet hold its own pulls back?

https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import namespace_of
from core.facts.choice import Choice
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(choice: Choice) -> Verdict:
    """Judge by the pasted text alone: only the kubelet knows that it asked for too many images at once.

    No request was sent, so neither a permission nor the registry can have refused it.
    """
    symptom = choice.symptom
    if symptom is None or symptom.kind != "PULL_QPS":
        return Verdict(Status.NOT_APPLICABLE, "no-sign")
    node = (Evidence("node", symptom.node),) if symptom.node else ()
    return Verdict(
        Status.FAIL,
        "held-back",
        certainty=Certainty.LIKELY,
        evidence=(*node, Evidence("kubelet-limits", "5 / 10")),
        fixes=(FixRef("pull-less-often", {"namespace": namespace_of(choice)}),),
    )


CHECK = Check("node.pull-qps", Branch.NODE, evaluate)
