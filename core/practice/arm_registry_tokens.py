"""Tokens of a registry and their passwords, which pull secrets are made from.

https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions
"""

from __future__ import annotations

import secrets
from datetime import datetime

from core.practice.arm_registry import TYPE, registry_of
from core.practice.arm_scope_maps import scope_map_of
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.registry_bodies import system_data
from core.practice.routing import Call, Refused, Route
from core.practice.world import World, stamp

_REGISTRY = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
_TOKEN = _REGISTRY + "/tokens/{token}"
PASSWORDS = ("password1", "password2")


def add_token(world: World, registry: Json, name: str, scope_map_id: str, made: datetime, owner: str) -> Json:
    """Put an enabled token without passwords in the world and return its body."""
    moment = offset_stamp(made)
    return world.add_resource(
        {
            "type": f"{TYPE}/tokens",
            "id": f"{registry['id']}/tokens/{name}",
            "name": name,
            "systemData": system_data(owner, moment),
            "properties": {
                "creationDate": moment,
                "provisioningState": "Succeeded",
                "scopeMapId": scope_map_id,
                "credentials": {"passwords": []},
                "status": "enabled",
            },
        }
    )


def offset_stamp(moment: datetime) -> str:
    """A time as registries write it: with an offset in place of the Z."""
    return stamp(moment).replace("Z", "+00:00")


def _no_such(name: str) -> Response:
    return arm_error(404, "ResourceNotFound", f"The resource {name} could not be found.")


def _with_scope_map(call: Call, registry: Json, given: Json) -> str:
    """The id of the scope map that a body names; refuses one that the registry has not."""
    name = str(given.get("scopeMapId", "")).rpartition("/")[2]
    if scope_map_of(call.world, registry, name) is None:
        raise Refused(_no_such(name))
    return str(given["scopeMapId"])


def _put(call: Call) -> Response:
    registry = registry_of(call)
    given: Json = call.body().get("properties", {})
    scope_map = _with_scope_map(call, registry, given)
    body = add_token(call.world, registry, call.args["token"], scope_map, call.world.now, call.caller.name)
    body["properties"]["status"] = given.get("status", "enabled")
    return json_response(body, 201)


def _found(call: Call) -> Json:
    body = call.world.resource(f"{registry_of(call)['id']}/tokens/{call.args['token']}")
    if body is None:
        raise Refused(_no_such(call.args["token"]))
    return body


def _get(call: Call) -> Response:
    return json_response(_found(call))


def _patch(call: Call) -> Response:
    token = _found(call)
    given: Json = call.body().get("properties", {})
    if given.get("scopeMapId"):
        token["properties"]["scopeMapId"] = _with_scope_map(call, registry_of(call), given)
    if given.get("status"):
        token["properties"]["status"] = given["status"]
    return json_response(token)


def _generate(call: Call) -> Response:
    registry_of(call)
    given = call.body()
    token = call.world.resource(str(given.get("tokenId", "")))
    if token is None:
        return _no_such(str(given.get("tokenId", "")).rpartition("/")[2])
    names = [given["name"]] if given.get("name") else list(PASSWORDS)
    ends = {"expiry": given["expiry"]} if given.get("expiry") else {}
    made = [{"creationTime": offset_stamp(call.world.now), **ends, "name": name} for name in names]
    kept = [one for one in token["properties"]["credentials"]["passwords"] if one["name"] not in names]
    passwords = sorted((*kept, *made), key=lambda one: str(one["name"]))
    token["properties"]["credentials"] = {"passwords": passwords}
    shown = [one | {"value": secrets.token_hex(26)} if one["name"] in names else one for one in passwords]
    return json_response({"username": token["name"], "passwords": shown})


ROUTES = (
    Route("PUT", _TOKEN, _put),
    Route("GET", _TOKEN, _get),
    Route("PATCH", _TOKEN, _patch),
    Route("POST", _REGISTRY + "/generateCredentials", _generate),
)
