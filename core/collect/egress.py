"""From which public addresses the nodes of each subnet leave; pools that do not leave alike are told apart.

https://learn.microsoft.com/azure/aks/egress-outboundtype,
https://learn.microsoft.com/azure/nat-gateway/nat-overview#outbound-connectivity
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.azure.clients import Azure
from core.collect.each import distinct, each, key_of
from core.collect.networks import subnets_of_nodes
from core.collect.node_addresses import node_addresses
from core.collect.public_addresses import read_public_addresses
from core.collect.reading import parts, required, text
from core.facts.cluster import AgentPool, Cluster
from core.facts.egress import Egress, EgressKind, key_of_pool
from core.facts.fact import Fact, Known, NotKnown
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import NodeSubnet, ScaleSet, Subnet, VirtualNetwork
from core.facts.registry import Registry, Replica
from core.facts.resource_id import ResourceId
from core.facts.routing import HopKind, NextHop, Route, RouteTable
from core.network.addresses import EVERYTHING_V4, prefix_length
from core.network.host_names import serving_regions
from core.network.next_hop import to_public
from core.network.tag_match import is_tag
from core.network.targets import Serves, Target

READ_NAT_GATEWAYS = "Microsoft.Network/natGateways/read"

_LOAD_BALANCER = "loadBalancer"

_HALVES = ("0.0.0.0/1", "128.0.0.0/1")
"""Two routes that together are a default route and go before one."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How nodes leave, with the ids of public addresses and prefixes that are still to be read.

    `pool` is set where its nodes have addresses of their own that no prefix holds.
    """

    kind: EgressKind
    ids: tuple[str, ...] = ()
    nat_gateway_id: str | None = None
    pool: str | None = None


def egress(
    azure: Azure,
    cluster: Cluster,
    registry: Registry,
    replications: Fact[tuple[Replica, ...]],
    node_subnets: tuple[NodeSubnet, ...],
    node_networks: Items[VirtualNetwork],
    route_tables: Items[RouteTable],
    next_hops: Items[NextHop],
    firewalls: Items[Firewall],
    scale_sets: Fact[tuple[ScaleSet, ...]],
) -> Items[Egress]:
    """Say how each subnet leaves for the registry, by what goes first in Azure: by its id, or by subnet and pool.

    A route to an appliance or a gateway goes before a NAT gateway, that before addresses of the nodes' own, and those
    before the cluster's load balancer. The nodes' own are asked for only where they count.
    """
    regions = serving_regions(registry, replications)
    login = Target(registry.login_server, Serves.LOGIN, regions[0] if len(regions) == 1 else None)
    settled: dict[str, Fact[Egress]] = {}
    ways: dict[str, _Way] = {}
    for where, subnet in subnets_of_nodes(node_subnets, node_networks):
        key = key_of(where.subnet_id)
        if not isinstance(subnet, Known):
            settled[key] = subnet
            continue
        routed = _routed(subnet.value, login, route_tables, next_hops, firewalls)
        if routed is None:
            ways.update(_by_pools(cluster, where, subnet.value))
        else:
            settled[key] = routed
    gateways = each(
        azure, (way.nat_gateway_id for way in ways.values()), READ_NAT_GATEWAYS, lambda id_: _nat_gateway(azure, id_)
    )
    ids = [id_ for way in ways.values() for id_ in way.ids]
    addresses = read_public_addresses(azure, (*ids, *(id_ for found in gateways.known() for id_ in found)))
    of_nodes = node_addresses(azure, cluster, scale_sets, distinct(way.pool for way in ways.values()))
    for key, way in ways.items():
        settled[key] = _read(way, gateways, addresses, of_nodes)
    return Items(settled)


def as_range(address: str) -> str:
    """An address as a CIDR range; a range as it is."""
    if "/" in address:
        return address
    return f"{address}/{prefix_length(address) or 32}"


def _routed(
    subnet: Subnet,
    login: Target,
    route_tables: Items[RouteTable],
    next_hops: Items[NextHop],
    firewalls: Items[Firewall],
) -> Fact[Egress] | None:
    """Where the route to the registry leads; None where there is none or it leads to the internet."""
    if subnet.route_table_id is None:
        return None
    table = route_tables.get(subnet.route_table_id)
    if not isinstance(table, Known):
        return table
    route = _tag_route(table.value, subnet, login) or _default_route(table.value)
    kind = "internet" if route is None else route.next_hop_type.lower()
    if kind == "virtualnetworkgateway":
        return Known(Egress(EgressKind.GATEWAY))
    if kind == "none":
        return Known(Egress(EgressKind.NONE))
    if route is None or kind != "virtualappliance":
        return None
    hop = next_hops.get(route.next_hop_address or "")
    if not isinstance(hop, Known):
        return hop
    if hop.value.kind is not HopKind.FIREWALL or hop.value.resource_id is None:
        return Known(Egress(EgressKind.APPLIANCE))
    return _through(firewalls.get(hop.value.resource_id))


def _through(firewall: Fact[Firewall]) -> Fact[Egress]:
    if not isinstance(firewall, Known):
        return firewall
    addresses = firewall.value.public_addresses
    if not isinstance(addresses, Known):
        return addresses
    ranges = tuple(as_range(address) for address in addresses.value)
    return Known(Egress(EgressKind.FIREWALL, ranges))


def _tag_route(table: RouteTable, subnet: Subnet, login: Target) -> Route | None:
    """The route for a service tag that surely holds the registry, which goes before every default route.

    https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#service-tags-for-user-defined-routes
    """
    tagged = tuple(route for route in table.routes if is_tag(route.prefix))
    hops = to_public(login, replace(table, routes=tagged), subnet, {})
    return hops[0].route if len(hops) == 1 else None


def _default_route(table: RouteTable) -> Route | None:
    by_prefix = {route.prefix.strip(): route for route in table.routes}
    if all(half in by_prefix for half in _HALVES):
        return by_prefix[_HALVES[0]]
    return by_prefix.get(EVERYTHING_V4)


def _by_pools(cluster: Cluster, where: NodeSubnet, subnet: Subnet) -> Mapping[str, _Way]:
    """The one way of a subnet, or those of its pools where they differ; by the keys of `Items`."""
    here = {pool.name: pool for pool in cluster.agent_pools if pool.name in where.pools}
    ways = {name: _way(cluster, here.get(name), subnet) for name in where.pools}
    different = set(ways.values())
    if len(different) > 1:
        return {key_of_pool(where.subnet_id, name): way for name, way in ways.items()}
    return {key_of(where.subnet_id): different.pop() if different else _way(cluster, None, subnet)}


def _way(cluster: Cluster, pool: AgentPool | None, subnet: Subnet) -> _Way:
    """How the nodes of a pool in a subnet leave; None for nodes of which no pool is shown."""
    network = cluster.network
    kind = (network.outbound_type or _LOAD_BALANCER).lower()
    ids = (*network.outbound_address_ids, *network.outbound_prefix_ids)
    if kind == "block":
        return _Way(EgressKind.NONE)
    if kind.startswith("managednatgateway") and ids:
        return _Way(EgressKind.NAT_GATEWAY, ids)
    if subnet.nat_gateway_id is not None:
        return _Way(EgressKind.NAT_GATEWAY, nat_gateway_id=subnet.nat_gateway_id)
    if pool is None or not pool.node_public_address:
        return _without_own(kind, ids, subnet)
    if pool.node_prefix_id is not None:
        return _Way(EgressKind.NODE_PREFIX, (pool.node_prefix_id,))
    return _Way(EgressKind.NODE_ADDRESSES, pool=pool.name)


def _without_own(kind: str, ids: tuple[str, ...], subnet: Subnet) -> _Way:
    """How nodes leave that have neither a NAT gateway nor an address of their own."""
    if kind == _LOAD_BALANCER.lower():
        return _Way(EgressKind.LOAD_BALANCER, ids)
    if kind == "userdefinedrouting" and subnet.default_outbound_access is not False:
        return _Way(EgressKind.DEFAULT)
    return _Way(EgressKind.NONE)


def _read(
    way: _Way, gateways: Items[tuple[str, ...]], addresses: Items[tuple[str, ...]], of_nodes: Items[tuple[str, ...]]
) -> Fact[Egress]:
    ids = way.ids
    if way.nat_gateway_id is not None:
        gateway = gateways.get(way.nat_gateway_id)
        if not isinstance(gateway, Known):
            return gateway
        ids = gateway.value
    outcomes = [addresses.get(id_) for id_ in ids]
    if way.pool is not None:
        outcomes.append(of_nodes.get(way.pool))
    unread = _first_unread(outcomes)
    if unread is not None:
        return unread
    told = (address for outcome in outcomes if isinstance(outcome, Known) for address in outcome.value)
    return Known(Egress(way.kind, tuple(as_range(address) for address in told)))


def _first_unread(outcomes: Iterable[Fact[tuple[str, ...]]]) -> NotKnown | None:
    return next((outcome for outcome in outcomes if not isinstance(outcome, Known)), None)


def _nat_gateway(azure: Azure, id_: ResourceId) -> tuple[str, ...]:
    """The ids of a NAT gateway's public addresses and prefixes."""
    model = azure.network(id_.subscription_id).nat_gateways.get(id_.resource_group, id_.name)
    required(model, "id")
    keys = ("publicIpAddresses", "publicIpAddressesV6", "publicIpPrefixes", "publicIpPrefixesV6")
    found = (text(one, "id") for key in keys for one in parts(model, "properties", key))
    return tuple(one for one in found if one)
