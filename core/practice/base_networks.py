"""The networks of the base worlds: the nodes' spoke, the hub, the registry's endpoint and its zone, the ways out.

Every function puts one piece in a world, complete and working; `core.practice.base` says which base has which.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.practice import network_ids as ids
from core.practice.firewall_bodies import (
    application_rule,
    collection,
    firewall_body,
    network_rule,
    policy_body,
    rule_group_body,
)
from core.practice.network_bodies import (
    nat_gateway_body,
    peering_body,
    public_address_body,
    route_body,
    route_table_body,
    subnet_body,
    virtual_network_body,
)
from core.practice.private_link import attach_zones, connect
from core.practice.private_link_bodies import authority_record_body, endpoint_body, link_body, zone_body
from core.practice.world import World

LOCATION = "westeurope"
NODES = "10.10.0.0/22"
FIREWALL_INSIDE = "10.0.1.4"
FIREWALL_EGRESS = "20.50.2.20"
NAT_EGRESS = "20.61.7.7"
MEMBERS = (
    ("registry_data_westeurope", "contosoreg.westeurope.data.azurecr.io", "10.0.2.4"),
    ("registry", "contosoreg.azurecr.io", "10.0.2.5"),
)
"""What the endpoint of contosoreg answers for, and where."""

_SYSTEM_HOSTS = (
    "login.microsoftonline.com",
    "management.azure.com",
    "mcr.microsoft.com",
    "*.data.mcr.microsoft.com",
    "packages.microsoft.com",
    "acs-mirror.azureedge.net",
    "packages.aks.azure.com",
)


def add_node_network(world: World) -> None:
    """The spoke that the nodes are in."""
    world.add_group(ids.PRODUCTION, ids.NODE_GROUP, LOCATION)
    world.add_resource(virtual_network_body(ids.NODE_NETWORK, LOCATION, ["10.10.0.0/16"]))
    world.add_resource(subnet_body(ids.NODE_SUBNET, NODES))


def add_hub(world: World, *, endpoint_policies: str = "Disabled") -> None:
    """The hub, with subnets for endpoints and for a firewall, peered with the spoke in both directions."""
    world.add_group(ids.PLATFORM, ids.HUB_GROUP, LOCATION)
    world.add_resource(virtual_network_body(ids.HUB_NETWORK, LOCATION, ["10.0.0.0/16"]))
    world.add_resource(subnet_body(ids.FIREWALL_SUBNET, "10.0.1.0/26"))
    world.add_resource(subnet_body(ids.ENDPOINT_SUBNET, "10.0.2.0/24", endpoint_policies=endpoint_policies))
    peer(world, ids.SPOKE_TO_HUB, ids.HUB_TO_SPOKE)


def peer(world: World, half: str, other: str, *, forwarded: bool = True) -> None:
    """Peer two networks in both directions; `half` and `other` are the ids that the halves get."""
    for own, opposite in ((half, other), (other, half)):
        remote = world.resources[opposite.partition("/virtualNetworkPeerings/")[0].lower()]
        world.add_resource(peering_body(own, remote, forwarded=forwarded))


def add_endpoint(world: World, registry: str) -> None:
    """The registry's endpoint in the hub, approved, with a zone that both networks are linked to."""
    endpoint = endpoint_body(ids.ENDPOINT, LOCATION, ids.ENDPOINT_SUBNET, registry)
    connect(world, endpoint, MEMBERS, "Approved", "Auto-Approved")
    add_zone(world, ids.PRIVATE_ZONE)
    world.add_resource(link_body(ids.HUB_LINK, ids.HUB_NETWORK))
    world.add_resource(link_body(ids.SPOKE_LINK, ids.NODE_NETWORK))
    attach_zones(world, ids.ZONE_GROUP, [ids.PRIVATE_ZONE])


def add_zone(world: World, zone: str) -> None:
    """An empty private DNS zone."""
    world.add_resource(zone_body(zone))
    world.add_resource(authority_record_body(zone))


