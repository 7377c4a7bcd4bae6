"""Is there a private endpoint of the registry that the cluster can reach?

https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
"""

from __future__ import annotations

from collections.abc import Sequence

from core.checks.check import Check
from core.checks.network.ways import beside, pools
from core.checks.unread import unknown
from core.facts.endpoints import EndpointConnection, PrivateEndpoint
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.facts.resource_id import same_id
from core.model import Branch, Evidence, Status, Verdict
from core.network.name_faults import PRIVATE_WAYS


def evaluate(
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Name the endpoint that the nodes of each subnet are meant to use; whether traffic passes is not asked here."""
    paths = tuple(path for path in node_paths if path.way in (*PRIVATE_WAYS, Way.NONE))
    if not paths:
        return beside(node_paths)
    if not isinstance(endpoint_connections, Known):
        return unknown(endpoint_connections, (Evidence("registry", registry.id),))
    values = {"registry_name": registry.name, "pools": pools(paths)}
    evidence = (*_connections(endpoint_connections.value), *(_meant(path) for path in paths if path.endpoint_id))
    if not any(path.endpoint_id for path in paths):
        return Verdict(Status.NOT_APPLICABLE, "none", values=values, evidence=evidence)
    double: Verdict | None = None
    for path in paths:
        if path.endpoint_id is None:
            continue
        endpoint = (
            private_endpoints.value.get(path.endpoint_id)
            if isinstance(private_endpoints, Known)
            else private_endpoints
        )
        if not isinstance(endpoint, Known):
            return _unread(endpoint, path, evidence)
        same = _in_network(endpoint.value.network_id, private_endpoints)
        if len(same) > 1:
            names = {
                "network": endpoint.value.network_id.rpartition("/")[2],
                "endpoints": ", ".join(one.name for one in same),
            }
            double = Verdict(Status.WARNING, "two-in-one-network", values={**values, **names}, evidence=evidence)
    return double or Verdict(Status.PASS, "exists", values=values, evidence=evidence)


def _unread(outcome: NotKnown, path: NodePath, evidence: tuple[Evidence, ...]) -> Verdict:
    """Say that the endpoint could not be read; Azure also answers "no such thing" about what is out of sight."""
    if isinstance(outcome, Missing):
        values = {"endpoint": path.endpoint_id or "-", "pools": pools((path,))}
        return Verdict(Status.UNKNOWN, "not-found", values=values, evidence=evidence)
    return unknown(outcome, evidence)


def _in_network(network_id: str, endpoints: Fact[Items[PrivateEndpoint]]) -> Sequence[PrivateEndpoint]:
    known = endpoints.value.known() if isinstance(endpoints, Known) else ()
    return [one for one in known if same_id(one.network_id, network_id)]


def _connections(connections: Sequence[EndpointConnection]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence("endpoint-connection", f"{one.name} | {one.status} | {one.endpoint_id or 'endpoint not told'}")
        for one in connections
    )


def _meant(path: NodePath) -> Evidence:
    return Evidence("private-endpoint", f"{path.endpoint_id} | pools: {pools((path,))}")


CHECK = Check("network.pe-exists", Branch.NETWORK, evaluate)
