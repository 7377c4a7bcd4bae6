"""What to do about a route that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.checks.fix_values import cluster_values, free_name
from core.checks.net.node_traffic import Stretch
from core.facts.cluster import Cluster
from core.facts.firewalls import Firewall
from core.facts.resource_id import NotAResourceId, ResourceId, same_id
from core.facts.routing import NextHop, Route, RouteTable
from core.model import FixRef
from core.network.addresses import is_private
from core.network.next_hop import DEFAULTS, Hop
from core.network.tag_match import tag_of
from core.network.targets import Serves

ANY_FIREWALL = "<firewall-private-address>"
DEFAULT = "default"
LONGEST_NAME = 80
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"""


def fixes_for(
    reason: str,
    found: Iterable[tuple[Stretch, Hop | None]],
    cluster: Cluster,
    gone: NextHop | None,
    firewalls: Iterable[Firewall],
) -> tuple[FixRef, ...]:
    """Give the fixes of a finding, the narrowest first, once for each route that has to change.

    A route to an address that is `gone` is sent to the firewall that stands in its network, any other one to the
    firewall in a network that the nodes' network peers with: if there is just one.
    """
    found, firewalls = list(found), list(firewalls)
    if reason == "no-default-route":
        return _default_routes([stretch for stretch, _ in found], cluster, firewalls)
    routes: dict[tuple[str, str], list[tuple[Stretch, Route, RouteTable]]] = {}
    for stretch, hop in found:
        if hop is not None and hop.route is not None and stretch.table is not None:
            key = (stretch.table.id.lower(), hop.route.name.lower())
            routes.setdefault(key, []).append((stretch, hop.route, stretch.table))
    there = gone.firewalls_there if gone is not None else ()
    fixes: list[FixRef] = []
    for items in routes.values():
        stretch, route, table = items[0]
        address = _only(there) if there else _beside(stretch, firewalls)
        values = _route_values(table, route) | {"hop_address": address, **cluster_values(cluster)}
        if reason == "hop-gone" or (_leaves_by_routes(cluster) and route.prefix in DEFAULTS):
            fixes.append(FixRef("route-to-firewall", values))
            continue
        if route.prefix in DEFAULTS:
            if stretch.target.serves is Serves.NAMES:
                fixes += _routes_to_servers(table, values, [each.address or "" for each, _, _ in items])
                continue
            tags = dict.fromkeys(tag_of(stretch.target) for stretch, _, _ in items)
            each = tuple({"tag": tag, "new_route": _free_route(table, f"to-{tag}")} for tag in tags)
            fixes.append(FixRef("route-past", values | {"tags": ", ".join(tags)}, each))
        fixes.append(FixRef("route-delete", values))
    return tuple(fixes)


def forwarding_fixes(interfaces: Iterable[NextHop], cluster: Cluster) -> tuple[FixRef, ...]:
    """Give the fix for appliances whose network interface may not forward packets, once for each."""
    fixes = []
    for hop in dict.fromkeys(interfaces):
        if hop.resource_id is None:
            continue
        values = {"nic_id": hop.resource_id, "hop_address": hop.address, **cluster_values(cluster)}
        try:
            own = ResourceId.parse(hop.resource_id)
        except NotAResourceId:
            continue
        parts = {"nic_name": own.name, "nic_group": own.resource_group, "nic_subscription": own.subscription_id}
        fixes.append(FixRef("allow-forwarding", values | parts))
    return tuple(fixes)


def peering_fixes(stretches: Iterable[Stretch]) -> tuple[FixRef, ...]:
    """Give the fix for DNS servers that nothing leads to, once for each network of nodes."""
    servers: dict[str, list[str]] = {}
    for stretch in stretches:
        servers.setdefault(stretch.path.where.network_id.lower(), []).append(stretch.address or "")
    fixes = []
    for stretch in stretches:
        own = ResourceId.parse(stretch.path.where.network_id)
        told = servers.pop(own.text.lower(), None)
        if told is not None:
            peerings = stretch.network.peerings if stretch.network is not None else ()
            values = {
                "network_id": own.text,
                "network": own.name,
                "network_group": own.resource_group,
                "network_subscription": own.subscription_id,
                "new_peering": free_name("to-dns-servers", [half.name for half in peerings]),
                "servers": ", ".join(dict.fromkeys(told)),
            }
            fixes.append(FixRef("peer-with-dns-servers", values))
    return tuple(fixes)


def _routes_to_servers(table: RouteTable, values: dict[str, str], servers: Iterable[str]) -> list[FixRef]:
    """Lead past a default route to DNS servers that stand in no network: private addresses are behind a gateway."""
    fixes = []
    for key, private in (("route-to-dns-servers", True), ("route-to-public-dns-servers", False)):
        each = tuple(
            {"server": server, "new_route": _free_route(table, f"to-dns-{server.replace('.', '-')}")}
            for server in dict.fromkeys(servers)
            if is_private(server) is private
        )
        if each:
            told = ", ".join(one["server"] for one in each)
            fixes.append(FixRef(key, {**values, **each[0], "servers": told}, each))
    return fixes


def _beside(stretch: Stretch, firewalls: Iterable[Firewall]) -> str:
    """Give the address of the only firewall in the networks that the nodes' network peers with."""
    halves = stretch.network.peerings if stretch.network is not None else ()
    connected = [half.remote_network_id for half in halves if half.state.lower() == "connected"]
    return _only(
        [
            address
            for firewall in firewalls
            if firewall.network_id and any(same_id(firewall.network_id, id_) for id_ in connected)
            for address in firewall.private_addresses
        ]
    )


def _only(addresses: Sequence[str]) -> str:
    return addresses[0] if len(addresses) == 1 else ANY_FIREWALL


def _default_routes(stretches: list[Stretch], cluster: Cluster, firewalls: list[Firewall]) -> tuple[FixRef, ...]:
    fixes: dict[str, FixRef] = {}
    for stretch in stretches:
        table, where = stretch.table, stretch.path.where
        if table is not None:
            values = _table_values(table) | cluster_values(cluster)
            values |= {"hop_address": _beside(stretch, firewalls), "new_route": _free_route(table, DEFAULT)}
            fixes.setdefault(table.id.lower(), FixRef("route-default", values))
        elif stretch.network is not None and stretch.subnet is not None:
            values = {
                "subnet_id": where.subnet_id,
                "subnet_name": stretch.subnet.name,
                "network_name": stretch.network.name,
                "network_group": stretch.network.resource_group,
                "network_subscription": stretch.network.subscription_id,
                "network_location": stretch.network.location,
                "new_table": f"rt-{stretch.network.name}-{stretch.subnet.name}"[:LONGEST_NAME],
                "new_route": DEFAULT,
                "hop_address": _beside(stretch, firewalls),
                **cluster_values(cluster),
            }
            fixes.setdefault(where.subnet_id.lower(), FixRef("route-table-default", values))
    return tuple(fixes.values())


def _free_route(table: RouteTable, wanted: str) -> str:
    return free_name(wanted, [route.name for route in table.routes])


def _leaves_by_routes(cluster: Cluster) -> bool:
    return (cluster.network.outbound_type or "").lower() == "userdefinedrouting"


def _table_values(table: RouteTable) -> dict[str, str]:
    return {
        "table_id": table.id,
        "table_name": table.name,
        "table_group": table.resource_group,
        "table_subscription": table.subscription_id,
    }


def _route_values(table: RouteTable, route: Route) -> dict[str, str]:
    return _table_values(table) | {"route_name": route.name, "prefix": route.prefix}
