"""Tokens of a registry and their passwords, which pull secrets are made from.

https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions
"""

from __future__ import annotations

import secrets

from core.practice.arm_registry import TYPE, registry_of
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.registry_bodies import system_data
from core.practice.routing import Call, Refused, Route, not_found
from core.practice.world import stamp

_REGISTRY = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
_SYSTEM_MAPS = frozenset(
    {"_repositories_admin", "_repositories_pull", "_repositories_pull_metadata_read", "_repositories_push"}
)


def _registry(call: Call) -> Json:
    registry = registry_of(call)
    if registry is None:
        raise Refused(not_found(TYPE, call.args["name"], call.args["group"]))
    return registry


def _no_such(name: str) -> Response:
    return arm_error(404, "ResourceNotFound", f"The resource {name} could not be found.")


def _put(call: Call) -> Response:
    registry = _registry(call)
    given: Json = call.body().get("properties", {})
    scope_map = str(given.get("scopeMapId", ""))
    if scope_map.rpartition("/")[2] not in _SYSTEM_MAPS:
        return _no_such(scope_map.rpartition("/")[2])
    moment = stamp(call.world.now).replace("Z", "+00:00")
    body: Json = {
        "type": f"{TYPE}/tokens",
        "id": f"{registry['id']}/tokens/{call.args['token']}",
        "name": call.args["token"],
        "systemData": system_data(call.caller.name, moment),
        "properties": {
            "creationDate": moment,
            "provisioningState": "Succeeded",
            "scopeMapId": scope_map,
            "credentials": {"passwords": []},
            "status": given.get("status", "enabled"),
        },
    }
    return json_response(call.world.add_resource(body), 201)


def _get(call: Call) -> Response:
    body = call.world.resource(f"{_registry(call)['id']}/tokens/{call.args['token']}")
    return json_response(body) if body else _no_such(call.args["token"])


def _generate(call: Call) -> Response:
    _registry(call)
    token = call.world.resource(str(call.body().get("tokenId", "")))
    if token is None:
        return _no_such(str(call.body().get("tokenId", "")).rpartition("/")[2])
    moment = stamp(call.world.now).replace("Z", "+00:00")
    kept = [{"creationTime": moment, "name": name} for name in ("password1", "password2")]
    token["properties"]["credentials"] = {"passwords": kept}
    passwords = [password | {"value": secrets.token_hex(26)} for password in kept]
    return json_response({"username": token["name"], "passwords": passwords})


ROUTES = (
    Route("PUT", _REGISTRY + "/tokens/{token}", _put),
    Route("GET", _REGISTRY + "/tokens/{token}", _get),
    Route("POST", _REGISTRY + "/generateCredentials", _generate),
)
