"""Which rule decides about a connection: network security groups and security admin rules, evaluated as Azure does.

Rules are asked by priority, the lowest number first, and the first that means the connection decides. Where it cannot
be told whether a rule does, both it and what comes after it may decide.
https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.facts.filtering import SecurityRule
from core.network.addresses import Range, parse
from core.network.intervals import Intervals, cut, meeting, merged
from core.network.match import Match, any_of, both
from core.network.service_tags import VIRTUAL_NETWORK, Destination, meant_by_address, meant_by_tag

_ANYTHING = frozenset({"*", "any"})
_NODE_PORTS = (1024, 65535)
"""The ports that a node's connections come from: any of these."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Connections from nodes to one destination.

    `groups` are the application security groups that the nodes' interfaces belong to, lower-cased; None where that is
    not known. `exact` is False where something on the way may put its own address in place of the nodes'.
    """

    destination: Destination
    sources: Intervals
    groups: frozenset[str] | None = frozenset()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the sources, and every rule that may decide about them; None among these means that none does."""

    sources: Intervals
    rules: tuple[SecurityRule | None, ...]

    def surely(self, access: str) -> bool:
        """Say whether whatever decides has this access ("Allow", "Deny", "AlwaysAllow")."""
        return all(_has(rule, access) for rule in self.rules)

    def possibly(self, access: str) -> bool:
        """Say whether anything that may decide has this access."""
        return any(_has(rule, access) for rule in self.rules)

    def first(self, access: str) -> SecurityRule | None:
        """Give the first rule of this access that may decide."""
        return next((rule for rule in self.rules if rule is not None and _has(rule, access)), None)


@dataclass(frozen=True, slots=True)
class _End:
    anything: bool
    ranges: Intervals
    tags: tuple[str, ...]
    groups: frozenset[str]


@dataclass(frozen=True)
class _Read:
    """A rule whose parts are read when they are asked for, and then once: most rules are about something else."""

    rule: SecurityRule

    @cached_property
    def sources(self) -> _End:
        return _end(self.rule.sources, self.rule.source_group_ids)

    @cached_property
    def destinations(self) -> _End:
        return _end(self.rule.destinations, self.rule.destination_group_ids)

    @cached_property
    def ports(self) -> tuple[tuple[int, int], ...]:
        return _ports(self.rule.destination_ports)

    @cached_property
    def from_port(self) -> Match:
        return _from_port(_ports(self.rule.source_ports))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one direction, read once and in the order in which they are asked."""

    direction: str
    _rules: tuple[_Read, ...]

    @classmethod
    def of(cls, rules: Iterable[SecurityRule], direction: str) -> Rules:
        """Read rules; those of the other direction are left out."""
        own = [rule for rule in rules if rule.direction.lower() == direction.lower()]
        return cls(direction, tuple(_Read(rule) for rule in sorted(own, key=lambda rule: rule.priority)))

    @property
    def priorities(self) -> frozenset[int]:
        """The priorities that are taken."""
        return frozenset(one.rule.priority for one in self._rules)

    def decide(self, flow: Flow) -> tuple[Part, ...]:
        """Split the sources of a flow by what may decide about them. Every source is in exactly one part."""
        undecided: list[_Piece] = [(own, ()) for own in flow.sources]
        decided: list[_Piece] = []
        for place, one in enumerate(self._rules):
            if not undecided:
                break
            match = _destination_match(one, flow.destination)
            if match is not Match.NO:
                undecided = _ask(place, one.sources, match, flow, undecided, decided)
        by_rule = sorted(self._parts(decided), key=lambda part: part[0][-1])
        return (
            *(Part(sources, self._named(places)) for places, sources in by_rule),
            *(Part(sources, (*self._named(places), None)) for places, sources in self._parts(undecided)),
        )

    def _parts(self, pieces: Iterable[_Piece]) -> list[tuple[tuple[int, ...], Intervals]]:
        """Put together what the same rules may decide about; of two parts that with the earlier rule comes first."""
        alike: dict[tuple[int, ...], list[Range]] = {}
        for own, places in pieces:
            alike.setdefault(places, []).append(own)
        order = sorted(alike, key=lambda places: (*places, len(self._rules)))
        return [(places, merged(alike[places])) for places in order]

    def _named(self, places: Iterable[int]) -> tuple[SecurityRule, ...]:
        return tuple(self._rules[place].rule for place in places)


_Piece = tuple[Range, tuple[int, ...]]
"""A range of sources, and the places of the rules that may decide about it."""


def _has(rule: SecurityRule | None, access: str) -> bool:
    return rule is not None and rule.access.lower() == access.lower()


def _ask(
    place: int, end: _End, match: Match, flow: Flow, pieces: list[_Piece], decided: list[_Piece]
) -> list[_Piece]:
    """Give what one rule leaves undecided; what it decides is added to `decided`."""
    everywhere = both(match, _source_match(end, flow))
    if end.ranges and not flow.exact:
        everywhere = any_of((everywhere, Match.MAYBE))
    elif end.ranges and everywhere is not match:
        _cut_out(place, end.ranges, match, pieces, decided)
    if everywhere is Match.NO:
        return pieces
    met = [(own, (*places, place)) for own, places in pieces]
    if everywhere is Match.MAYBE:
        return met
    decided += met
    return []


def _cut_out(place: int, ranges: Intervals, match: Match, pieces: list[_Piece], decided: list[_Piece]) -> None:
    """Cut what a rule's ranges mean out of the pieces; only those that these meet are looked at."""
    for wanted in ranges:
        touched = meeting(pieces, wanted, key=_range_of)
        rest: list[_Piece] = []
        for own, places in pieces[touched]:
            met = (Range(own.version, max(own.first, wanted.first), min(own.last, wanted.last)), (*places, place))
            if match is Match.YES:
                decided.append(met)
            left, right = cut(own, wanted)
            rest += [(left, places)] if left.size > 0 else []
            rest += [met] if match is Match.MAYBE else []
            rest += [(right, places)] if right.size > 0 else []
        pieces[touched] = rest


