"""Is the node allowed to pull, and does it pull more often than it has to?

https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.wording import set_policy
from core.facts.choice import Choice
from core.facts.image_name import split
from core.model import Branch, Certainty, Evidence, Status, Verdict


def evaluate(choice: Choice) -> Verdict:
    """Judge by the pasted text alone: the pod's policy is nothing that Azure knows."""
    kind = choice.symptom.kind if choice.symptom is not None else None
    if kind == "NEVER_PULL":
        return Verdict(
            Status.FAIL,
            "never",
            certainty=Certainty.DEFINITE,
            evidence=(Evidence("pull-policy", "Never"),),
            fixes=(set_policy(choice),),
        )
    if kind == "PULL_QPS" and choice.image is not None and _is_pulled_always(choice.image):
        return Verdict(
            Status.WARNING,
            "always",
            evidence=(Evidence("pull-policy", "Always"),),
            fixes=(set_policy(choice),),
        )
    return Verdict(Status.NOT_APPLICABLE, "no-sign")


def _is_pulled_always(image: str) -> bool:
    """Whether Kubernetes asks for an image every time unless told otherwise: with the tag "latest", or with none."""
    parts = split(image)
    return parts.digest is None and (parts.tag is None or parts.tag == "latest")


CHECK = Check("image.pull-policy", Branch.IMAGE, evaluate)
