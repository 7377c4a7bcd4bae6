"""What is wrong with the way in which the nodes of a subnet resolve a registry's names.

Every host has one fault for every DNS server that is asked, so that one cause is never told twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.items import Items
from core.facts.paths import Answer, HostPath, HostRole, Lookup, NodePath, Way
from core.facts.private_dns import PrivateZone, PrivateZones, ServerKind
from core.facts.resource_id import same_id
from core.network.host_names import expected_of, record_name, registry_zone, suffix_of
from core.network.resolution import link_to, record_in

PRIVATE_WAYS = (Way.PRIVATE, Way.UNINTENDED, Way.UNKNOWN)
"""The ways on which private names matter, or may."""


class NameFault(StrEnum):
    """What keeps a name from leading to the intended endpoint.

    `NOT_COMPARED`: a record is there, but the endpoint's addresses could not be read. `NO_ADDRESS`: the endpoint has
    no address for the host. `HIDES_PUBLIC`: nothing private is wanted, and a linked zone hides the public answer.
    """

    NONE = "none"
    UNKNOWN = "unknown"
    NO_ANSWER = "no-answer"
    NO_ZONE = "no-zone"
    NOT_LINKED = "not-linked"
    LINK_IN_PROGRESS = "link-in-progress"
    OTHER_COPY = "other-copy"
    HIDDEN_BY_SPECIFIC = "hidden-by-specific"
    HIDES_PUBLIC = "hides-public"
    MISSING = "missing"
    STALE = "stale"
    OTHER_ENDPOINT = "other-endpoint"
    ADDITIONAL = "additional"
    NOT_COMPARED = "not-compared"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One host name, as one DNS server answers it to one node subnet.

    `zone` is the linked zone that decides; where none is linked the one to link, as far as one can be seen. `copy` is
    another zone of that name which has the record. `other` is the endpoint that the record belongs to instead.
    """

    path: NodePath
    host: HostPath
    lookup: Lookup
    fault: NameFault
    zone: PrivateZone | None = None
    copy: PrivateZone | None = None
    other: PrivateEndpoint | None = None

    @property
    def record(self) -> str:
        """The name of the host's record in the zone."""
        login = self.path.login.host
        return (
            record_name(self.host.host, suffix_of(login), self.zone.name if self.zone else registry_zone(login)) or ""
        )


def name_findings(
    paths: Iterable[NodePath], zones: Fact[PrivateZones], endpoints: Fact[Items[PrivateEndpoint]]
) -> tuple[NameFinding, ...]:
    """Judge every name of every node subnet."""
    seen = zones.value.zones if isinstance(zones, Known) else ()
    return tuple(
        _find(path, host, lookup, seen, endpoints) for path in paths for host in path.hosts for lookup in host.lookups
    )


def zone_to_link(path: NodePath, zones: Sequence[PrivateZone]) -> PrivateZone | None:
    """Choose the zone that a network should be linked to: the one with most of the endpoint's records."""
    login = path.login.host
    named = [zone for zone in zones if zone.name.lower() == registry_zone(login)]
    return max(named, key=lambda zone: _worth(path, zone), default=None)


def _worth(path: NodePath, zone: PrivateZone) -> tuple[int, int]:
    right = there = 0
    for host in path.hosts:
        name = record_name(host.host, suffix_of(path.login.host), zone.name)
        record = record_in(zone, name) if name else None
        if isinstance(record, Known):
            there += 1
            right += bool(set(record.value) & set(host.expected))
    return right, there


def _find(
    path: NodePath,
    host: HostPath,
    lookup: Lookup,
    zones: Sequence[PrivateZone],
    endpoints: Fact[Items[PrivateEndpoint]],
) -> NameFinding:
    zone = next((zone for zone in zones if lookup.zone_id and same_id(zone.id, lookup.zone_id)), None)

    def found(
        fault: NameFault,
        zone: PrivateZone | None = zone,
        copy: PrivateZone | None = None,
        other: PrivateEndpoint | None = None,
    ) -> NameFinding:
        return NameFinding(path, host, lookup, fault, zone, copy, other)

    if lookup.kind is ServerKind.FIREWALL_WITHOUT_PROXY:
        return found(NameFault.NO_ANSWER)
    if path.way not in PRIVATE_WAYS:
        hidden = path.way is not Way.NONE and lookup.answer is Answer.NOTHING
        return found(NameFault.HIDES_PUBLIC if hidden else NameFault.NONE)
    if lookup.answer is Answer.UNKNOWN:
        return found(NameFault.UNKNOWN)
    if lookup.answer is Answer.PUBLIC and path.public_accepts is True:
        return found(NameFault.NONE)
    if zone is None:
        return found(*_without_link(path, lookup, zones))
    if lookup.answer is Answer.PRIVATE:
        return found(_compared(path, host, lookup, endpoints), other=_owner(lookup, path, endpoints))
    copy = _other_copy(host, zone, zones, path)
    if zone.name.lower() != registry_zone(path.login.host):
        return found(NameFault.HIDDEN_BY_SPECIFIC)
    if copy is not None:
        return found(NameFault.OTHER_COPY, copy=copy)
    unread = _unread_copy(host, zone, zones, path)
    if unread is not None:
        return NameFinding(path, host, replace(lookup, why=unread), NameFault.UNKNOWN, zone)
    if not host.expected and _addresses_known(path, endpoints):
        return found(NameFault.NO_ADDRESS)
    unseen = _unseen_addresses(path, endpoints) if host.role is HostRole.DATA and not host.expected else None
    if unseen is not None:
        return NameFinding(path, host, replace(lookup, why=unseen), NameFault.UNKNOWN, zone)
    return found(NameFault.MISSING)


