"""The nodes' route tables, and the next hops in them that matter.

https://learn.microsoft.com/rest/api/virtualnetwork/route-tables/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.each import each
from core.collect.holders import custom_servers
from core.collect.networks import subnets_of_nodes
from core.collect.reading import flag, parsed_id, part, parts, text
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import NodeSubnet, VirtualNetwork
from core.facts.resource_id import ResourceId
from core.facts.routing import Route, RouteTable
from core.network.addresses import contains, is_private, parse

READ_ROUTE_TABLES = "Microsoft.Network/routeTables/read"
APPLIANCE = "virtualappliance"


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
