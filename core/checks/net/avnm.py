"""Does a central security admin rule override the network security groups?

Such rules are asked first: "Deny" ends it, "AlwaysAllow" takes traffic past every group, "Allow" leaves it to them.
https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.net.destinations import Needs
from core.checks.net.ends import network_name, network_values, table_of
from core.checks.net.filtering import (
    Finding,
    Gate,
    Grade,
    aim,
    flow_shown,
    is_failure,
    judge,
    needed_first,
    order,
    rule_shown,
    unsure_status,
)
from core.checks.net.nodes import nodes_of
from core.checks.network.ways import subnet_name, subnets
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Fact, Known, NotKnown
from core.facts.filtering import AdminRule
from core.facts.items import Items
from core.facts.networks import ScaleSet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.routing import RouteTable
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.paths import subnet_of
from core.network.security_rules import Flow, Rules

DIRECTION = "Outbound"


@dataclass
class _Seen:
    """What was found while going through the subnets. `rules` are all that there are, by network."""

    findings: list[Finding] = field(default_factory=list)
    unread: list[NotKnown] = field(default_factory=list)
    rules: dict[str, tuple[AdminRule, ...]] = field(default_factory=dict)
    servers: dict[str, int] = field(default_factory=dict)


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Items[VirtualNetwork],
    admin_rules: Items[tuple[AdminRule, ...]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
    route_tables: Fact[Items[RouteTable]],
    service_tags: Fact[Mapping[str, tuple[str, ...]]],
) -> Verdict:
    """Look for a rule that denies what the nodes send. On the endpoint's side such rules do not count."""
    tags = service_tags.value if isinstance(service_tags, Known) else {}
    needs = Needs(choice, cloud, cluster, registry, tags)
    seen = _Seen()
    for path in node_paths:
        rules = admin_rules.get(path.where.network_id)
        if not isinstance(rules, Known):
            seen.unread.append(rules)
            continue
        seen.rules[path.where.network_id.lower()] = rules.value
        network = networks.get(path.where.network_id)
        subnet = subnet_of(network, path.where.subnet_id)
        if not rules.value:
            continue
        if not isinstance(network, Known) or not isinstance(subnet, Known):
            seen.unread += [outcome for outcome in (network, subnet) if not isinstance(outcome, Known)][:1]
            continue
        seen.servers[path.where.subnet_id] = max(len(network.value.dns_servers), 1)
        asked = Rules.of((one.rule for one in rules.value), DIRECTION)
        for nodes in nodes_of(path, subnet.value, scale_sets):
            for wanted in needs.of(path, network.value, table_of(subnet.value, route_tables)):
                flow = Flow(wanted.destination, nodes.sources, nodes.groups)
                finding = judge(asked, flow, wanted, nodes, (Gate(flow.sources),))
                if finding is not None:
                    seen.findings.append(finding)
    return _verdict(seen, node_paths, registry, choice.symptom)


def _verdict(seen: _Seen, paths: tuple[NodePath, ...], registry: Registry, symptom: Symptom | None) -> Verdict:
    failing = [
        one for one in seen.findings if is_failure(one, seen.findings, seen.servers[one.nodes.path.where.subnet_id])
    ]
    if failing:
        worst = min(failing, key=order)
        network_id = worst.nodes.path.where.network_id
        some = worst.grade is Grade.SOME_NODES
        values = _values(worst, failing, seen, registry)
        return Verdict(
            Status.FAIL,
            "denies-some-nodes" if some else "denies",
            Certainty.LIKELY if some else Certainty.DEFINITE,
            values=values,
            evidence=_shown(failing, seen),
            fixes=(FixRef("review-admin-rule", {**values, **network_values("network", network_id)}),),
        )
    if seen.unread:
        return unknown(min(seen.unread, key=lambda outcome: not isinstance(outcome, Denied)), subnets(paths))
    if seen.findings:
        worst = min(seen.findings, key=needed_first)
        values = _values(worst, seen.findings, seen, registry)
        status = unsure_status(seen.findings, symptom)
        reason = "denies-spare" if worst.wanted.spare else "uncertain"
        return Verdict(status, reason, values=values, evidence=_shown(seen.findings, seen))
    if not any(seen.rules.values()):
        return Verdict(Status.PASS, "none", evidence=subnets(paths))
    shown = (
        rule_shown(one.rule, one.manager or "network manager", one.configuration_id)
        for rules in seen.rules.values()
        for one in rules
        if one.rule.direction.lower() == DIRECTION.lower()
    )
    return Verdict(Status.PASS, "allows", evidence=few((*subnets(paths), *shown)))


def _values(worst: Finding, same: list[Finding], seen: _Seen, registry: Registry) -> dict[str, str]:
    alike = [one for one in same if one.rule == worst.rule and one.grade is worst.grade]
    network_id = worst.nodes.path.where.network_id
    return {
        "registry_name": registry.name,
        "rule": worst.rule.name,
        "manager": _home(worst, seen).manager or "a network manager",
        "network": network_name(network_id),
        "what": ", ".join(dict.fromkeys(aim(one.wanted) for one in alike)),
        "pools": ", ".join(dict.fromkeys(pool for one in alike for pool in one.nodes.pools)),
        "subnet": subnet_name(worst.nodes.path.where.subnet_id),
    }


def _home(finding: Finding, seen: _Seen) -> AdminRule:
    rules = seen.rules[finding.nodes.path.where.network_id.lower()]
    return next(one for one in rules if one.rule == finding.rule)


def _shown(findings: list[Finding], seen: _Seen) -> tuple[Evidence, ...]:
    findings = sorted(findings, key=order)
    homes = [(finding, _home(finding, seen)) for finding in findings]
    rules = (rule_shown(one.rule, home.manager or "network manager", home.configuration_id) for one, home in homes)
    flows = (flow_shown(one.wanted, one.nodes) for one in findings)
    where = subnets(dict.fromkeys(one.nodes.path for one in findings))
    return few(dict.fromkeys((*where, *rules, *flows)))


CHECK = Check("net.avnm", Branch.NETWORK, evaluate)
