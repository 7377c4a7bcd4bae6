"""Does a more specific or an empty zone hide the answer that nodes need?

Once a zone is linked, it alone answers for its domain: every registry that has a private endpoint anywhere is led
there by its public name. https://learn.microsoft.com/azure/dns/private-dns-fallback
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.duplicate_zones import record_fixes
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
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import NodePath
from core.facts.private_dns import PrivateZones
from core.model import Branch, Certainty, FixRef, Status, Verdict
from core.network.host_names import registry_zone
from core.network.name_faults import NameFault, NameFinding, name_findings


def evaluate(
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Look for names that a linked zone hides: those of layers, and public ones where nothing private is wanted."""
    findings = name_findings(node_paths, private_zones, private_endpoints)
    public = of(findings, NameFault.HIDES_PUBLIC)
    if public:
        return Verdict(
            Status.FAIL,
            "hides-public-name",
            certainty=Certainty.DEFINITE,
            values=values_of(public),
            evidence=(*zones_shown(private_zones), *shown(public)),
            fixes=(*_link_fixes("fall-back-to-internet", public), *_link_fixes("unlink-zone", public)),
        )
    specific = of(findings, NameFault.HIDDEN_BY_SPECIFIC)
    if specific:
        return Verdict(
            Status.FAIL,
            "specific-zone-without-record",
            certainty=Certainty.DEFINITE,
            values=values_of(specific),
            evidence=(*zones_shown(private_zones), *shown(specific)),
            fixes=(*record_fixes("add-record", specific), *_link_fixes("unlink-zone", specific)),
        )
    paths = with_private_names(node_paths)
    if not paths:
        return beside(node_paths)
    unread = not_known(findings)
    if unread is not None:
        return unread
    if isinstance(private_zones, Known) and private_zones.value.doubt is not None:
        return unknown(private_zones.value.doubt, zones_shown(private_zones))
    answered = tuple(
        one
        for one in findings
        if one.zone is not None and one.zone.name.lower() != registry_zone(one.path.login.host)
    )
    if answered:
        return Verdict(Status.PASS, "specific-zone", values=values_of(answered), evidence=shown(answered))
    return Verdict(Status.PASS, "none", evidence=zones_shown(private_zones))


def _link_fixes(key: str, findings: tuple[NameFinding, ...]) -> tuple[FixRef, ...]:
    each = each_once(
        {**zone_values(one.zone), **link_values(one.zone, one.lookup.network_id)}
        for one in findings
        if one.zone is not None and one.lookup.network_id
    )
    return (FixRef(key, each[0], each),) if each else ()


CHECK = Check("dns.shadow-zones", Branch.NETWORK, evaluate)
