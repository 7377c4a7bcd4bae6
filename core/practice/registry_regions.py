"""The regions of a registry: its replicas, and the hosts that its layers come from in each.

https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
"""

from __future__ import annotations

from core.practice.http import Json
from core.practice.private_link import CONNECTION, REPLICATION, free_addresses, write_records
from core.practice.private_link_bodies import endpoint_interface_body, interface_id
from core.practice.world import World

_ZONE_GROUP = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"


def data_host(registry: Json, region: str) -> str:
    """The host that the layers of a region come from."""
    name, _, suffix = str(registry["properties"]["loginServer"]).partition(".")
    return f"{name}.{region}.data.{suffix}"


def settle_data_endpoints(world: World, registry: Json, *, enabled: bool) -> None:
    """Switch the data endpoints of a registry on or off, and name their hosts: one for each region."""
    regions = [str(replica["name"]) for replica in world.resources_of(REPLICATION, registry["id"])]
    registry["properties"]["dataEndpointEnabled"] = enabled
    registry["properties"]["dataEndpointHostNames"] = (
        [data_host(registry, region) for region in regions] if enabled else []
    )


def add_replica(world: World, registry: Json, region: str) -> Json:
    """Copy a registry to another region. Its endpoints get an address for the layers there, and where a zone group
    looks after an endpoint's records, a record."""
    home = next(world.resources_of(REPLICATION, registry["id"]))
    replica = world.add_resource(
        {
            **home,
            "id": f"{registry['id']}/replications/{region}",
            "name": region,
            "location": region,
            "properties": dict(home["properties"]),
        }
    )
    settle_data_endpoints(world, registry, enabled=bool(registry["properties"]["dataEndpointEnabled"]))
    for connection in list(world.resources_of(CONNECTION, registry["id"])):
        endpoint = world.resource(str(connection["properties"]["privateEndpoint"]["id"]))
        if endpoint is not None:
            _serve(world, endpoint, f"registry_data_{region}", data_host(registry, region))
    return replica


def _serve(world: World, endpoint: Json, member: str, host: str) -> None:
    """Let an endpoint answer for another host."""
    interface = world.resource(interface_id(str(endpoint["id"])))
    subnet = world.resource(str(endpoint["properties"]["subnet"]["id"]))
    if interface is None or subnet is None:
        return
    address = next(free_addresses(world, subnet))
    (added,) = endpoint_interface_body(endpoint, [(member, host, address)])["properties"]["ipConfigurations"]
    added["properties"]["primary"] = False
    interface["properties"]["ipConfigurations"].append(added)
    for group in list(world.resources_of(_ZONE_GROUP, endpoint["id"])):
        for configuration in group["properties"]["privateDnsZoneConfigs"]:
            zone = str(configuration["properties"]["privateDnsZoneId"])
            if world.resource(zone) is not None:
                configuration["properties"]["recordSets"] += write_records(world, zone, [(member, host, address)])


def remove_replica(world: World, registry: Json, region: str) -> None:
    """Take a region's copy of a registry away."""
    world.remove_resource(f"{registry['id']}/replications/{region}")
    settle_data_endpoints(world, registry, enabled=bool(registry["properties"]["dataEndpointEnabled"]))
