"""What an Azure Firewall does with a packet of a node: its rules in their order, and the one that decides.

All network rules come before any application rule; inside each kind those of base policies come first, then groups
and collections by priority. The first rule that matches ends it, and what none matches is dropped. The names that the
firewall lets through by itself serve its own platform, none of them a registry.
https://learn.microsoft.com/azure/firewall/rule-processing
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from core.facts.fact import Known, NotKnown
from core.facts.firewalls import Firewall, FirewallPolicy, FirewallRule, RuleCollection, RuleGroup, RuleKind
from core.network.addresses import EVERYTHING_V4, PRIVATE, Range, covered, parse
from core.network.fqdn import host_match, url_match
from core.network.intervals import Intervals, common, intervals, without
from core.network.match import Match, any_of, both, meant
from core.network.next_hop import reach_of
from core.network.tag_match import is_tag, tag_match
from core.network.targets import Serves, Target


@dataclass(frozen=True, slots=True)
class Flow:
    """Packets of nodes to one target; `address` is the endpoint's, None for a public host.

    `told` is a public address that the host is known to have, maybe beside others.
    """

    sources: Intervals
    target: Target
    address: str | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule in its place, with the sources that it is for, read once.

    `unread` is why an IP group among its sources could not be read: it may be for more than is known.
    """

    rule: FirewallRule
    collection: RuleCollection
    group: RuleGroup
    sources: Intervals
    unread: NotKnown | None = None

    @property
    def allows(self) -> bool:
        """Whether it lets packets through."""
        return self.collection.action.lower() == "allow"

    @property
    def place(self) -> str:
        """The rule's place in words, from the group to the rule."""
        return (
            f"{self.group.name} ({self.group.priority}) > {self.collection.name} ({self.collection.priority})"
            f" > {self.rule.name}: {self.collection.action}"
        )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of a firewall in the order in which they count, and what their matching takes.

    `groups` are the ranges of IP groups by lower-cased id, `unread_groups` those that could not be read. `unread` is
    why a policy could not be read; then `rules` are those that could.
    """

    rules: tuple[Placed, ...]
    groups: Mapping[str, tuple[str, ...]]
    unread_groups: Mapping[str, NotKnown]
    tags: Mapping[str, tuple[str, ...]]
    dns_proxy: bool = False
    unread: NotKnown | None = None


class Outcome(StrEnum):
    """What happens to a flow; `PARTLY` means that some of the nodes get through."""

    ALLOWED = "allowed"
    DENIED = "denied"
    PARTLY = "partly"
    MAYBE = "maybe"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a flow, and by which rules.

    `decided` are the rules that ended it for some source, `dropped` says whether any source met no rule at all.
    `doubtful` are earlier rules that would decide otherwise if they match, `unread` why one of them is not known.
    """

    outcome: Outcome
    decided: tuple[Placed, ...] = ()
    dropped: bool = False
    doubtful: tuple[Placed, ...] = ()
    unread: NotKnown | None = None

    @property
    def denying(self) -> tuple[Placed, ...]:
        """The rules that drop packets of the flow."""
        return tuple(placed for placed in self.decided if not placed.allows)


def policies_of(policy: FirewallPolicy) -> tuple[tuple[FirewallPolicy, ...], NotKnown | None]:
    """Give a policy after all that it inherits from, and why one of them could not be read."""
    chain = [policy]
    while isinstance(chain[0].base, Known):
        chain.insert(0, chain[0].base.value)
    return tuple(chain), chain[0].base


def read_rules(firewall: Firewall, tags: Mapping[str, tuple[str, ...]]) -> RuleBook:
    """Put the rules of a firewall into their order and read every range once."""
    groups = {key: fact.value for key, fact in firewall.ip_groups.by_id.items() if isinstance(fact, Known)}
    hidden = dict(firewall.ip_groups.unread())
    unread: NotKnown | None = None
    proxy = firewall.dns_proxy
    chain: tuple[tuple[RuleGroup, ...], ...] = (firewall.groups,)
    if firewall.policy is not None:
        if not isinstance(firewall.policy, Known):
            return RuleBook((), groups, hidden, tags, proxy, firewall.policy)
        policies, unread = policies_of(firewall.policy.value)
        proxy = policies[-1].dns_proxy
        chain = tuple(policy.groups for policy in policies)
    read: dict[tuple[str, ...], Intervals] = {}
    rules = tuple(
        placed
        for kind in (RuleKind.NETWORK, RuleKind.APPLICATION)
        for level in chain
        for placed in _in_order(level, kind, firewall, groups, read)
    )
    return RuleBook(rules, groups, hidden, tags, proxy, unread)


