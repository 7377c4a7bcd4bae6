"""World faults of networks: what goes wrong between nodes and registry, and the places where it does.

Places are given by the short names of `core.practice.names`, or as `short name/more`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.practice.arm_id import guid, parse
from core.practice.base_networks import LOCATION, add_zone, peer
from core.practice.faults import Fault, scale_set_of
from core.practice.http import Json
from core.practice.names import scope as named_scope
from core.practice.network_bodies import (
    interface_body,
    nat_gateway_body,
    public_address_body,
    route_body,
    route_table_body,
    security_group_body,
    security_rule_body,
    subnet_body,
    virtual_network_body,
)
from core.practice.network_effects import kind_at
from core.practice.network_ids import network_id
from core.practice.network_store import store
from core.practice.private_link import (
    attach_zones,
    connect,
    registry_members,
)
from core.practice.private_link_bodies import endpoint_body, link_body, record_name
from core.practice.registry_regions import add_replica, data_host
from core.practice.world import World, stamp


def add_resource(world: World, *, resource: str, properties: Mapping[str, Any], location: str = LOCATION) -> None:
    """Put any network resource in the world, with these properties; its parts may stand inside of it."""
    resource_id = named_scope(resource)
    kind = kind_at(resource_id)
    if kind is None:
        raise KeyError(parse(resource_id).type)
    world.add_group(parse(resource_id).subscription, parse(resource_id).group, location)
    store(world, kind, resource_id, {"location": location, "properties": dict(properties)})


def add_network(
    world: World,
    *,
    resource: str,
    prefixes: Sequence[str],
    subnets: Mapping[str, str],
    dns_servers: Sequence[str] = (),
    peered_with: str = "",
) -> None:
    """Put a virtual network in the world; `subnets` are ranges by name. It may be peered with another one."""
    network = named_scope(resource)
    world.add_group(parse(network).subscription, parse(network).group, LOCATION)
    world.add_resource(virtual_network_body(network, LOCATION, prefixes, dns_servers))
    for name, prefix in subnets.items():
        world.add_resource(subnet_body(f"{network}/subnets/{name}", prefix))
    if peered_with:
        add_peering(world, first=resource, second=peered_with)


def add_peering(world: World, *, first: str, second: str, forwarded: bool = True) -> None:
    """Peer two networks in both directions."""
    one, other = (str(world.resources[named_scope(each).lower()]["id"]) for each in (first, second))
    here, there = parse(one).name, parse(other).name
    peer(
        world,
        f"{one}/virtualNetworkPeerings/to-{there}",
        f"{other}/virtualNetworkPeerings/to-{here}",
        forwarded=forwarded,
    )


def add_subnet(world: World, *, network: str, name: str, prefix: str) -> None:
    """Put another subnet in a network."""
    world.add_resource(subnet_body(f"{named_scope(network)}/subnets/{name}", prefix))


def move_pool(world: World, *, pool: str, subnet: str) -> None:
    """Say that a pool's nodes are in another subnet."""
    target = named_scope(subnet)
    for profile in world.resources[named_scope("cluster").lower()]["properties"]["agentPoolProfiles"]:
        if profile["name"] == pool:
            profile["vnetSubnetID"] = target
    machines = scale_set_of(world, pool)["properties"]["virtualMachineProfile"]
    for interface in machines["networkProfile"]["networkInterfaceConfigurations"]:
        for configuration in interface["properties"]["ipConfigurations"]:
            configuration["properties"]["subnet"] = {"id": target}


