"""Bodies of private endpoints, of their connections to a registry, and of private DNS zones.

https://learn.microsoft.com/azure/private-link/private-endpoint-overview
https://learn.microsoft.com/azure/dns/private-dns-overview
"""

from __future__ import annotations

from collections.abc import Sequence

from core.practice.arm_id import guid, parse
from core.practice.http import Json
from core.practice.network_bodies import interface_body, part, top_level

Member = tuple[str, str, str]
"""One name that an endpoint answers for: the required member's name, the host name, the private address."""


def endpoint_body(resource_id: str, location: str, subnet: str, target: str, *, manual: bool = False) -> Json:
    """A private endpoint of a registry. The connection's state is the registry's to say (see the views)."""
    name = parse(resource_id).name
    kind = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
    connection = part(f"{resource_id}/{kind}/{name}", {"privateLinkServiceId": target, "groupIds": ["registry"]})
    return top_level(
        resource_id,
        location,
        {
            "privateLinkServiceConnections": [] if manual else [connection],
            "manualPrivateLinkServiceConnections": [connection] if manual else [],
            "customNetworkInterfaceName": "",
            "subnet": {"id": subnet},
            "ipConfigurations": [],
            "networkInterfaces": [{"id": interface_id(resource_id)}],
        },
    )


def interface_id(endpoint: str) -> str:
    """The id of an endpoint's network interface."""
    head, _, name = endpoint.rpartition("/privateEndpoints/")
    return f"{head}/networkInterfaces/{name}.nic.{guid('nic', endpoint.lower())}"


def endpoint_interface_body(endpoint: Json, members: Sequence[Member]) -> Json:
    """The network interface of an endpoint: an address for each name."""
    body = interface_body(
        interface_id(endpoint["id"]),
        endpoint["location"],
        endpoint["properties"]["subnet"]["id"],
        [address for _, _, address in members],
    )
    for configuration, (member, host, _) in zip(body["properties"]["ipConfigurations"], members, strict=True):
        configuration["name"] = f"privateEndpointIpConfig.{guid('ip', endpoint['id'], member)}"
        configuration["id"] = f"{body['id']}/ipConfigurations/{configuration['name']}"
        configuration["properties"]["privateLinkConnectionProperties"] = {
            "groupId": "registry",
            "requiredMemberName": member,
            "fqdns": [host],
        }
    body["properties"]["privateEndpoint"] = {"id": endpoint["id"]}
    return body


def connection_body(registry: str, endpoint: str, status: str, description: str = "") -> Json:
    """What a registry knows of an endpoint."""
    name = f"{parse(registry).name}.{guid('connection', endpoint.lower()).replace('-', '')}"
    return {
        "type": "Microsoft.ContainerRegistry/registries/privateEndpointConnections",
        "id": f"{registry}/privateEndpointConnections/{name}",
        "name": name,
        "properties": {
            "privateEndpoint": {"id": endpoint},
            "privateLinkServiceConnectionState": {
                "status": status,
                **({"description": description} if description else {}),
            },
            "provisioningState": "Succeeded",
        },
    }


def zone_group_body(resource_id: str, zones: Sequence[str], members: Sequence[Member]) -> Json:
    """A zone group: the zones in which an endpoint keeps its records, and the records."""
    configurations = [
        part(
            f"{resource_id}/privateDnsZoneConfigs/{parse(zone).name.replace('.', '-')}",
            {"privateDnsZoneId": zone, "recordSets": group_records(parse(zone).name, members)},
        )
        for zone in zones
    ]
    return part(resource_id, {"privateDnsZoneConfigs": configurations})


def group_records(zone: str, members: Sequence[Member]) -> list[Json]:
    """The records that a zone group keeps in the zone of this name."""
    return [
        {
            "recordType": "A",
            "recordSetName": record_name(host, zone),
            "fqdn": f"{record_name(host, zone)}.{zone}",
            "ttl": 10,
            "provisioningState": "Succeeded",
            "ipAddresses": [address],
        }
        for _, host, address in members
    ]


def record_name(host: str, zone: str) -> str:
    """A host's record name in a zone whose name is the host's domain behind a `privatelink.`."""
    return host.removesuffix("." + zone.removeprefix("privatelink."))


def zone_body(resource_id: str) -> Json:
    """A private DNS zone; its counts are made when it is shown."""
    body = top_level(
        resource_id,
        "global",
        {
            "maxNumberOfRecordSets": 25000,
            "maxNumberOfVirtualNetworkLinks": 1000,
            "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        },
    )
    del body["properties"]["resourceGuid"]
    return body


def link_body(resource_id: str, network: str, *, falls_back: bool = False) -> Json:
    """A virtual network link of a zone. `falls_back` asks the internet for names that the zone does not have."""
    return {
        "id": resource_id,
        "name": parse(resource_id).name,
        "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "etag": f'"{guid("etag", resource_id)}"',
        "location": "global",
        "properties": {
            "provisioningState": "Succeeded",
            "registrationEnabled": False,
            **({"resolutionPolicy": "NxDomainRedirect"} if falls_back else {}),
            "virtualNetwork": {"id": network},
            "virtualNetworkLinkState": "Completed",
        },
    }


def address_record_body(zone: str, name: str, addresses: Sequence[str], ttl: int = 10) -> Json:
    """An A record set of a zone."""
    properties = {"aRecords": [{"ipv4Address": each} for each in addresses]}
    return record_set_body(zone, "A", name, properties, ttl)


def authority_record_body(zone: str) -> Json:
    """The SOA record set that every zone has."""
    properties = {
        "soaRecord": {
            "email": "azureprivatedns-host.microsoft.com",
            "expireTime": 2419200,
            "host": "azureprivatedns.net",
            "minimumTtl": 10,
            "refreshTime": 3600,
            "retryTime": 300,
            "serialNumber": 1,
        }
    }
    return record_set_body(zone, "SOA", "@", properties, 3600)


def record_set_body(zone: str, kind: str, name: str, properties: Json, ttl: int) -> Json:
    """A record set of a zone, of any type."""
    resource_id = f"{zone}/{kind}/{name}"
    zone_name = parse(zone).name
    return {
        "id": resource_id,
        "name": name,
        "type": f"Microsoft.Network/privateDnsZones/{kind}",
        "etag": guid("etag", resource_id),
        "properties": {
            "fqdn": f"{zone_name}." if name == "@" else f"{name}.{zone_name}.",
            "ttl": ttl,
            **properties,
            "isAutoRegistered": False,
        },
    }
