"""Do the private DNS records hold the endpoint's current addresses?

https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
"""

from __future__ import annotations

from dataclasses import replace

from core.checks.check import Check
from core.checks.dns.duplicate_zones import record_fixes
from core.checks.dns.names import (
    decided_elsewhere,
    each_once,
    endpoint_of,
    endpoint_values,
    forward_fix,
    group_name,
    link_values,
    not_known,
    of,
    shown,
    values_of,
    with_private_names,
    zone_values,
)
from core.checks.dns.told_address import stray_address
from core.checks.fix_values import cluster_values
from core.checks.network.ways import beside
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import HostRole, NodePath, Way
from core.facts.private_dns import PrivateZones
from core.facts.resource_id import NotAResourceId, ResourceId
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.name_faults import NameFault, NameFinding, name_findings

ANSWERED = (NameFault.NONE, NameFault.NOT_COMPARED, NameFault.NO_ADDRESS)


def evaluate(
    choice: Choice,
    cluster: Cluster,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
) -> Verdict:
    """Hold the record of every host to the endpoint: login server first, then the layers of each region.

    Names that no zone answers yet, or that another zone hides, are other checks'. While it is not known which way
    nodes go, nothing but the login server's record can be wrong.
    """
    paths = with_private_names(node_paths)
    if not paths:
        return beside(node_paths)
    findings = name_findings(paths, private_zones, private_endpoints)
    judged = [one for one in findings if one.path.way is not Way.UNKNOWN or one.host.role is HostRole.LOGIN]
    wrong = of(judged, NameFault.OTHER_ENDPOINT, NameFault.STALE, NameFault.MISSING, NameFault.ADDITIONAL)
    if wrong:
        return _wrong(wrong, _own_zone(wrong, cluster, private_zones, private_endpoints, zone_groups))
    stray = stray_address(choice.symptom, cluster, paths[0].login.host, private_endpoints)
    if stray is not None:
        return _stray(stray, findings, choice.symptom)
    unread = not_known(findings)
    if unread is not None:
        return unread
    blind = of(findings, NameFault.NOT_COMPARED)
    if blind:
        endpoint = endpoint_of(blind[0].path, private_endpoints)
        outcome = endpoint.value.addresses if isinstance(endpoint, Known) else endpoint
        if not isinstance(outcome, Known):
            return unknown(outcome, shown(blind))
    answered = tuple(one for one in findings if one.fault in ANSWERED and one.lookup.zone_id)
    if not answered:
        return Verdict(Status.NOT_APPLICABLE, "not-asked", evidence=shown(findings))
    return Verdict(Status.PASS, "current", values=values_of(answered), evidence=shown(answered))


def _wrong(wrong: tuple[NameFinding, ...], own_zone: tuple[FixRef, ...]) -> Verdict:
    """Judge by the worst record, the login server's first; the fix sets all of them right.

    A record of another endpoint that is set right breaks that one's users, hence `own_zone`.
    """
    ordered = tuple(sorted(wrong, key=lambda one: one.host.role is not HostRole.LOGIN))
    first = ordered[0]
    values = {**values_of(ordered), "other": first.other.name if first.other else "-"}
    evidence = shown(ordered)
    login = first.host.role is HostRole.LOGIN
    match first.fault:
        case NameFault.OTHER_ENDPOINT:
            return Verdict(
                Status.FAIL,
                "other-endpoint",
                certainty=Certainty.DEFINITE,
                values=values,
                evidence=evidence,
                fixes=(*own_zone, *_replace(ordered)),
            )
        case NameFault.ADDITIONAL:
            return Verdict(
                Status.FAIL,
                "additional",
                certainty=Certainty.LIKELY,
                values=values,
                evidence=evidence,
                fixes=_replace(ordered),
            )
        case NameFault.STALE:
            return Verdict(
                Status.FAIL,
                "stale",
                certainty=Certainty.DEFINITE,
                values=values,
                evidence=evidence,
                fixes=_replace(ordered),
            )
    return Verdict(
        Status.FAIL,
        "login-missing" if login else "data-missing",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=record_fixes("add-record", ordered)
        if all(one.fault is NameFault.MISSING for one in ordered)
        else _replace(ordered),
    )


