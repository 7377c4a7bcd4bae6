"""Everything that the nodes of a subnet have to reach for a pull, as rules of security groups name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from core.checks.net.ends import goes_to_endpoint
from core.checks.net.node_traffic import item, text_of, told_address
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.facts.resource_id import same_id
from core.facts.routing import RouteTable
from core.network.addresses import EVERYTHING_V4, PRIVATE, is_private, parse
from core.network.intervals import intervals
from core.network.match import Match
from core.network.next_hop import reach_of
from core.network.no_proxy import takes_proxy
from core.network.service_tags import Destination, Platform
from core.network.targets import Serves, Target, targets

AZURE_DNS = "168.63.129.16"
"""Where Azure's own DNS answers.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""

_PRIVATE = intervals(PRIVATE)
_NO_ENDPOINTS: Fact[Items[PrivateEndpoint]] = Known(Items({}))


class Purpose(IntEnum):
    """What a destination is needed for, in the order of a pull."""

    NAMES = 0
    REGISTRY = 1
    LAYERS = 2
    SIGN_IN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A destination, and how badly it is needed: without a `spare` one a pull can go on."""

    destination: Destination
    purpose: Purpose
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What decides over the destinations of a node subnet; `endpoints` tell only whose groups they belong to."""

    choice: Choice
    cloud: CloudNames
    cluster: Cluster
    registry: Registry
    tags: Mapping[str, tuple[str, ...]]
    endpoints: Fact[Items[PrivateEndpoint]] = _NO_ENDPOINTS

    def of(self, path: NodePath, network: VirtualNetwork, table: Fact[RouteTable | None]) -> tuple[Wanted, ...]:
        """Give what the nodes of a subnet, with this route table, have to reach."""
        routed = _by_routes(table)
        groups = self._groups_for(path, network)
        return (*_names(network, routed), *self._pull(path, routed, groups), *self._sign_in())

    def at_endpoint(self, path: NodePath) -> tuple[Wanted, ...]:
        """Give what of this stands behind the endpoint that the nodes are meant to use."""
        endpoint = item(self.endpoints, path.endpoint_id or "")
        groups = _groups_of(endpoint.value) if isinstance(endpoint, Known) else None
        return tuple(one for one in self._pull(path, Match.NO, groups) if one.destination.is_private)

    def _groups_for(self, path: NodePath, network: VirtualNetwork) -> frozenset[str] | None:
        """Give the groups of the endpoint as rules in the nodes' network may name them.

        Whether these mean a member that stands in another network is not documented.
        """
        endpoint = item(self.endpoints, path.endpoint_id or "")
        if not isinstance(endpoint, Known):
            return None
        groups = _groups_of(endpoint.value)
        return groups if not groups or same_id(endpoint.value.network_id, network.id) else None

    def _pull(self, path: NodePath, routed: Match, groups: frozenset[str] | None) -> Iterator[Wanted]:
        private = goes_to_endpoint(path) or path.way is Way.PRIVATE
        way = replace(path, way=Way.PRIVATE) if private else path
        wanted = targets(way, self.cluster, self.registry, self.cloud, text_of(self.choice.symptom))
        if private and not any(one.serves is Serves.LOGIN for one in wanted):
            wanted = (Target(path.login.host, Serves.LOGIN), *wanted)
        for target in wanted:
            if takes_proxy(self.cluster.http_proxy, target.host):
                continue
            if private and target.serves is not Serves.TOKENS:
                for address in target.addresses or (None,):
                    yield _private(target, address, groups)
            else:
                yield self._public(target, routed)

    def _public(self, target: Target, routed: Match) -> Wanted:
        told = told_address(self.choice.symptom, target)
        within = intervals((told,)) if told else reach_of(target, self.tags)
        return _wanted(target, Destination(target.host, "Tcp", 443, within, told, routed, target))

    def _sign_in(self) -> Iterator[Wanted]:
        if self.cluster.uses_managed_identity:
            yield Wanted(Destination("169.254.169.254", "Tcp", 80, platform=Platform.METADATA), Purpose.SIGN_IN)


def _names(network: VirtualNetwork, routed: Match) -> Iterator[Wanted]:
    """Give the DNS servers. TCP serves long answers only, and each server stands in for the others."""
    servers = tuple(server for server in network.dns_servers if server != AZURE_DNS)
    if len(servers) < len(network.dns_servers) or not servers:
        yield Wanted(Destination(AZURE_DNS, "Udp", 53, platform=Platform.DNS), Purpose.NAMES, spare=bool(servers))
    for server in servers:
        virtual = Match.YES if is_private(server) else routed
        for protocol in ("Udp", "Tcp"):
            spare = protocol == "Tcp" or len(network.dns_servers) > 1
            yield Wanted(
                Destination(server, protocol, 53, intervals((server,)), server, virtual), Purpose.NAMES, spare=spare
            )


def _groups_of(endpoint: PrivateEndpoint) -> frozenset[str]:
    return frozenset(id_.rstrip("/").lower() for id_ in endpoint.application_group_ids)


def _private(target: Target, address: str | None, groups: frozenset[str] | None) -> Wanted:
    """Give an address of the endpoint: whatever way leads to it, the tag VirtualNetwork holds it."""
    within = intervals((address,)) if address else _PRIVATE
    return _wanted(target, Destination(target.host, "Tcp", 443, within, address, Match.YES, target, groups=groups))


def _wanted(target: Target, destination: Destination) -> Wanted:
    purpose = {
        Serves.LOGIN: Purpose.REGISTRY,
        Serves.LAYERS: Purpose.LAYERS,
        Serves.TOKENS: Purpose.SIGN_IN,
    }[target.serves]
    return Wanted(destination, purpose, target.spare)


def _by_routes(table: Fact[RouteTable | None]) -> Match:
    """Say whether the tag VirtualNetwork may hold public addresses: it takes the prefixes of routes with it."""
    if not isinstance(table, Known):
        return Match.MAYBE
    for route in table.value.routes if table.value else ():
        if route.prefix == EVERYTHING_V4 or parse(route.prefix) is None or not is_private(route.prefix):
            return Match.MAYBE
    return Match.NO
