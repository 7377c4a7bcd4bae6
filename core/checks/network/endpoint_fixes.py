"""The fixes that make a private endpoint, or make it again, with all that it needs."""

from __future__ import annotations

from collections.abc import Iterable

from core.checks.dns.names import link_name, link_names
from core.checks.fix_values import registry_values
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath
from core.facts.private_dns import PrivateZone, PrivateZones
from core.facts.registry import Registry
from core.facts.resource_id import NotAResourceId, ResourceId
from core.model import FixRef
from core.network.host_names import registry_zone
from core.network.resolution import is_in_use, link_to

LONGEST_NAME = 75
"""How long the name of a new endpoint may be: that of its connection has five letters more.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork
"""


def new_endpoint(
    registry: Registry,
    paths: Iterable[NodePath],
    networks: Fact[Items[VirtualNetwork]],
    zones: Fact[PrivateZones],
) -> tuple[FixRef, ...]:
    """Give the fix for each network of some paths: endpoint, zone and link unless they are there, and zone group.

    A resource group gets one only: another endpoint there would have the same name, and its records in the same zone.
    """
    by_group: dict[tuple[str, str], NodePath] = {}
    for path in paths:
        try:
            network = ResourceId.parse(path.where.network_id)
        except NotAResourceId:
            continue
        by_group.setdefault((network.subscription_id.lower(), network.resource_group.lower()), path)
    return tuple(_fix(registry, path, networks, zones) for path in by_group.values())


def renew_endpoint(registry: Registry, endpoint: PrivateEndpoint, zones: Fact[PrivateZones]) -> FixRef:
    """Give the fix that deletes an endpoint and makes it again in its subnet, with records where a zone is seen."""
    name = registry_zone(registry.login_server)
    seen = zones.value.zones if isinstance(zones, Known) else ()
    named = [zone for zone in seen if zone.name.lower() == name]
    zone = max(named, key=lambda one: _holds(one, endpoint), default=None)
    values = {
        **registry_values(registry),
        "endpoint_id": endpoint.id,
        "endpoint_name": endpoint.name,
        "endpoint_group": endpoint.resource_group,
        "endpoint_subscription": endpoint.subscription_id,
        "endpoint_location": endpoint.location,
        "subnet_id": endpoint.subnet_id,
    }
    if zone is None:
        return FixRef("renew-endpoint", values)
    return FixRef(
        "renew-endpoint-with-records", {**values, "zone_id": zone.id, "zone_config": name.replace(".", "-")}
    )


def _holds(zone: PrivateZone, endpoint: PrivateEndpoint) -> tuple[int, int]:
    """How well a zone fits an endpoint: by the endpoint's addresses in it, then by its links."""
    own = {one.address for one in endpoint.addresses.value} if isinstance(endpoint.addresses, Known) else set()
    records = [set(record.value) for record in zone.records.values() if isinstance(record, Known)]
    links = zone.links.value if isinstance(zone.links, Known) else ()
    return sum(bool(record & own) for record in records), len(links)


def _fix(
    registry: Registry, path: NodePath, networks: Fact[Items[VirtualNetwork]], zones: Fact[PrivateZones]
) -> FixRef:
    network = ResourceId.parse(path.where.network_id)
    known = networks.value.get(network.text) if isinstance(networks, Known) else networks
    location = known.value.location if isinstance(known, Known) else registry.location
    name = registry_zone(registry.login_server)
    seen = [zone for zone in (zones.value.zones if isinstance(zones, Known) else ()) if zone.name.lower() == name]
    linked = next((zone for zone in seen if is_in_use(link_to(zone, network.text))), None)
    zone = linked or next(iter(seen), None)
    values = {
        **registry_values(registry),
        "endpoint_name": f"pe-{registry.name}-{network.name}"[:LONGEST_NAME],
        "endpoint_group": network.resource_group,
        "endpoint_subscription": network.subscription_id,
        "endpoint_location": location,
        "subnet_id": path.where.subnet_id,
        "network_id": network.text,
        "network_name": network.name,
        "network_group_id": f"/subscriptions/{network.subscription_id}/resourceGroups/{network.resource_group}",
        "link_name": link_name(network.name, link_names(zone)),
        "zone_config": name.replace(".", "-"),
        **_zone(zone, name, network),
    }
    if linked is not None:
        return FixRef("create-endpoint-in-linked-zone", values)
    return FixRef("create-endpoint-in-zone" if zone is not None else "create-endpoint", values)


def _zone(zone: PrivateZone | None, name: str, network: ResourceId) -> dict[str, str]:
    group = zone.resource_group if zone else network.resource_group
    subscription = zone.subscription_id if zone else network.subscription_id
    id_ = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/{name}"
    return {
        "zone_id": zone.id if zone else id_,
        "zone_name": name,
        "zone_resource_group": group,
        "zone_subscription": subscription,
    }
