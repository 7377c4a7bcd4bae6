"""Can the cluster's network see the registry's private DNS zone?

https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
"""

from __future__ import annotations

from collections.abc import Collection

from core.checks.check import Check
from core.checks.dns.names import (
    forward_fix,
    link_places,
    may_be_accepted,
    networks_of,
    not_known,
    of,
    once_approved,
    servers_of,
    shown,
    values_of,
    with_private_names,
    zone_values,
    zones_shown,
)
from core.checks.dns.out_of_sight import in_doubt
from core.checks.network.ways import beside
from core.facts.choice import Choice
from core.facts.endpoints import PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import HostRole, NodePath, Way
from core.facts.private_dns import PrivateZone, PrivateZones, ServerKind
from core.facts.resource_id import same_id
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.name_faults import NameFault, NameFinding, name_findings
from core.network.resolution import record_in

ANSWERING = frozenset({ServerKind.AZURE, ServerKind.FIREWALL, ServerKind.RESOLVER})
"""What surely answers out of the zones linked to its network; what a machine forwards to nobody can read."""


def evaluate(
    choice: Choice,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
    networks: Fact[Items[VirtualNetwork]],
    subscriptions: Fact[Subscriptions],
) -> Verdict:
    """Look for a link from the zone to the network that answers the nodes: their own, or that of their DNS servers.

    An endpoint that waits for approval needs the link as well. The zone is surely the one to link where the endpoint
    keeps its records there, the records are the endpoint's addresses, or other nodes use it; any other may be a copy
    that nobody uses. Another one may answer the nodes while not all zones are seen.
    """
    paths = (*with_private_names(node_paths), *once_approved(node_paths))
    if not paths:
        return beside(node_paths)
    findings = tuple(
        finding
        for finding in name_findings(paths, private_zones, private_endpoints)
        if finding.host.role is HostRole.LOGIN
    )
    missing = of(findings, NameFault.NOT_LINKED)
    if missing:
        used = {finding.lookup.zone_id.lower() for finding in findings if finding.lookup.zone_id}
        proven = all(_is_in_use(finding, zone_groups, used) for finding in missing)
        all_seen = isinstance(private_zones, Known) and private_zones.value.doubt is None
        doubt = None
        if not (proven and all_seen):
            evidence = _evidence(missing, private_zones)
            doubt = in_doubt(
                missing, private_zones, networks, subscriptions, choice.symptom, values_of(missing), evidence
            )
        return doubt or _not_linked(findings, private_zones, choice.symptom, proven)
    linked = tuple(finding for finding in findings if finding.lookup.zone_id)
    unread = not_known(finding for finding in findings if finding not in linked)
    if unread is not None:
        return unread
    making = of(findings, NameFault.LINK_IN_PROGRESS)
    if making:
        return Verdict(
            Status.WARNING, "in-progress", values=values_of(making), evidence=_evidence(making, private_zones)
        )
    if of(findings, NameFault.NO_ZONE):
        return Verdict(Status.NOT_APPLICABLE, "no-zone", values=values_of(findings), evidence=shown(findings))
    if len(linked) < len(findings):
        return Verdict(Status.NOT_APPLICABLE, "custom-servers", values=values_of(findings), evidence=shown(findings))
    return Verdict(Status.PASS, "linked", values=values_of(linked), evidence=_evidence(linked, private_zones))


def _is_in_use(finding: NameFinding, groups: Fact[Items[tuple[ZoneConfig, ...]]], used: Collection[str]) -> bool:
    """Say whether the zone that is not linked is surely the one for the endpoint's names."""
    zone = finding.zone
    if zone is None:
        return False
    if zone.id.lower() in used:
        return True
    record = record_in(zone, finding.record)
    if isinstance(record, Known) and set(record.value) & set(finding.host.expected):
        return True
    configs = groups.value.get(finding.path.endpoint_id or "") if isinstance(groups, Known) else groups
    return isinstance(configs, Known) and any(same_id(config.zone_id, zone.id) for config in configs.value)


def _not_linked(
    findings: tuple[NameFinding, ...], zones: Fact[PrivateZones], symptom: Symptom | None, proven: bool
) -> Verdict:
    missing = of(findings, NameFault.NOT_LINKED)
    own = tuple(one for one in missing if one.lookup.kind is ServerKind.AZURE)
    told = own or missing
    values = {**values_of(told), "servers": servers_of(told)}
    evidence = _evidence(missing, zones)
    machines = tuple(one for one in missing if one.lookup.kind is ServerKind.MACHINE)
    fixes = (*link_fixes(missing), *((forward_fix(machines),) if machines else ()))
    if may_be_accepted(missing, symptom):
        return Verdict(Status.UNKNOWN, "may-be-accepted", values=values, evidence=evidence, fixes=fixes)
    by_chance = not own and _some_server_knows(findings, missing)
    refused = any(one.path.way is Way.UNINTENDED and one.path.public_accepts is False for one in told)
    answering = all(one.lookup.kind in ANSWERING for one in told)
    sure = proven and refused and not by_chance and answering
    reason = "not-linked" if own else "one-of-several" if by_chance else "server-network-not-linked"
    certainty = Certainty.DEFINITE if sure else Certainty.LIKELY
    return Verdict(Status.FAIL, reason, certainty=certainty, values=values, evidence=evidence, fixes=fixes)


def _some_server_knows(findings: tuple[NameFinding, ...], missing: tuple[NameFinding, ...]) -> bool:
    """Say whether nodes that may ask a server without the link may also ask another one."""
    affected = {finding.path.where.subnet_id for finding in missing}
    return any(one not in missing and one.path.where.subnet_id in affected for one in findings)


def link_fixes(findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    """Give the fix that links a zone to every network of some findings, one for each zone."""
    zones: dict[str, PrivateZone] = {}
    for finding in findings:
        if finding.zone is not None:
            zones.setdefault(finding.zone.id.lower(), finding.zone)
    fixes: list[FixRef] = []
    for key, zone in zones.items():
        networks = networks_of(one for one in findings if one.zone is not None and one.zone.id.lower() == key)
        each = link_places(networks, zone)
        if each:
            fixes.append(FixRef("link-zone", {**zone_values(zone), **each[0]}, each))
    return tuple(fixes)


def _evidence(findings: tuple[NameFinding, ...], zones: Fact[PrivateZones]) -> tuple[Evidence, ...]:
    return (*zones_shown(zones), *shown(findings))


CHECK = Check("dns.vnet-link", Branch.NETWORK, evaluate)
