"""Network resources as Azure shows them: with their parts inside, and with what other resources say about them.

The world keeps a subnet, a rule, a route, a half of a peering each as a resource of its own and nothing twice; here
the answers are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.practice.arm_id import guid
from core.practice.http import Json
from core.practice.network_bodies import etag
from core.practice.private_link import connection_for, members_of
from core.practice.world import World

View = Callable[[World, Json], Json]

NETWORK = "Microsoft.Network/virtualNetworks"
SUBNET = f"{NETWORK}/subnets"
PEERING = f"{NETWORK}/virtualNetworkPeerings"
GROUP = "Microsoft.Network/networkSecurityGroups"
RULE = f"{GROUP}/securityRules"
TABLE = "Microsoft.Network/routeTables"
ROUTE = f"{TABLE}/routes"
GATEWAY = "Microsoft.Network/natGateways"
ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE = "Microsoft.Network/privateDnsZones"
LINK = f"{ZONE}/virtualNetworkLinks"
POLICY = "Microsoft.Network/firewallPolicies"
RULE_GROUP = f"{POLICY}/ruleCollectionGroups"
FIREWALL = "Microsoft.Network/azureFirewalls"

_DEFAULT_RULES = (
    ("AllowVnetInBound", "inbound traffic from all VMs in VNET", "VirtualNetwork", "VirtualNetwork", "Allow", 65000),
    (
        "AllowAzureLoadBalancerInBound",
        "inbound traffic from azure load balancer",
        "AzureLoadBalancer",
        "*",
        "Allow",
        65001,
    ),
    ("DenyAllInBound", "all inbound traffic", "*", "*", "Deny", 65500),
    (
        "AllowVnetOutBound",
        "outbound traffic from all VMs to all VMs in VNET",
        "VirtualNetwork",
        "VirtualNetwork",
        "Allow",
        65000,
    ),
    ("AllowInternetOutBound", "outbound traffic from all VMs to Internet", "*", "Internet", "Allow", 65001),
    ("DenyAllOutBound", "all outbound traffic", "*", "*", "Deny", 65500),
)


def shown(world: World, body: Json) -> Json:
    """A resource as an answer shows it; one that needs nothing from elsewhere is shown as it is kept."""
    view = _VIEWS.get(str(body["type"]).lower())
    return view(world, body) if view else body


def _with(body: Json, **properties: object) -> Json:
    return body | {"properties": body["properties"] | properties}


def _parts(world: World, body: Json, type_: str) -> list[Json]:
    return [shown(world, each) for each in world.resources_of(type_, body["id"])]


def _users(world: World, body: Json, type_: str, key: str) -> list[Json]:
    """References to the resources of a type whose property `key` names this one."""
    own = str(body["id"]).lower()
    users = (
        name
        for name, other in world.resources.items()
        if str(other["type"]).lower() == type_.lower()
        and str((other["properties"].get(key) or {}).get("id", "")).lower() == own
    )
    return [{"id": world.resources[name]["id"]} for name in sorted(users)]


def _subnets_with(world: World, body: Json, key: str) -> Json:
    """The `subnets` entry of a resource that subnets name; absent where none does."""
    subnets = _users(world, body, SUBNET, key)
    return {"subnets": subnets} if subnets else {}


def _network(world: World, body: Json) -> Json:
    parts = {"subnets": _parts(world, body, SUBNET), "virtualNetworkPeerings": _parts(world, body, PEERING)}
    return _with(body, **parts)


def _peering(world: World, body: Json) -> Json:
    properties = body["properties"]
    remote = world.resource(str(properties["remoteVirtualNetwork"]["id"]))
    here = world.resource(str(body["id"]).rpartition("/virtualNetworkPeerings/")[0])
    synced = properties["remoteAddressSpace"]["addressPrefixes"]
    there_now = remote["properties"]["addressSpace"]["addressPrefixes"] if remote else synced
    other = other_half(world, body)
    remote_synced = (
        other is not None
        and here is not None
        and other["properties"]["remoteAddressSpace"]["addressPrefixes"]
        == here["properties"]["addressSpace"]["addressPrefixes"]
    )
    level = {
        (True, True): "FullyInSync",
        (True, False): "RemoteNotInSync",
        (False, True): "LocalNotInSync",
        (False, False): "LocalAndRemoteNotInSync",
    }[synced == there_now, remote_synced]
    return _with(
        body,
        peeringSyncLevel=level,
        remoteVirtualNetworkAddressSpace={"addressPrefixes": list(there_now)},
    )


def other_half(world: World, peering: Json) -> Json | None:
    """The half of a peering that is in the other network, or None where there is none."""
    here = str(peering["id"]).rpartition("/virtualNetworkPeerings/")[0].lower()
    there = str(peering["properties"]["remoteVirtualNetwork"]["id"])
    for other in world.resources_of(PEERING, there):
        if str(other["properties"]["remoteVirtualNetwork"]["id"]).lower() == here:
            return other
    return None


def default_rules(group: str) -> list[Json]:
    """The six rules that every security group ends with."""
    return [
        {
            "name": name,
            "id": f"{group}/defaultSecurityRules/{name}",
            "etag": etag(group),
            "type": f"{GROUP}/defaultSecurityRules",
            "properties": {
                "provisioningState": "Succeeded",
                "description": f"{access} {what}",
                "protocol": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "sourceAddressPrefix": source,
                "destinationAddressPrefix": destination,
                "access": access,
                "priority": priority,
                "direction": "Inbound" if name.endswith("InBound") else "Outbound",
                "sourcePortRanges": [],
                "destinationPortRanges": [],
                "sourceAddressPrefixes": [],
                "destinationAddressPrefixes": [],
            },
        }
        for name, what, source, destination, access, priority in _DEFAULT_RULES
    ]


def _group(world: World, body: Json) -> Json:
    return _with(
        body,
        securityRules=_parts(world, body, RULE),
        defaultSecurityRules=default_rules(body["id"]),
        **_subnets_with(world, body, "networkSecurityGroup"),
    )


def _table(world: World, body: Json) -> Json:
    return _with(body, routes=_parts(world, body, ROUTE), **_subnets_with(world, body, "routeTable"))


def _gateway(world: World, body: Json) -> Json:
    return _with(body, **_subnets_with(world, body, "natGateway"))


def _endpoint(world: World, body: Json) -> Json:
    """An endpoint; the state of its connection is the registry's, and a zone group keeps its names for itself."""
    connection = connection_for(world, body)
    state: Json = {"status": "Disconnected", "description": "", "actionsRequired": "None"}
    if connection is not None:
        given = connection["properties"]["privateLinkServiceConnectionState"]
        state = {"status": given["status"], "description": given.get("description", ""), "actionsRequired": "None"}
    grouped = any(world.resources_of(f"{ENDPOINT}/privateDnsZoneGroups", body["id"]))
    names = members_of(world, body["id"]) if state["status"] == "Approved" and not grouped else []
    shown_connections = {
        key: [_with(each, privateLinkServiceConnectionState=state) for each in body["properties"][key]]
        for key in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    }
    configurations = [{"fqdn": host, "ipAddresses": [address]} for _, host, address in names]
    return _with(body, **shown_connections, customDnsConfigs=configurations)


