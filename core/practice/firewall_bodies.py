"""Bodies of Azure Firewalls, their policies and rules.

https://learn.microsoft.com/rest/api/firewall/azure-firewalls/get
"""

from __future__ import annotations

from collections.abc import Sequence

from core.practice.http import Json
from core.practice.network_bodies import part, top_level


def firewall_body(
    resource_id: str, location: str, *, subnet: str, address: str, public_address: str, policy: str = ""
) -> Json:
    """A firewall in a virtual network, with a policy or with classic rules of its own (none yet)."""
    configuration = part(
        f"{resource_id}/azureFirewallIpConfigurations/ipconfig",
        {
            "privateIPAddress": address,
            "privateIPAllocationMethod": "Dynamic",
            "publicIPAddress": {"id": public_address},
            "subnet": {"id": subnet},
        },
    )
    properties: Json = {
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "threatIntelMode": "Alert",
        "additionalProperties": {},
        "ipConfigurations": [configuration],
        "networkRuleCollections": [],
        "applicationRuleCollections": [],
        "natRuleCollections": [],
        **({"firewallPolicy": {"id": policy}} if policy else {}),
    }
    return _without_guid(top_level(resource_id, location, properties))


def hub_firewall_body(
    resource_id: str, location: str, *, hub: str, address: str, public_address: str, policy: str
) -> Json:
    """A firewall in a virtual hub, which tells its addresses itself; `public_address` is one out of Azure's own."""
    properties: Json = {
        "sku": {"name": "AZFW_Hub", "tier": "Standard"},
        "additionalProperties": {},
        "virtualHub": {"id": hub},
        "hubIPAddresses": {
            "privateIPAddress": address,
            "publicIPs": {"addresses": [{"address": public_address}], "count": 1},
        },
        "firewallPolicy": {"id": policy},
    }
    return _without_guid(top_level(resource_id, location, properties))


def policy_body(resource_id: str, location: str, *, base: str = "", dns_proxy: bool = False) -> Json:
    """A firewall policy. `base` is the id of the policy that it inherits from."""
    properties: Json = {
        "sku": {"tier": "Standard"},
        "threatIntelMode": "Alert",
        **({"basePolicy": {"id": base}} if base else {}),
        **({"dnsSettings": {"servers": [], "enableProxy": True}} if dns_proxy else {}),
    }
    return _without_guid(top_level(resource_id, location, properties))


def rule_group_body(resource_id: str, location: str, priority: int, collections: Sequence[Json]) -> Json:
    """A rule collection group of a policy."""
    body = part(resource_id, {"priority": priority, "ruleCollections": list(collections)})
    return body | {"location": location}


def collection(name: str, priority: int, action: str, rules: Sequence[Json]) -> Json:
    """Rules of one kind with the action that they share ("Allow" or "Deny")."""
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "action": {"type": action},
        "rules": list(rules),
        "name": name,
        "priority": priority,
    }


def application_rule(name: str, sources: Sequence[str], hosts: Sequence[str], tags: Sequence[str] = ()) -> Json:
    """A rule on host names, for HTTPS."""
    return {
        "ruleType": "ApplicationRule",
        "name": name,
        "protocols": [{"protocolType": "Https", "port": 443}],
        "fqdnTags": list(tags),
        "webCategories": [],
        "targetFqdns": list(hosts),
        "targetUrls": [],
        "terminateTLS": False,
        "sourceAddresses": list(sources),
        "destinationAddresses": [],
        "sourceIpGroups": [],
        "httpHeadersToInsert": [],
    }


def network_rule(
    name: str, sources: Sequence[str], destinations: Sequence[str], ports: Sequence[str], protocol: str = "TCP"
) -> Json:
    """A rule on addresses, ranges and service tags."""
    return {
        "ruleType": "NetworkRule",
        "ipv6Rule": False,
        "name": name,
        "ipProtocols": [protocol],
        "sourceAddresses": list(sources),
        "sourceIpGroups": [],
        "destinationAddresses": list(destinations),
        "destinationIpGroups": [],
        "destinationFqdns": [],
        "destinationPorts": list(ports),
    }


def _without_guid(body: Json) -> Json:
    del body["properties"]["resourceGuid"]
    return body