def _stray(address: str, findings: tuple[NameFinding, ...], symptom: Symptom | None) -> Verdict:
    """Judge by the address that the nodes were given: records that could be read are right, so others are not.

    Where every record could be read the address is an older answer than what the zones hold today.
    """
    unseen = of(findings, NameFault.UNKNOWN)
    values = {**values_of(unseen or findings), "address": address}
    evidence = (Evidence("dialled-address", address), *shown(unseen or findings))
    if not unseen:
        return Verdict(Status.WARNING, "old-answer", values=values, evidence=evidence)
    elsewhere = tuple(one for one in unseen if decided_elsewhere(one) and one.lookup.server)
    return Verdict(
        Status.FAIL,
        "address-of-no-endpoint",
        certainty=Certainty.LIKELY,
        values=values,
        evidence=evidence,
        fixes=(forward_fix(elsewhere),) if elsewhere else _correct(address, unseen, symptom),
    )


def _correct(address: str, unseen: tuple[NameFinding, ...], symptom: Symptom | None) -> tuple[FixRef, ...]:
    """Give the fix that takes an old address out of the record of the host that was dialled, if it is one record."""
    role = HostRole.DATA if symptom is not None and symptom.kind == "BLOB_NET" else HostRole.LOGIN
    dialled = tuple(one for one in unseen if one.host.role is role and one.zone is not None)
    fixes = record_fixes("correct-record", dialled)
    if len({(one.zone.id.lower(), one.record) for one in dialled if one.zone is not None}) != 1:
        return ()
    return tuple(replace(fix, values={**fix.values, "old_address": address}) for fix in fixes)


def _replace(findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    """Give the fix that makes every record hold the endpoint's addresses and no others."""
    return record_fixes("replace-record", findings)


def _own_zone(
    findings: tuple[NameFinding, ...],
    cluster: Cluster,
    zones: Fact[PrivateZones],
    endpoints: Fact[Items[PrivateEndpoint]],
    groups: Fact[Items[tuple[ZoneConfig, ...]]],
) -> tuple[FixRef, ...]:
    """Give the fix by which these nodes get a zone of their own, since one record cannot serve two endpoints."""
    endpoint = endpoint_of(findings[0].path, endpoints)
    if not isinstance(endpoint, Known) or not isinstance(zones, Known):
        return ()
    zone = findings[0].zone
    taken = {(one.subscription_id.lower(), one.resource_group.lower()) for one in zones.value.zones}
    places = [*_places(findings), (cluster.subscription_id, cluster.resource_group)]
    place = next(((sub, group) for sub, group in places if (sub.lower(), group.lower()) not in taken), None)
    if zone is None or place is None:
        return ()
    own_id = (
        f"/subscriptions/{place[0]}/resourceGroups/{place[1]}/providers/Microsoft.Network/privateDnsZones/{zone.name}"
    )
    each = each_once(
        link_values(one.zone, one.lookup.network_id)
        for one in findings
        if one.zone is not None and one.lookup.network_id
    )
    values = {
        **cluster_values(cluster),
        **endpoint_values(endpoint.value),
        **zone_values(zone),
        "group_name": group_name(endpoint.value, groups),
        "own_zone_id": own_id,
        "own_zone_group": place[1],
        "own_zone_subscription": place[0],
    }
    return (FixRef("own-zone", {**values, **each[0]}, each),) if each else ()


def _places(findings: tuple[NameFinding, ...]) -> list[tuple[str, str]]:
    """The resource groups of the nodes' networks, where a zone of their own would stand."""
    found: list[tuple[str, str]] = []
    for finding in findings:
        try:
            network = ResourceId.parse(finding.path.where.network_id)
        except NotAResourceId:
            continue
        found.append((network.subscription_id, network.resource_group))
    return found


CHECK = Check("dns.records", Branch.NETWORK, evaluate)
