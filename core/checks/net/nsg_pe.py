"""Does a rule on the private endpoint's subnet block the way in?

https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.net.destinations import Needs
from core.checks.net.ends import endpoint_shown, far_side, goes_to_endpoint, near_side
from core.checks.net.filtering import ALWAYS, Finding, Gate, Grade, judge, needed_first, unsure_status
from core.checks.net.merge import Judged, merged
from core.checks.net.nodes import nodes_of
from core.checks.net.nsg_aks import admin_rules_of, shown, unread_above, values_of
from core.checks.net.rule_fixes import opening
from core.checks.network.ways import subnet_name, subnets
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.filtering import AdminRule, SecurityGroup
from core.facts.items import Items
from core.facts.networks import ScaleSet, Subnet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, Status, Symptom, Verdict
from core.network.paths import subnet_of
from core.network.peering import Link, link
from core.network.security_rules import Flow, Rules

DIRECTION = "Inbound"
_OBEYED = ("enabled", "networksecuritygroupenabled")
_SHARED: Mapping[Grade, str] = {Grade.ALL_NODES: "denies-registry", Grade.SOME_NODES: "denies-some-nodes"}


@dataclass(frozen=True, slots=True)
class _Facts:
    needs: Needs
    networks: Items[VirtualNetwork]
    endpoints: Items[PrivateEndpoint]
    groups: Items[SecurityGroup]
    admin_rules: Fact[Items[tuple[AdminRule, ...]]]
    scale_sets: Fact[tuple[ScaleSet, ...]]


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Items[VirtualNetwork],
    private_endpoints: Items[PrivateEndpoint],
    security_groups: Items[SecurityGroup],
    admin_rules: Fact[Items[tuple[AdminRule, ...]]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
) -> Verdict:
    """Ask the group of the endpoint's subnet, where that subnet lets it count for endpoints at all.

    Security admin rules do not count for endpoints, says their documentation; where one would always allow the
    traffic, a denial is only pointed out.
    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
    """
    needs = Needs(choice, cloud, cluster, registry, {}, Known(private_endpoints))
    facts = _Facts(needs, networks, private_endpoints, security_groups, admin_rules, scale_sets)
    judged: list[Judged] = []
    failing: list[tuple[SecurityGroup, Finding]] = []
    for path in node_paths:
        if goes_to_endpoint(path):
            verdict, found = _judge(path, facts)
            judged.append(Judged(path, verdict))
            failing += found
    whole = merged(judged, node_paths)
    if whole.status is not Status.FAIL:
        return whole
    return replace(whole, evidence=few(whole.evidence), fixes=opening(failing, DIRECTION))


def _judge(path: NodePath, facts: _Facts) -> tuple[Verdict, list[tuple[SecurityGroup, Finding]]]:
    """Judge one node subnet; gives what denies as well."""
    endpoint = facts.endpoints.get(path.endpoint_id or "")
    if not isinstance(endpoint, Known):
        return unknown(endpoint, subnets((path,))), []
    evidence = (*subnets((path,)), endpoint_shown(path, endpoint.value))
    place = subnet_of(facts.networks.get(endpoint.value.network_id), endpoint.value.subnet_id)
    if not isinstance(place, Known):
        return unknown(place, evidence), []
    policies = place.value.endpoint_policies or "Disabled"
    values = {"endpoint": endpoint.value.name, "subnet": subnet_name(place.value.id), "policies": policies}
    evidence = (*evidence, Evidence("endpoint-policies", policies))
    if policies.lower() not in _OBEYED:
        return Verdict(Status.PASS, "not-filtered", values=values, evidence=evidence), []
    if place.value.security_group_id is None:
        return Verdict(Status.PASS, "no-nsg", values=values, evidence=evidence), []
    group = facts.groups.get(place.value.security_group_id)
    nodes = subnet_of(facts.networks.get(path.where.network_id), path.where.subnet_id)
    if not isinstance(group, Known):
        return unknown(group, evidence), []
    if not isinstance(nodes, Known):
        return unknown(nodes, evidence), []
    found = sorted(_findings(path, endpoint.value, group.value, nodes.value, facts), key=needed_first)
    values |= {"nsg": group.value.name}
    if not found:
        return Verdict(Status.PASS, "allows", values=values, evidence=evidence), []
    pairs = [(group.value, finding) for finding in found]
    named = values | {
        key: value
        for key, value in values_of(group.value, found[0], found, facts.needs.registry).items()
        if key != "subnet"
    }
    above = unread_above((endpoint.value.network_id,), facts.admin_rules)
    symptom = facts.needs.choice.symptom
    return _denied(pairs, named, (*above, *evidence, *shown(pairs)), endpoint.value, symptom)


def _denied(
    pairs: list[tuple[SecurityGroup, Finding]],
    values: dict[str, str],
    evidence: tuple[Evidence, ...],
    endpoint: PrivateEndpoint,
    symptom: Symptom | None,
) -> tuple[Verdict, list[tuple[SecurityGroup, Finding]]]:
    worst = pairs[0][1]
    if worst.grade is Grade.MAYBE and not isinstance(endpoint.addresses, Known):
        return unknown(endpoint.addresses, evidence), []
    if worst.wanted.spare:
        return Verdict(Status.WARNING, "denies-spare", values=values, evidence=evidence), []
    if worst.grade is Grade.MAYBE:
        status = unsure_status((finding for _, finding in pairs), symptom)
        return Verdict(status, "uncertain", values=values, evidence=evidence), []
    sure = [pair for pair in pairs if pair[1].grade is not Grade.MAYBE]
    return (
        Verdict(
            Status.FAIL,
            _SHARED[worst.grade],
            Certainty.DEFINITE if worst.grade is Grade.ALL_NODES else Certainty.LIKELY,
            values=values,
            evidence=evidence,
            fixes=opening(sure, DIRECTION),
        ),
        sure,
    )


def _findings(
    path: NodePath, endpoint: PrivateEndpoint, group: SecurityGroup, subnet: Subnet, facts: _Facts
) -> Iterator[Finding]:
    """Give what the group denies; in a network that has none of their groups, nodes are known by address only."""
    rules = Rules.of(group.rules, DIRECTION)
    admin = admin_rules_of(endpoint.network_id, facts.admin_rules, DIRECTION)
    near, far = near_side(path, facts.networks), far_side(path, endpoint, facts.networks)
    own = same_id(endpoint.network_id, path.where.network_id)
    for nodes in nodes_of(path, subnet, facts.scale_sets):
        for wanted in facts.needs.at_endpoint(path):
            groups = nodes.groups if own else frozenset()
            flow = Flow(wanted.destination, nodes.sources, groups, exact=link(near, far) is not Link.NONE)
            finding = judge(rules, flow, wanted, nodes, _gates(admin, flow))
            if finding is not None:
                yield finding


def _gates(admin: Rules | None, flow: Flow) -> tuple[Gate, ...]:
    if admin is None:
        return (Gate(flow.sources),)
    return tuple(Gate(part.sources, not part.possibly(ALWAYS)) for part in admin.decide(flow))


CHECK = Check("net.nsg-pe", Branch.NETWORK, evaluate)
