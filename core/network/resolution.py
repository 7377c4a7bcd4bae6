"""What a registry's host name resolves to inside of a virtual network.

Azure's DNS answers out of the most specific private zone that is linked to the asking network, and only there: a zone
without the record hides the public answer, unless its link falls back to the internet.
https://learn.microsoft.com/azure/dns/private-dns-fallback
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.paths import Answer, Lookup
from core.facts.private_dns import PrivateZone, PrivateZones, ServerKind, ZoneLink
from core.facts.resource_id import same_id
from core.network.dns_servers import Resolver, outside
from core.network.host_names import PRIVATE_LABEL, private_name, record_name

_WORST_FIRST = (Answer.NOTHING, Answer.PUBLIC, Answer.UNKNOWN, Answer.PRIVATE)


@dataclass(frozen=True, slots=True)
class Names:
    """What it takes to resolve a registry's names.

    `redirected` says whether the public names lead to "privatelink" (an endpoint was approved), None where that could
    not be read. `doubt` is why there may be zones that nobody could see; None where all endpoints told theirs
    and all subscriptions were looked through.
    """

    suffix: str
    zones: Fact[PrivateZones]
    redirected: bool | None
    doubt: NotKnown | None = None


def link_to(zone: PrivateZone, network_id: str) -> ZoneLink | None:
    """The zone's link to a network, whatever its state; None without one or where links could not be read."""
    links = zone.links.value if isinstance(zone.links, Known) else ()
    return next((link for link in links if same_id(link.network_id, network_id)), None)


def is_in_use(link: ZoneLink | None) -> bool:
    """Say whether a link is there and made: one in progress does not answer yet."""
    return link is not None and (link.state or "Completed").lower() == "completed"


def record_in(zone: PrivateZone, name: str) -> Fact[tuple[str, ...]]:
    """The addresses of a record; a name that nobody asked for is missing."""
    return zone.records.get(name.lower(), Missing(f"{zone.id}/A/{name}"))


def zones_for(host: str, names: Names) -> Iterator[tuple[str, tuple[PrivateZone, ...], tuple[NotKnown, ...]]]:
    """Every zone name that may answer for a host, the most specific first.

    With it the zones of that name that could be seen, and why others could not.
    """
    if not isinstance(names.zones, Known):
        return
    visible = [zone for zone in names.zones.value.zones if record_name(host, names.suffix, zone.name)]
    hidden = [
        (id_.rstrip("/").rpartition("/")[2].lower(), outcome)
        for id_, outcome in names.zones.value.hidden.items()
        if not isinstance(outcome, (Known, Missing))
    ]
    found = {zone.name.lower() for zone in visible}
    found |= {name for name, _ in hidden if record_name(host, names.suffix, name)}
    for name in sorted(found, key=len, reverse=True):
        yield (
            name,
            tuple(zone for zone in visible if zone.name.lower() == name),
            tuple(outcome for other, outcome in hidden if other == name),
        )


def look_up(host: str, network_id: str, names: Names) -> Lookup:
    """Give what Azure's DNS answers to a network."""
    if names.redirected is False:
        return Lookup(Answer.PUBLIC, network_id=network_id)
    if not isinstance(names.zones, Known):
        return Lookup(Answer.UNKNOWN, network_id=network_id, why=names.zones)
    for _, visible, hidden in zones_for(host, names):
        for zone in visible:
            link = link_to(zone, network_id)
            if link is not None and is_in_use(link):
                return _out_of(zone, link, host, names)
        unread: list[NotKnown] = [zone.links for zone in visible if not isinstance(zone.links, Known)]
        for why in (*unread, *hidden):
            return Lookup(Answer.UNKNOWN, network_id=network_id, why=why)
    if names.doubt is not None and not _somewhere(host, names):
        return Lookup(Answer.UNKNOWN, network_id=network_id, why=names.doubt)
    return Lookup(Answer.PUBLIC, network_id=network_id)


def ask(host: str, resolver: Resolver, names: Names) -> Lookup:
    """Give what one DNS server answers."""
    lookup = _ask(host, resolver, names)
    return Lookup(
        lookup.answer,
        resolver.kind,
        resolver.server,
        resolver.network_id,
        lookup.addresses,
        lookup.zone_id,
        lookup.zone_name,
        lookup.why,
    )


def worst(lookups: Sequence[Lookup]) -> Lookup:
    """Of the answers of several servers the one that does most harm; one that never answers is passed over."""
    heard = [one for one in lookups if one.kind is not ServerKind.FIREWALL_WITHOUT_PROXY]
    return min(heard or lookups, key=lambda one: _WORST_FIRST.index(one.answer))


def _ask(host: str, resolver: Resolver, names: Names) -> Lookup:
    if resolver.kind is ServerKind.FIREWALL_WITHOUT_PROXY:
        return Lookup(Answer.NOTHING)
    if names.redirected is False:
        return Lookup(Answer.PUBLIC)
    if resolver.why is not None or resolver.network_id is None:
        return Lookup(Answer.UNKNOWN, why=resolver.why or outside(resolver.server or ""))
    if resolver.kind is ServerKind.MACHINE and not _any_zone(names):
        # Without a zone in Azure the server may well hold the records itself.
        return Lookup(Answer.UNKNOWN, why=outside(resolver.server or ""))
    return look_up(host, resolver.network_id, names)


def _out_of(zone: PrivateZone, link: ZoneLink, host: str, names: Names) -> Lookup:
    name = record_name(host, names.suffix, zone.name) or host
    record = record_in(zone, name)
    asked = (link.network_id, zone.id, zone.name)
    if isinstance(record, Known) and record.value:
        return _lookup(Answer.PRIVATE, asked, addresses=record.value)
    if not isinstance(record, (Known, Missing)):
        return _lookup(Answer.UNKNOWN, asked, why=record)
    if link.falls_back:
        return _lookup(Answer.PUBLIC, asked)
    if names.redirected is None:
        return _lookup(Answer.UNKNOWN, asked, why=names.doubt or outside(private_name(host, names.suffix)))
    return _lookup(Answer.NOTHING, asked)


def _lookup(
    answer: Answer, asked: tuple[str, str, str], addresses: Iterable[str] = (), why: NotKnown | None = None
) -> Lookup:
    network_id, zone_id, zone_name = asked
    return Lookup(
        answer,
        network_id=network_id,
        addresses=tuple(sorted(addresses)),
        zone_id=zone_id,
        zone_name=zone_name,
        why=why,
    )


def _somewhere(host: str, names: Names) -> bool:
    """Say whether any zone that could be seen has the record: then it is the one that was meant to answer."""
    return any(
        isinstance(record_in(zone, record_name(host, names.suffix, zone.name) or host), Known)
        for _, visible, _ in zones_for(host, names)
        for zone in visible
    )


def _any_zone(names: Names) -> bool:
    if not isinstance(names.zones, Known):
        return True
    registry_zone = f"{PRIVATE_LABEL}.{names.suffix}"
    hidden = any(not isinstance(outcome, Missing) for outcome in names.zones.value.hidden.values())
    return hidden or any(zone.name.lower() == registry_zone for zone in names.zones.value.zones)