def _zone(world: World, body: Json) -> Json:
    below = [
        other
        for key, other in world.resources.items()
        if key.startswith(f"{str(body['id']).lower()}/") and other["type"] != LINK
    ]
    links = list(world.resources_of(LINK, body["id"]))
    return _with(
        body,
        internalId=guid("zone", body["id"]).replace("-", ""),
        numberOfRecordSets=len(below),
        numberOfVirtualNetworkLinks=len(links),
        numberOfVirtualNetworkLinksWithRegistration=sum(link["properties"]["registrationEnabled"] for link in links),
    )


def _policy(world: World, body: Json) -> Json:
    groups = [{"id": each["id"]} for each in world.resources_of(RULE_GROUP, body["id"])]
    return _with(
        body,
        childPolicies=_users(world, body, "Microsoft.Network/FirewallPolicies", "basePolicy"),
        ruleCollectionGroups=groups,
        firewalls=_users(world, body, FIREWALL, "firewallPolicy"),
    )


_VIEWS: Mapping[str, View] = {
    NETWORK.lower(): _network,
    PEERING.lower(): _peering,
    GROUP.lower(): _group,
    TABLE.lower(): _table,
    GATEWAY.lower(): _gateway,
    ENDPOINT.lower(): _endpoint,
    ZONE.lower(): _zone,
    POLICY.lower(): _policy,
}
