"""What changes private endpoints, their zone groups, and a registry's view of them.

https://learn.microsoft.com/azure/private-link/rbac-permissions
"""

from __future__ import annotations

from core.practice.arm_id import parse
from core.practice.arm_network import check_parent, missing, parent_id, path_of
from core.practice.http import Json, Response, json_response
from core.practice.network_checks import existing, linked, refuse
from core.practice.network_kinds import kind_of
from core.practice.network_store import spelt
from core.practice.network_views import shown
from core.practice.private_link import attach_zones, connect, registry_members
from core.practice.private_link_bodies import endpoint_body
from core.practice.registry_regions import settle_data_endpoints
from core.practice.routing import Call, Route

_GROUP = "/subscriptions/{sub}/resourceGroups/{group}/providers"
_ENDPOINT = _GROUP + "/Microsoft.Network/privateEndpoints/{name}"
_ZONE_GROUP = _ENDPOINT + "/privateDnsZoneGroups/{zones}"
_CONNECTION = _GROUP + "/Microsoft.ContainerRegistry/registries/{name}/privateEndpointConnections/{connection}"
_APPROVE = "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action"


def _own_id(call: Call) -> str:
    kind = kind_of(parse(path_of(call)).type)
    return spelt(kind, path_of(call)) if kind else path_of(call)


def _put_endpoint(call: Call) -> Response:
    """Make an endpoint: approved by whoever may approve, and waiting where approval was asked for by hand."""
    resource_id = _own_id(call)
    given = call.body()
    properties = given.get("properties", {})
    manual = properties.get("manualPrivateLinkServiceConnections") or []
    wanted = (properties.get("privateLinkServiceConnections") or manual)[0]["properties"]
    subnet = existing(call, str(properties["subnet"]["id"]), resource_id)
    linked(call, "Microsoft.Network/virtualNetworks/subnets/join/action", str(subnet["id"]))
    registry = existing(call, str(wanted["privateLinkServiceId"]), resource_id)
    if wanted.get("groupIds") != ["registry"]:
        message = (
            f"Call to Microsoft.ContainerRegistry/registries failed. The group ids of {resource_id} are unknown."
        )
        raise refuse("InvalidGroupIds", message)
    if not manual:
        linked(call, _APPROVE, str(registry["id"]))
    before = call.world.resource(resource_id)
    if before is not None:
        return json_response(shown(call.world, before))
    endpoint = endpoint_body(
        resource_id, str(given["location"]), str(subnet["id"]), str(registry["id"]), manual=bool(manual)
    )
    members = registry_members(call.world, registry, subnet)
    status, why = ("Pending", "") if manual else ("Approved", "Auto-Approved")
    connect(call.world, endpoint, members, status, why)
    settle_data_endpoints(call.world, registry, enabled=True)
    return json_response(shown(call.world, endpoint), 201)


def _put_zone_group(call: Call) -> Response:
    resource_id = _own_id(call)
    check_parent(call, parent_id(resource_id))
    configurations = call.body().get("properties", {}).get("privateDnsZoneConfigs") or []
    zones = [str(each["properties"]["privateDnsZoneId"]) for each in configurations]
    for zone in zones:
        existing(call, zone, resource_id)
        linked(call, "Microsoft.Network/privateDnsZones/join/action", zone)
    before = call.world.resource(resource_id)
    body = attach_zones(call.world, resource_id, zones)
    for shown_as, given in zip(body["properties"]["privateDnsZoneConfigs"], configurations, strict=True):
        shown_as["name"] = given["name"]
        shown_as["id"] = f"{resource_id}/privateDnsZoneConfigs/{given['name']}"
    return json_response(body, 200 if before is not None else 201)


def _put_connection(call: Call) -> Response:
    """Approve or reject an endpoint, from the registry's side."""
    connection = call.world.resource(path_of(call))
    if connection is None:
        return missing(call)
    linked(call, _APPROVE, path_of(call).rpartition("/privateEndpointConnections/")[0])
    given: Json = call.body()["properties"]["privateLinkServiceConnectionState"]
    state = connection["properties"]["privateLinkServiceConnectionState"]
    if state["status"] in ("Rejected", "Disconnected") and given["status"] == "Approved":
        message = "Private Endpoint Connection Status is not Pending"
        raise refuse("PrivateEndpointConnectionStatusNotPending", message)
    state |= {key: value for key, value in given.items() if value is not None}
    return json_response(connection)


ROUTES = (
    Route("PUT", _ENDPOINT, _put_endpoint),
    Route("PUT", _ZONE_GROUP, _put_zone_group),
    Route("PUT", _CONNECTION, _put_connection),
)
