"""Does the registry accept connections from the internet?

https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.network.ways import beside, going, pools, subnets, whole
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.public_access import is_public, refuses_by_default


def evaluate(registry: Registry, node_paths: tuple[NodePath, ...]) -> Verdict:
    """Look at public access where nodes come over the internet, or have no other way.

    Where they are meant to come over a private endpoint, public access is not what has to change.
    """
    exposed = going(node_paths, Way.PUBLIC, Way.NONE)
    if not exposed:
        return beside(node_paths)
    values = {"registry_name": registry.name, "pools": pools(exposed)}
    evidence = (*_evidence(registry), *subnets(exposed))
    if not is_public(registry):
        return Verdict(
            Status.FAIL,
            "disabled",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(FixRef("open-to-selected-networks", registry_values(registry)),),
        )
    reason = "selected" if refuses_by_default(registry) else "everybody"
    return whole(Verdict(Status.PASS, reason, values=values, evidence=evidence), node_paths)


def _evidence(registry: Registry) -> tuple[Evidence, ...]:
    return (
        Evidence("public-access", "Enabled" if is_public(registry) else "Disabled"),
        Evidence("default-action", registry.default_action or "Allow"),
    )


CHECK = Check("network.public-access", Branch.NETWORK, evaluate)
