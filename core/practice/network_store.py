"""How a resource is made or changed from the body that somebody hands in: a request, or a scenario's fault."""

from __future__ import annotations

import copy

from core.practice.arm_id import parse
from core.practice.http import Json
from core.practice.network_bodies import part, peering_body, security_rule_body, subnet_body, top_level
from core.practice.network_effects import split
from core.practice.network_kinds import Kind, kind_of
from core.practice.network_views import other_half
from core.practice.private_link_bodies import (
    authority_record_body,
    link_body,
    record_set_body,
    zone_body,
)
from core.practice.world import World

_ANSWERED = frozenset({"provisioningState", "resourceGuid"})
"""Properties that only answers have."""
_WITHOUT_GUID = frozenset(
    {"Microsoft.Network/azureFirewalls", "Microsoft.Network/firewallPolicies", "Microsoft.Network/ipGroups"}
)
_RECORDS = "Microsoft.Network/privateDnsZones/"
_OF_PEERING = (
    "allowVirtualNetworkAccess",
    "allowForwardedTraffic",
    "allowGatewayTransit",
    "useRemoteGateways",
    "peerCompleteVnets",
    "localSubnetNames",
    "remoteSubnetNames",
)
"""What a request may say of one half of a peering."""


def store(world: World, kind: Kind, resource_id: str, given: Json) -> Json:
    """Put a resource in the world in place of the one that may be there; returns it as it is kept.

    What is not given is as in a new resource, nulls mean "not given". The parts that a body carries become resources
    of their own, in place of those that were there; a body that does not speak of its parts leaves them.
    """
    given = copy.deepcopy(given)
    given["id"] = spelt(kind, resource_id)
    given.setdefault("properties", {})
    carried = {key for key, _ in kind.embedded if given["properties"].get(key) is not None}
    parts = split(kind, given)
    before = world.resource(resource_id)
    body = _fresh(kind, given)
    body["properties"] |= {
        key: value for key, value in given["properties"].items() if value is not None and key not in _ANSWERED
    }
    _name_entries(body)
    if before is not None:
        body["properties"] = {
            **{key: before["properties"][key] for key in _ANSWERED if key in before["properties"]},
            **{key: value for key, value in body["properties"].items() if key not in _ANSWERED},
        }
    for key in ("location", "tags", "sku", "zones"):
        if given.get(key) is not None:
            body[key] = given[key]
    world.add_resource(body)
    for key, type_ in kind.embedded:
        if key in carried:
            _replace_parts(world, body, type_, parts)
    if before is None and kind.type == "Microsoft.Network/privateDnsZones":
        world.add_resource(authority_record_body(body["id"]))
    return body


def _name_entries(body: Json) -> None:
    """Give the named entries of a body's lists the ids that Azure gives them."""
    for key, entries in body["properties"].items():
        if isinstance(entries, list):
            for entry in entries:
                if isinstance(entry, dict) and "properties" in entry and "name" in entry:
                    entry.setdefault("id", f"{body['id']}/{key}/{entry['name']}")
                    entry["properties"].setdefault("provisioningState", "Succeeded")


def spelt(kind: Kind, resource_id: str) -> str:
    """An id with its types spelt as Azure spells them, whatever the caller wrote."""
    head, _, tail = resource_id.rstrip("/").rpartition("/providers/")
    names = tail.split("/")[2::2]
    namespace, *types = kind.type.split("/")
    pieces = [piece for pair in zip(types, names, strict=True) for piece in pair]
    subscription, group = head.split("/")[2], head.split("/")[4]
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/" + "/".join(pieces)


def _fresh(kind: Kind, given: Json) -> Json:
    resource_id = str(given["id"])
    if kind.type == "Microsoft.Network/virtualNetworks/subnets":
        for endpoint in given["properties"].get("serviceEndpoints") or []:
            endpoint |= {"provisioningState": "Succeeded", "locations": endpoint.get("locations") or ["*"]}
        return subnet_body(resource_id, str(given["properties"].get("addressPrefix", "")))
    if kind.type == "Microsoft.Network/networkSecurityGroups/securityRules":
        return security_rule_body(
            resource_id, {key: value for key, value in given["properties"].items() if value is not None}
        )
    if kind.type == "Microsoft.Network/privateDnsZones":
        return zone_body(resource_id)
    if kind.type == "Microsoft.Network/privateDnsZones/virtualNetworkLinks":
        return link_body(resource_id, "")
    if kind.type.startswith(_RECORDS):
        zone, type_, name = resource_id.rsplit("/", 2)
        return record_set_body(zone, type_, name, {}, 3600)
    if kind.parent:
        return part(resource_id, {})
    body = top_level(resource_id, str(given.get("location", "")), {})
    if kind.type in _WITHOUT_GUID:
        del body["properties"]["resourceGuid"]
    return body


def _replace_parts(world: World, body: Json, type_: str, parts: list[Json]) -> None:
    """Make the parts of one type exactly those that were handed in."""
    wanted = [each for each in parts if parse(each["id"]).type.lower() == type_.lower()]
    names = {str(each["id"]).lower() for each in wanted}
    for old in list(world.resources_of(type_, body["id"])):
        if str(old["id"]).lower() not in names:
            world.remove_resource(old["id"])
    kind = kind_of(type_)
    for each in wanted:
        if kind is not None:
            store(world, kind, each["id"], each)


def set_peering(world: World, resource_id: str, given: Json, remote: Json, *, sync: bool) -> Json:
    """Make or change one half of a peering: with an open half on the other side, both become Connected."""
    half = world.resource(resource_id)
    if half is None:
        half = world.add_resource(peering_body(resource_id, remote, state="Initiated", forwarded=False))
    elif half["properties"]["peeringState"] == "Disconnected":
        half["properties"]["peeringState"] = "Initiated"
    properties = given.get("properties", {})
    half["properties"] |= {key: properties[key] for key in _OF_PEERING if properties.get(key) is not None}
    if sync:
        half["properties"]["remoteAddressSpace"] = copy.deepcopy(remote["properties"]["addressSpace"])
    other = other_half(world, half)
    if other is not None and other["properties"]["peeringState"] == "Initiated":
        for each in (half, other):
            each["properties"]["peeringState"] = "Connected"
    return half
