"""Does a rule of a network security group block the nodes' way out?

https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.net.destinations import Needs, Purpose, Wanted
from core.checks.net.ends import goes_to_endpoint, network_name, table_of
from core.checks.net.filtering import (
    Finding,
    Gate,
    Grade,
    aim,
    flow_shown,
    gates,
    is_failure,
    judge,
    needed_first,
    order,
    rule_shown,
    unsure_status,
)
from core.checks.net.node_traffic import item
from core.checks.net.nodes import Nodes, nodes_of
from core.checks.net.rule_fixes import opening
from core.checks.network.ways import pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Denied, Fact, Known, NotKnown
from core.facts.filtering import AdminRule, SecurityGroup
from core.facts.items import Items
from core.facts.networks import ScaleSet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.routing import RouteTable
from core.model import Branch, Certainty, Evidence, Status, Symptom, Verdict
from core.network.paths import subnet_of
from core.network.security_rules import Flow, Rules

DIRECTION = "Outbound"

DENIED: Mapping[Purpose, str] = {
    Purpose.NAMES: "denies-names",
    Purpose.REGISTRY: "denies-registry",
    Purpose.LAYERS: "denies-layers",
    Purpose.SIGN_IN: "denies-sign-in",
}


@dataclass
class _Seen:
    """What was found while going through the subnets."""

    findings: list[tuple[SecurityGroup, Finding]] = field(default_factory=list)
    unread: list[NotKnown] = field(default_factory=list)
    groups: dict[str, SecurityGroup] = field(default_factory=dict)
    rules: dict[str, Rules] = field(default_factory=dict)
    servers: dict[str, int] = field(default_factory=dict)


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Items[VirtualNetwork],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    security_groups: Items[SecurityGroup],
    admin_rules: Fact[Items[tuple[AdminRule, ...]]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
    route_tables: Fact[Items[RouteTable]],
    service_tags: Fact[Mapping[str, tuple[str, ...]]],
) -> Verdict:
    """Ask the groups of the nodes' subnets and interfaces, each by itself: a connection needs the leave of both."""
    tags = service_tags.value if isinstance(service_tags, Known) else {}
    needs = Needs(choice, cloud, cluster, registry, tags, private_endpoints)
    seen = _Seen()
    for path in node_paths:
        network = networks.get(path.where.network_id)
        subnet = subnet_of(network, path.where.subnet_id)
        if not isinstance(network, Known):
            seen.unread.append(network)
        elif not isinstance(subnet, Known):
            seen.unread.append(subnet)
        else:
            seen.servers[path.where.subnet_id] = max(len(network.value.dns_servers), 1)
            wanted = needs.of(path, network.value, table_of(subnet.value, route_tables))
            admin = admin_rules_of(path.where.network_id, admin_rules)
            for nodes in nodes_of(path, subnet.value, scale_sets):
                own = (subnet.value.security_group_id, *nodes.security_group_ids)
                ids = dict.fromkeys(id_.lower() for id_ in own if id_)
                _ask(nodes, tuple(ids), wanted, admin, security_groups, scale_sets, seen)
    verdict = _verdict(seen, node_paths, private_endpoints, registry, admin_rules, choice.symptom)
    return whole(verdict, [path for path in node_paths if not goes_to_endpoint(path)])


def admin_rules_of(
    network_id: str, admin_rules: Fact[Items[tuple[AdminRule, ...]]], direction: str = DIRECTION
) -> Rules | None:
    """Give the admin rules of a network that come before its security groups; None where they are not known."""
    rules = item(admin_rules, network_id)
    return Rules.of((one.rule for one in rules.value), direction) if isinstance(rules, Known) else None


def unread_above(network_ids: Iterable[str], admin_rules: Fact[Items[tuple[AdminRule, ...]]]) -> tuple[Evidence, ...]:
    """Show the networks whose admin rules are not known: a rare one takes traffic past every group."""
    unread = dict.fromkeys(id_ for id_ in network_ids if not isinstance(item(admin_rules, id_), Known))
    return tuple(Evidence("admin-rules-not-read", network_name(id_)) for id_ in unread)


def _ask(
    nodes: Nodes,
    group_ids: tuple[str, ...],
    wanted: tuple[Wanted, ...],
    admin: Rules | None,
    groups: Items[SecurityGroup],
    scale_sets: Fact[tuple[ScaleSet, ...]],
    seen: _Seen,
) -> None:
    asked: list[tuple[Wanted, Flow, tuple[Gate, ...]]] = []
    for one in wanted:
        flow = Flow(one.destination, nodes.sources, nodes.groups)
        through = gates(admin, flow)
        if through:
            asked.append((one, flow, through))
    for id_ in group_ids if asked else ():
        group = groups.get(id_)
        if not isinstance(group, Known):
            seen.unread.append(group)
            continue
        seen.groups[id_] = group.value
        rules = seen.rules.setdefault(id_, Rules.of(group.value.rules, DIRECTION))
        for one, flow, through in asked:
            finding = judge(rules, flow, one, nodes, through)
            if finding is not None:
                seen.findings.append((group.value, finding))
    if asked and not isinstance(scale_sets, Known):
        seen.unread.append(scale_sets)
    if asked and nodes.unread is not None:
        seen.unread.append(nodes.unread)


