"""Is the registry's record in the copy of the zone that the nodes are answered from?

A network can be linked to one zone of a name only; the others of that name do not count there.
https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.names import (
    each_once,
    link_values,
    not_known,
    of,
    shown,
    values_of,
    with_private_names,
    zone_values,
    zones_shown,
)
from core.checks.network.ways import beside
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import NodePath
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.host_names import registry_zone
from core.network.name_faults import NameFault, NameFinding, name_findings


def evaluate(
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Look for a linked zone that lacks a record which another zone of the same name has."""
    paths = with_private_names(node_paths)
    if not paths:
        return beside(node_paths)
    findings = name_findings(paths, private_zones, private_endpoints)
    wrong = of(findings, NameFault.OTHER_COPY)
    if wrong:
        return _other_copy(wrong, private_zones)
    unread = not_known(findings)
    if unread is not None:
        return unread
    name = registry_zone(registry.login_server)
    zones = private_zones.value.zones if isinstance(private_zones, Known) else ()
    copies = [zone for zone in zones if zone.name.lower() == name]
    values = {"zone_name": name, "count": str(len(copies))}
    if not copies:
        return Verdict(Status.NOT_APPLICABLE, "no-zone", values=values)
    if len(copies) == 1:
        return Verdict(Status.PASS, "one", values=values, evidence=zones_shown(private_zones))
    return Verdict(Status.PASS, "several", values=values, evidence=(*zones_shown(private_zones), *shown(findings)))


def _other_copy(wrong: tuple[NameFinding, ...], zones: Fact[PrivateZones]) -> Verdict:
    first = wrong[0]
    values = {
        **values_of(wrong),
        "linked_group": first.zone.resource_group if first.zone else "-",
        "copy_group": first.copy.resource_group if first.copy else "-",
    }
    evidence: tuple[Evidence, ...] = (*zones_shown(zones), *shown(wrong))
    return Verdict(
        Status.FAIL,
        "record-in-other-copy",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(*record_fixes("add-record", wrong), *_move_link(wrong)),
    )


def record_fixes(key: str, findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    """Give the fix that sets the records of some findings to the endpoint's addresses, in the zones that decide."""
    each = each_once(
        {**zone_values(one.zone), "record": one.record, "address": address}
        for one in findings
        if one.zone is not None
        for address in one.host.expected or ("<endpoint-address>",)
    )
    return (FixRef(key, each[0], each),) if each else ()


def _move_link(findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    each = each_once(
        {
            **zone_values(one.copy),
            **link_values(one.zone, one.lookup.network_id, one.copy),
            "old_zone_resource_group": one.zone.resource_group,
            "old_zone_subscription": one.zone.subscription_id,
        }
        for one in findings
        if one.zone is not None and one.copy is not None and one.lookup.network_id
    )
    return (FixRef("move-zone-link", each[0], each),) if each else ()


CHECK = Check("dns.duplicate-zones", Branch.NETWORK, evaluate)
