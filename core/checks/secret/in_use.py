"""Does the pod use an image pull secret?

https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.secret.given import meant_of, name_of, no_secret, recreate_values, server_of, shown
from core.facts.choice import Choice
from core.facts.fact import Fact
from core.facts.registry import Registry
from core.model import Branch, Evidence, FixRef, Status, Verdict


def evaluate(choice: Choice, registry: Fact[Registry]) -> Verdict:
    """Say which secret the pod names, as far as that was told.

    A pod holds the names of its service account too, since they are copied when it is made.
    """
    meant = meant_of(choice, registry)
    if meant is None:
        return no_secret()
    name, pod = name_of(meant), meant.pod
    values = {"secret": name, "kind": pod.kind if pod else "", "pod": (pod.name if pod else "") or "<pod>"}
    own = shown(meant.secret) if meant.secret else (Evidence("secret", name),)
    if pod is not None and not pod.secret_names and pod.kind != "ServiceAccount":
        fix = FixRef("name-pull-secret", recreate_values(meant, server_of(choice, registry, meant)))
        return Verdict(Status.WARNING, "names-none", values=values, evidence=own, fixes=(fix,))
    if pod is not None and pod.secret_names:
        users = (Evidence("secret-named-by", f"{pod.name} | {', '.join(pod.secret_names)} | {pod.kind}"),)
        return Verdict(Status.PASS, "named", values=values, evidence=(*own, *users))
    if meant.missed:
        return Verdict(Status.PASS, "named-in-text", values=values, evidence=own)
    return Verdict(Status.PASS, "given", values=values, evidence=own)


CHECK = Check("secret.in-use", Branch.SECRET, evaluate)