def _verdict(
    seen: _Seen,
    paths: tuple[NodePath, ...],
    endpoints: Fact[Items[PrivateEndpoint]],
    registry: Registry,
    admin_rules: Fact[Items[tuple[AdminRule, ...]]],
    symptom: Symptom | None,
) -> Verdict:
    every = [finding for _, finding in seen.findings]
    failing = [
        (group, finding)
        for group, finding in seen.findings
        if is_failure(finding, every, seen.servers[finding.nodes.path.where.subnet_id])
    ]
    if failing:
        group, worst = min(failing, key=lambda pair: order(pair[1]))
        some = worst.grade is Grade.SOME_NODES
        sure = [pair for pair in seen.findings if pair[1].grade is not Grade.MAYBE]
        networks = [one.nodes.path.where.network_id for _, one in failing if one.grade is worst.grade]
        above = unread_above(networks, admin_rules)
        return Verdict(
            Status.FAIL,
            "denies-some-nodes" if some else DENIED[worst.wanted.purpose],
            Certainty.LIKELY if some else Certainty.DEFINITE,
            values=values_of(group, worst, [one for _, one in failing], registry),
            evidence=(*above, *shown(failing)),
            fixes=opening(sure, DIRECTION),
        )
    if seen.unread:
        first = min(seen.unread, key=lambda outcome: not isinstance(outcome, Denied))
        refused = dict.fromkeys(one.action for one in seen.unread if isinstance(one, Denied))
        others = tuple(Evidence("missing-permission", action) for action in list(refused)[1:])
        return unknown(first, few((*others, *subnets(paths), *_groups(seen))))
    if seen.findings:
        return _unsure(seen, endpoints, registry, symptom)
    values = {"nsgs": ", ".join(group.name for group in seen.groups.values()), "pools": pools(paths)}
    evidence = few((*subnets(paths), *_groups(seen)))
    if not seen.groups:
        return Verdict(Status.PASS, "no-nsg", values=values, evidence=evidence)
    return Verdict(Status.PASS, "allows", values=values, evidence=evidence)


def _unsure(
    seen: _Seen, endpoints: Fact[Items[PrivateEndpoint]], registry: Registry, symptom: Symptom | None
) -> Verdict:
    """Judge what is denied only perhaps, or is not always needed."""
    group, worst = min(seen.findings, key=lambda pair: needed_first(pair[1]))
    values = values_of(group, worst, [one for _, one in seen.findings], registry)
    if worst.wanted.spare:
        return Verdict(Status.WARNING, "denies-spare", values=values, evidence=shown(seen.findings))
    endpoint = item(endpoints, worst.nodes.path.endpoint_id or "")
    if worst.wanted.destination.is_private and worst.wanted.destination.address is None:
        if not isinstance(endpoint, Known):
            return unknown(endpoint, shown(seen.findings))
        if not isinstance(endpoint.value.addresses, Known):
            return unknown(endpoint.value.addresses, shown(seen.findings))
    status = unsure_status((finding for _, finding in seen.findings), symptom)
    return Verdict(status, "uncertain", values=values, evidence=shown(seen.findings))


def values_of(group: SecurityGroup, worst: Finding, same: list[Finding], registry: Registry) -> dict[str, str]:
    """Give the names for the sentences about a finding and those that are like it."""
    alike = [one for one in same if (one.grade, one.wanted.purpose) == (worst.grade, worst.wanted.purpose)]
    return {
        "registry_name": registry.name,
        "nsg": group.name,
        "rule": worst.rule.name,
        "priority": str(worst.rule.priority),
        "what": ", ".join(dict.fromkeys(aim(one.wanted) for one in alike)),
        "pools": ", ".join(dict.fromkeys(pool for one in alike for pool in one.nodes.pools)),
        "subnet": subnet_name(worst.nodes.path.where.subnet_id),
    }


def shown(found: list[tuple[SecurityGroup, Finding]]) -> tuple[Evidence, ...]:
    """Show the rules that deny, worst first, and what they deny."""
    found = sorted(found, key=lambda pair: order(pair[1]))
    rules = (rule_shown(finding.rule, group.name, group.id) for group, finding in found)
    flows = (flow_shown(finding.wanted, finding.nodes) for _, finding in found)
    paths = dict.fromkeys(finding.nodes.path for _, finding in found)
    return few(dict.fromkeys((*subnets(paths), *rules, *flows)))


def _groups(seen: _Seen) -> tuple[Evidence, ...]:
    return tuple(Evidence("security-group", f"{group.name} | {group.id}") for group in seen.groups.values())


CHECK = Check("net.nsg-aks", Branch.NETWORK, evaluate)
