"""Worlds of any size: a base world in which one thing is there many times, as large companies have it.

Each function takes how many there are to be, and gives a world that works all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address

from core.practice import network_ids as ids
from core.practice.arm_id import guid
from core.practice.base import CONTOSO, base_firewall, base_private, base_public
from core.practice.base_networks import LOCATION, NODES
from core.practice.entra_bodies import group_body
from core.practice.firewall_bodies import application_rule, collection, network_rule, policy_body, rule_group_body
from core.practice.http import Json
from core.practice.names import PRINCIPALS, scope
from core.practice.network_bodies import peering_body, security_rule_body, virtual_network_body
from core.practice.network_faults import add_resource, add_rule, add_subnet, add_zone_with, move_pool, replicate
from core.practice.new_pool import make_pool
from core.practice.private_link_bodies import address_record_body
from core.practice.registry_contents import Tag
from core.practice.registry_images import push_image
from core.practice.roles import add_custom_role, assign
from core.practice.world import World

RULES_IN_COLLECTION = 25
COLLECTIONS_IN_GROUP = 4
RULES_FOR_IP_GROUP = 100
ROLES = ("AcrPull", "AcrPush", "Contributor", "Owner", "Reader")

_IMAGE = "contosoreg.azurecr.io/web/api:1.4.2"
_REGIONS = (
    *("northeurope", "uksouth", "ukwest", "francecentral", "germanywestcentral", "switzerlandnorth", "norwayeast"),
    *("swedencentral", "italynorth", "polandcentral", "spaincentral", "eastus", "eastus2", "centralus", "westus2"),
    *("westus3", "canadacentral", "brazilsouth", "japaneast", "australiaeast", "southeastasia", "eastasia"),
)


@dataclass(frozen=True)
class Large:
    """A kind of large world: how many of `what` it has at most, how it is made, and which image is picked in it."""

    what: str
    size: int
    build: Callable[[int], World]
    image: str = _IMAGE


def firewall_rules(count: int) -> World:
    """A firewall policy and the one that it inherits from share the rules; IP groups are sources and destinations."""
    world = base_firewall()
    base = f"{ids.FIREWALL_POLICY}-base"
    world.add_resource(policy_body(base, LOCATION))
    world.resources[ids.FIREWALL_POLICY.lower()]["properties"]["basePolicy"] = {"id": base}
    per_group = RULES_IN_COLLECTION * COLLECTIONS_IN_GROUP
    for first in range(0, count, per_group):
        policy = base if first // per_group % 2 else ids.FIREWALL_POLICY
        numbers = range(first, min(first + per_group, count))
        collections = [
            _collection(world, list(numbers[start : start + RULES_IN_COLLECTION]), 1000 + start)
            for start in range(0, len(numbers), RULES_IN_COLLECTION)
        ]
        group = f"{policy}/ruleCollectionGroups/group-{first}"
        # Before the groups that let the pull through, so that every rule is asked.
        world.add_resource(rule_group_body(group, LOCATION, 100 + first // per_group, collections))
    return world


def security_rules(count: int) -> World:
    """The nodes' subnet and the endpoint's have groups; half of the rules are outbound, each names several ranges."""
    world = base_private()
    world.resources[ids.ENDPOINT_SUBNET.lower()]["properties"]["privateEndpointNetworkPolicies"] = "Enabled"
    for group, on in (("snet-nodes", "node-subnet"), ("snet-pe", "endpoint-subnet")):
        group_id = f"{scope('hub-group')}/providers/Microsoft.Network/networkSecurityGroups/nsg-{group}"
        rules = [_security_rule(group_id, number) for number in range(count)]
        add_resource(world, resource=group_id, properties={})
        for rule in rules:
            world.add_resource(rule)
        world.resources[scope(on).lower()]["properties"]["networkSecurityGroup"] = {"id": group_id}
    return world


def peerings_of_hub(count: int) -> World:
    """The hub is peered with many spokes besides the nodes' one."""
    world = base_private()
    _add_spokes(world, ids.HUB_NETWORK, count)
    return world


def peerings_of_nodes(count: int) -> World:
    """The nodes are themselves in a network that many spokes are peered with."""
    world = base_private()
    _add_spokes(world, ids.NODE_NETWORK, count)
    return world