def add_rule(
    world: World,
    *,
    group: str,
    name: str,
    priority: int,
    direction: str,
    access: str = "Deny",
    protocol: str = "*",
    source: str | Sequence[str] = "*",
    destination: str | Sequence[str] = "*",
    ports: str | Sequence[str] = "*",
    on: str = "",
) -> None:
    """Put a rule in a security group, which is made where it does not exist, and the group `on` a subnet."""
    group_id = named_scope(group)
    if world.resource(group_id) is None:
        world.add_resource(security_group_body(group_id, LOCATION))
    properties: Json = {"priority": priority, "direction": direction, "access": access, "protocol": protocol}
    for one, several, value in (
        ("sourceAddressPrefix", "sourceAddressPrefixes", source),
        ("destinationAddressPrefix", "destinationAddressPrefixes", destination),
        ("destinationPortRange", "destinationPortRanges", ports),
    ):
        properties |= {one: value} if isinstance(value, str) else {several: list(value)}
    world.add_resource(security_rule_body(f"{group_id}/securityRules/{name}", properties))
    if on:
        world.resources[named_scope(on).lower()]["properties"]["networkSecurityGroup"] = {"id": group_id}


def add_route(world: World, *, table: str, name: str, prefix: str, hop: str, on: str = "") -> None:
    """Put a route in a route table, which is made where it does not exist, and the table `on` a subnet.

    `hop` is the address of an appliance, or "None", "Internet", "VnetLocal" or "VirtualNetworkGateway".
    """
    table_id = named_scope(table)
    if world.resource(table_id) is None:
        world.add_resource(route_table_body(table_id, LOCATION))
    world.add_resource(route_body(f"{table_id}/routes/{name}", prefix, hop))
    if on:
        world.resources[named_scope(on).lower()]["properties"]["routeTable"] = {"id": table_id}


def add_machine(world: World, *, resource: str, subnet: str, address: str, forwards: bool = False) -> None:
    """Put the network interface of a machine in a subnet: an appliance where it `forwards`, else any server."""
    world.add_resource(
        interface_body(named_scope(resource), LOCATION, named_scope(subnet), [address], forwards=forwards)
    )


def add_endpoint(
    world: World,
    *,
    resource: str,
    subnet: str,
    registry: str = "registry",
    status: str = "Approved",
    zone: str = "",
) -> None:
    """Put another endpoint of a registry in a subnet. Its zone group writes its records over those in `zone`."""
    target = world.resources[named_scope(registry).lower()]
    place = world.resources[named_scope(subnet).lower()]
    endpoint = endpoint_body(named_scope(resource), LOCATION, str(place["id"]), str(target["id"]))
    connect(world, endpoint, registry_members(world, target, place), status)
    if zone:
        attach_zones(world, f"{endpoint['id']}/privateDnsZoneGroups/default", [named_scope(zone)])


def add_zone_with(
    world: World,
    *,
    resource: str,
    links: Sequence[str] = (),
    records: Mapping[str, Sequence[str]] | None = None,
    falls_back: bool = False,
) -> None:
    """Put a private DNS zone in the world, linked to networks, with the addresses of its A records by name."""
    zone = named_scope(resource)
    if world.resource(zone) is None:
        world.add_group(parse(zone).subscription, parse(zone).group, LOCATION)
        add_zone(world, zone)
    for network in links:
        target = named_scope(network)
        link = f"{zone}/virtualNetworkLinks/{parse(target).name}"
        world.add_resource(link_body(link, target, falls_back=falls_back))
    for name, addresses in (records or {}).items():
        kind = kind_at(f"{zone}/A/{name}")
        if kind is not None:
            entries = [{"ipv4Address": each} for each in addresses]
            store(world, kind, f"{zone}/A/{name}", {"properties": {"ttl": 10, "aRecords": entries}})


def replicate(world: World, *, location: str, recorded: bool = True) -> None:
    """Copy the registry to another region; its endpoint gets an address for the layers there.

    With `recorded` false the zone lacks the name, as it does where nobody but people looks after it.
    """
    registry = world.resources[named_scope("registry").lower()]
    add_replica(world, registry, location)
    if not recorded:
        record = record_name(data_host(registry, location), parse(named_scope("zone")).name)
        world.remove_resource(f"{named_scope('zone')}/A/{record}")


