"""Bodies of virtual networks and of what hangs on them, as the world keeps them.

What Azure shows inside of a network (its subnets, its halves of peerings), a security group (its rules) or a route
table (its routes) is a resource of its own in the world; `core.practice.network_views` puts it together.
https://learn.microsoft.com/rest/api/virtualnetwork/
"""

from __future__ import annotations

from collections.abc import Sequence

from core.practice.arm_id import guid, parse
from core.practice.http import Json

SHOWN_TYPES = {
    "Microsoft.Network/firewallPolicies": "Microsoft.Network/FirewallPolicies",
    "Microsoft.Network/firewallPolicies/ruleCollectionGroups": (
        "Microsoft.Network/FirewallPolicies/RuleCollectionGroups"
    ),
    "Microsoft.Network/ipGroups": "Microsoft.Network/IpGroups",
}
"""Types that answers spell in another way than ids do."""

_BARE_TAGS = frozenset(SHOWN_TYPES) | {"Microsoft.Network/privateDnsZones"}
_ONE_OR_SEVERAL = {
    "sourcePortRange": "sourcePortRanges",
    "destinationPortRange": "destinationPortRanges",
    "sourceAddressPrefix": "sourceAddressPrefixes",
    "destinationAddressPrefix": "destinationAddressPrefixes",
}


def type_of(resource_id: str) -> str:
    """The type of a resource as an answer spells it."""
    own = parse(resource_id).type
    return SHOWN_TYPES.get(own, own)


def etag(resource_id: str) -> str:
    """An entity tag: in the form W/"…", or a bare one for the types that have those."""
    own = guid("etag", resource_id)
    return own if parse(resource_id).type in _BARE_TAGS else f'W/"{own}"'


def top_level(resource_id: str, location: str, properties: Json, **more: object) -> Json:
    """A resource that stands in a resource group."""
    return {
        "name": parse(resource_id).name,
        "id": resource_id,
        "etag": etag(resource_id),
        "type": type_of(resource_id),
        "location": location,
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid("resource", resource_id),
            **properties,
        },
        **more,
    }


def part(resource_id: str, properties: Json) -> Json:
    """A resource inside of another one."""
    return {
        "name": parse(resource_id).name,
        "id": resource_id,
        "etag": etag(resource_id),
        "properties": {"provisioningState": "Succeeded", **properties},
        "type": type_of(resource_id),
    }


def virtual_network_body(
    resource_id: str, location: str, prefixes: Sequence[str], dns_servers: Sequence[str] = ()
) -> Json:
    """A virtual network; without `dns_servers` it uses Azure's own DNS."""
    properties: Json = {"addressSpace": {"addressPrefixes": list(prefixes)}}
    if dns_servers:
        properties["dhcpOptions"] = {"dnsServers": list(dns_servers)}
    properties |= {"privateEndpointVNetPolicies": "Disabled", "enableDdosProtection": False}
    return top_level(resource_id, location, properties)


def subnet_body(resource_id: str, prefix: str, *, endpoint_policies: str = "Disabled", **references: str) -> Json:
    """A subnet. `references` are ids by key: networkSecurityGroup, routeTable, natGateway."""
    return part(
        resource_id,
        {
            "addressPrefix": prefix,
            **{key: {"id": value} for key, value in references.items()},
            "delegations": [],
            "privateEndpointNetworkPolicies": endpoint_policies,
            "privateLinkServiceNetworkPolicies": "Enabled",
        },
    )


def peering_body(
    resource_id: str, remote: Json, *, state: str = "Connected", forwarded: bool = True, **flags: bool
) -> Json:
    """One half of a peering to the network `remote`, in step with it. `flags` are further switches by key."""
    return part(
        resource_id,
        {
            "resourceGuid": guid("resource", resource_id),
            "peeringState": state,
            "remoteVirtualNetwork": {"id": remote["id"]},
            "allowVirtualNetworkAccess": True,
            "allowForwardedTraffic": forwarded,
            "allowGatewayTransit": False,
            "useRemoteGateways": False,
            "doNotVerifyRemoteGateways": False,
            "peerCompleteVnets": True,
            "remoteAddressSpace": {
                "addressPrefixes": list(remote["properties"]["addressSpace"]["addressPrefixes"]),
            },
            "routeServiceVips": {},
            **flags,
        },
    )


def security_group_body(resource_id: str, location: str) -> Json:
    """A network security group; it has Azure's default rules and none of its own."""
    return top_level(resource_id, location, {})


