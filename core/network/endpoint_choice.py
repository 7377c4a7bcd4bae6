"""Which private endpoint of a registry the nodes of a network are meant to use.

The /32 route to an endpoint exists in its own network and in those that peer with it directly.
https://learn.microsoft.com/azure/private-link/private-endpoint-overview
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from core.facts.endpoints import EndpointConnection, PrivateEndpoint
from core.facts.fact import Fact, Known, NotKnown
from core.facts.items import Items
from core.facts.networks import Peering, VirtualNetwork
from core.facts.resource_id import same_id
from core.facts.routing import Route
from core.network.addresses import contains

APPROVED = "approved"
PENDING = "pending"
_APPLIANCE = "virtualappliance"
_CONNECTED = "connected"


class Reach(IntEnum):
    """How near an endpoint is to nodes, nearest first.

    `ROUTED`: through an appliance that a route of the nodes' subnet names. `NEAR`: the networks know each other, but
    no traffic passes as it stands. `UNREAD`: the endpoint could not be read, or neither its network nor the nodes'.
    """

    OWN = 0
    PEERED = 1
    ROUTED = 2
    NEAR = 3
    UNREAD = 4
    ELSEWHERE = 5

    @property
    def passes(self) -> bool:
        """Say whether the networks let traffic pass, as far as peerings and routes go."""
        return self <= Reach.ROUTED


@dataclass(frozen=True, slots=True)
class Candidate:
    """An endpoint of the registry, seen from one node subnet."""

    connection: EndpointConnection
    endpoint_id: str
    reach: Reach
    endpoint: PrivateEndpoint | None

    @property
    def approved(self) -> bool:
        """Whether the registry approved it."""
        return self.connection.status.lower() == APPROVED

    @property
    def waits(self) -> bool:
        """Whether the registry's owner has not decided yet."""
        return self.connection.status.lower() == PENDING


def candidates(
    connections: Iterable[EndpointConnection],
    endpoints: Fact[Items[PrivateEndpoint]],
    network_id: str,
    networks: Fact[Items[VirtualNetwork]],
    routes: Sequence[Route],
) -> tuple[Candidate, ...]:
    """Give every endpoint that a connection names, and how near it is to the nodes of a network."""
    known = networks.value if isinstance(networks, Known) else Items[VirtualNetwork]()
    found: list[Candidate] = []
    for connection in connections:
        if connection.endpoint_id is None:
            continue
        outcome = endpoints.value.get(connection.endpoint_id) if isinstance(endpoints, Known) else endpoints
        if isinstance(outcome, Known):
            hidden = unread_between(outcome.value, network_id, networks) is not None
            reach = Reach.UNREAD if hidden else _reach(outcome.value, network_id, known, routes)
            found.append(Candidate(connection, outcome.value.id, reach, outcome.value))
        else:
            found.append(Candidate(connection, connection.endpoint_id, Reach.UNREAD, None))
    return tuple(found)


def intended(endpoints: Sequence[Candidate], resolved: Collection[str], *, led_to: bool) -> Candidate | None:
    """Choose the endpoint that nodes are meant to use. `resolved` is what the login server resolves to privately.

    What the names lead to counts when it can be reached, or as long as no other one can or may. Otherwise: one that
    can be reached, then one that is near and waits for approval, then the rest; one that waits and could not be read
    may be near. `led_to` says that the nodes come to
    `resolved`, whoever has it: if no endpoint that was read has it, it is that of one which was not.
    """
    if not endpoints:
        return None
    ranked = sorted(endpoints, key=_rank)
    best = ranked[0]
    if not resolved:
        return best
    reached = best.approved and (best.reach.passes or best.reach is Reach.UNREAD)
    for candidate in ranked:
        if candidate.approved and answers_for(candidate, resolved) and (candidate.reach.passes or not reached):
            return candidate
    if led_to and not any(answers_for(one, resolved) for one in endpoints):
        return next((one for one in ranked if _may_answer(one)), best)
    return best