def decide(book: RuleBook, flow: Flow) -> Decision:
    """Follow a flow through the rules."""
    rest = flow.sources
    reach = reach_of(flow.target, book.tags)
    decided: list[Placed] = []
    doubtful: list[Placed] = []
    doubted: list[Placed] = []
    allowed = denied = False
    for placed in book.rules:
        if not rest:
            break
        taken = common(rest, placed.sources)
        if not taken and placed.unread is None:
            continue
        match = _rule_match(placed, flow, book, reach)
        if match is Match.NO:
            continue
        if match is Match.MAYBE or not taken:
            doubtful.append(placed)
            continue
        decided.append(placed)
        doubted += [other for other in doubtful if other.allows != placed.allows and _meets(other, taken)]
        allowed, denied = allowed or placed.allows, denied or not placed.allows
        rest = without(rest, taken)
        if placed.unread is not None and rest:
            doubtful.append(placed)
    if rest:
        denied = True
        doubted += [other for other in doubtful if other.allows and _meets(other, rest)]
    doubts = tuple(dict.fromkeys(doubted))
    unread = next((why for other in doubts if (why := other.unread or _hidden(other, book)) is not None), book.unread)
    if unread is not None:
        outcome = Outcome.UNREAD
    elif doubts:
        outcome = Outcome.MAYBE
    elif allowed and denied:
        outcome = Outcome.PARTLY
    else:
        outcome = Outcome.DENIED if denied else Outcome.ALLOWED
    return Decision(outcome, tuple(decided), bool(rest), doubts, unread)


def _rule_match(placed: Placed, flow: Flow, book: RuleBook, reach: Intervals) -> Match:
    """Say whether a rule means a flow's destination, whatever its sources; `reach` is where a public host may be."""
    if placed.rule.kind is RuleKind.APPLICATION:
        return _application_match(placed.rule, flow, reach)
    return _network_match(placed.rule, flow, book, reach)


def _in_order(
    groups: Iterable[RuleGroup],
    kind: RuleKind,
    firewall: Firewall,
    known: Mapping[str, tuple[str, ...]],
    read: dict[tuple[str, ...], Intervals],
) -> Iterator[Placed]:
    for group in sorted(groups, key=lambda group: group.priority):
        collections = [collection for collection in group.collections if collection.kind is kind]
        for collection in sorted(collections, key=lambda collection: collection.priority):
            for rule in collection.rules:
                named = [key.rstrip("/").lower() for key in rule.source_group_ids]
                texts = (*rule.sources, *(prefix for key in named for prefix in known.get(key, ())))
                if texts not in read:
                    read[texts] = intervals(texts)
                yield Placed(rule, collection, group, read[texts], _unread(rule.source_group_ids, firewall))


def _unread(ids: Iterable[str], firewall: Firewall) -> NotKnown | None:
    for key in ids:
        fact = firewall.ip_groups.get(key)
        if not isinstance(fact, Known):
            return fact
    return None


def _hidden(placed: Placed, book: RuleBook) -> NotKnown | None:
    """Say why an IP group among a rule's destinations could not be read."""
    return next((book.unread_groups[key] for key in _keys(placed.rule) if key in book.unread_groups), None)


def _keys(rule: FirewallRule) -> list[str]:
    return [key.rstrip("/").lower() for key in rule.destination_group_ids]


def _meets(placed: Placed, sources: Intervals) -> bool:
    return placed.unread is not None or bool(common(placed.sources, sources))


