"""If the networks are only connected through a hub, does the hub carry the traffic?

https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview#service-chaining
https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.net.ends import endpoint_shown, far_side, goes_to_endpoint, near_side, network_name, table_of
from core.checks.net.merge import Judged, merged
from core.checks.net.peering import crossing_of, shown
from core.checks.net.peering_fixes import pair_values, peering_fix, place
from core.checks.network.ways import subnet_name, subnets
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath
from core.facts.routing import RouteTable
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.addresses import contains
from core.network.paths import subnet_of
from core.network.peering import Link, Side, halves, link
from core.network.transit import Crossing, Transit

_APPLIANCE = "virtualappliance"


def evaluate(
    node_paths: tuple[NodePath, ...],
    networks: Items[VirtualNetwork],
    private_endpoints: Items[PrivateEndpoint],
    route_tables: Fact[Items[RouteTable]],
) -> Verdict:
    """Look for a route into the hub, and whether both peerings with it let forwarded traffic through."""
    judged: list[Judged] = []
    for path in node_paths:
        endpoint = private_endpoints.get(path.endpoint_id or "")
        if goes_to_endpoint(path) and isinstance(endpoint, Known):
            judged.append(Judged(path, _judge(path, endpoint.value, networks, route_tables)))
        elif goes_to_endpoint(path):
            judged.append(Judged(path, Verdict(Status.NOT_APPLICABLE, "not-visible", evidence=subnets((path,)))))
    return merged(judged, node_paths)


def _judge(
    path: NodePath,
    endpoint: PrivateEndpoint,
    networks: Items[VirtualNetwork],
    tables: Fact[Items[RouteTable]],
) -> Verdict:
    near, far = near_side(path, networks), far_side(path, endpoint, networks)
    names = {
        "network": network_name(near.network_id),
        "other": network_name(far.network_id),
        "endpoint": endpoint.name,
        "subnet": subnet_name(path.where.subnet_id),
        "hub": "-",
    }
    evidence = (*subnets((path,)), endpoint_shown(path, endpoint))
    if link(near, far) is not Link.NONE:
        return Verdict(Status.NOT_APPLICABLE, "direct", values=names, evidence=evidence)
    way = crossing_of(path, near, far, networks, tables)
    if not isinstance(way, Crossing):
        return unknown(way, evidence)
    if way.transit is Transit.NO_HUB:
        return Verdict(Status.NOT_APPLICABLE, "no-hub", values=names, evidence=evidence)
    if way.transit is Transit.DROPPED:
        return Verdict(Status.NOT_APPLICABLE, "dropped", values=names, evidence=evidence)
    if way.transit is Transit.VIRTUAL_WAN:
        return Verdict(Status.UNKNOWN, "virtual-wan", values=names, evidence=evidence)
    if way.hub is not None:
        names["hub"] = network_name(way.hub.network_id)
        evidence = (*evidence, *shown(near, way.hub), *shown(far, way.hub))
    if way.appliance is not None:
        evidence = (*evidence, Evidence("next-hop", way.appliance))
    match way.transit:
        case Transit.NO_ROUTE:
            return Verdict(
                Status.FAIL,
                "no-route",
                Certainty.LIKELY if way.gateway else Certainty.DEFINITE,
                values=names,
                evidence=evidence,
                fixes=_routes(path, near, far, way, networks, tables),
            )
        case Transit.HUB_LINK:
            return _broken(way, names, evidence)
        case Transit.NOT_FORWARDED:
            closed = tuple(place(half) for half in way.closed)
            return Verdict(
                Status.FAIL,
                "not-forwarded",
                Certainty.DEFINITE,
                values=names,
                evidence=evidence,
                fixes=(FixRef("forward-over-peering", {**names, **closed[0]}, closed),),
            )
    outcome = networks.get(far.network_id)
    if not isinstance(outcome, Known):
        return unknown(outcome, evidence)
    return Verdict(Status.PASS, "routed", values=names, evidence=evidence)


def _broken(way: Crossing, names: dict[str, str], evidence: tuple[Evidence, ...]) -> Verdict:
    side, hub = way.broken or (Side("", None), Side("", None))
    found = link(side, hub)
    return Verdict(
        Status.FAIL,
        "hub-link",
        Certainty.DEFINITE,
        values={**names, "spoke": network_name(side.network_id)},
        evidence=evidence,
        fixes=peering_fix(found, side, hub),
    )


def _routes(
    path: NodePath,
    near: Side,
    far: Side,
    way: Crossing,
    networks: Items[VirtualNetwork],
    tables: Fact[Items[RouteTable]],
) -> tuple[FixRef, ...]:
    """Give the ways to connect them: a route to the appliance that other routes name, or a peering of their own."""
    directly = FixRef("create-peering", pair_values(near, far, halves(near, far)))
    subnet = subnet_of(networks.get(path.where.network_id), path.where.subnet_id)
    table = table_of(subnet.value, tables) if isinstance(subnet, Known) else subnet
    if not isinstance(table, Known) or table.value is None:
        return (directly,)
    hub = way.hub.prefixes if way.hub else ()
    hops = [
        route.next_hop_address
        for route in table.value.routes
        if route.next_hop_type.lower() == _APPLIANCE
        and route.next_hop_address
        and contains(hub, route.next_hop_address)
    ]
    values = {
        "table_id": table.value.id,
        "table_name": table.value.name,
        "table_group": table.value.resource_group,
        "table_subscription": table.value.subscription_id,
        "appliance": hops[0] if hops else "<firewall-address>",
        "endpoint": network_name(path.endpoint_id or ""),
    }
    taken = {route.name.lower() for route in table.value.routes}
    free = (name for name in (f"to-registry-{n}" for n in range(1, 1000)) if name not in taken)
    each = tuple({"address": address, "route_name": name} for address, name in zip(far.prefixes, free, strict=False))
    routed = FixRef("route-through-hub", values, each)
    return (routed, directly) if hops else (directly, routed)


CHECK = Check("net.peering-transit", Branch.NETWORK, evaluate)
