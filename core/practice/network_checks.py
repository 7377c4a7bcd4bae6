"""What Azure refuses in a change of networks, and in which words."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from core.practice.arm_id import parse
from core.practice.http import Json, arm_error, json_response
from core.practice.network_views import LINK, RULE, SUBNET
from core.practice.permissions import may
from core.practice.routing import Call, Refused, required

Check = Callable[[Call, str, Json], None]
"""Refuses a body that is handed in for a resource id."""

_JOINED = {
    "networkSecurityGroup": "Microsoft.Network/networkSecurityGroups/join/action",
    "routeTable": "Microsoft.Network/routeTables/join/action",
    "natGateway": "Microsoft.Network/natGateways/join/action",
}


def refuse(code: str, message: str, status: int = 400) -> Refused:
    """A refusal by Microsoft.Network, in its envelope."""
    return Refused(json_response({"error": {"code": code, "message": message, "details": []}}, status))


def linked(call: Call, action: str, scope: str) -> None:
    """Refuse a change by somebody who may not do what it does to another resource.

    https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-linkedauthorizationfailed
    """
    if may(call.world, call.caller.object_id, action, scope):
        return
    own, place = required(call.request.method, call.request.path)
    message = (
        f"The client '{call.caller.name}' with object id '{call.caller.object_id}' has permission to perform action "
        f"'{own}' on scope '{place}'; however, it does not have permission to perform action(s) "
        f"'{action}' on the linked scope(s) '{scope}' (respectively) or the linked scope(s) are invalid."
    )
    raise Refused(arm_error(403, "LinkedAuthorizationFailed", message))


def existing(call: Call, referenced: str, by: str) -> Json:
    """The resource that a body refers to; refuses a reference to nothing."""
    body = call.world.resource(referenced)
    if body is None:
        message = (
            f"Resource {referenced} referenced by resource {by} was not found. Please make sure that the referenced "
            "resource exists, and that both resources are in the same region."
        )
        raise refuse("InvalidResourceReference", message)
    return body


def _check_subnet(call: Call, resource_id: str, given: Json) -> None:
    properties = given.get("properties", {})
    for key, action in _JOINED.items():
        reference = (properties.get(key) or {}).get("id")
        if reference:
            existing(call, reference, resource_id)
            linked(call, action, reference)
    ranges = [properties.get("addressPrefix"), *(properties.get("addressPrefixes") or [])]
    if not any(ranges):
        raise refuse("NoAddressPrefixOrPoolProvided", f"Subnet {parse(resource_id).name} has no address prefix.")
    prefix = ipaddress.ip_network(next(each for each in ranges if each))
    network = call.world.resources[resource_id.lower().partition("/subnets/")[0]]
    spaces = [ipaddress.ip_network(each) for each in network["properties"]["addressSpace"]["addressPrefixes"]]
    name = parse(resource_id).name
    if not any(prefix.version == space.version and prefix.subnet_of(space) for space in spaces):  # type: ignore[arg-type]
        message = f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of "
        raise refuse("NetcfgSubnetRangeOutsideVnet", message + f"virtual network '{network['name']}'.")
    for other in call.world.resources_of(SUBNET, network["id"]):
        taken = ipaddress.ip_network(other["properties"]["addressPrefix"])
        if other["name"].lower() != name.lower() and prefix.overlaps(taken):
            message = f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing "
            raise refuse("NetcfgSubnetRangesOverlap", message + f"subnet in virtual network '{network['name']}'.")


def _check_rule(call: Call, resource_id: str, given: Json) -> None:
    properties = given.get("properties", {})
    priority, direction = properties.get("priority"), properties.get("direction")
    name = parse(resource_id).name
    if not isinstance(priority, int) or not 100 <= priority <= 4096:
        message = f"Security rule has invalid Priority. Value provided: {priority} Allowed range 100-4096."
        raise refuse("SecurityRuleInvalidPriority", message)
    for other in call.world.resources_of(RULE, resource_id.rpartition("/securityRules/")[0]):
        there = other["properties"]
        same = there["priority"] == priority and there["direction"] == direction
        if same and other["name"].lower() != name.lower():
            message = (
                f"Security rule {name} conflicts with rule {other['name']}. Rules cannot have the same Priority and "
                "Direction."
            )
            raise refuse("SecurityRuleConflict", message)


def _check_route(call: Call, resource_id: str, given: Json) -> None:
    properties = given.get("properties", {})
    if (properties.get("nextHopType") == "VirtualAppliance") != bool(properties.get("nextHopIpAddress")):
        message = (
            f"Route {resource_id} must have a next hop IP address exactly if its next hop type is VirtualAppliance."
        )
        raise refuse("RouteNextHopIpAddressInvalid", message)


def _check_link(call: Call, resource_id: str, given: Json) -> None:
    zone = resource_id.rpartition("/virtualNetworkLinks/")[0]
    network = str(given.get("properties", {}).get("virtualNetwork", {}).get("id", ""))
    existing(call, network, resource_id)
    linked(call, "Microsoft.Network/virtualNetworks/join/action", network)
    for body in call.world.resources.values():
        if str(body["type"]) != LINK or str(body["id"]).lower() == resource_id.lower():
            continue
        other = str(body["id"]).rpartition("/virtualNetworkLinks/")[0]
        joined = str(body["properties"]["virtualNetwork"]["id"]).lower() == network.lower()
        if joined and parse(other).name.lower() == parse(zone).name.lower():
            message = (
                "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link "
                f"virtual network with '{parse(zone).name}' and '{parse(other).name}' zones."
            )
            raise Refused(json_response({"code": "BadRequest", "message": message}, 400))


def _check_firewall(call: Call, resource_id: str, given: Json) -> None:
    properties = given.get("properties", {})
    policy = (properties.get("firewallPolicy") or {}).get("id")
    if not policy:
        return
    existing(call, policy, resource_id)
    kinds = ("networkRuleCollections", "applicationRuleCollections", "natRuleCollections")
    if any(properties.get(kind) for kind in kinds):
        message = f"AzureFirewall {parse(resource_id).name} has both a FirewallPolicy and RuleCollections."
        raise refuse("AzureFirewallPolicyAndRuleCollectionsConflict", message)


CHECKS: Mapping[str, Check] = {
    SUBNET: _check_subnet,
    RULE: _check_rule,
    "Microsoft.Network/routeTables/routes": _check_route,
    LINK: _check_link,
    "Microsoft.Network/azureFirewalls": _check_firewall,
}
"""By type; what is not here takes every body."""