def role_assignments(count: int) -> World:
    """As many assignments on the registry as on its subscription, of users, groups and service principals.

    One in ten is of a custom role of its own. The nodes' identity has none, so that it is looked for who may pull.
    """
    world = base_public()
    registry, subscription = scope("registry"), scope("registry-subscription")
    owner = subscription.rpartition("/")[2]
    for key, body in list(world.role_assignments.items()):
        if body["properties"]["principalId"] == PRINCIPALS["kubelet"]:
            del world.role_assignments[key]
    for number in range(count):
        kind = ("User", "Group", "ServicePrincipal")[number % 3]
        principal = guid("large", kind, str(number))
        if kind == "Group":
            group = group_body(principal, f"Team {number}", world.now)
            world.add_object(CONTOSO, "group", group)
        role = ROLES[number % len(ROLES)]
        if number % 10 == 0:
            role = add_custom_role(world, f"Own {number}", owner, actions=["Microsoft.Storage/*/read"])
        for where in (registry, subscription):
            assign(world, role, principal, where, kind=kind, since=world.now - timedelta(days=30))
    return world


def zone_records(count: int) -> World:
    """The registry's zone holds the records of many other registries."""
    world = base_private()
    for number in range(count):
        address = str(IPv4Address("10.64.0.0") + number)
        world.add_resource(address_record_body(ids.PRIVATE_ZONE, f"reg{number}", [address]))
    return world


def zones(count: int) -> World:
    """Many zones, each of a team and linked to a network of its own; one in ten has the name of the registry's."""
    world = base_private()
    for number in range(count):
        network = f"{scope('hub-group')}-{number}/providers/Microsoft.Network/virtualNetworks/vnet-{number}"
        world.add_resource(virtual_network_body(network, LOCATION, [_spoke(number)]))
        name = f"team{number}.example.com" if number % 10 else ids.ZONE
        zone = f"{scope('hub-group')}-{number}/providers/Microsoft.Network/privateDnsZones/{name}"
        add_zone_with(world, resource=zone, links=[network], records={f"reg{number}": ["10.64.0.4"]})
    return world


def repositories(count: int) -> World:
    """A registry with many repositories; the image's name is misspelt."""
    world = base_public()
    contents = world.contents[scope("registry").lower()]
    like = contents.repositories["web/api"]
    for number in range(count):
        contents.repositories[f"team-{number % 97}/service-{number}"] = like
    return world


def tags(count: int) -> World:
    """A repository with many tags, none of which is the image's."""
    world = base_public()
    contents = world.contents[scope("registry").lower()]
    push_image(contents, "web/api", "1.4.2", ("linux/amd64",), world.now)
    kept = contents.repositories["web/api"].tags
    digest = kept["1.4.2"].digest
    for number in range(count):
        kept[f"2.{number // 100}.{number % 100}"] = Tag(digest, world.now - timedelta(minutes=number))
    return world


def replicas(count: int) -> World:
    """The registry is copied to many regions, each with an address of its endpoint and a record."""
    world = base_private()
    for region in _REGIONS[:count]:
        replicate(world, location=region)
    return world


def node_subnets(count: int) -> World:
    """Many node pools behind a firewall, each in a subnet with a security group of its own and the same routes."""
    world = firewall_rules(500)
    for number in range(count):
        pool, subnet = f"p{number}", f"snet-p{number}"
        add_subnet(world, network="node-network", name=subnet, prefix=f"10.10.{16 + number}.0/24")
        make_pool(world, world.resources[scope("cluster").lower()], pool, {})
        move_pool(world, pool=pool, subnet=f"node-network/subnets/{subnet}")
        place = world.resources[f"{ids.NODE_NETWORK}/subnets/{subnet}".lower()]["properties"]
        place["routeTable"] = {"id": ids.ROUTE_TABLE}
        add_rule(
            world,
            group=f"{scope('cluster-group')}/providers/Microsoft.Network/networkSecurityGroups/nsg-p{number}",
            name="no-mail",
            priority=200,
            direction="Outbound",
            ports="25",
            on=f"node-network/subnets/{subnet}",
        )
    for name in (ids.APPLICATION_RULES, ids.NETWORK_RULES):
        for one in world.resources[name.lower()]["properties"]["ruleCollections"]:
            for rule in one["rules"]:
                rule["sourceAddresses"] = ["10.10.0.0/16"]
    return world


