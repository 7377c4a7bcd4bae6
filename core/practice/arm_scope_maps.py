"""Scope maps of a registry: what its tokens may do in which repositories.

https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions
"""

from __future__ import annotations

from core.practice.arm_registry import TYPE, registry_of
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.registry_bodies import system_data
from core.practice.routing import Call, Route
from core.practice.world import World, stamp

_ONE = (
    "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
    "/scopeMaps/{map}"
)
_READ = ("content/read",)
_SYSTEM_MAPS = {
    "_repositories_admin": ("content/delete", "content/read", "content/write", "metadata/read", "metadata/write"),
    "_repositories_pull": _READ,
    "_repositories_pull_metadata_read": (*_READ, "metadata/read"),
    "_repositories_push": (*_READ, "content/write"),
    "_repositories_push_metadata_write": (*_READ, "content/write", "metadata/read", "metadata/write"),
}
"""Azure's own, which every registry has and nobody can change."""


def scope_map_of(world: World, registry: Json, name: str) -> Json | None:
    """A scope map of a registry, one of Azure's own included; None where there is none of that name."""
    if name in _SYSTEM_MAPS:
        actions = [f"repositories/*/{action}" for action in _SYSTEM_MAPS[name]]
        made = str(registry["properties"]["creationDate"]).replace("Z", "+00:00")
        return _body(registry, name, actions, made, str(registry["systemData"]["createdBy"]), "SystemDefined")
    return world.resource(f"{registry['id']}/scopeMaps/{name}")


def add_scope_map(world: World, registry: Json, name: str, actions: list[str], owner: str) -> Json:
    """Put a scope map in the world and return its body."""
    made = stamp(world.now).replace("Z", "+00:00")
    return world.add_resource(_body(registry, name, actions, made, owner, "UserDefined"))


def _body(registry: Json, name: str, actions: list[str], made: str, owner: str, kind: str) -> Json:
    return {
        "type": f"{TYPE}/scopeMaps",
        "id": f"{registry['id']}/scopeMaps/{name}",
        "name": name,
        "systemData": system_data(owner, made),
        "properties": {
            "type": kind,
            "creationDate": made,
            "provisioningState": "Succeeded",
            "actions": actions,
        },
    }


def _get(call: Call) -> Response:
    body = scope_map_of(call.world, registry_of(call), call.args["map"])
    if body is None:
        return arm_error(404, "ResourceNotFound", f"The resource {call.args['map']} could not be found.")
    return json_response(body)


def _write(call: Call) -> Response:
    registry, name = registry_of(call), call.args["map"]
    actions = list(call.body().get("properties", {}).get("actions", []))
    if name.startswith("_"):
        return arm_error(400, "ScopeMapNameInvalid", f"The scope map {name} is defined by the system.")
    present = scope_map_of(call.world, registry, name)
    if present is None:
        return json_response(add_scope_map(call.world, registry, name, actions, call.caller.name), 201)
    present["properties"]["actions"] = actions
    return json_response(present)


ROUTES = (
    Route("GET", _ONE, _get),
    Route("PUT", _ONE, _write),
    Route("PATCH", _ONE, _write),
)
