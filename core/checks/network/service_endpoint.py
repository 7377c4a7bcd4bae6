"""If the nodes use a service endpoint, are both halves of it in place?

https://learn.microsoft.com/azure/container-registry/container-registry-vnet
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.network.sources import (
    WITHOUT_SERVICE_ENDPOINTS,
    Halves,
    halves,
    leaves_from,
    refused_address,
)
from core.checks.network.ways import going, pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.egress import Egress
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry, RegistryExtras
from core.facts.resource_id import ResourceId
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.addresses import is_private
from core.network.allow_list import compare
from core.network.public_access import partly_listed, refuses_by_default


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Fact[Items[VirtualNetwork]],
    registry_extras: Fact[RegistryExtras],
    egress: Fact[Items[Egress]],
) -> Verdict:
    """Judge each node subnet that has at least one half; the worst finding stands for all."""
    found = [(path, halves(path, networks, registry_extras)) for path in node_paths if path.way is not Way.UNKNOWN]
    used = [(path, both) for path, both in found if both.any_seen]
    if cloud.name in WITHOUT_SERVICE_ENDPOINTS:
        return Verdict(Status.NOT_APPLICABLE, "not-in-this-cloud")
    if not used:
        return _nothing_seen(registry, node_paths, found)
    values = {"registry_name": registry.name, "pools": pools(path for path, _ in used)}
    evidence = tuple(item for path, both in used for item in _evidence(path, both))
    if going([path for path, _ in used], Way.NONE):
        return Verdict(
            Status.FAIL,
            "public-access-off",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(FixRef("open-to-selected-networks", registry_values(registry)),),
        )
    beside_private = [path for path, both in used if path.way in (Way.PRIVATE, Way.UNINTENDED) and both.has_rule]
    if beside_private:
        return Verdict(
            Status.WARNING,
            "beside-private-endpoint",
            values={**values, "pools": pools(beside_private)},
            evidence=evidence,
        )
    public = [(path, both) for path, both in used if path.way in (Way.PUBLIC, Way.SERVICE_ENDPOINT)]
    if not public or not refuses_by_default(registry):
        return Verdict(Status.NOT_APPLICABLE, "not-decisive", values=values, evidence=evidence)
    verdicts = [_judge(choice, registry, path, both, egress, evidence) for path, both in public]
    return whole(min(verdicts, key=_badness), node_paths)


def _nothing_seen(registry: Registry, paths: tuple[NodePath, ...], found: list[tuple[NodePath, Halves]]) -> Verdict:
    """No half is seen: nothing to judge, unless nodes whose subnet is out of sight would need one."""
    exposed = [both for path, both in found if path.way in (Way.PUBLIC, Way.SERVICE_ENDPOINT)]
    unread = next((both.endpoint for both in exposed if not isinstance(both.endpoint, Known)), None)
    if unread is not None and refuses_by_default(registry):
        return unknown(unread, subnets(paths))
    return whole(Verdict(Status.NOT_APPLICABLE, "not-used", evidence=subnets(paths)), paths)


def _judge(
    choice: Choice,
    registry: Registry,
    path: NodePath,
    both: Halves,
    egress: Fact[Items[Egress]],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    values = {
        "registry_name": registry.name,
        "pools": pools((path,)),
        "subnet": subnet_name(path.where.subnet_id),
    }
    if both.has_endpoint and both.has_rule:
        return Verdict(Status.PASS, "both-halves", values=values, evidence=evidence)
    fix_values = {**registry_values(registry), **_subnet_values(path)}
    if both.has_endpoint:
        refused = refused_address(choice)
        if not isinstance(both.rule, Known) and not (refused is not None and is_private(refused)):
            return unknown(both.rule, evidence)
        return Verdict(
            Status.FAIL,
            "endpoint-without-rule",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(FixRef("allow-subnet", fix_values),),
        )
    if not isinstance(both.endpoint, Known):
        return unknown(both.endpoint, evidence)
    ways = [way.value if isinstance(way, Known) else None for _, way in leaves_from((path,), egress)]
    listings = [compare(way.prefixes, registry.ip_rules) if way is not None else None for way in ways]
    if all(listing is not None and listing.any_listed and not listing.missing for listing in listings):
        return Verdict(Status.WARNING, "rule-without-use", values=values, evidence=evidence)
    known = any(
        way is not None and listing is not None and listing.missing and not partly_listed(way, registry.ip_rules)
        for way, listing in zip(ways, listings, strict=True)
    )
    return Verdict(
        Status.FAIL,
        "rule-without-endpoint",
        certainty=Certainty.DEFINITE if known else Certainty.LIKELY,
        values=values,
        evidence=evidence,
        fixes=(FixRef("add-service-endpoint", fix_values),),
    )


def _badness(verdict: Verdict) -> int:
    order = (Status.FAIL, Status.UNKNOWN, Status.WARNING, Status.PASS)
    return order.index(verdict.status)


def _subnet_values(path: NodePath) -> dict[str, str]:
    network = ResourceId.parse(path.where.network_id)
    return {
        "subnet_id": path.where.subnet_id,
        "subnet": ResourceId.parse(path.where.subnet_id).name,
        "subnet_name": subnet_name(path.where.subnet_id),
        "network_id": network.text,
        "network_name": network.name,
        "network_group": network.resource_group,
        "network_subscription": network.subscription_id,
    }


def _evidence(path: NodePath, both: Halves) -> tuple[Evidence, ...]:
    seen = {True: "yes", False: "no"}
    endpoint = seen[both.has_endpoint] if isinstance(both.endpoint, Known) else "?"
    rule = seen[both.has_rule] if isinstance(both.rule, Known) else "?"
    where = subnet_name(path.where.subnet_id)
    return (Evidence("service-endpoint", f"{where} | {endpoint}"), Evidence("subnet-rule", f"{where} | {rule}"))


CHECK = Check("network.service-endpoint", Branch.NETWORK, evaluate)
