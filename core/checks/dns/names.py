"""What the checks of private DNS share: which findings are whose, how they are shown, and the names for fixes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.checks.fix_values import free_name
from core.checks.network.ways import pools, subnets
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.items import Items
from core.facts.paths import Answer, NodePath, Way
from core.facts.private_dns import PrivateZone, PrivateZones
from core.facts.resource_id import NotAResourceId, ResourceId
from core.model import Evidence, FixRef, Symptom, Verdict
from core.network.dns_servers import AZURE_DNS
from core.network.host_names import registry_zone
from core.network.name_faults import PRIVATE_WAYS, NameFault, NameFinding
from core.network.resolution import link_to
from core.network.told_answer import REFUSED

ADDRESS_IN_WORDS = {
    Answer.PUBLIC: "its public address",
    Answer.NOTHING: "no such name",
    Answer.UNKNOWN: "not known",
}


def with_private_names(paths: Iterable[NodePath]) -> tuple[NodePath, ...]:
    """Give the node subnets for which private names matter, or may."""
    return tuple(path for path in paths if path.way in PRIVATE_WAYS)


def once_approved(paths: Iterable[NodePath]) -> tuple[NodePath, ...]:
    """Give the node subnets without a way whose endpoint waits for approval, as they will be once it is approved."""
    return tuple(replace(path, way=Way.UNINTENDED) for path in paths if path.way is Way.NONE and path.waits)


def of(findings: Iterable[NameFinding], *faults: NameFault) -> tuple[NameFinding, ...]:
    """Give the findings with one of these faults, the first fault's first."""
    found = [finding for finding in findings if finding.fault in faults]
    return tuple(sorted(found, key=lambda finding: faults.index(finding.fault)))


def decided_elsewhere(finding: NameFinding) -> bool:
    """Say whether a DNS server out of sight decides, which `dns.custom-servers` tells."""
    why = finding.lookup.why
    return isinstance(why, Unavailable) and why.trouble is Trouble.OUTSIDE


def not_known(findings: Iterable[NameFinding]) -> Verdict | None:
    """Give the verdict for the first name that could not be judged for want of something in Azure."""
    for finding in of(findings, NameFault.UNKNOWN):
        if finding.lookup.why is not None and not decided_elsewhere(finding):
            return unknown(finding.lookup.why, subnets((finding.path,)))
    return None


def may_be_accepted(findings: Sequence[NameFinding], symptom: Symptom | None) -> bool:
    """Say whether the registry may take all these nodes on its public address, so that nothing may be wrong.

    A pasted text in which the registry refused them settles it.
    """
    if symptom is not None and symptom.kind in REFUSED:
        return False
    return all(one.lookup.answer is Answer.PUBLIC and one.path.public_accepts is None for one in findings)


def shown(findings: Iterable[NameFinding]) -> tuple[Evidence, ...]:
    """Show what each name resolves to, for whom, and what it should."""
    entries: dict[Evidence, None] = {}
    for finding in findings:
        lookup = finding.lookup
        parts = [finding.host.host, ", ".join(lookup.addresses) or ADDRESS_IN_WORDS[lookup.answer]]
        if finding.host.expected:
            parts.append(f"endpoint: {', '.join(finding.host.expected)}")
        if lookup.server:
            parts.append(f"asked: {lookup.server}")
        if lookup.zone_id:
            parts.append(lookup.zone_id)
        parts.append(f"pools: {pools((finding.path,))}")
        entries[Evidence("name-answer", " | ".join(parts))] = None
    return tuple(entries)


def zones_shown(zones: Fact[PrivateZones]) -> tuple[Evidence, ...]:
    """Show the zones that could be seen and the networks that they are linked to, and where nobody could look."""
    if not isinstance(zones, Known):
        return ()
    return (
        *(Evidence("private-zone", f"{one.id} | linked to: {_links_in_words(one)}") for one in zones.value.zones),
        *(Evidence("zones-not-listed", f"/subscriptions/{id_}") for id_ in zones.value.unlisted),
    )


def values_of(findings: Sequence[NameFinding]) -> dict[str, str]:
    """Give what sentences say of some findings: pools, host names, networks and the zone's name."""
    first = findings[0]
    networks = dict.fromkeys(name_of(finding.lookup.network_id) for finding in findings if finding.lookup.network_id)
    return {
        "pools": pools(finding.path for finding in findings),
        "host": first.host.host,
        "hosts": ", ".join(dict.fromkeys(finding.host.host for finding in findings)),
        "network": ", ".join(networks) or name_of(first.path.where.network_id),
        "zone_name": first.zone.name if first.zone else registry_zone(first.path.login.host),
        "found": ", ".join(first.lookup.addresses) or ADDRESS_IN_WORDS[first.lookup.answer],
        "expected": ", ".join(first.host.expected) or "-",
    }


