"""Are the cluster's network and the endpoint's network connected, in both directions?

https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues
"""

from __future__ import annotations

from collections.abc import Mapping

from core.checks.check import Check
from core.checks.net.ends import (
    addresses,
    endpoint_shown,
    far_side,
    goes_to_endpoint,
    near_side,
    network_name,
    table_of,
)
from core.checks.net.merge import Judged, merged
from core.checks.net.peering_fixes import peering_fix
from core.checks.network.ways import subnets
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known, NotKnown
from core.facts.items import Items
from core.facts.networks import Peering, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.routing import RouteTable
from core.model import Branch, Certainty, Evidence, Status, Verdict
from core.network.addresses import covers
from core.network.next_hop import to_address
from core.network.paths import subnet_of
from core.network.peering import Link, Side, halves, link
from core.network.transit import Crossing, Transit, crossing

BROKEN: Mapping[Link, str] = {
    Link.DISCONNECTED: "disconnected",
    Link.HALF_MISSING: "half-missing",
    Link.ACCESS_OFF: "access-off",
    Link.OUT_OF_SYNC: "out-of-sync",
    Link.SUBNETS_LEFT_OUT: "subnets-left-out",
}


def evaluate(
    node_paths: tuple[NodePath, ...],
    networks: Items[VirtualNetwork],
    private_endpoints: Items[PrivateEndpoint],
    route_tables: Fact[Items[RouteTable]],
) -> Verdict:
    """Judge both halves of the peering, as far as they can be read; one that is connected vouches for the other."""
    return merged(
        (
            Judged(path, _judge(path, networks, private_endpoints, route_tables))
            for path in node_paths
            if goes_to_endpoint(path)
        ),
        node_paths,
    )


def _judge(
    path: NodePath,
    networks: Items[VirtualNetwork],
    endpoints: Items[PrivateEndpoint],
    tables: Fact[Items[RouteTable]],
) -> Verdict:
    near = near_side(path, networks)
    endpoint = endpoints.get(path.endpoint_id or "")
    if not isinstance(endpoint, Known):
        return _by_address(path, near, endpoint)
    far = far_side(path, endpoint.value, networks)
    names = {"network": network_name(near.network_id), "other": network_name(far.network_id)}
    evidence = (*subnets((path,)), endpoint_shown(path, endpoint.value), *shown(near, far))
    found = link(near, far)
    outcome = networks.get(near.network_id)
    if found is Link.NONE and far.network is None and not isinstance(outcome, Known):
        return unknown(outcome, evidence)
    if found is Link.CONNECTED and not isinstance(outcome, Known):
        # The far half tells that the nodes' half is there, not what that one allows.
        return unknown(outcome, evidence)
    if found is Link.SAME:
        return Verdict(Status.PASS, "same-network", values=names, evidence=evidence)
    if found is Link.CONNECTED:
        return Verdict(Status.PASS, "connected", values=names, evidence=evidence)
    if found is Link.NONE:
        return _without(path, near, far, networks, tables, names, evidence)
    return Verdict(
        Status.FAIL,
        BROKEN[found],
        Certainty.DEFINITE,
        values=names,
        evidence=evidence,
        fixes=peering_fix(found, near, far),
    )


def _without(
    path: NodePath,
    near: Side,
    far: Side,
    networks: Items[VirtualNetwork],
    tables: Fact[Items[RouteTable]],
    names: dict[str, str],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    """Judge two networks without a peering of their own: a hub may connect them."""
    way = crossing_of(path, near, far, networks, tables)
    if not isinstance(way, Crossing):
        return unknown(way, evidence)
    outcome = networks.get(far.network_id)
    if way.transit is Transit.NO_HUB and not isinstance(outcome, Known) and near.network and near.network.peerings:
        # A hub between them shows in the far network, too, and that one cannot be seen.
        return unknown(outcome, evidence)
    if way.transit is not Transit.NO_HUB:
        return Verdict(Status.NOT_APPLICABLE, "through-hub", values=names, evidence=evidence)
    return Verdict(
        Status.FAIL,
        "no-peering",
        Certainty.LIKELY if way.gateway else Certainty.DEFINITE,
        values=names,
        evidence=evidence,
        fixes=peering_fix(Link.NONE, near, far),
    )


def crossing_of(
    path: NodePath, near: Side, far: Side, networks: Items[VirtualNetwork], tables: Fact[Items[RouteTable]]
) -> Crossing | NotKnown:
    """Say how traffic crosses a hub, or why that cannot be told."""
    network = networks.get(near.network_id)
    subnet = subnet_of(network, path.where.subnet_id)
    if not isinstance(network, Known):
        return network
    if not isinstance(subnet, Known):
        return subnet
    table = table_of(subnet.value, tables)
    if not isinstance(table, Known):
        return table
    hops = [hop for address in far.prefixes for hop in to_address(address, table.value, network.value)]
    return crossing(near, far, networks, hops)


def _by_address(path: NodePath, near: Side, outcome: NotKnown) -> Verdict:
    """Judge by the addresses that names resolve to where the endpoint itself cannot be seen."""
    found = addresses(path)
    if near.network is None or not found:
        return unknown(outcome, subnets((path,)))
    names = {"network": network_name(near.network_id), "other": "-"}
    if all(covers(near.network.prefixes, address) for address in found):
        return Verdict(Status.PASS, "same-network", values=names, evidence=subnets((path,)))
    carrying = [half for half in near.network.peerings if all(covers(half.remote_prefixes, one) for one in found)]
    # A peering of subnets may leave out the endpoint's own, which nobody can tell here.
    whole = [half for half in carrying if half.complete_networks]
    good = [half for half in whole if half.state.lower() == "connected" and half.allows_access]
    if good:
        names["other"] = network_name(good[0].remote_network_id)
        evidence = (*subnets((path,)), half_shown(near.network_id, good[0]))
        return Verdict(Status.PASS, "connected", values=names, evidence=evidence)
    return unknown(outcome, (*subnets((path,)), *(half_shown(near.network_id, half) for half in carrying)))


def shown(near: Side, far: Side) -> tuple[Evidence, ...]:
    """Show the halves between two networks, and which one is not there."""
    found = halves(near, far)
    pairs = ((near, far, found.near), (far, near, found.far))
    return tuple(
        half_shown(own.network_id, half)
        if half is not None
        else Evidence("peering-missing", f"{network_name(own.network_id)} -> {network_name(other.network_id)}")
        for own, other, half in pairs
        if (half is not None or own.network is not None) and own.network_id.lower() != other.network_id.lower()
    )


def half_shown(network_id: str, half: Peering) -> Evidence:
    """Show one half: whose, its state, and everything that is not as usual."""
    parts = [
        f"{network_name(network_id)} -> {network_name(half.remote_network_id)}",
        half.name,
        half.state,
        "access allowed" if half.allows_access else "access not allowed",
        "forwarded traffic allowed" if half.allows_forwarded else "forwarded traffic not allowed",
    ]
    if half.sync_level and half.sync_level.lower() != "fullyinsync":
        parts.append(f"{half.sync_level}: knows {', '.join(half.remote_prefixes) or 'no range'}")
    if not half.complete_networks:
        parts.append(f"only subnets {', '.join(half.local_subnets)} and {', '.join(half.remote_subnets)}")
    return Evidence("peering", " | ".join(parts))


CHECK = Check("net.peering", Branch.NETWORK, evaluate)