def leads_to(
    addresses: Collection[str], network_id: str, networks: Fact[Items[VirtualNetwork]], routes: Iterable[Route]
) -> bool:
    """Say whether the nodes of a network come to addresses, as far as peerings and routes go."""
    own = networks.value.get(network_id) if isinstance(networks, Known) else networks
    if not isinstance(own, Known):
        return False
    prefixes = [*own.value.prefixes, *_by_appliance(routes)]
    for half in own.value.peerings:
        if half.state.lower() == _CONNECTED:
            prefixes += half.remote_prefixes
    return all(contains(prefixes, address) for address in addresses)


def unread_between(
    endpoint: PrivateEndpoint, network_id: str, networks: Fact[Items[VirtualNetwork]]
) -> NotKnown | None:
    """Give why it cannot be told how near an endpoint is: neither its network nor the nodes' own could be read."""
    if same_id(endpoint.network_id, network_id):
        return None
    if not isinstance(networks, Known):
        return networks
    own = networks.value.get(network_id)
    far = networks.value.get(endpoint.network_id)
    return None if isinstance(own, Known) or isinstance(far, Known) else own


def answers_for(candidate: Candidate, addresses: Iterable[str]) -> bool:
    """Say whether addresses (at least one) all belong to an endpoint."""
    wanted = set(addresses)
    if candidate.endpoint is None or not isinstance(candidate.endpoint.addresses, Known):
        return False
    return bool(wanted) and wanted <= {one.address for one in candidate.endpoint.addresses.value}


def _may_answer(candidate: Candidate) -> bool:
    """Say whether an endpoint whose addresses could not be read may have one that the nodes come to."""
    if candidate.endpoint is not None and isinstance(candidate.endpoint.addresses, Known):
        return False
    return (candidate.approved or candidate.waits) and (candidate.endpoint is None or candidate.reach.passes)


def _rank(candidate: Candidate) -> tuple[int, int, int, str]:
    waits = {APPROVED: 0, PENDING: 1}.get(candidate.connection.status.lower(), 2)
    if candidate.approved:
        group = 0 if candidate.reach.passes else 2
    else:
        near = candidate.reach in (Reach.OWN, Reach.PEERED)
        group = 1 if near else 2 if candidate.waits and candidate.reach is Reach.UNREAD else 3
    return group, int(candidate.reach), waits, candidate.endpoint_id.lower()


def _reach(
    endpoint: PrivateEndpoint, network_id: str, networks: Items[VirtualNetwork], routes: Sequence[Route]
) -> Reach:
    if same_id(endpoint.network_id, network_id):
        return Reach.OWN
    halves = [
        *_halves(networks, network_id, endpoint.network_id),
        *_halves(networks, endpoint.network_id, network_id),
    ]
    if halves and all(half.state.lower() == _CONNECTED for half in halves):
        return Reach.PEERED
    if _routed(endpoint, routes):
        return Reach.ROUTED
    if halves or _share_a_hub(networks, network_id, endpoint.network_id):
        return Reach.NEAR
    return Reach.ELSEWHERE


def _routed(endpoint: PrivateEndpoint, routes: Sequence[Route]) -> bool:
    if not isinstance(endpoint.addresses, Known):
        return False
    prefixes = _by_appliance(routes)
    return any(contains(prefixes, one.address) for one in endpoint.addresses.value)


def _by_appliance(routes: Iterable[Route]) -> list[str]:
    return [route.prefix for route in routes if route.next_hop_type.lower() == _APPLIANCE]


def _halves(networks: Items[VirtualNetwork], from_id: str, to_id: str) -> tuple[Peering, ...]:
    network = networks.get(from_id)
    if not isinstance(network, Known):
        return ()
    return tuple(half for half in network.value.peerings if same_id(half.remote_network_id, to_id))


def _share_a_hub(networks: Items[VirtualNetwork], one: str, other: str) -> bool:
    return bool(_neighbours(networks, one) & _neighbours(networks, other))


def _neighbours(networks: Items[VirtualNetwork], network_id: str) -> set[str]:
    own = networks.get(network_id)
    found = {half.remote_network_id.lower() for half in own.value.peerings} if isinstance(own, Known) else set()
    for network in networks.known():
        if any(same_id(half.remote_network_id, network_id) for half in network.peerings):
            found.add(network.id.lower())
    return found