def servers_of(findings: Iterable[NameFinding]) -> str:
    """Name the DNS servers that were asked in some findings."""
    return ", ".join(dict.fromkeys(one.lookup.server for one in findings if one.lookup.server)) or "-"


def forward_fix(findings: Sequence[NameFinding]) -> FixRef:
    """Give the fix that lets the servers of some findings ask Azure's own DNS."""
    domain = findings[0].host.host.partition(".")[2]
    return FixRef("forward-to-azure-dns", {"servers": servers_of(findings), "domain": domain, "azure_dns": AZURE_DNS})


def zone_values(zone: PrivateZone) -> dict[str, str]:
    """Give a zone's id, name, resource group and subscription."""
    return {
        "zone_id": zone.id,
        "zone_name": zone.name,
        "zone_resource_group": zone.resource_group,
        "zone_subscription": zone.subscription_id,
        "zone_config": zone.name.replace(".", "-"),
    }


def network_values(network_id: str, zone: PrivateZone | None = None) -> dict[str, str]:
    """Give a network's id and name, and a name for a link to it that no other link of `zone` has."""
    name = name_of(network_id)
    return {"network_id": network_id, "network_name": name, "link_name": link_name(name, link_names(zone))}


def link_places(networks: Iterable[str], zone: PrivateZone | None = None) -> tuple[Mapping[str, str], ...]:
    """Give the values of `network_values` for each network once, with a name for each link that no other one has."""
    taken = link_names(zone)
    places = []
    for network_id in dict.fromkeys(networks):
        name = name_of(network_id)
        link = link_name(name, taken)
        taken.add(link.lower())
        places.append({"network_id": network_id, "network_name": name, "link_name": link})
    return tuple(places)


def link_names(zone: PrivateZone | None) -> set[str]:
    """Give the names of a zone's links as far as they could be read, lower-cased."""
    links = zone.links.value if zone is not None and isinstance(zone.links, Known) else ()
    return {link.name.lower() for link in links}


def link_name(network_name: str, taken: Iterable[str]) -> str:
    """Give a name for a new link: networks of two resource groups may be called the same, links of a zone may not."""
    return free_name(f"{network_name}-link", taken)


def endpoint_values(endpoint: PrivateEndpoint) -> dict[str, str]:
    """Give an endpoint's id, name, resource group, subscription, location and subnet."""
    return {
        "endpoint_id": endpoint.id,
        "endpoint_name": endpoint.name,
        "endpoint_group": endpoint.resource_group,
        "endpoint_subscription": endpoint.subscription_id,
        "endpoint_location": endpoint.location,
        "subnet_id": endpoint.subnet_id,
    }


def link_values(zone: PrivateZone, network_id: str, other: PrivateZone | None = None) -> dict[str, str]:
    """Give the name of the link that a zone has to a network, and the network's names, for a link of `other`."""
    link = link_to(zone, network_id)
    return {**network_values(network_id, other), "old_link": link.name if link else "<link-name>"}


def endpoint_of(path: NodePath, endpoints: Fact[Items[PrivateEndpoint]]) -> Fact[PrivateEndpoint]:
    """Give the intended endpoint of a path as it could be read; missing where there is none."""
    return endpoints.value.get(path.endpoint_id or "") if isinstance(endpoints, Known) else endpoints


def group_name(endpoint: PrivateEndpoint, groups: Fact[Items[tuple[ZoneConfig, ...]]]) -> str:
    """Give the name of an endpoint's zone group, of which it can have one only; Azure's own word without one."""
    outcome = groups.value.get(endpoint.id) if isinstance(groups, Known) else groups
    configs = outcome.value if isinstance(outcome, Known) else ()
    return next((config.group for config in configs), "default")


def each_once(places: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Give the places of a fix without repetition."""
    seen: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
    for place in places:
        seen.setdefault(tuple(sorted(place.items())), place)
    return tuple(seen.values())


def name_of(resource_id: str) -> str:
    """Give the last part of an id."""
    try:
        return ResourceId.parse(resource_id).name
    except NotAResourceId:
        return resource_id.rstrip("/").rpartition("/")[2]


def networks_of(findings: Iterable[NameFinding]) -> Collection[str]:
    """Give the networks that names of these findings were asked from."""
    return tuple(dict.fromkeys(one.lookup.network_id for one in findings if one.lookup.network_id))


def _links_in_words(zone: PrivateZone) -> str:
    if not isinstance(zone.links, Known):
        return "not readable"
    named = (f"{name_of(link.network_id)} ({link.state or 'Completed'})" for link in zone.links.value)
    return ", ".join(named) or "nothing"