LARGE: Mapping[str, Large] = {
    "firewall-rules": Large("rules of the firewall's policies", 5_000, firewall_rules),
    "security-rules": Large("rules of each security group", 1_000, security_rules),
    "peerings-of-hub": Large("peerings of the hub", 500, peerings_of_hub),
    "peerings-of-nodes": Large("peerings of the nodes' network", 500, peerings_of_nodes),
    "role-assignments": Large("assignments on registry and subscription", 3_000, role_assignments),
    "zone-records": Large("records of the zone", 10_000, zone_records),
    "zones": Large("private zones", 300, zones),
    "repositories": Large("repositories", 5_000, repositories, "contosoreg.azurecr.io/team-1/servce-1:1.4.2"),
    "tags": Large("tags", 20_000, tags, "contosoreg.azurecr.io/web/api:1.4.3"),
    "replicas": Large("regions of the registry", 20, replicas),
    "node-subnets": Large("node pools, each in a subnet of its own", 40, node_subnets),
}
"""Every kind of large world by its name."""


def _collection(world: World, numbers: list[int], priority: int) -> Json:
    if numbers[0] // RULES_IN_COLLECTION % 2:
        rules = [_application_rule(number) for number in numbers]
    else:
        rules = [_network_rule(world, number) for number in numbers]
    return collection(f"collection-{numbers[0]}", priority, "Allow", rules)


def _application_rule(number: int) -> Json:
    hosts = [f"app{number}.example.com", f"*.team{number}.example.com", f"store{number}.blob.core.windows.net"]
    return application_rule(f"rule-{number}", _sources(number), hosts)


def _sources(number: int) -> list[str]:
    return [NODES, f"10.{64 + number // 256}.{number % 256}.0/24"]


def _network_rule(world: World, number: int) -> Json:
    place = str(IPv4Address("172.16.0.0") + number * 16)
    rule = network_rule(f"rule-{number}", _sources(number), [f"{place}/28"], ["443"])
    if number % RULES_FOR_IP_GROUP == 0:
        group = ids.hub_side("ipGroups", f"ipg-{number}")
        add_resource(world, resource=group, properties={"ipAddresses": [f"192.168.{number % 256}.0/24"]})
        rule["sourceIpGroups"], rule["destinationIpGroups"] = [group], [group]
    return rule


def _security_rule(group: str, number: int) -> Json:
    ranges = [f"172.{16 + number % 16}.{place}.0/24" for place in range(4)]
    outbound = number % 2 == 0
    return security_rule_body(
        f"{group}/securityRules/rule-{number}",
        {
            "priority": 100 + number,
            "direction": "Outbound" if outbound else "Inbound",
            "access": "Deny" if number % 3 else "Allow",
            "protocol": "Tcp",
            "sourceAddressPrefixes": [NODES, "10.9.0.0/16"] if outbound else ranges,
            "destinationAddressPrefixes": ranges if outbound else ["10.0.2.0/24", "10.0.3.0/24"],
            "destinationPortRanges": ["80", "443", "8000-8100"],
        },
    )


def _add_spokes(world: World, hub: str, count: int) -> None:
    group = f"{scope('hub-group')}-spokes"
    world.add_group(ids.PLATFORM, group.rpartition("/")[2], LOCATION)
    for number in range(count):
        network = f"{group}/providers/Microsoft.Network/virtualNetworks/vnet-{number}"
        spoke = world.add_resource(virtual_network_body(network, LOCATION, [_spoke(number)]))
        world.add_resource(peering_body(f"{hub}/virtualNetworkPeerings/to-{number}", spoke))
        back = f"{network}/virtualNetworkPeerings/back"
        world.add_resource(peering_body(back, world.resources[hub.lower()]))


def _spoke(number: int) -> str:
    return f"{IPv4Address('10.128.0.0') + number * 1024}/22"
