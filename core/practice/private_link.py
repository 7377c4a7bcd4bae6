"""What follows from private endpoints: their network interfaces, the registry's connections, the zones' records."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from core.practice.arm_id import parse
from core.practice.http import Json
from core.practice.private_link_bodies import (
    Member,
    address_record_body,
    connection_body,
    endpoint_interface_body,
    group_records,
    interface_id,
    record_name,
    zone_group_body,
)
from core.practice.world import World

REPLICATION = "Microsoft.ContainerRegistry/registries/replications"
CONNECTION = "Microsoft.ContainerRegistry/registries/privateEndpointConnections"


def connections_of(endpoint: Json) -> list[Json]:
    """The connections that an endpoint names, automatic and manual ones."""
    properties = endpoint["properties"]
    return [*properties["privateLinkServiceConnections"], *properties["manualPrivateLinkServiceConnections"]]


def target_of(endpoint: Json) -> str:
    """The id of the registry that an endpoint leads to."""
    return str(connections_of(endpoint)[0]["properties"]["privateLinkServiceId"])


def connection_for(world: World, endpoint: Json) -> Json | None:
    """What the registry knows of an endpoint, or None where it knows nothing."""
    for connection in world.resources_of(CONNECTION, target_of(endpoint)):
        if str(connection["properties"]["privateEndpoint"]["id"]).lower() == str(endpoint["id"]).lower():
            return connection
    return None


def connect(world: World, endpoint: Json, members: Sequence[Member], status: str, description: str = "") -> None:
    """Put an endpoint in the world with its network interface and the registry's side of it."""
    world.add_resource(endpoint)
    world.add_resource(endpoint_interface_body(endpoint, members))
    world.add_resource(connection_body(target_of(endpoint), endpoint["id"], status, description))


def registry_members(world: World, registry: Json, subnet: Json) -> list[Member]:
    """What a new endpoint in a subnet answers for: the layers of each region, then the login server."""
    login = str(registry["properties"]["loginServer"])
    name, _, suffix = login.partition(".")
    regions = [str(replica["name"]) for replica in world.resources_of(REPLICATION, registry["id"])]
    hosts = [(f"registry_data_{region}", f"{name}.{region}.data.{suffix}") for region in regions]
    hosts.append(("registry", login))
    free = free_addresses(world, subnet)
    return [(member, host, next(free)) for member, host in hosts]


def free_addresses(world: World, subnet: Json) -> Iterator[str]:
    """The addresses of a subnet that nobody has, lowest first; the first four are Azure's own."""
    taken = {
        configuration["properties"].get("privateIPAddress")
        for body in world.resources.values()
        for key in ("ipConfigurations", "frontendIPConfigurations")
        for configuration in body["properties"].get(key) or []
        if "properties" in configuration
    }
    for host in list(ipaddress.ip_network(subnet["properties"]["addressPrefix"]).hosts())[3:]:
        if str(host) not in taken:
            yield str(host)


def members_of(world: World, endpoint: str) -> list[Member]:
    """What an endpoint answers for, as its network interface has it."""
    interface = world.resource(interface_id(str(world.resources[endpoint.lower()]["id"])))
    if interface is None:
        return []
    return [
        (link["requiredMemberName"], link["fqdns"][0], configuration["properties"]["privateIPAddress"])
        for configuration in interface["properties"]["ipConfigurations"]
        for link in [configuration["properties"]["privateLinkConnectionProperties"]]
    ]


def attach_zones(world: World, group: str, zones: Sequence[str]) -> Json:
    """Give an endpoint a zone group: its records are written in the zones, over what stood there."""
    endpoint = group.partition("/privateDnsZoneGroups/")[0]
    members = members_of(world, endpoint)
    for zone in zones:
        write_records(world, zone, members)
    return world.add_resource(zone_group_body(group, zones, members))


def write_records(world: World, zone: str, members: Sequence[Member]) -> list[Json]:
    """Write the A records of these names in a zone, over what stood there; returns them as a zone group does."""
    stored = str(world.resources[zone.lower()]["id"])
    for _, host, address in members:
        world.add_resource(address_record_body(stored, record_name(host, parse(stored).name), [address]))
    return group_records(parse(stored).name, members)


def detach_zones(world: World, group: Json) -> None:
    """Take the records of a zone group out of its zones, where they still are the group's."""
    for configuration in group["properties"]["privateDnsZoneConfigs"]:
        zone = str(configuration["properties"]["privateDnsZoneId"])
        for record in configuration["properties"]["recordSets"]:
            stored = world.resource(f"{zone}/A/{record['recordSetName']}")
            if stored is not None:
                addresses = [entry["ipv4Address"] for entry in stored["properties"]["aRecords"]]
                if addresses == record["ipAddresses"]:
                    del world.resources[str(stored["id"]).lower()]
