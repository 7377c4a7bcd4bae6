"""What changes registries and user-assigned identities."""

from __future__ import annotations

from core.practice.arm_registry import TYPE, as_of, registry_of
from core.practice.http import Response, arm_error, json_response, merge
from core.practice.reconcile import make_identity
from core.practice.routing import Call, Route, not_found

_REGISTRY = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
_IDENTITY = (
    "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
)


def _patch_registry(call: Call) -> Response:
    registry = registry_of(call)
    if registry is None:
        return not_found(TYPE, call.args["name"], call.args["group"])
    given = call.body()
    if "sku" in given:
        registry["sku"] = {"name": given["sku"]["name"], "tier": given["sku"]["name"]}
    merge(registry["properties"], given.get("properties", {}))
    return json_response(as_of(registry, call.api_version))


def _put_identity(call: Call) -> Response:
    existing = call.world.resource(call.request.path.rstrip("/"))
    if existing is not None:
        return json_response(existing)
    location = str(call.body().get("location", ""))
    if not location:
        return arm_error(400, "LocationRequired", "The location property is required for this definition.")
    args = call.args
    return json_response(make_identity(call.world, args["sub"], args["group"], args["name"], location), 201)


ROUTES = (
    Route("PATCH", _REGISTRY, _patch_registry),
    Route("PUT", _IDENTITY, _put_identity),
)
