"""Are the endpoint's DNS records kept up to date by Azure?

https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.names import endpoint_of, endpoint_values, shown, with_private_names, zone_values
from core.checks.network.ways import beside
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.facts.private_dns import PrivateZone, PrivateZones
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.host_names import registry_zone
from core.network.name_faults import NameFault, name_findings, zone_to_link


def evaluate(
    node_paths: tuple[NodePath, ...],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Look at the zone group of each intended endpoint, and whether its zones are still there."""
    paths = with_private_names(node_paths)
    meant = {path.endpoint_id.lower(): path for path in paths if path.endpoint_id}
    if not meant:
        return beside(node_paths)
    manual: Verdict | None = None
    kept: list[Evidence] = []
    for path in meant.values():
        endpoint = endpoint_of(path, private_endpoints)
        group = zone_groups.value.get(path.endpoint_id or "") if isinstance(zone_groups, Known) else zone_groups
        if not isinstance(endpoint, Known):
            return unknown(endpoint, (Evidence("private-endpoint", path.endpoint_id or "-"),))
        if not isinstance(group, Known):
            return unknown(group, (Evidence("private-endpoint", endpoint.value.id),))
        name = registry_zone(path.login.host)
        configs = [config for config in group.value if _is_for(config, name)]
        gone = [config for config in configs if _is_gone(config, private_zones)]
        if gone:
            return _gone(gone[0], path, endpoint.value, private_zones, private_endpoints)
        unseen = next((why for config in configs if (why := _hidden(config, private_zones)) is not None), None)
        if unseen is not None:
            return unknown(unseen, (Evidence("private-endpoint", endpoint.value.id),))
        if not configs and path.way is Way.UNKNOWN:
            return beside(node_paths)
        if not configs:
            manual = _manual(path, endpoint.value, private_zones)
        kept += [Evidence("zone-group", f"{endpoint.value.name} | {config.zone_id}") for config in configs]
    if manual is not None:
        return manual
    return Verdict(Status.PASS, "kept", evidence=tuple(kept))


def _is_for(config: ZoneConfig, zone_name: str) -> bool:
    """Say whether a group keeps records in the registry's zone, or in that of a region."""
    return config.zone_id.lower().rpartition("/")[2].endswith(zone_name)


def _is_gone(config: ZoneConfig, zones: Fact[PrivateZones]) -> bool:
    return isinstance(_hidden(config, zones), Missing)


def _hidden(config: ZoneConfig, zones: Fact[PrivateZones]) -> NotKnown | None:
    """Why the zone of a group is not among those that were seen; None where it is, or where none was looked for."""
    if not isinstance(zones, Known):
        return None
    hidden = {id_.strip("/").lower(): outcome for id_, outcome in zones.value.hidden.items()}
    outcome = hidden.get(config.zone_id.strip("/").lower())
    return None if isinstance(outcome, Known) else outcome


def _manual(path: NodePath, endpoint: PrivateEndpoint, zones: Fact[PrivateZones]) -> Verdict:
    """Say that nobody keeps the records: they stay as they are when the endpoint or the regions change."""
    zone = zone_to_link(path, zones.value.zones if isinstance(zones, Known) else ())
    values = {"endpoint_name": endpoint.name}
    fixes = (FixRef("create-zone-group", {**endpoint_values(endpoint), **zone_values(zone)}),) if zone else ()
    return Verdict(
        Status.WARNING,
        "manual",
        values=values,
        evidence=(Evidence("private-endpoint", endpoint.id),),
        fixes=fixes,
    )


def _gone(
    config: ZoneConfig,
    path: NodePath,
    endpoint: PrivateEndpoint,
    zones: Fact[PrivateZones],
    endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Say that records go to a zone that was deleted; a cause only where names are wrong for want of them."""
    values = {"endpoint_name": endpoint.name, "zone_name": config.zone_id.rpartition("/")[2]}
    findings = name_findings((path,), zones, endpoints)
    evidence = (Evidence("zone-group", f"{endpoint.name} | {config.zone_id}"), *shown(findings))
    zone = _replacement(path, zones)
    fixes = (
        (FixRef("renew-zone-group", {**endpoint_values(endpoint), **zone_values(zone), "group_name": config.group}),)
        if zone
        else ()
    )
    wrong = any(one.fault in (NameFault.MISSING, NameFault.STALE) for one in findings)
    if wrong and fixes:
        return Verdict(
            Status.FAIL, "zone-deleted", certainty=Certainty.LIKELY, values=values, evidence=evidence, fixes=fixes
        )
    return Verdict(Status.WARNING, "zone-gone-names-right", values=values, evidence=evidence, fixes=fixes)


def _replacement(path: NodePath, zones: Fact[PrivateZones]) -> PrivateZone | None:
    """The zone that answers the nodes today, else one that could be linked."""
    seen = zones.value.zones if isinstance(zones, Known) else ()
    login = path.login
    own = next(
        (zone for zone in seen for one in login.lookups if one.zone_id and same_id(zone.id, one.zone_id)), None
    )
    return own or zone_to_link(path, seen)


CHECK = Check("dns.zone-group", Branch.NETWORK, evaluate)
