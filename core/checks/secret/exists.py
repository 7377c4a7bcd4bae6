"""Is the pull secret where the pod is? A pod reaches only the secrets of its own namespace.

https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.secret.given import meant_of, name_of, no_secret, recreate, server_of, shown
from core.facts.choice import Choice
from core.facts.fact import Fact
from core.facts.meant_secret import MeantSecret
from core.facts.pull_secret import PullSecret
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, Status, Verdict


def evaluate(choice: Choice, registry: Fact[Registry]) -> Verdict:
    """Compare the secret's namespace and name with the pod's."""
    meant = meant_of(choice, registry)
    if meant is None:
        return no_secret()
    name, namespace, server = name_of(meant), meant.namespace, server_of(choice, registry, meant)
    values = {"secret": name, "namespace": namespace or "the pod's namespace"}
    pods = (Evidence("pod-namespace", namespace),) if namespace else ()
    if meant.secret is None:
        evidence = (Evidence("secret", ", ".join(meant.names)), *pods)
        if not meant.missed:
            return Verdict(Status.UNKNOWN, "not-given", values=values, evidence=evidence)
        fixes = (recreate(meant, server),)
        return Verdict(Status.FAIL, "not-retrieved", Certainty.LIKELY, values=values, evidence=evidence, fixes=fixes)
    return _judge(meant, meant.secret, server, {**values, "found": meant.secret.namespace or ""}, pods)


def _judge(
    meant: MeantSecret,
    secret: PullSecret,
    login_server: str,
    values: dict[str, str],
    pods: tuple[Evidence, ...],
) -> Verdict:
    evidence = (*shown(secret), *pods)
    fixes = (recreate(meant, login_server, _user(secret)),)
    if meant.names and secret.name and secret.name not in meant.names:
        named = {**values, "named": ", ".join(meant.names)}
        evidence = (*evidence, Evidence("secret", named["named"]))
        return Verdict(Status.FAIL, "other-name", Certainty.LIKELY, values=named, evidence=evidence, fixes=fixes)
    if not secret.namespace:
        return Verdict(Status.WARNING, "namespace-not-in-secret", values=values, evidence=evidence)
    if not meant.namespace:
        return Verdict(Status.WARNING, "namespace-not-known", values=values, evidence=evidence)
    if secret.namespace != meant.namespace:
        return Verdict(
            Status.FAIL, "other-namespace", Certainty.DEFINITE, values=values, evidence=evidence, fixes=fixes
        )
    return Verdict(Status.PASS, "same-namespace", values=values, evidence=evidence)


def _user(secret: PullSecret) -> str:
    """Give the user name of a secret with one login, which its copy will have too."""
    return secret.logins[0].username if len(secret.logins) == 1 else ""


CHECK = Check("secret.exists", Branch.SECRET, evaluate)
