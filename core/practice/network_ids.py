"""Where the networks of the base worlds are: ids of the resources that scenarios are about.

The nodes' network is in the cluster's subscription; the hub with the registry's endpoint, the zones and the firewall
is in that of the platform team.
"""

from __future__ import annotations

from core.practice.arm_id import guid

PRODUCTION = guid("subscription", "Contoso production")
PLATFORM = guid("subscription", "Contoso platform")
NODE_GROUP = "rg-app"
HUB_GROUP = "rg-hub"
ZONE = "privatelink.azurecr.io"


def network_id(subscription: str, group: str, *parts: str) -> str:
    """The id of a resource of Microsoft.Network; `parts` are types and names in turn."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/" + "/".join(parts)


def node_side(*parts: str) -> str:
    """The id of a network resource beside the cluster."""
    return network_id(PRODUCTION, NODE_GROUP, *parts)


def hub_side(*parts: str) -> str:
    """The id of a network resource in the hub."""
    return network_id(PLATFORM, HUB_GROUP, *parts)


NODE_NETWORK = node_side("virtualNetworks", "vnet-spoke")
NODE_SUBNET = f"{NODE_NETWORK}/subnets/snet-nodes"
SPOKE_TO_HUB = f"{NODE_NETWORK}/virtualNetworkPeerings/spoke-to-hub"
ROUTE_TABLE = node_side("routeTables", "rt-spoke")
NAT_GATEWAY = node_side("natGateways", "ng-spoke")
NAT_ADDRESS = node_side("publicIPAddresses", "pip-ng-spoke")

HUB_NETWORK = hub_side("virtualNetworks", "vnet-hub")
ENDPOINT_SUBNET = f"{HUB_NETWORK}/subnets/snet-pe"
FIREWALL_SUBNET = f"{HUB_NETWORK}/subnets/AzureFirewallSubnet"
HUB_TO_SPOKE = f"{HUB_NETWORK}/virtualNetworkPeerings/hub-to-spoke"
FIREWALL = hub_side("azureFirewalls", "afw-hub")
FIREWALL_PUBLIC = hub_side("publicIPAddresses", "pip-afw-hub")
FIREWALL_POLICY = hub_side("firewallPolicies", "afwp-hub")
APPLICATION_RULES = f"{FIREWALL_POLICY}/ruleCollectionGroups/DefaultApplicationRuleCollectionGroup"
NETWORK_RULES = f"{FIREWALL_POLICY}/ruleCollectionGroups/DefaultNetworkRuleCollectionGroup"
VIRTUAL_HUB = hub_side("virtualHubs", "vhub-we")
VIRTUAL_WAN = hub_side("virtualWans", "vwan-contoso")
VIRTUAL_HUB_FIREWALL = hub_side("azureFirewalls", "afw-vhub-we")
ENDPOINT = hub_side("privateEndpoints", "pe-contosoreg")
ZONE_GROUP = f"{ENDPOINT}/privateDnsZoneGroups/default"
PRIVATE_ZONE = hub_side("privateDnsZones", ZONE)
SPOKE_LINK = f"{PRIVATE_ZONE}/virtualNetworkLinks/vnet-spoke"
HUB_LINK = f"{PRIVATE_ZONE}/virtualNetworkLinks/vnet-hub"