def security_rule_body(resource_id: str, properties: Json) -> Json:
    """A rule of a security group; what is left out means "any", as in Azure's forms.

    A rule names one source, destination or port, or a list of them in the plural key, never both.
    """
    whole: Json = {"protocol": "*", "access": "Allow", "direction": "Inbound", **properties}
    for one, several in _ONE_OR_SEVERAL.items():
        if whole.setdefault(several, []):
            whole.pop(one, None)
        else:
            whole.setdefault(one, "*")
    return part(resource_id, whole)


def route_table_body(resource_id: str, location: str) -> Json:
    """A route table without routes."""
    return top_level(resource_id, location, {"disableBgpRoutePropagation": False})


def route_body(resource_id: str, prefix: str, hop: str) -> Json:
    """A route; `hop` is the address of an appliance, or a next hop type."""
    to_appliance = hop[:1].isdigit()
    return part(
        resource_id,
        {
            "addressPrefix": prefix,
            "nextHopType": "VirtualAppliance" if to_appliance else hop,
            **({"nextHopIpAddress": hop} if to_appliance else {}),
            "hasBgpOverride": False,
        },
    )


def public_address_body(resource_id: str, location: str, address: str, *, holder: Json | None = None) -> Json:
    """A public address. `holder` says who has it: an ipConfiguration or a natGateway with an id."""
    return top_level(
        resource_id,
        location,
        {
            "ipAddress": address,
            "publicIPAddressVersion": "IPv4",
            "publicIPAllocationMethod": "Static",
            "idleTimeoutInMinutes": 4,
            "ipTags": [],
            **(holder or {}),
        },
        sku={"name": "Standard", "tier": "Regional"},
    )


def nat_gateway_body(resource_id: str, location: str, addresses: Sequence[str]) -> Json:
    """A NAT gateway that leaves from these public address resources."""
    return top_level(
        resource_id,
        location,
        {"idleTimeoutInMinutes": 4, "publicIpAddresses": [{"id": each} for each in addresses]},
        sku={"name": "Standard", "tier": "Regional"},
    )


def interface_body(
    resource_id: str, location: str, subnet: str, addresses: Sequence[str], *, forwards: bool = False
) -> Json:
    """A network interface with one IP configuration for each address."""
    configurations = [
        part(
            f"{resource_id}/ipConfigurations/ipconfig{number}",
            {
                "privateIPAddress": address,
                "privateIPAllocationMethod": "Dynamic",
                "subnet": {"id": subnet},
                "primary": number == 1,
                "privateIPAddressVersion": "IPv4",
            },
        )
        for number, address in enumerate(addresses, 1)
    ]
    return top_level(
        resource_id,
        location,
        {
            "ipConfigurations": configurations,
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": forwards,
            "hostedWorkloads": [],
            "tapConfigurations": [],
            "nicType": "Standard",
        },
    )


def load_balancer_body(resource_id: str, location: str, public_address: str) -> Json:
    """The load balancer of a cluster, with one front end: a public address resource that nodes leave from."""
    name = public_address.rpartition("/")[2]
    front = {
        "privateIPAllocationMethod": "Dynamic",
        "publicIPAddress": {"id": public_address},
        "outboundRules": [{"id": f"{resource_id}/outboundRules/aksOutboundRule"}],
    }
    return top_level(
        resource_id,
        location,
        {
            "frontendIPConfigurations": [part(f"{resource_id}/frontendIPConfigurations/{name}", front)],
            "backendAddressPools": [],
            "loadBalancingRules": [],
            "probes": [],
            "inboundNatRules": [],
            "inboundNatPools": [],
        },
        sku={"name": "Standard", "tier": "Regional"},
    )


def virtual_wan_body(resource_id: str, location: str, hubs: Sequence[str]) -> Json:
    """A Virtual WAN with these hubs in it. https://learn.microsoft.com/rest/api/virtualwan/virtual-wans/get"""
    properties: Json = {
        "virtualHubs": [{"id": each} for each in hubs],
        "disableVpnEncryption": False,
        "allowBranchToBranchTraffic": True,
        "type": "Standard",
    }
    return top_level(resource_id, location, properties)


def virtual_hub_body(resource_id: str, location: str, *, prefix: str, wan: str, firewall: str) -> Json:
    """A hub of Virtual WAN with a firewall in it.

    https://learn.microsoft.com/rest/api/virtualwan/virtual-hubs/get
    """
    body = top_level(
        resource_id,
        location,
        {
            "virtualHubRouteTableV2s": [],
            "addressPrefix": prefix,
            "virtualRouterAsn": 65515,
            "virtualRouterIps": [],
            "routeTable": {"routes": []},
            "virtualWan": {"id": wan},
            "azureFirewall": {"id": firewall},
            "sku": "Standard",
            "routingState": "Provisioned",
            "allowBranchToBranchTraffic": False,
            "preferredRoutingGateway": "ExpressRoute",
        },
    )
    del body["properties"]["resourceGuid"]
    return body
