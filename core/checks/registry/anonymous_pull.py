"""May anybody pull from this registry?

https://learn.microsoft.com/azure/container-registry/anonymous-pull-access
"""

from __future__ import annotations

from core.checks.check import Check
from core.facts.registry import Registry
from core.model import Branch, Evidence, Status, Verdict


def evaluate(registry: Registry) -> Verdict:
    """Say it for the reader of an error text; neither answer is a fault."""
    values = {"registry_name": registry.name}
    if registry.anonymous_pull_enabled is None:
        return Verdict(Status.NOT_APPLICABLE, "not-offered", values=values)
    on = registry.anonymous_pull_enabled
    evidence = (Evidence("anonymous-pull", "Enabled" if on else "Disabled"),)
    return Verdict(Status.PASS, "on" if on else "off", values=values, evidence=evidence)


CHECK = Check("registry.anonymous-pull", Branch.REGISTRY, evaluate)
