"""Where a packet of a node goes next: user-defined routes against those that Azure makes itself.

The longest prefix wins; of equal ones the user-defined route. A private endpoint puts a route to its single address
into its own network and those peered with it. Only a route to that single address beats it, or, where the endpoint's
subnet lets route tables count, one at least as long as the address space of the endpoint's network.
https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from core.facts.networks import Peering, Subnet, VirtualNetwork
from core.facts.resource_id import same_id
from core.facts.routing import Route, RouteTable
from core.network.addresses import (
    EVERYTHING_V4,
    EVERYTHING_V6,
    contains,
    covers,
    is_private,
    parse_address,
    prefix_length,
)
from core.network.host_names import region_key
from core.network.intervals import Intervals, intervals
from core.network.match import Match, meant
from core.network.tag_match import is_tag, service_of, tag_match
from core.network.targets import Target

DEFAULTS = (EVERYTHING_V4, EVERYTHING_V6)

_SERVICE_ENDPOINTS = {
    "AzureContainerRegistry": ("microsoft.containerregistry",),
    "Storage": ("microsoft.storage", "microsoft.storage.global"),
}
"""The service endpoints, in lower case, by the service tag that they are for."""


class HopType(StrEnum):
    """What comes next. `UNROUTED` is a private address that no route leads to."""

    LOCAL = "VnetLocal"
    PEERING = "VNetPeering"
    ENDPOINT = "InterfaceEndpoint"
    SERVICE_ENDPOINT = "VirtualNetworkServiceEndpoint"
    INTERNET = "Internet"
    APPLIANCE = "VirtualAppliance"
    GATEWAY = "VirtualNetworkGateway"
    NONE = "None"
    UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True)
class Hop:
    """The next hop by one route; `route` is the user-defined one, None for a route of Azure's own."""

    type: HopType
    prefix: str
    route: Route | None = None

    @property
    def address(self) -> str | None:
        """The appliance's address."""
        return self.route.next_hop_address if self.route and self.type is HopType.APPLIANCE else None


@dataclass(frozen=True, slots=True)
class EndpointPlace:
    """Where a private endpoint stands: its network, that network's prefixes, and whether its subnet obeys routes.

    `prefixes` are empty and `obeys_routes` is None where the network could not be read.
    """

    network_id: str
    prefixes: tuple[str, ...] = ()
    obeys_routes: bool | None = None


def place_of(subnet_id: str, network_id: str, network: VirtualNetwork | None) -> EndpointPlace:
    """Give the place of an endpoint, with what its network tells if that could be read."""
    subnet = next((own for own in network.subnets if same_id(own.id, subnet_id)), None) if network else None
    if network is None or subnet is None:
        return EndpointPlace(network_id, network.prefixes if network else ())
    policies = (subnet.endpoint_policies or "Disabled").lower()
    return EndpointPlace(network_id, network.prefixes, policies in ("enabled", "routetableenabled"))


def to_endpoint(
    address: str, table: RouteTable | None, network: VirtualNetwork, endpoint: EndpointPlace
) -> tuple[Hop, ...]:
    """Give the next hop to an address of a private endpoint, or the possible ones where it takes more to tell."""
    user = _user_routes(address, table)
    peerings = [peering for peering in network.peerings if same_id(peering.remote_network_id, endpoint.network_id)]
    own = same_id(network.id, endpoint.network_id)
    if not own and not any(_connected(peering) for peering in peerings):
        return _unconnected(address, user, table, network, broken=bool(peerings))
    full = prefix_length(address)
    direct = Hop(HopType.ENDPOINT, f"{address}/{full}")
    if user and _length(user[0]) == full:
        return (_hop(user[0]),)
    if endpoint.obeys_routes is False or not user or user[0].prefix in DEFAULTS:
        return (direct,)
    space = min((_prefix_length(own) for own in endpoint.prefixes if contains((own,), address)), default=0)
    if _length(user[0]) < space:
        return (direct,)
    if endpoint.obeys_routes and endpoint.prefixes:
        return (_hop(user[0]),)
    return (direct, _hop(user[0]))


def to_address(address: str, table: RouteTable | None, network: VirtualNetwork) -> tuple[Hop, ...]:
    """Give the next hop to any address but a private endpoint's: a DNS server's, say."""
    return _unconnected(address, _user_routes(address, table), table, network, broken=False)


def to_public(
    target: Target,
    table: RouteTable | None,
    subnet: Subnet,
    tags: Mapping[str, tuple[str, ...]],
    address: str | None = None,
) -> tuple[Hop, ...]:
    """Give the next hop to a public host, or the possible ones where its addresses decide.

    `tags` are the prefixes of service tags as far as they are known, `address` one that the host is known to have.
    """
    if _served_directly(subnet, target):
        return (Hop(HopType.SERVICE_ENDPOINT, service_of(target)),)
    sure: list[Route] = []
    maybe: list[Route] = []
    default = Hop(HopType.INTERNET, EVERYTHING_V4)
    reach = reach_of(target, tags)
    for route in table.routes if table else ():
        if route.prefix == EVERYTHING_V4:
            default = _hop(route)
            continue
        match = _route_match(route.prefix, target, reach, address)
        if match is not Match.NO:
            (sure if match is Match.YES else maybe).append(route)
    best = min(sure, key=_rank, default=None)
    better = [route for route in maybe if best is None or _rank(route) < _rank(best)]
    hops = [_hop(route) for route in better]
    if best is not None:
        hops.append(_hop(best))
    elif not covers([route.prefix for route in better], EVERYTHING_V4):
        hops.append(default)
    return tuple(hops)


