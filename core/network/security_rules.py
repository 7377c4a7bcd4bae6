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
from core.network.intervals import Intervals, common, merged, without
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
        undecided = [Part(flow.sources, ())] if flow.sources else []
        decided: list[Part] = []
        for one in self._rules:
            if not undecided:
                break
            match = _destination_match(one, flow.destination)
            if match is not Match.NO:
                undecided = [rest for part in undecided for rest in _ask(one, match, flow, part, decided)]
        return (*decided, *(Part(part.sources, (*part.rules, None)) for part in undecided))


def _has(rule: SecurityRule | None, access: str) -> bool:
    return rule is not None and rule.access.lower() == access.lower()


def _ask(one: _Read, match: Match, flow: Flow, part: Part, decided: list[Part]) -> list[Part]:
    """Give what one rule leaves undecided of a part; what it decides is added to `decided`."""
    rest: list[Part] = []
    for sources, own in _split(one.sources, flow, part.sources):
        meant = both(match, own)
        if meant is Match.NO:
            rest.append(Part(sources, part.rules))
        else:
            (decided if meant is Match.YES else rest).append(Part(sources, (*part.rules, one.rule)))
    return rest


def _split(end: _End, flow: Flow, sources: Intervals) -> list[tuple[Intervals, Match]]:
    """Split sources by whether a rule's source means them."""
    whole = _source_match(end, flow)
    if whole is Match.YES or not end.ranges:
        return [(sources, whole)]
    if not flow.exact:
        return [(sources, Match.MAYBE)]
    inside, outside = common(sources, end.ranges), without(sources, end.ranges)
    pieces = ((inside, Match.YES), (outside, whole))
    return [(piece, match) for piece, match in pieces if piece]


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
    by_group = Match.MAYBE if end.groups and destination.is_private else Match.NO
    return any_of((by_tag, meant_by_address(end.ranges, destination), by_group))


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
