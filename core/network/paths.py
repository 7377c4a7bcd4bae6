"""How the nodes of each subnet come to the registry, worked out of everything that was read of their networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.facts.egress import Egress, leaving
from core.facts.endpoints import EndpointAddress, EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Subnet, VirtualNetwork
from core.facts.paths import Answer, HostPath, HostRole, Lookup, NodePath, Way
from core.facts.private_dns import DnsServer, PrivateZones, ServerKind
from core.facts.registry import Registry, RegistryExtras, Replica
from core.facts.resource_id import same_id
from core.facts.routing import Route, RouteTable
from core.network.dns_servers import resolvers
from core.network.endpoint_choice import APPROVED, PENDING, Candidate, Reach, candidates, intended, leads_to
from core.network.host_names import data_host, expected_of, serving_regions, suffix_of
from core.network.public_access import accepts, has_service_endpoint, is_public, lets_subnet_in
from core.network.resolution import Names, ask, worst

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that decides how nodes come to a registry, each part as it could be read."""

    registry: Registry
    networks: Fact[Items[VirtualNetwork]]
    connections: Fact[tuple[EndpointConnection, ...]]
    endpoints: Fact[Items[PrivateEndpoint]]
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]]
    zones: Fact[PrivateZones]
    dns_servers: Fact[Items[DnsServer]]
    firewalls: Fact[Items[Firewall]]
    route_tables: Fact[Items[RouteTable]]
    egress: Fact[Items[Egress]]
    extras: Fact[RegistryExtras]
    replications: Fact[tuple[Replica, ...]]


def node_paths(around: Surroundings, subnets: Sequence[NodeSubnet]) -> tuple[NodePath, ...]:
    """Give the way of every node subnet."""
    return tuple(_path(around, where) for where in subnets)


def _path(around: Surroundings, where: NodeSubnet) -> NodePath:
    registry = around.registry
    network = _of(around.networks, where.network_id)
    subnet = subnet_of(network, where.subnet_id)
    servers = resolvers(where.network_id, network, around.dns_servers, around.firewalls)
    names = _names(around)
    login = registry.login_server.lower()
    answers = {login: tuple(ask(login, server, names) for server in servers)}
    routes = _routes(around, subnet)
    ends = _candidates(around, where, routes)
    resolved = worst(answers[login]).addresses
    led_to = leads_to(resolved, where.network_id, around.networks, routes)
    chosen = intended(ends, resolved, led_to=led_to)
    addresses = _addresses(chosen)
    hosts = [_host(login, HostRole.LOGIN, None, answers[login], addresses)]
    regions = serving_regions(registry, around.replications)
    if registry.data_endpoint_enabled or registry.data_endpoint_hosts or names.redirected is not False:
        for region in regions:
            host = data_host(registry, region, addresses)
            lookups = tuple(ask(host, server, names) for server in servers)
            hosts.append(_host(host, HostRole.DATA, region, lookups, addresses))
    ways = [way for _, way in leaving(around.egress, where)]
    accepted, not_told = accepts(registry, where.subnet_id, subnet, ways, around.extras)
    meant = not is_public(registry) or any(one.reach <= Reach.NEAR and (one.approved or one.waits) for one in ends)
    unseen = None if meant else _unseen(ends, around.endpoints)
    way, why = _way(around, where, hosts[0], subnet, accepted, meant, unseen)
    return NodePath(
        where=where,
        way=way,
        hosts=tuple(hosts),
        custom_dns=any(server.kind is not ServerKind.AZURE for server in servers),
        endpoint_id=chosen.endpoint_id if chosen else None,
        private_meant=meant,
        public_accepts=accepted,
        why=why if way is Way.UNKNOWN else not_told,
        in_reach=tuple(one.endpoint_id for one in ends if one.approved and one.reach.passes),
        waits=chosen is not None and chosen.waits,
        regions=regions,
    )


def _way(
    around: Surroundings,
    where: NodeSubnet,
    login: HostPath,
    subnet: Fact[Subnet],
    accepted: bool | None,
    meant: bool,
    unseen: NotKnown | None,
) -> tuple[Way, NotKnown | None]:
    redirected = _redirected(around.connections)
    if not is_public(around.registry) and redirected is False:
        return Way.NONE, None
    match login.answer:
        case Answer.PRIVATE:
            return Way.PRIVATE, None
        case Answer.UNKNOWN:
            return Way.UNKNOWN, login.why
        case Answer.PUBLIC if not is_public(around.registry) and redirected is None:
            return Way.UNKNOWN, around.connections if not isinstance(around.connections, Known) else None
    if accepted is not True and meant:
        return Way.UNINTENDED, None
    if accepted is not True and unseen is not None:
        return Way.UNKNOWN, unseen
    if (
        isinstance(subnet, Known)
        and has_service_endpoint(subnet.value)
        and lets_subnet_in(around.extras, where.subnet_id)
    ):
        return Way.SERVICE_ENDPOINT, None
    return Way.PUBLIC, None