def _range_of(piece: _Piece) -> Range:
    return piece[0]


def _source_match(end: _End, flow: Flow) -> Match:
    """Say whether a rule's source means all sources, by what it names besides addresses."""
    if end.anything or VIRTUAL_NETWORK in end.tags or (flow.groups and end.groups & flow.groups):
        return Match.YES
    return Match.MAYBE if end.groups and flow.groups is None else Match.NO


def _destination_match(one: _Read, destination: Destination) -> Match:
    protocol = one.rule.protocol.lower()
    if protocol not in _ANYTHING and protocol != destination.protocol.lower():
        return Match.NO
    if not any(low <= destination.port <= high for low, high in one.ports):
        return Match.NO
    return both(one.from_port, _end_match(one.destinations, destination))


def _end_match(end: _End, destination: Destination) -> Match:
    by_tag = any_of(meant_by_tag(tag, destination) for tag in end.tags)
    if destination.platform is not None:
        return by_tag
    if end.anything:
        return Match.YES
    return any_of((by_tag, meant_by_address(end.ranges, destination), _meant_by_group(end.groups, destination)))


def _meant_by_group(groups: frozenset[str], destination: Destination) -> Match:
    if destination.groups is not None:
        return Match.YES if groups & destination.groups else Match.NO
    return Match.MAYBE if groups and destination.is_private else Match.NO


def _end(texts: tuple[str, ...], groups: tuple[str, ...]) -> _End:
    found: list[Range] = []
    tags: list[str] = []
    for text in texts:
        own = parse(text)
        if own is None:
            tags.append(text.strip().lower())
        else:
            found.append(own)
    anything = any(tag in _ANYTHING for tag in tags) or not (texts or groups)
    return _End(anything, merged(found), tuple(tags), frozenset(group.rstrip("/").lower() for group in groups))


def _ports(texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    if not texts or any(text.strip() in _ANYTHING for text in texts):
        return ((0, 65535),)
    ports: list[tuple[int, int]] = []
    for text in texts:
        first, _, last = text.partition("-")
        if first.strip().isdecimal() and (last or first).strip().isdecimal():
            ports.append((int(first), int(last or first)))
    return tuple(ports)


def _from_port(ports: tuple[tuple[int, int], ...]) -> Match:
    """Say whether a rule means connections from the ports that nodes use."""
    first, last = _NODE_PORTS
    if any(low <= first and last <= high for low, high in ports):
        return Match.YES
    return Match.MAYBE if any(low <= last and first <= high for low, high in ports) else Match.NO