def _without_link(
    path: NodePath, lookup: Lookup, zones: Sequence[PrivateZone]
) -> tuple[NameFault, PrivateZone | None]:
    best = zone_to_link(path, zones)
    if best is None:
        return NameFault.NO_ZONE, None
    named = (zone for zone in zones if zone.name.lower() == best.name.lower())
    if lookup.network_id and any(link_to(zone, lookup.network_id) for zone in named):
        return NameFault.LINK_IN_PROGRESS, best
    return NameFault.NOT_LINKED, best


def _compared(path: NodePath, host: HostPath, lookup: Lookup, endpoints: Fact[Items[PrivateEndpoint]]) -> NameFault:
    found = set(lookup.addresses)
    wanted = set(host.expected) | _of_others_in_reach(path, host, endpoints)
    if not wanted:
        return NameFault.NO_ADDRESS if _addresses_known(path, endpoints) else NameFault.NOT_COMPARED
    if found <= wanted:
        return NameFault.NONE
    if found & wanted:
        return NameFault.ADDITIONAL
    if not host.expected and _unseen_addresses(path, endpoints) is not None:
        return NameFault.NOT_COMPARED
    return NameFault.STALE if _owner(lookup, path, endpoints) is None else NameFault.OTHER_ENDPOINT


def _of_others_in_reach(path: NodePath, host: HostPath, endpoints: Fact[Items[PrivateEndpoint]]) -> set[str]:
    """The addresses for a host of every endpoint that the nodes can reach: any of them will do."""
    known = endpoints.value.known() if isinstance(endpoints, Known) else ()
    near = (one for one in known if any(same_id(one.id, id_) for id_ in path.in_reach))
    tables = (one.addresses.value for one in near if isinstance(one.addresses, Known))
    return {address for table in tables for address in expected_of(host.host, table)}


def _owner(lookup: Lookup, path: NodePath, endpoints: Fact[Items[PrivateEndpoint]]) -> PrivateEndpoint | None:
    """The endpoint of the same registry, not the intended one, that has an address of the answer."""
    if not isinstance(endpoints, Known):
        return None
    for endpoint in endpoints.value.known():
        if path.endpoint_id and same_id(endpoint.id, path.endpoint_id):
            continue
        own = endpoint.addresses.value if isinstance(endpoint.addresses, Known) else ()
        if {one.address for one in own} & set(lookup.addresses):
            return endpoint
    return None


def _other_copy(
    host: HostPath, zone: PrivateZone, zones: Sequence[PrivateZone], path: NodePath
) -> PrivateZone | None:
    for other in zones:
        if other.name.lower() != zone.name.lower() or same_id(other.id, zone.id):
            continue
        record = record_in(other, record_name(host.host, suffix_of(path.login.host), other.name) or "")
        if isinstance(record, Known) and (not host.expected or set(record.value) & set(host.expected)):
            return other
    return None


def _unread_copy(host: HostPath, zone: PrivateZone, zones: Sequence[PrivateZone], path: NodePath) -> NotKnown | None:
    """Why the record could not be read in another zone of the name: it may be there."""
    for other in zones:
        if other.name.lower() != zone.name.lower() or same_id(other.id, zone.id):
            continue
        record = record_in(other, record_name(host.host, suffix_of(path.login.host), other.name) or "")
        if not isinstance(record, (Known, Missing)):
            return record
    return None


def _addresses_known(path: NodePath, endpoints: Fact[Items[PrivateEndpoint]]) -> bool:
    return path.endpoint_id is not None and _unseen_addresses(path, endpoints) is None


def _unseen_addresses(path: NodePath, endpoints: Fact[Items[PrivateEndpoint]]) -> NotKnown | None:
    """Why the addresses of the intended endpoint are not known: it may have none for a region, and so no record."""
    if path.endpoint_id is None:
        return None
    endpoint = endpoints.value.get(path.endpoint_id) if isinstance(endpoints, Known) else endpoints
    addresses = endpoint.value.addresses if isinstance(endpoint, Known) else endpoint
    return None if isinstance(addresses, Known) else addresses
