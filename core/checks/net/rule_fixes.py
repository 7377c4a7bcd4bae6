"""The rules that would let a pull through, at the priorities where they work and no wider than it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from core.checks.net.filtering import Finding
from core.facts.filtering import SecurityGroup
from core.model import FixRef
from core.network.rule_priorities import NoRoom, places

NAMES = {
    "AzureContainerRegistry": "Registry",
    "Storage": "Layers",
    "AzureActiveDirectory": "Entra",
    "AzurePlatformDNS": "AzureDNS",
    "AzurePlatformIMDS": "Metadata",
}
"""What a new rule is called for, by the service tag that it opens."""

ENDPOINT_ADDRESS = "<endpoint-address>"
"""What the user fills in where the endpoint could not be read."""


@dataclass
class _Rule:
    """A rule to be made: what it opens, and for whom. Filled while findings are gone through."""

    name: str
    protocol: str
    port: int
    sources: dict[str, None] = field(default_factory=dict)
    destinations: dict[str, None] = field(default_factory=dict)


def opening(found: Iterable[tuple[SecurityGroup, Finding]], direction: str) -> tuple[FixRef, ...]:
    """Give the fix that lets every denied connection through all groups that deny it: one command for each rule."""
    by_group: dict[str, tuple[SecurityGroup, list[Finding]]] = {}
    for group, finding in found:
        by_group.setdefault(group.id.lower(), (group, []))[1].append(finding)
    if not by_group:
        return ()
    rows: list[Mapping[str, str]] = []
    full: list[str] = []
    for group, findings in by_group.values():
        try:
            rows += _rows(group, findings, direction)
        except NoRoom:
            full.append(group.name)
    first = next(iter(by_group.values()))[0]
    values = {
        "nsgs": ", ".join(group.name for group, _ in by_group.values()),
        "nsg_id": first.id,
        "nsg_name": first.name,
        "nsg_group": first.resource_group,
        "nsg_subscription": first.subscription_id,
        "direction": direction,
    }
    if not rows:
        return (FixRef("review-nsg", values),)
    key = "open-nsg-to-services" if any(row["destinations"][:1].isalpha() for row in rows) else "open-nsg"
    if any(row["moved_to"] != row["moved_from"] for row in rows):
        key = "open-nsg-moving-rule"
    return (FixRef(key, values, tuple(rows)), *((FixRef("review-nsg", values),) if full else ()))


def _rows(group: SecurityGroup, findings: list[Finding], direction: str) -> Iterator[Mapping[str, str]]:
    """Give what each new rule of a group takes; raises NoRoom."""
    own = [rule for rule in group.rules if rule.direction.lower() == direction.lower() and not rule.default]
    rules = _rules(findings, direction)
    names = {rule.priority: rule.name for rule in own}
    blocking = {priority for finding in findings for priority in finding.priorities}
    denying = [rule.priority for rule in own if rule.access.lower() == "deny"]
    found = places(frozenset(names), blocking, denying, len(rules))
    still = (min((p for p in blocking if p in names), default=0),) * 2
    used = {rule.name.lower() for rule in group.rules}
    for number, (rule, priority) in enumerate(zip(rules, found.priorities, strict=True)):
        old, new = found.moves[min(number, len(found.moves) - 1)] if found.moves else still
        name = next(one for one in _named(rule.name) if one.lower() not in used)
        used.add(name.lower())
        yield {
            "nsg_name": group.name,
            "nsg_group": group.resource_group,
            "nsg_subscription": group.subscription_id,
            "rule_name": name,
            "priority": str(priority),
            "protocol": rule.protocol,
            "sources": ",".join(rule.sources),
            "destinations": ",".join(rule.destinations),
            "port": str(rule.port),
            "moved_rule": names.get(old, "-"),
            "moved_from": str(old),
            "moved_to": str(new),
        }


def _rules(findings: Iterable[Finding], direction: str) -> list[_Rule]:
    """Join what can be said in one rule: addresses with the same port. A service tag has to stand alone."""
    end = "In" if direction == "Inbound" else "Out"
    rules: dict[tuple[str, int, str], _Rule] = {}
    for finding in findings:
        one = finding.wanted.destination
        tag = one.tag or ""
        what = NAMES.get(tag.partition(".")[0], f"DNS-{one.protocol.title()}" if one.port == 53 else "Registry")
        key = (one.protocol, one.port, tag)
        rule = rules.setdefault(key, _Rule(f"Allow-{what}-{end}", one.protocol, one.port))
        rule.sources |= dict.fromkeys(finding.nodes.prefixes)
        rule.destinations[tag or one.address or ENDPOINT_ADDRESS] = None
    return list(rules.values())


def _named(name: str) -> Iterator[str]:
    """Give names for a rule: making one under a name that is taken would replace that one."""
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1002))
