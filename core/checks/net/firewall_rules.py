"""Does Azure Firewall let the nodes reach the registry?

https://learn.microsoft.com/azure/firewall/rule-processing
https://learn.microsoft.com/azure/container-registry/container-registry-firewall-rules
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.net.firewall_fixes import fixes_for
from core.checks.net.firewall_flows import Judged, flows_through, unread_hop, unseen_hops
from core.checks.net.node_traffic import Stretch, Traffic
from core.checks.network.ways import beside, pools, subnets, whole
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Denied, Fact, Known, NotKnown
from core.facts.firewalls import Firewall, RuleKind
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.routing import NextHop, RouteTable
from core.model import Branch, Certainty, Evidence, Status, Verdict
from core.network.addresses import contains, is_private
from core.network.firewall_rules import Outcome, policies_of
from core.network.targets import Serves

HTTPS = 443
IANA_PRIVATE = "IANAPrivateRanges"
HALF_OPEN = ("TIMEOUT_443", "TLS_TIMEOUT", "RESET_REFUSED", "BLOB_NET")
"""Texts of connections of which the firewall may see one direction only."""


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Fact[Items[VirtualNetwork]],
    route_tables: Fact[Items[RouteTable]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    next_hops: Fact[Items[NextHop]],
    firewalls: Fact[Items[Firewall]],
    service_tags: Fact[Mapping[str, tuple[str, ...]]],
) -> Verdict:
    """Take what routes send to an Azure Firewall through its rules, for every node subnet and every target."""
    traffic = Traffic(
        choice, cloud, cluster, registry, node_paths, networks, route_tables, private_endpoints, service_tags
    )
    stretches = traffic.stretches()
    judged = flows_through(traffic, stretches, next_hops, firewalls)
    values = {"registry_name": registry.name, "firewall": _names(judged)}
    blocked = _cut_off_from_names(traffic, next_hops, firewalls) or [
        one for one in judged if one.blocked and one.only and not one.stretch.target.spare
    ]
    if blocked:
        return _blocked(blocked, judged, registry, cluster, values)
    unread = _unread([*(one.why for one in judged), *(unread_hop(stretch, next_hops) for stretch in stretches)])
    if unread is not None:
        return unknown(unread, few((*_subnets(judged), *_to_allow(judged))))
    if not judged:
        left = beside(node_paths)
        if left.status is Status.UNKNOWN or not stretches:
            return left
        return whole(_without(registry, node_paths, stretches, next_hops), node_paths)
    doubtful = [one for one in judged if one.outcome is Outcome.MAYBE or one.blocked]
    if doubtful:
        spare = all(one.blocked and one.only for one in doubtful)
        return Verdict(
            Status.WARNING,
            "spare-region" if spare else "depends-on-addresses",
            values=values | _concerned(doubtful),
            evidence=few((*_subnets(doubtful), *_rules(doubtful), *_to_allow(doubtful))),
        )
    one_way = [one for one in judged if _keeps_source(one)]
    if one_way and choice.symptom is not None and choice.symptom.kind in HALF_OPEN:
        return Verdict(
            Status.WARNING,
            "answers-go-another-way",
            values=values | _concerned(one_way),
            evidence=few((*_subnets(one_way), *_rules(one_way))),
        )
    verdict = Verdict(
        Status.PASS, "allowed", values=values, evidence=few((*_subnets(judged), *_rules(judged), *_notes(judged)))
    )
    return whole(verdict, node_paths)


def _keeps_source(one: Judged) -> bool:
    """Say whether packets come to an endpoint with the nodes' own addresses, so that answers miss the firewall.

    Application rules always put the firewall's address there; network rules only towards addresses that it does not
    take for private. https://learn.microsoft.com/azure/firewall/snat-private-range
    """
    address, firewall = one.stretch.address, one.firewall
    if address is None or firewall is None or one.decision is None:
        return False
    ranges: tuple[str, ...] = ()
    if isinstance(firewall.policy, Known):
        ranges = firewall.policy.value.snat_private_ranges
    kept = contains(ranges, address) if ranges and IANA_PRIVATE not in ranges else is_private(address)
    return kept and any(placed.rule.kind is RuleKind.NETWORK for placed in one.decision.decided)


def _cut_off_from_names(
    traffic: Traffic, next_hops: Fact[Items[NextHop]], firewalls: Fact[Items[Firewall]]
) -> list[Judged]:
    """Give the ways to DNS servers where all of a subnet's are blocked, if the text says that names are not found."""
    symptom = traffic.choice.symptom
    if symptom is None or symptom.kind != "DNS_FAIL":
        return []
    lookups = traffic.lookups()
    cut = {
        one.stretch: one for one in flows_through(traffic, lookups, next_hops, firewalls) if one.blocked and one.only
    }
    reached = {stretch.path for stretch in lookups if stretch not in cut}
    return [one for stretch, one in cut.items() if stretch.path not in reached]


