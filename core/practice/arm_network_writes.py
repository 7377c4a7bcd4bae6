"""What changes networks: any of their resources is put, patched or deleted, and what follows from it happens.

Operations finish at once; their answers already say so.
"""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Iterator

from core.practice.arm_id import guid, parse
from core.practice.arm_network import check_parent, parent_id, path_of
from core.practice.http import Json, Response, json_response, merge
from core.practice.network_checks import CHECKS, existing, linked, refuse
from core.practice.network_effects import remove
from core.practice.network_kinds import KINDS, Kind
from core.practice.network_store import set_peering, spelt, store
from core.practice.network_views import NETWORK, PEERING, SUBNET, other_half, shown
from core.practice.routing import Call, Refused, Route

_OWN_WAY = frozenset(
    {
        PEERING,
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.ContainerRegistry/registries/privateEndpointConnections",
    }
)
"""Types whose PUT does more than to keep what it was given."""

_IN_USE = {
    "networkSecurityGroup": "InUseNetworkSecurityGroupCannotBeDeleted",
    "routeTable": "InUseRouteTableCannotBeDeleted",
    "natGateway": "InUseNatGatewayCannotBeDeleted",
}


def _put(kind: Kind) -> Route:
    def answer(call: Call) -> Response:
        return keep(call, kind, call.body())

    return Route("PUT", kind.one, answer)


def _patch(kind: Kind) -> Route:
    def answer(call: Call) -> Response:
        before = call.world.resource(path_of(call))
        if before is None:
            raise refuse("NotFound", f"Resource {path_of(call)} not found.", 404)
        given = copy.deepcopy(before)
        merge(given, call.body())
        return keep(call, kind, given)

    return Route("PATCH", kind.one, answer)


def keep(call: Call, kind: Kind, given: Json) -> Response:
    """Check what was handed in for the address of a call, keep it, and answer with it."""
    resource_id = spelt(kind, path_of(call))
    if kind.parent:
        check_parent(call, parent_id(resource_id))
    check = CHECKS.get(kind.type)
    if check is not None:
        check(call, resource_id, given)
    before = call.world.resource(resource_id)
    if before is not None and before.get("location") and not given.get("location"):
        given = given | {"location": before["location"]}
    if kind.type == "Microsoft.Network/publicIPAddresses":
        given = given | {"properties": _addressed(given.get("properties", {}), before, resource_id)}
    body = store(call.world, kind, resource_id, given)
    return json_response(shown(call.world, body), 200 if before is not None else 201)


def _addressed(properties: Json, before: Json | None, resource_id: str) -> Json:
    """The properties of a public address with the address that Azure has for it."""
    number = int(guid("public address", resource_id)[:4], 16)
    address = before["properties"]["ipAddress"] if before else f"20.76.{number >> 8}.{number & 255}"
    return properties | {"ipAddress": address}


def _delete(kind: Kind) -> Route:
    def answer(call: Call) -> Response:
        body = call.world.resource(path_of(call))
        if body is None:
            return Response(204)
        _check_unused(call, shown(call.world, body))
        remove(call.world, path_of(call))
        return Response(200)

    return Route("DELETE", kind.one, answer)


def _check_unused(call: Call, body: Json) -> None:
    """Refuse to delete what something else hangs on."""
    own = str(body["id"]).lower()
    for other in call.world.resources.values():
        for key, code in _IN_USE.items():
            if other["type"] == SUBNET and _reference(other, key) == own:
                message = f"{body['name']} cannot be deleted because it is in use by the following resources: "
                raise refuse(code, f"{message}{other['id']}.")
        if "ipConfigurations" in other["properties"] and body["type"] in (SUBNET, NETWORK):
            inside = [_reference(each, "subnet") for each in other["properties"]["ipConfigurations"] if "id" in each]
            if any(f"{each}/".startswith(f"{own}/") for each in inside):
                message = f"Subnet {parse(inside[0]).name} is in use by {other['id']} and cannot be deleted."
                raise refuse("InUseSubnetCannotBeDeleted", message)
    if body["properties"].get("numberOfVirtualNetworkLinks"):
        message = (
            "Can not delete resource before nested resources are deleted. "
            f"Private DNS zone '{body['name']}' has virtual network links."
        )
        raise Refused(json_response({"code": "CannotDeleteResource", "message": message}, 409))