def use_nat_gateway(world: World, *, addresses: Sequence[str]) -> None:
    """Say that the nodes' subnet leaves through a new NAT gateway with these public addresses."""
    ids = []
    gateway = named_scope("nat-gateway")
    for number, address in enumerate(addresses, 1):
        own = f"{named_scope('nat-address')}-{number}"
        world.add_resource(public_address_body(own, LOCATION, address, holder={"natGateway": {"id": gateway}}))
        ids.append(own)
    world.add_resource(nat_gateway_body(gateway, LOCATION, ids))
    world.resources[named_scope("node-subnet").lower()]["properties"]["natGateway"] = {"id": gateway}
    profile = world.resources[named_scope("cluster").lower()]["properties"]["networkProfile"]
    profile["outboundType"] = "userAssignedNATGateway"
    profile["loadBalancerProfile"] = {"backendPoolType": "nodeIPConfiguration"}


def impose(
    world: World,
    *,
    network: str,
    name: str,
    access: str,
    direction: str,
    priority: int = 100,
    sources: Sequence[str] = ("0.0.0.0/0",),
    destinations: Sequence[str] = ("0.0.0.0/0",),
    ports: Sequence[str] = ("0-65535",),
    protocol: str = "Tcp",
) -> None:
    """Impose a security admin rule of the platform team's network manager on a network.

    https://learn.microsoft.com/rest/api/networkmanager/list-network-manager-effective-security-admin-rules/list
    """
    manager = network_id(parse(named_scope("hub-network")).subscription, "rg-hub", "networkManagers", "avnm-contoso")
    configuration = f"{manager}/securityAdminConfigurations/baseline"
    rule: Json = {
        "id": f"{configuration}/ruleCollections/all-spokes/rules/{name}",
        "configurationDescription": "",
        "ruleCollectionDescription": "",
        "ruleCollectionAppliesToGroups": [{"networkGroupId": f"{manager}/networkGroups/spokes"}],
        "ruleGroups": [],
        "kind": "Custom",
        "properties": {
            "description": "",
            "protocol": protocol,
            "sources": [_admin_address(each) for each in sources],
            "destinations": [_admin_address(each) for each in destinations],
            "sourcePortRanges": ["0-65535"],
            "destinationPortRanges": list(ports),
            "access": access,
            "priority": priority,
            "direction": direction,
            "provisioningState": "Succeeded",
            "resourceGuid": guid("admin rule", name),
        },
    }
    world.admin_rules.setdefault(named_scope(network).lower(), []).append(rule)


def _admin_address(value: str) -> Json:
    kind = "IPPrefix" if value[:1].isdigit() or value == "*" else "ServiceTag"
    return {"addressPrefix": value, "addressPrefixType": kind}


def write_network(world: World, *, network: str, hours_ago: int) -> None:
    """Say that somebody wrote a network that many hours ago: the activity log does not tell what of it."""
    world.activity.append(
        {
            "eventTimestamp": stamp(world.now - timedelta(hours=hours_ago)),
            "operationName": {
                "value": "Microsoft.Network/virtualNetworks/write",
                "localizedValue": "Create or Update Virtual Network",
            },
            "status": {"value": "Succeeded", "localizedValue": "Succeeded"},
            "resourceId": world.resources[named_scope(network).lower()]["id"],
            "caller": "maria@contoso.com",
        }
    )


FAULTS: dict[str, Fault] = {
    "add-endpoint": add_endpoint,
    "add-machine": add_machine,
    "add-network": add_network,
    "add-peering": add_peering,
    "add-resource": add_resource,
    "add-route": add_route,
    "add-rule": add_rule,
    "add-subnet": add_subnet,
    "add-zone": add_zone_with,
    "impose": impose,
    "move-pool": move_pool,
    "replicate": replicate,
    "use-nat-gateway": use_nat_gateway,
    "write-network": write_network,
}
"""The faults of networks by name."""