def _network_match(rule: FirewallRule, flow: Flow, book: RuleBook, reach: Intervals) -> Match:
    protocols = {protocol.upper() for protocol in rule.protocols}
    if not protocols & {flow.target.protocol, "ANY"} or not _has_port(rule.ports, flow.target.port):
        return Match.NO
    keys = _keys(rule)
    ranges = (*rule.destinations, *(prefix for key in keys for prefix in book.groups.get(key, ())))
    matches = [_destination_match(text, flow, reach) for text in ranges]
    matches += [Match.MAYBE for key in keys if key not in book.groups]
    matches += [_name_match(host, flow, book) for host in rule.hosts]
    return any_of(matches)


def _destination_match(text: str, flow: Flow, reach: Intervals) -> Match:
    if text.strip() == "*":
        return Match.YES
    if is_tag(text):
        return tag_match(text, flow.target)
    wanted = _read(text)
    if wanted is None:
        return Match.NO
    if flow.address is not None:
        address = _read(flow.address)
        return Match.YES if address is not None and covered(address, (wanted,)) else Match.NO
    if wanted == _ALL_V4:
        return Match.YES
    if any(covered(wanted, (private,)) for private in _PRIVATE):
        return Match.NO
    told = _read(flow.told) if flow.told is not None else None
    if told is not None and covered(told, (wanted,)):
        return Match.YES
    if not reach:
        return Match.MAYBE if wanted.version == 4 else Match.NO
    return meant(reach, (wanted,))


@lru_cache(maxsize=100_000)
def _read(text: str) -> Range | None:
    """Read a range; policies name the same ones over and over, and every flow meets them again."""
    return parse(text)


def _name_match(host: str, flow: Flow, book: RuleBook) -> Match:
    """A name in a network rule is looked up by the firewall; nodes have to ask the firewall too to mean the same."""
    match = _host_match(host, flow.target)
    if flow.address is not None or not book.dns_proxy:
        return both(match, Match.MAYBE)
    return match


def _host_match(pattern: str, target: Target) -> Match:
    """Tell whether a rule's host means a target.

    Of storage accounts only those of registries can be meant: their names are Azure's own, like "weumanaged42".
    """
    match = host_match(pattern, target.host)
    if match is not Match.MAYBE or not target.stored:
        return match
    if target.named is not None:
        return host_match(pattern, target.named)
    return match if "managed" in pattern.partition(".")[0].lower() or pattern.startswith("*") else Match.NO


def _application_match(rule: FirewallRule, flow: Flow, reach: Intervals) -> Match:
    if flow.target.protocol != "TCP" or f"https:{flow.target.port}" not in {
        protocol.lower() for protocol in rule.protocols
    }:
        return Match.NO
    target = flow.target
    matches = [_host_match(host, target) for host in rule.hosts]
    matches += [_tag_means(tag, target) for tag in rule.host_tags]
    matches += [url_match(url, target.host) for url in rule.urls]
    matches += [Match.MAYBE for category in rule.categories if category.lower() in _CATEGORIES]
    found = any_of(matches)
    if rule.destinations and found is not Match.NO:
        found = both(found, any_of(_destination_match(text, flow, reach) for text in rule.destinations))
    return found


def _tag_means(tag: str, target: Target) -> Match:
    """Say what an FQDN tag holds: that of AKS has where tokens come from, none has anybody's registry.

    https://learn.microsoft.com/azure/firewall/fqdn-tags
    """
    if target.serves is not Serves.TOKENS:
        return Match.NO
    return Match.YES if tag.lower() == "azurekubernetesservice" else Match.MAYBE


def _has_port(ports: Iterable[str], port: int) -> bool:
    for text in ports:
        first, hyphen, last = text.strip().partition("-")
        if first == "*":
            return True
        if first.isdigit() and int(first) <= port <= (int(last) if hyphen and last.isdigit() else int(first)):
            return True
    return False


_ALL_V4 = parse(EVERYTHING_V4)
_PRIVATE = tuple(own for own in map(parse, PRIVATE) if own is not None)
_CATEGORIES = frozenset(
    {
        "business",
        "computersandtechnology",
        "downloadsites",
        "general",
        "informationsecurity",
        "uncategorized",
        "webrepositoryandstorage",
    }
)
"""Web categories that a registry or its storage may be put in, in lower case."""
