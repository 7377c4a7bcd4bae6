"""Is there a private DNS zone for the registry's names?

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.names import (
    decided_elsewhere,
    endpoint_of,
    endpoint_values,
    group_name,
    link_places,
    may_be_accepted,
    networks_of,
    not_known,
    of,
    shown,
    values_of,
    with_private_names,
    zones_shown,
)
from core.checks.dns.out_of_sight import in_doubt
from core.checks.network.ways import beside
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.endpoints import PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import HostRole, NodePath
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.host_names import registry_zone
from core.network.name_faults import NameFault, NameFinding, name_findings


def evaluate(
    choice: Choice,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
    networks: Fact[Items[VirtualNetwork]],
    subscriptions: Fact[Subscriptions],
) -> Verdict:
    """Look for a zone of the registry's domain; one that is out of sight may still be there.

    That nobody sees one is a likely cause, and none at all where a sign says that there is more to see.
    """
    paths = with_private_names(node_paths)
    if not paths:
        return beside(node_paths)
    values = {"zone_name": registry_zone(registry.login_server), "registry_name": registry.name}
    if not isinstance(private_zones, Known):
        return unknown(private_zones)
    zones = [zone for zone in private_zones.value.zones if zone.name.lower() == values["zone_name"]]
    if zones:
        return Verdict(Status.PASS, "exists", values=values, evidence=zones_shown(private_zones))
    findings = tuple(
        one for one in name_findings(paths, private_zones, private_endpoints) if one.host.role is HostRole.LOGIN
    )
    missing = of(findings, NameFault.NO_ZONE)
    unread = not_known(findings)
    if unread is not None:
        return unread
    if missing:
        named = {**values_of(missing), **values}
        doubt = in_doubt(missing, private_zones, networks, subscriptions, choice.symptom, named, shown(missing))
        return doubt or _missing(missing, values, private_endpoints, zone_groups, choice.symptom)
    if any(decided_elsewhere(one) for one in findings):
        return Verdict(Status.NOT_APPLICABLE, "servers-elsewhere", values=values, evidence=shown(findings))
    return Verdict(Status.NOT_APPLICABLE, "not-needed", values=values, evidence=shown(findings))


def _missing(
    missing: tuple[NameFinding, ...],
    values: dict[str, str],
    endpoints: Fact[Items[PrivateEndpoint]],
    groups: Fact[Items[tuple[ZoneConfig, ...]]],
    symptom: Symptom | None,
) -> Verdict:
    values = {**values_of(missing), **values}
    evidence: tuple[Evidence, ...] = (Evidence("missing-zone", values["zone_name"]), *shown(missing))
    endpoint = endpoint_of(missing[0].path, endpoints)
    if not isinstance(endpoint, Known):
        return unknown(endpoint, evidence)
    fixes = (_create(missing, endpoint.value, values["zone_name"], group_name(endpoint.value, groups)),)
    if may_be_accepted(missing, symptom):
        return Verdict(Status.UNKNOWN, "may-be-accepted", values=values, evidence=evidence, fixes=fixes)
    return Verdict(Status.FAIL, "missing", certainty=Certainty.LIKELY, values=values, evidence=evidence, fixes=fixes)


def _create(missing: tuple[NameFinding, ...], endpoint: PrivateEndpoint, zone_name: str, group: str) -> FixRef:
    zone_id = (
        f"/subscriptions/{endpoint.subscription_id}/resourceGroups/{endpoint.resource_group}"
        f"/providers/Microsoft.Network/privateDnsZones/{zone_name}"
    )
    each = link_places(networks_of(missing))
    common = {
        **endpoint_values(endpoint),
        "zone_id": zone_id,
        "zone_name": zone_name,
        "zone_config": zone_name.replace(".", "-"),
        "group_name": group,
    }
    return FixRef("create-zone", {**common, **each[0]}, each)


CHECK = Check("dns.zone-exists", Branch.NETWORK, evaluate)
