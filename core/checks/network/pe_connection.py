"""Did the registry's owner approve the private endpoint?

https://learn.microsoft.com/azure/private-link/manage-private-endpoint
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.network.endpoint_fixes import renew_endpoint
from core.checks.network.ways import beside, pools
from core.checks.unread import unknown
from core.facts.endpoints import EndpointConnection, PrivateEndpoint
from core.facts.fact import Fact, Known, Missing
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.facts.resource_id import NotAResourceId, ResourceId, same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.endpoint_choice import APPROVED, PENDING, unread_between
from core.network.name_faults import PRIVATE_WAYS

_WORST_FIRST = ("pending", "rejected", "disconnected")


def evaluate(
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    private_zones: Fact[PrivateZones],
    networks: Fact[Items[VirtualNetwork]],
) -> Verdict:
    """Look at the state of the endpoint that the nodes are meant to use; the registry's own side of it counts."""
    paths = tuple(path for path in node_paths if path.way in (*PRIVATE_WAYS, Way.NONE))
    if not paths:
        return beside(node_paths)
    if not isinstance(endpoint_connections, Known):
        return unknown(endpoint_connections, (Evidence("registry", registry.id),))
    used = _used(paths, endpoint_connections.value)
    values = {"registry_name": registry.name, "pools": pools(paths)}
    if not used:
        return Verdict(Status.NOT_APPLICABLE, "none", values=values)
    evidence = tuple(_shown(one) for one in used)
    wrong = sorted((one for one in used if one.status.lower() != APPROVED), key=_rank)
    doubt = _doubt(paths, used, endpoint_connections.value, private_endpoints, networks)
    if not wrong:
        return doubt or Verdict(Status.PASS, "approved", values=values, evidence=evidence)
    if doubt is not None and not any(path.login.addresses for path in paths):
        return doubt
    return _not_approved(wrong, registry, values, evidence, private_endpoints, private_zones)


def _used(paths: tuple[NodePath, ...], connections: tuple[EndpointConnection, ...]) -> list[EndpointConnection]:
    meant = [path.endpoint_id for path in paths if path.endpoint_id]
    if not meant:
        # An endpoint whose id the registry does not tell may be the one.
        return [one for one in connections if one.endpoint_id is None]
    return [
        one
        for one in connections
        if one.endpoint_id and any(same_id(one.endpoint_id, endpoint) for endpoint in meant)
    ]


def _doubt(
    paths: tuple[NodePath, ...],
    used: list[EndpointConnection],
    connections: tuple[EndpointConnection, ...],
    endpoints: Fact[Items[PrivateEndpoint]],
    networks: Fact[Items[VirtualNetwork]],
) -> Verdict | None:
    """Give the verdict where another one than was taken for the meant one may be it, and its state differs.

    That is so where the one that was taken could not be read, or nobody knows how near it or an approved one is.
    """
    states = {one.status.lower() for one in used}
    others = [one for one in connections if one not in used and one.status.lower() in {APPROVED, PENDING} - states]
    rivals = [one for one in others if one.status.lower() == APPROVED]
    for one in (*used, *rivals) if others else ():
        outcome = endpoints.value.get(one.endpoint_id or "") if isinstance(endpoints, Known) else endpoints
        if isinstance(outcome, Known):
            between = (unread_between(outcome.value, path.where.network_id, networks) for path in paths)
            why = next((reason for reason in between if reason is not None), None)
        else:
            why = outcome if one in used and not isinstance(outcome, Missing) else None
        if why is not None:
            return unknown(why, tuple(_shown(one) for one in (*used, *others)))
    return None


def _not_approved(
    wrong: list[EndpointConnection],
    registry: Registry,
    values: dict[str, str],
    evidence: tuple[Evidence, ...],
    endpoints: Fact[Items[PrivateEndpoint]],
    zones: Fact[PrivateZones],
) -> Verdict:
    first = wrong[0]
    values = {
        **values,
        "connection_name": first.name,
        "endpoint": (first.endpoint_id or first.name).rpartition("/")[2],
        "state": first.status,
    }
    if first.status.lower() == "pending":
        each = tuple(
            {"connection_name": one.name, "connection_id": one.id} for one in wrong if one.status.lower() == "pending"
        )
        approve = FixRef("approve-endpoint", {**registry_values(registry), **each[0]}, each)
        return Verdict(
            Status.FAIL,
            "pending",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(approve,),
        )
    return Verdict(
        Status.FAIL,
        "refused",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(_renew(first, registry, endpoints, zones),),
    )


def _renew(
    connection: EndpointConnection,
    registry: Registry,
    endpoints: Fact[Items[PrivateEndpoint]],
    zones: Fact[PrivateZones],
) -> FixRef:
    """Give the fix that deletes the dead endpoint and makes it again."""
    endpoint = endpoints.value.get(connection.endpoint_id or "") if isinstance(endpoints, Known) else endpoints
    if not isinstance(endpoint, Known):
        return FixRef("inspect-endpoint", {"registry_name": registry.name, **_named(connection.endpoint_id or "")})
    return renew_endpoint(registry, endpoint.value, zones)


def _named(endpoint_id: str) -> dict[str, str]:
    """The names of an endpoint of which no more than the id is known, or not even that."""
    try:
        parsed = ResourceId.parse(endpoint_id)
    except NotAResourceId:
        return {
            "endpoint_id": "<endpoint-id>",
            "endpoint_name": "<endpoint-name>",
            "endpoint_group": "<resource-group>",
            "endpoint_subscription": "<subscription>",
        }
    return {
        "endpoint_id": parsed.text,
        "endpoint_name": parsed.name,
        "endpoint_group": parsed.resource_group,
        "endpoint_subscription": parsed.subscription_id,
    }


def _rank(connection: EndpointConnection) -> int:
    status = connection.status.lower()
    return _WORST_FIRST.index(status) if status in _WORST_FIRST else len(_WORST_FIRST)


def _shown(connection: EndpointConnection) -> Evidence:
    note = f" | {connection.description}" if connection.description else ""
    return Evidence(
        "endpoint-connection",
        f"{connection.name} | {connection.status} | {connection.endpoint_id or 'endpoint not told'}{note}",
    )


CHECK = Check("network.pe-connection", Branch.NETWORK, evaluate)
