"""What rules do with the connections that a pull takes: denied for sure, for some nodes, or perhaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from core.checks.net.destinations import Purpose, Wanted
from core.checks.net.nodes import Nodes
from core.facts.filtering import SecurityRule
from core.model import Evidence, Status, Symptom
from core.network.addresses import is_private, meet, parse
from core.network.intervals import Intervals, size
from core.network.security_rules import Flow, Part, Rules

DENY, ALWAYS = "Deny", "AlwaysAllow"


class Grade(IntEnum):
    """How much is denied, worst first. `MAYBE` where it takes to know more than Azure tells."""

    ALL_NODES = 0
    SOME_NODES = 1
    MAYBE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """Connections that rules deny. `rule` is the first that does, `priorities` those of all that may."""

    grade: Grade
    rule: SecurityRule
    priorities: frozenset[int]
    wanted: Wanted
    nodes: Nodes


@dataclass(frozen=True, slots=True)
class Gate:
    """What admin rules leave to security groups: the sources to ask about, and whether it is sure that they are."""

    sources: Intervals
    sure: bool = True


def gates(admin: Rules | None, flow: Flow) -> tuple[Gate, ...]:
    """Give what is left of a flow after the admin rules; what these always allow asks no security group."""
    if admin is None:
        return (Gate(flow.sources),)
    parts = (part for part in admin.decide(flow) if not part.surely(ALWAYS))
    return tuple(Gate(part.sources, not part.possibly(ALWAYS)) for part in parts)


def judge(rules: Rules, flow: Flow, wanted: Wanted, nodes: Nodes, through: Iterable[Gate]) -> Finding | None:
    """Say what the rules of one group do with a flow; None where they let all of it through."""
    denied = 0
    parts: list[Part] = []
    for gate in through:
        for part in rules.decide(replace(flow, sources=gate.sources)):
            if not part.possibly(DENY):
                continue
            parts.append(part)
            if part.surely(DENY) and gate.sure:
                denied += size(part.sources)
    if not parts:
        return None
    parts.sort(key=lambda part: not part.surely(DENY))
    first = next(rule for part in parts for rule in (part.first(DENY),) if rule is not None)
    blocking = frozenset(
        rule.priority for part in parts for rule in part.rules if rule is not None and rule.access.lower() == "deny"
    )
    some = Grade.SOME_NODES if denied else Grade.MAYBE
    grade = Grade.ALL_NODES if denied == size(flow.sources) else some
    return Finding(grade, first, blocking, wanted, nodes)


def is_failure(finding: Finding, findings: Iterable[Finding], servers: int) -> bool:
    """Say whether a finding keeps nodes from pulling: something that may be done without does not.

    Of `servers` DNS servers one that answers is enough.
    """
    if finding.grade is Grade.MAYBE:
        return False
    if finding.wanted.purpose is Purpose.NAMES and finding.wanted.spare:
        return finding.wanted.destination.protocol == "Udp" and _without_names(finding, findings, servers)
    return not finding.wanted.spare


def _without_names(finding: Finding, findings: Iterable[Finding], servers: int) -> bool:
    silent = {
        other.wanted.destination.name
        for other in findings
        if other.wanted.purpose is Purpose.NAMES
        and other.wanted.destination.protocol == "Udp"
        and other.nodes.path == finding.nodes.path
        and other.grade <= finding.grade
    }
    return len(silent) >= servers


def unsure_status(findings: Iterable[Finding], symptom: Symptom | None) -> Status:
    """Give the status of what rules deny perhaps: a warning, unless the pasted text may tell of just that.

    Rules drop packets without a word, so that connections time out; a text about another address is about another
    connection.
    """
    doubts = (one.wanted for one in findings if one.grade is Grade.MAYBE and not one.wanted.spare)
    return Status.UNKNOWN if any(_may_tell_of(symptom, wanted) for wanted in doubts) else Status.WARNING


_UNANSWERED: Mapping[str, tuple[Purpose, ...]] = {
    "TIMEOUT_443": (Purpose.REGISTRY, Purpose.LAYERS, Purpose.SIGN_IN),
    "BLOB_NET": (Purpose.LAYERS,),
    "DNS_FAIL": (Purpose.NAMES,),
}
"""What a connection was for that no answer came to, by the kind of a text."""


def _may_tell_of(symptom: Symptom | None, wanted: Wanted) -> bool:
    if symptom is None or wanted.purpose not in _UNANSWERED.get(symptom.kind, ()):
        return False
    told = parse((symptom.address or "").strip("[]"))
    one = wanted.destination
    if told is None or wanted.purpose is Purpose.NAMES:
        return True
    if one.within:
        return any(meet(told, own) for own in one.within)
    return not is_private(symptom.address or "")


def order(finding: Finding) -> tuple[int, int, bool]:
    """Worst first; of what is as bad, what a pull needs first."""
    return int(finding.grade), int(finding.wanted.purpose), finding.wanted.spare


def needed_first(finding: Finding) -> tuple[bool, int, int, bool]:
    """Worst first, and before all of that what a pull cannot do without."""
    return finding.wanted.spare, *order(finding)


def rule_shown(rule: SecurityRule, of: str, place: str) -> Evidence:
    """Show a rule: whose, its priority, and what it is about."""
    parts = (
        of,
        rule.name,
        f"priority {rule.priority}",
        f"{rule.access} {rule.direction}",
        rule.protocol,
        f"from {_few(rule.sources, rule.source_group_ids)}",
        f"to {_few(rule.destinations, rule.destination_group_ids)}",
        f"port {', '.join(rule.destination_ports[:5]) or '*'}",
        place,
    )
    return Evidence("security-rule", " | ".join(part for part in parts if part))


def flow_shown(wanted: Wanted, nodes: Nodes) -> Evidence:
    """Show a connection: from which subnet, to what."""
    return Evidence("traffic", f"{', '.join(nodes.prefixes) or '-'} -> {_place(wanted)} | {_port(wanted)}")


def aim(wanted: Wanted) -> str:
    """Name a destination with its address, where that is one, and its port, for a sentence."""
    return f"{_place(wanted)} on {_port(wanted)}"


def _place(wanted: Wanted) -> str:
    one = wanted.destination
    return f"{one.name} ({one.address})" if one.address and one.address != one.name else one.name


def _port(wanted: Wanted) -> str:
    return f"{wanted.destination.protocol.upper()} {wanted.destination.port}"


def _few(texts: tuple[str, ...], groups: tuple[str, ...]) -> str:
    names = (*texts, *(group.rpartition("/")[2] for group in groups))
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (", ".join(names[:5]) or "*") + more
