"""The packets that routes send to an Azure Firewall, and what it does with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.checks.net.node_traffic import Stretch, Traffic, item, next_hop, told_address
from core.facts.fact import Denied, Fact, Known, NotKnown, Unavailable
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.routing import HopKind, NextHop
from core.network.firewall_rules import Decision, Flow, Outcome, Placed, RuleBook, decide, read_rules
from core.network.intervals import node_addresses
from core.network.next_hop import Hop, HopType


@dataclass(frozen=True, slots=True)
class Judged:
    """One stretch that leads to a firewall, and what becomes of it there.

    `only` is False where the packets may also go another way. `why` says why nothing can be said.
    """

    stretch: Stretch
    name: str
    firewall: Firewall | None = None
    decision: Decision | None = None
    only: bool = True
    why: NotKnown | None = None

    @property
    def outcome(self) -> Outcome:
        """What becomes of the packets."""
        return Outcome.UNREAD if self.decision is None else self.decision.outcome

    @property
    def blocked(self) -> bool:
        """Whether packets, of some nodes at least, are surely dropped if they come to the firewall."""
        return self.outcome in (Outcome.DENIED, Outcome.PARTLY)

    @property
    def certain(self) -> bool:
        """Whether a pull surely fails by it: all of the nodes' packets go here and are dropped."""
        return self.outcome is Outcome.DENIED and self.only

    @property
    def denying(self) -> tuple[Placed, ...]:
        """The rules that drop packets."""
        return self.decision.denying if self.decision is not None else ()


def flows_through(
    traffic: Traffic, stretches: Iterable[Stretch], next_hops: Fact[Items[NextHop]], firewalls: Fact[Items[Firewall]]
) -> list[Judged]:
    """Judge every one of these stretches whose next hop is, or may be, an Azure Firewall."""
    books: dict[str, RuleBook] = {}
    judged: list[Judged] = []
    for stretch in stretches:
        known = [_firewall_at(hop, next_hops) for hop in stretch.hops]
        ends = {(found.resource_id or "").lower() if found is not None else None for found in known}
        judged += [
            _judge(traffic, stretch, found, firewalls, books, only=len(ends) == 1)
            for found in dict.fromkeys(known)
            if found is not None
        ]
    return judged


def unread_hop(stretch: Stretch, next_hops: Fact[Items[NextHop]]) -> NotKnown | None:
    """Say why it is not known whether a stretch leads to a firewall."""
    if stretch.why is not None:
        return stretch.why
    for hop in stretch.hops:
        found = next_hop(hop, next_hops) if hop.type is HopType.APPLIANCE else None
        if isinstance(found, Denied | Unavailable):
            return found
    return None


def unseen_hops(stretch: Stretch, next_hops: Fact[Items[NextHop]]) -> tuple[Hop, ...]:
    """Give the appliances of a stretch that nobody who can be seen has, so that they may be firewalls."""
    found = ((hop, next_hop(hop, next_hops)) for hop in stretch.hops if hop.type is HopType.APPLIANCE)
    return tuple(hop for hop, who in found if isinstance(who, Known) and who.value.kind is HopKind.NOT_SEEN)


def _firewall_at(hop: Hop, next_hops: Fact[Items[NextHop]]) -> NextHop | None:
    if hop.type is not HopType.APPLIANCE:
        return None
    found = next_hop(hop, next_hops)
    return found.value if isinstance(found, Known) and found.value.kind is HopKind.FIREWALL else None


def _judge(
    traffic: Traffic,
    stretch: Stretch,
    hop: NextHop,
    firewalls: Fact[Items[Firewall]],
    books: dict[str, RuleBook],
    *,
    only: bool,
) -> Judged:
    key = (hop.resource_id or "").lower()
    firewall = item(firewalls, key)
    if not isinstance(firewall, Known):
        return Judged(stretch, _name(hop), only=only, why=firewall)
    if key not in books:
        books[key] = read_rules(firewall.value, traffic.known_tags)
    told = told_address(traffic.choice.symptom, stretch.target) if stretch.address is None else None
    flow = Flow(node_addresses(stretch.prefixes), stretch.target, stretch.address, told)
    decision = decide(books[key], flow)
    return Judged(stretch, firewall.value.name, firewall.value, decision, only, decision.unread)


def _name(hop: NextHop) -> str:
    try:
        return ResourceId.parse(hop.resource_id or "").name
    except NotAResourceId:
        return hop.address
