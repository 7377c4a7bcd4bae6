"""Can the cluster's network see the registry's private DNS zone?

https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.names import (
    each_once,
    may_be_accepted,
    network_values,
    networks_of,
    not_known,
    of,
    once_approved,
    shown,
    values_of,
    with_private_names,
    zone_values,
    zones_shown,
)
from core.checks.network.ways import beside
from core.facts.choice import Choice
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact
from core.facts.items import Items
from core.facts.paths import HostRole, NodePath, Way
from core.facts.private_dns import PrivateZone, PrivateZones, ServerKind
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.name_faults import NameFault, NameFinding, name_findings


def evaluate(
    choice: Choice,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Look for a link from the zone to the nodes' network; `dns.custom-servers` judges those of DNS servers.

    An endpoint that waits for approval needs the link as well.
    """
    paths = (*with_private_names(node_paths), *once_approved(node_paths))
    if not paths:
        return beside(node_paths)
    findings = tuple(
        finding
        for finding in name_findings(paths, private_zones, private_endpoints)
        if finding.host.role is HostRole.LOGIN
    )
    own = tuple(finding for finding in findings if finding.lookup.kind is ServerKind.AZURE)
    missing = of(own, NameFault.NOT_LINKED)
    if missing:
        return _not_linked(missing, private_zones, choice.symptom)
    linked = tuple(finding for finding in findings if finding.lookup.zone_id)
    unread = not_known(finding for finding in findings if finding not in linked)
    if unread is not None:
        return unread
    making = of(own, NameFault.LINK_IN_PROGRESS)
    if making:
        return Verdict(
            Status.WARNING, "in-progress", values=values_of(making), evidence=_evidence(making, private_zones)
        )
    if of(findings, NameFault.NO_ZONE):
        return Verdict(Status.NOT_APPLICABLE, "no-zone", values=values_of(findings), evidence=shown(findings))
    if len(linked) < len(findings):
        return Verdict(Status.NOT_APPLICABLE, "custom-servers", values=values_of(findings), evidence=shown(findings))
    return Verdict(Status.PASS, "linked", values=values_of(linked), evidence=_evidence(linked, private_zones))


def _not_linked(missing: tuple[NameFinding, ...], zones: Fact[PrivateZones], symptom: Symptom | None) -> Verdict:
    values = values_of(missing)
    evidence = _evidence(missing, zones)
    fixes = link_fixes(missing)
    if may_be_accepted(missing, symptom):
        return Verdict(Status.UNKNOWN, "may-be-accepted", values=values, evidence=evidence, fixes=fixes)
    sure = any(one.path.way is Way.UNINTENDED and one.path.public_accepts is False for one in missing)
    certainty = Certainty.DEFINITE if sure else Certainty.LIKELY
    return Verdict(Status.FAIL, "not-linked", certainty=certainty, values=values, evidence=evidence, fixes=fixes)


def link_fixes(findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    """Give the fix that links a zone to every network of some findings, one for each zone."""
    zones: dict[str, PrivateZone] = {}
    for finding in findings:
        if finding.zone is not None:
            zones.setdefault(finding.zone.id.lower(), finding.zone)
    fixes: list[FixRef] = []
    for key, zone in zones.items():
        networks = networks_of(one for one in findings if one.zone is not None and one.zone.id.lower() == key)
        each = each_once(network_values(network) for network in networks)
        if each:
            fixes.append(FixRef("link-zone", {**zone_values(zone), **each[0]}, each))
    return tuple(fixes)


def _evidence(findings: tuple[NameFinding, ...], zones: Fact[PrivateZones]) -> tuple[Evidence, ...]:
    return (*zones_shown(zones), *shown(findings))


CHECK = Check("dns.vnet-link", Branch.NETWORK, evaluate)
