"""Do the nodes reach the registry privately, through a service endpoint, or over the internet?

https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.network.endpoint_fixes import new_endpoint
from core.checks.network.ways import going, pools, subnet_name
from core.checks.unread import unknown
from core.facts.endpoints import EndpointConnection
from core.facts.fact import Denied, Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, Status, Verdict

_IN_WORDS = {
    Way.PRIVATE: "through a private endpoint",
    Way.UNINTENDED: "meant privately, but its name leads to the public address",
    Way.PUBLIC: "over the internet",
    Way.SERVICE_ENDPOINT: "over a service endpoint",
    Way.NONE: "no way",
    Way.UNKNOWN: "not known",
}


def evaluate(
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    networks: Fact[Items[VirtualNetwork]],
    private_zones: Fact[PrivateZones],
) -> Verdict:
    """Say which way the nodes of each subnet take; nobody comes in without public access and without an endpoint."""
    evidence = tuple(_shown(path) for path in node_paths)
    values = {"registry_name": registry.name, "pools": pools(node_paths)}
    connections = endpoint_connections.value if isinstance(endpoint_connections, Known) else ()
    without = going(node_paths, Way.NONE)
    if without and connections:
        return Verdict(Status.WARNING, "not-approved", values={**values, "pools": pools(without)}, evidence=evidence)
    if without:
        return Verdict(
            Status.FAIL,
            "no-endpoint",
            certainty=Certainty.DEFINITE,
            values={**values, "pools": pools(without)},
            evidence=evidence,
            fixes=new_endpoint(registry, without, networks, private_zones),
        )
    unclear = sorted(going(node_paths, Way.UNKNOWN), key=lambda path: not isinstance(path.why, Denied))
    if unclear and unclear[0].why is not None:
        return unknown(unclear[0].why, evidence)
    unintended = going(node_paths, Way.UNINTENDED)
    if unintended:
        return Verdict(Status.WARNING, "unintended", values={**values, "pools": pools(unintended)}, evidence=evidence)
    ways = {path.way for path in node_paths}
    if not ways:
        return Verdict(Status.NOT_APPLICABLE, "no-node-subnet", values=values)
    if len(ways) > 1:
        return Verdict(Status.PASS, "several", values=values, evidence=evidence)
    reasons = {Way.PRIVATE: "private", Way.PUBLIC: "public"}
    reason = reasons.get(ways.pop(), "service-endpoint")
    return Verdict(Status.PASS, reason, values=values, evidence=evidence)


def _shown(path: NodePath) -> Evidence:
    named = f"{pools((path,))}: {subnet_name(path.where.subnet_id)}"
    return Evidence("way", f"{named} | {_IN_WORDS[path.way]}")


CHECK = Check("network.path", Branch.NETWORK, evaluate)