def _blocked(
    blocked: list[Judged], judged: list[Judged], registry: Registry, cluster: Cluster, values: Mapping[str, str]
) -> Verdict:
    reason, certainty = _reason(blocked, judged)
    deciding = next((placed for one in blocked for placed in one.denying), None)
    return Verdict(
        Status.FAIL,
        reason,
        certainty,
        values={
            **values,
            **_concerned(blocked),
            "firewall": _names(blocked),
            "rule": f"{deciding.collection.name} > {deciding.rule.name}" if deciding else "-",
        },
        evidence=few((*_subnets(blocked), *_rules(blocked), *_to_allow(blocked), *_notes(blocked))),
        fixes=fixes_for(blocked, registry, cluster),
    )


def _reason(blocked: list[Judged], judged: list[Judged]) -> tuple[str, Certainty]:
    """Name what is blocked by what gets through all the same; a part of the nodes, or of the ways, is less sure."""
    certainty = Certainty.DEFINITE if any(one.certain for one in blocked) else Certainty.LIKELY
    if blocked[0].stretch.target.serves is Serves.NAMES:
        return "names-blocked", certainty
    if all(one.outcome is Outcome.PARTLY for one in blocked):
        return "some-nodes", Certainty.LIKELY
    through = {one.stretch.target.serves for one in judged if one.outcome is Outcome.ALLOWED}
    kinds = {one.stretch.target.serves for one in blocked}
    if kinds == {Serves.LAYERS} and Serves.LOGIN in through:
        return "layers-blocked", certainty
    if kinds == {Serves.TOKENS}:
        return "tokens-blocked", certainty
    return ("rule-denies" if any(one.denying for one in blocked) else "not-allowed"), certainty


def _without(
    registry: Registry, paths: tuple[NodePath, ...], stretches: Iterable[Stretch], next_hops: Fact[Items[NextHop]]
) -> Verdict:
    """Say that there is no firewall, or which next hops may be one out of sight."""
    unseen = dict.fromkeys(hop.address for one in stretches for hop in unseen_hops(one, next_hops) if hop.address)
    values = {"registry_name": registry.name}
    if unseen:
        return Verdict(
            Status.NOT_APPLICABLE,
            "next-hop-not-seen",
            values={**values, "hop_address": ", ".join(unseen)},
            evidence=(*(Evidence("next-hop", address) for address in unseen), *subnets(paths)),
        )
    return Verdict(Status.NOT_APPLICABLE, "no-firewall", values=values, evidence=subnets(paths))


def _unread(reasons: Iterable[NotKnown | None]) -> NotKnown | None:
    """Give why a flow could not be judged, what a permission would show first."""
    found = [why for why in reasons if why is not None]
    return min(found, key=lambda why: not isinstance(why, Denied), default=None)


def _concerned(judged: list[Judged]) -> dict[str, str]:
    return {
        "hosts": ", ".join(dict.fromkeys(one.stretch.target.host for one in judged)),
        "pools": pools(dict.fromkeys(one.stretch.path for one in judged)),
    }


def _names(judged: Iterable[Judged]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in judged))


def _subnets(judged: Iterable[Judged]) -> tuple[Evidence, ...]:
    return subnets(dict.fromkeys(one.stretch.path for one in judged))


def _rules(judged: Iterable[Judged]) -> Iterator[Evidence]:
    """Show for every flow what decided it."""
    for one in judged:
        decision = one.decision
        if decision is None:
            continue
        for placed in decision.decided:
            yield Evidence("firewall-rule", f"{one.stretch.flow} | {placed.place}")
        for placed in decision.doubtful:
            yield Evidence("firewall-rule-unsure", f"{one.stretch.flow} | {placed.place}")
        if decision.dropped:
            yield Evidence("firewall-rule", f"{one.stretch.flow} | no rule matches: Deny")


def _to_allow(judged: Iterable[Judged]) -> Iterator[Evidence]:
    """Show the rule that it takes, for whoever looks after the firewall."""
    wanted: dict[tuple[str, str, str], list[str]] = {}
    for one in judged:
        if one.outcome is not Outcome.ALLOWED:
            source = ", ".join(one.stretch.prefixes)
            aim = one.stretch.target.host
            aim = aim if one.stretch.address in (None, aim) else f"{aim} ({one.stretch.address})"
            over = "Https 443" if one.stretch.target.port == HTTPS else "UDP 53"
            wanted.setdefault((one.name, source, over), []).append(aim)
    for (name, source, over), hosts in wanted.items():
        yield Evidence("rule-to-add", f"{name} | Allow | {source} -> {', '.join(dict.fromkeys(hosts))} | {over}")


def _notes(judged: Iterable[Judged]) -> Iterator[Evidence]:
    """Show what else may drop packets: threat intelligence comes before all rules."""
    seen = {one.firewall.id.lower(): one.firewall for one in judged if one.firewall is not None}
    for firewall in seen.values():
        modes = [firewall.threat_intel_mode]
        if isinstance(firewall.policy, Known):
            modes = [policy.threat_intel_mode for policy in policies_of(firewall.policy.value)[0]]
        if any(mode and mode.lower() == "deny" for mode in modes):
            yield Evidence("threat-intelligence", f"{firewall.name}: Deny")


CHECK = Check("net.firewall-rules", Branch.NETWORK, evaluate)
