"""The nodes' route tables, and the next hops in them that matter.

https://learn.microsoft.com/rest/api/virtualnetwork/route-tables/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.each import each
from core.collect.holders import custom_servers
from core.collect.networks import subnets_of_nodes
from core.collect.reading import flag, parsed_id, part, parts, text
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Subnet, VirtualNetwork
from core.facts.resource_id import ResourceId
from core.facts.routing import Route, RouteTable
from core.network.addresses import contains, is_private, parse
from core.network.next_hop import DEFAULTS
from core.network.peering import is_virtual_hub

READ_ROUTE_TABLES = "Microsoft.Network/routeTables/read"
APPLIANCE = "virtualappliance"
BY_ROUTES = "userdefinedrouting"


def route_tables(
    azure: Azure, node_subnets: tuple[NodeSubnet, ...], node_networks: Items[VirtualNetwork]
) -> Items[RouteTable]:
    """Read the route tables of the nodes' subnets."""

    def read(id_: ResourceId) -> RouteTable:
        return to_route_table(azure.network(id_.subscription_id).route_tables.get(id_.resource_group, id_.name))

    subnets = (subnet for _, subnet in subnets_of_nodes(node_subnets, node_networks))
    ids = (subnet.value.route_table_id for subnet in subnets if isinstance(subnet, Known))
    return each(azure, ids, READ_ROUTE_TABLES, read)


def hop_addresses(
    _azure: Azure,
    node_networks: Items[VirtualNetwork],
    route_tables: Items[RouteTable],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> tuple[str, ...]:
    """Name the appliances that the nodes' routes send packets to on their way to the registry or to a DNS server.

    Routes to private ranges that hold neither do not count: with kubenet there is one for the pods of each node.
    """
    targets = [*custom_servers(node_networks.known())]
    if isinstance(private_endpoints, Known):
        for endpoint in private_endpoints.value.known():
            if isinstance(endpoint.addresses, Known):
                targets += (one.address for one in endpoint.addresses.value)
    found = {
        route.next_hop_address: None
        for table in route_tables.known()
        for route in table.routes
        if route.next_hop_address and route.next_hop_type.lower() == APPLIANCE and _matters(route.prefix, targets)
    }
    return tuple(found)


def exit_networks(
    _azure: Azure,
    cluster: Cluster,
    node_subnets: tuple[NodeSubnet, ...],
    node_networks: Items[VirtualNetwork],
    route_tables: Items[RouteTable],
) -> tuple[str, ...]:
    """Name the networks in which the firewall may stand that nodes are meant to leave through and have no route to.

    The networks that theirs peers with, where the cluster leaves by routes and a subnet has no default route to an
    appliance; otherwise none.
    """
    if (cluster.network.outbound_type or "").lower() != BY_ROUTES:
        return ()
    found: dict[str, None] = {}
    for where, subnet in subnets_of_nodes(node_subnets, node_networks):
        network = node_networks.get(where.network_id)
        if isinstance(network, Known) and isinstance(subnet, Known) and not _leaves(subnet.value, route_tables):
            peered = (half.remote_network_id for half in network.value.peerings)
            found |= {id_: None for id_ in peered if not is_virtual_hub(id_)}
    return tuple(found)


def _leaves(subnet: Subnet, route_tables: Items[RouteTable]) -> bool:
    table = route_tables.get(subnet.route_table_id) if subnet.route_table_id else None
    routes = table.value.routes if isinstance(table, Known) else ()
    return any(route.prefix in DEFAULTS and route.next_hop_type.lower() == APPLIANCE for route in routes)


def to_route_table(model: object) -> RouteTable:
    """Read a route table off Azure's answer; a route without a prefix or a next hop is left out.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    return RouteTable(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        routes=tuple(one for one in (_to_route(route) for route in parts(properties, "routes")) if one is not None),
        gateway_routes=flag(properties, "disableBgpRoutePropagation") is not True,
    )


def _to_route(model: object) -> Route | None:
    prefix, kind = text(model, "properties", "addressPrefix"), text(model, "properties", "nextHopType")
    if prefix is None or kind is None:
        return None
    return Route(text(model, "name") or prefix, prefix, kind, text(model, "properties", "nextHopIpAddress"))


def _matters(prefix: str, targets: list[str]) -> bool:
    """Whether packets to the registry or to a DNS server may take a route; a service tag may hold the registry."""
    if parse(prefix) is None or not is_private(prefix):
        return True
    return any(contains((prefix,), target) for target in targets)