def _reference(body: Json, key: str) -> str:
    return str((body["properties"].get(key) or {}).get("id", "")).lower()


def _put_peering(call: Call) -> Response:
    """Make one half of a peering. The half of the other side decides what comes of it.

    https://learn.microsoft.com/troubleshoot/azure/virtual-network/virtual-network-troubleshoot-peering-issues
    """
    (kind,) = (kind for kind in KINDS if kind.type == PEERING)
    resource_id = spelt(kind, path_of(call))
    here = parent_id(resource_id)
    check_parent(call, here)
    given = call.body()
    remote_id = str(given.get("properties", {}).get("remoteVirtualNetwork", {}).get("id", ""))
    remote = existing(call, remote_id, resource_id)
    linked(call, "Microsoft.Network/virtualNetworks/peer/action", str(remote["id"]))
    before = call.world.resource(resource_id)
    _check_peering(call, resource_id, here, remote)
    _check_gateway(call, resource_id, given)
    sync = call.request.query.get("syncremoteaddressspace", "").lower() == "true"
    half = set_peering(call.world, resource_id, given, remote, sync=sync)
    return json_response(shown(call.world, half), 200 if before is not None else 201)


def _check_peering(call: Call, resource_id: str, here: str, remote: Json) -> None:
    for other in call.world.resources_of(PEERING, here):
        names_it = _reference(other, "remoteVirtualNetwork") == str(remote["id"]).lower()
        if names_it and str(other["id"]).lower() != resource_id.lower():
            message = (
                f"Peering {resource_id} cannot be created because another peering {other['id']} already references "
                f"remote virtual network {remote['id']}."
            )
            raise refuse("AnotherPeeringAlreadyReferencesRemoteVnet", message)
    asked = {"id": resource_id, "properties": {"remoteVirtualNetwork": {"id": remote["id"]}}}
    opposite = other_half(call.world, asked)
    if opposite is not None and opposite["properties"]["peeringState"] == "Disconnected":
        message = (
            f"Cannot create or update peering {resource_id}. Because remote peering {opposite['id']} referencing "
            f"parent virtual network {here} is in Disconnected state. Update or re-create the remote peering to get "
            "it back to Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted and "
            "re-created."
        )
        raise refuse("RemotePeeringIsDisconnected", message)
    ours = call.world.resources[here.lower()]
    for left in _ranges(ours):
        if any(left.overlaps(right) for right in _ranges(remote)):
            message = (
                f"Cannot create or update peering {resource_id}. Virtual networks {here} and {remote['id']} cannot "
                "be peered because their address spaces overlap."
            )
            raise refuse("VnetAddressSpacesOverlap", message)


def _check_gateway(call: Call, resource_id: str, given: Json) -> None:
    """Let a half use the other network's gateway only while the other half offers it; the words are not recorded.

    https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
    """
    opposite = other_half(call.world, {**given, "id": resource_id})
    offered = opposite is not None and opposite["properties"].get("allowGatewayTransit")
    if given["properties"].get("useRemoteGateways") and not offered:
        message = (
            f"Peering {resource_id} cannot have UseRemoteGateways flag set to true because the remote peering does "
            "not have AllowGatewayTransit flag set to true."
        )
        raise refuse("RemotePeeringDoesNotAllowGatewayTransit", message)


def _ranges(network: Json) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(each) for each in network["properties"]["addressSpace"]["addressPrefixes"]]


def _routes() -> Iterator[Route]:
    for kind in KINDS:
        if kind.type == PEERING:
            yield Route("PUT", kind.one, _put_peering)
        elif kind.type not in _OWN_WAY:
            yield _put(kind)
            yield _patch(kind)
        yield _delete(kind)


ROUTES = tuple(_routes())
