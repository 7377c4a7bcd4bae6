"""World faults of node pools whose nodes have public addresses of their own."""

from __future__ import annotations

from collections.abc import Sequence

from core.practice.arm_id import guid, parse
from core.practice.base_networks import LOCATION
from core.practice.faults import Fault, scale_set_of
from core.practice.http import Json
from core.practice.names import scope as named_scope
from core.practice.network_bodies import etag, public_address_body, top_level
from core.practice.network_ids import network_id
from core.practice.world import World

_SET_MACHINE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
_MACHINE = "Microsoft.Compute/virtualMachines"
_NAME = "node-public-ip"


def give_node_addresses(world: World, *, pool: str, addresses: Sequence[str], prefix: str = "") -> None:
    """Give each node of a pool a public address of its own, out of the range `prefix` where there is one.

    Works for scale sets and for machines that stand alone.
    """
    for profile in world.resources[named_scope("cluster").lower()]["properties"]["agentPoolProfiles"]:
        if profile["name"] == pool:
            profile["enableNodePublicIP"] = True
            if prefix:
                profile["nodePublicIPPrefixID"] = _prefix(world, pool, prefix)["id"]
    node_group = named_scope("node-group")
    alone = [one for one in world.resources_of(_MACHINE, node_group) if one["tags"]["aks-managed-poolName"] == pool]
    if alone:
        for machine, address in zip(alone, addresses, strict=True):
            _on_machine(world, machine, address)
        return
    scale_set = scale_set_of(world, pool)
    profile = scale_set["properties"]["virtualMachineProfile"]["networkProfile"]
    (interface,) = profile["networkInterfaceConfigurations"]
    (configuration,) = interface["properties"]["ipConfigurations"]
    settings = {"idleTimeoutInMinutes": 4, "ipTags": [], "publicIPAddressVersion": "IPv4"}
    configuration["properties"]["publicIPAddressConfiguration"] = {"name": _NAME, "properties": settings}
    machines = world.resources_of(_SET_MACHINE, scale_set["id"])
    for machine, address in zip(list(machines), addresses, strict=True):
        holder = f"{machine['id']}/networkInterfaces/{interface['name']}/ipConfigurations/{configuration['name']}"
        world.add_resource(_instance_address(holder, address))


def _prefix(world: World, pool: str, prefix: str) -> Json:
    cluster = parse(named_scope("cluster"))
    own = network_id(cluster.subscription, cluster.group, "publicIPPrefixes", f"ippre-{pool}")
    length = int(prefix.partition("/")[2])
    properties = {"ipPrefix": prefix, "prefixLength": length, "publicIPAddressVersion": "IPv4", "ipTags": []}
    return world.add_resource(top_level(own, LOCATION, properties, sku={"name": "Standard", "tier": "Regional"}))


def _instance_address(holder: str, address: str) -> Json:
    own = f"{holder}/publicIPAddresses/{_NAME}"
    return {
        "name": _NAME,
        "id": own,
        "type": parse(own).type,
        "etag": etag(own),
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid("resource", own),
            "ipAddress": address,
            "publicIPAddressVersion": "IPv4",
            "publicIPAllocationMethod": "Static",
            "idleTimeoutInMinutes": 4,
            "ipTags": [],
            "ipConfiguration": {"id": holder},
        },
        "sku": {"name": "Standard"},
    }


def _on_machine(world: World, machine: Json, address: str) -> None:
    (reference,) = machine["properties"]["networkProfile"]["networkInterfaces"]
    interface = world.resources[str(reference["id"]).lower()]
    (configuration,) = interface["properties"]["ipConfigurations"]
    own = f"{str(interface['id']).rpartition('/networkInterfaces/')[0]}/publicIPAddresses/{machine['name']}-ip"
    holder = {"ipConfiguration": {"id": configuration["id"]}}
    world.add_resource(public_address_body(own, LOCATION, address, holder=holder))
    configuration["properties"]["publicIPAddress"] = {"id": own}


FAULTS: dict[str, Fault] = {"give-node-addresses": give_node_addresses}
"""The fault by its name."""