def has_gateway(network: VirtualNetwork) -> bool:
    """Say whether routes may come from a gateway, in the network itself or in one peered with it."""
    return any(subnet.name.lower() == "gatewaysubnet" for subnet in network.subnets) or any(
        peering.uses_remote_gateways and _connected(peering) for peering in network.peerings
    )


def learns_routes(table: RouteTable | None, network: VirtualNetwork) -> bool:
    """Say whether there may be routes that nobody wrote down, learned by a gateway."""
    return (table is None or table.gateway_routes) and has_gateway(network)


def _unconnected(
    address: str, user: list[Route], table: RouteTable | None, network: VirtualNetwork, broken: bool
) -> tuple[Hop, ...]:
    """Route by prefix alone; over a broken peering nothing arrives, whatever the default route says."""
    length = prefix_length(address) or 0
    everything = EVERYTHING_V4 if length == 32 else EVERYTHING_V6
    system = [Hop(HopType.LOCAL, prefix) for prefix in network.prefixes if contains((prefix,), address)]
    system += [
        Hop(HopType.PEERING, prefix)
        for peering in network.peerings
        if _connected(peering)
        for prefix in peering.remote_prefixes
        if contains((prefix,), address)
    ]
    nearest = max(system, key=lambda hop: _prefix_length(hop.prefix), default=None)
    if user and (nearest is None or _length(user[0]) >= _prefix_length(nearest.prefix)):
        if broken and user[0].prefix in DEFAULTS:
            return (Hop(HopType.UNROUTED, everything),)
        learned = (Hop(HopType.GATEWAY, everything),) if learns_routes(table, network) else ()
        return (_hop(user[0]), *(learned if user[0].prefix in DEFAULTS else ()))
    if nearest is not None:
        return (nearest,)
    if learns_routes(table, network):
        return (Hop(HopType.GATEWAY, everything),)
    return (Hop(HopType.UNROUTED, everything),)


def _connected(peering: Peering) -> bool:
    return peering.state.lower() == "connected"


def _user_routes(address: str, table: RouteTable | None) -> list[Route]:
    """Give the user-defined routes that hold an address, the longest first."""
    if table is None or parse_address(address) is None:
        return []
    return sorted((route for route in table.routes if contains((route.prefix,), address)), key=_length, reverse=True)


def _length(route: Route) -> int:
    return _prefix_length(route.prefix)


def _prefix_length(prefix: str) -> int:
    return prefix_length(prefix) or 0


def _hop(route: Route) -> Hop:
    known = {kind.lower(): kind for kind in HopType}
    return Hop(known.get(route.next_hop_type.lower(), HopType.NONE), route.prefix, route)


def _route_match(prefix: str, target: Target, reach: Intervals, address: str | None) -> Match:
    if is_tag(prefix):
        return tag_match(prefix, target)
    if prefix in DEFAULTS or ":" in prefix or is_private(prefix) or prefix_length(prefix) is None:
        return Match.NO
    if address is not None:
        return Match.YES if contains((prefix,), address) else Match.NO
    return meant(reach, intervals((prefix,))) if reach else Match.MAYBE


def reach_of(target: Target, tags: Mapping[str, tuple[str, ...]]) -> Intervals:
    """Give the IPv4 ranges that a public host's addresses are in, as far as service tags tell; empty if not."""
    by_name = {name.lower(): prefixes for name, prefixes in tags.items()}
    service = service_of(target).lower()
    regional = by_name.get(f"{service}.{target.region}") if target.region else None
    return _ranges_v4(regional or by_name.get(service, ()))


@lru_cache(maxsize=32)
def _ranges_v4(prefixes: tuple[str, ...]) -> Intervals:
    """Read the IPv4 ranges of a tag: it has thousands, and every subnet and every firewall asks for the same."""
    return intervals(prefix for prefix in prefixes if ":" not in prefix)


def _rank(route: Route) -> tuple[int, int]:
    """Order routes to the same place: ranges, then regional tags, then whole services, then all of Azure."""
    if not is_tag(route.prefix):
        return 0, -_length(route)
    wide = 2 if route.prefix.lower().startswith("azurecloud") else 0
    return 1 + wide, 0 if "." in route.prefix else 1


def _served_directly(subnet: Subnet, target: Target) -> bool:
    """Say whether a service endpoint of the subnet takes the traffic, past every default route."""
    wanted = _SERVICE_ENDPOINTS.get(service_of(target), ())
    for endpoint in subnet.service_endpoints:
        regions = {region_key(location) for location in endpoint.locations}
        if endpoint.service.lower() in wanted and (not regions or {"*", target.region} & regions):
            return True
    return False