def subnet_of(network: Fact[VirtualNetwork], subnet_id: str) -> Fact[Subnet]:
    """Give a subnet of a network; missing where the network has none of that id."""
    if not isinstance(network, Known):
        return network
    found = next((subnet for subnet in network.value.subnets if same_id(subnet.id, subnet_id)), None)
    return Known(found) if found is not None else Missing(subnet_id)


def _names(around: Surroundings) -> Names:
    """What it takes to resolve names; where nothing but an approval is missing, they are taken as after it."""
    redirected = _redirected(around.connections)
    if redirected is False and not is_public(around.registry) and isinstance(around.connections, Known):
        redirected = any(connection.status.lower() == PENDING for connection in around.connections.value)
    return Names(suffix_of(around.registry.login_server), around.zones, redirected, _doubt(around))


def _redirected(connections: Fact[tuple[EndpointConnection, ...]]) -> bool | None:
    """Say whether the public names lead to "privatelink"; None where the connections could not be read."""
    if not isinstance(connections, Known):
        return None
    return any(connection.status.lower() == APPROVED for connection in connections.value)


def _doubt(around: Surroundings) -> NotKnown | None:
    """Why there may be zones that nobody saw: an endpoint, the zones that it keeps records in, or a list of zones."""
    if not isinstance(around.connections, Known):
        return around.connections
    for facts in (around.endpoints, around.zone_groups):
        if not isinstance(facts, Known):
            return facts
        for endpoint_id, outcome in facts.value.unread():
            if not isinstance(outcome, Missing) or not isinstance(_of(around.endpoints, endpoint_id), Missing):
                return outcome
    return around.zones.value.doubt if isinstance(around.zones, Known) else None


def _routes(around: Surroundings, subnet: Fact[Subnet]) -> tuple[Route, ...]:
    if not isinstance(subnet, Known) or subnet.value.route_table_id is None:
        return ()
    table = _of(around.route_tables, subnet.value.route_table_id)
    return table.value.routes if isinstance(table, Known) else ()


def _candidates(around: Surroundings, where: NodeSubnet, routes: Sequence[Route]) -> tuple[Candidate, ...]:
    if not isinstance(around.connections, Known):
        return ()
    return candidates(around.connections.value, around.endpoints, where.network_id, around.networks, routes)


def _unseen(ends: Sequence[Candidate], endpoints: Fact[Items[PrivateEndpoint]]) -> NotKnown | None:
    """Why an endpoint that carries traffic, or will, could not be read: it may be near, and meant."""
    for end in ends:
        outcome = _of(endpoints, end.endpoint_id)
        if (end.approved or end.waits) and not isinstance(outcome, (Known, Missing)):
            return outcome
    return None


def _addresses(chosen: Candidate | None) -> tuple[EndpointAddress, ...]:
    if chosen is None or chosen.endpoint is None or not isinstance(chosen.endpoint.addresses, Known):
        return ()
    return chosen.endpoint.addresses.value


def _host(
    host: str,
    role: HostRole,
    region: str | None,
    lookups: tuple[Lookup, ...],
    addresses: tuple[EndpointAddress, ...],
) -> HostPath:
    answer = worst(lookups)
    private = {address for one in lookups if one.answer is Answer.PRIVATE for address in one.addresses}
    answered = answer.answer in (Answer.PRIVATE, Answer.NOTHING)
    return HostPath(
        host=host,
        role=role,
        region=region,
        answer=answer.answer,
        expected=expected_of(host, addresses),
        addresses=tuple(sorted(private)) if answer.answer is Answer.PRIVATE else (),
        zone_id=answer.zone_id if answered else None,
        zone_name=answer.zone_name if answered else None,
        why=answer.why,
        lookups=lookups,
    )


def _of(facts: Fact[Items[T]], key: str) -> Fact[T]:
    return facts.value.get(key) if isinstance(facts, Known) else facts