def add_firewall(world: World, hosts: Sequence[str], through: Sequence[str] = ()) -> None:
    """The hub's firewall, which lets the nodes to `hosts` and to what AKS needs, and the routes that lead to it.

    `through` are ranges that are sent to it in addition to everything that leaves the networks.
    """
    configuration = {"ipConfiguration": {"id": f"{ids.FIREWALL}/azureFirewallIpConfigurations/ipconfig"}}
    world.add_resource(public_address_body(ids.FIREWALL_PUBLIC, LOCATION, FIREWALL_EGRESS, holder=configuration))
    add_firewall_policy(world, hosts)
    world.add_resource(
        firewall_body(
            ids.FIREWALL,
            LOCATION,
            subnet=ids.FIREWALL_SUBNET,
            address=FIREWALL_INSIDE,
            public_address=ids.FIREWALL_PUBLIC,
            policy=ids.FIREWALL_POLICY,
        )
    )
    route_to(world, FIREWALL_INSIDE)
    for number, prefix in enumerate(through, 1):
        world.add_resource(route_body(f"{ids.ROUTE_TABLE}/routes/to-hub-{number}", prefix, FIREWALL_INSIDE))


def add_firewall_policy(world: World, hosts: Sequence[str]) -> None:
    """A policy that lets the nodes to `hosts` and to what AKS needs."""
    world.add_resource(policy_body(ids.FIREWALL_POLICY, LOCATION))
    tunnel = network_rule("api-server-tunnel", [NODES], ["AzureCloud.WestEurope"], ["1194"], "UDP")
    secure_tunnel = network_rule("api-server", [NODES], ["AzureCloud.WestEurope"], ["9000"])
    clock = network_rule("time", [NODES], ["*"], ["123"], "UDP")
    networks = collection("aks-network", 200, "Allow", [tunnel, secure_tunnel, clock])
    world.add_resource(rule_group_body(ids.NETWORK_RULES, LOCATION, 200, [networks]))
    needed = collection(
        "aks-required",
        300,
        "Allow",
        [
            application_rule("aks", [NODES], [], ["AzureKubernetesService"]),
            application_rule("system", [NODES], _SYSTEM_HOSTS),
        ],
    )
    pulls = collection("registries", 310, "Allow", [application_rule("contosoreg", [NODES], hosts)])
    world.add_resource(rule_group_body(ids.APPLICATION_RULES, LOCATION, 300, [needed, pulls]))


def route_to(world: World, address: str) -> None:
    """The route table of the nodes' subnet, which sends everything that leaves the networks to an appliance."""
    world.add_resource(route_table_body(ids.ROUTE_TABLE, LOCATION))
    world.add_resource(route_body(f"{ids.ROUTE_TABLE}/routes/default", "0.0.0.0/0", address))
    world.resources[ids.NODE_SUBNET.lower()]["properties"]["routeTable"] = {"id": ids.ROUTE_TABLE}


def add_nat_gateway(world: World) -> None:
    """A NAT gateway on the nodes' subnet."""
    holder = {"natGateway": {"id": ids.NAT_GATEWAY}}
    world.add_resource(public_address_body(ids.NAT_ADDRESS, LOCATION, NAT_EGRESS, holder=holder))
    world.add_resource(nat_gateway_body(ids.NAT_GATEWAY, LOCATION, [ids.NAT_ADDRESS]))
    world.resources[ids.NODE_SUBNET.lower()]["properties"]["natGateway"] = {"id": ids.NAT_GATEWAY}


def allow_only(world: World, registry: str, *addresses: str) -> None:
    """Let the registry's public door open for these addresses only."""
    rules = world.resources[registry.lower()]["properties"]["networkRuleSet"]
    rules["defaultAction"] = "Deny"
    rules["ipRules"] = [{"action": "Allow", "value": each} for each in addresses]
