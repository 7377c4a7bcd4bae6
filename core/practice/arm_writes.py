"""What changes registries, their replicas and user-assigned identities."""

from __future__ import annotations

from core.practice.arm_registry import as_of, registry_of
from core.practice.http import Json, Response, arm_error, json_response, merge
from core.practice.reconcile import make_identity
from core.practice.registry_regions import add_replica, remove_replica, settle_data_endpoints
from core.practice.routing import Call, Refused, Route

_REGISTRY = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
_IDENTITY = (
    "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
)

_PREMIUM_ONLY = ("networkRuleSet", "dataEndpointEnabled", "publicNetworkAccess")


def _patch_registry(call: Call) -> Response:
    registry = registry_of(call)
    given = call.body()
    properties = registry["properties"]
    if given.get("sku"):
        _change_tier(registry, str(given["sku"]["name"]))
    wanted: Json = given.get("properties") or {}
    if registry["sku"]["name"] != "Premium":
        _check_tier(wanted)
    merge(properties, wanted)
    settle_data_endpoints(call.world, registry, enabled=bool(properties["dataEndpointEnabled"]))
    return json_response(as_of(registry, call.api_version))


def _change_tier(registry: Json, tier: str) -> None:
    registry["sku"] = {"name": tier, "tier": tier}
    if tier == "Premium":
        open_to_all = {"defaultAction": "Allow", "virtualNetworkRules": [], "ipRules": []}
        registry["properties"].setdefault("networkRuleSet", open_to_all)
    else:
        registry["properties"].pop("networkRuleSet", None)


def _check_tier(wanted: Json) -> None:
    """Refuse what only Premium registries have."""
    for key in _PREMIUM_ONLY:
        if wanted.get(key) and wanted[key] != "Enabled":
            message = f"The value of {key} can only be set for Premium registries."
            raise Refused(arm_error(400, "SkuNotSupported", message))


def _put_replica(call: Call) -> Response:
    registry = registry_of(call)
    if registry["sku"]["name"] != "Premium":
        raise Refused(arm_error(400, "SkuNotSupported", "Replications can only be made of Premium registries."))
    region = str(call.body().get("location") or call.args["region"]).lower().replace(" ", "")
    there = call.world.resource(f"{registry['id']}/replications/{region}")
    if there is not None:
        merge(there["properties"], call.body().get("properties") or {})
        return json_response(there)
    return json_response(add_replica(call.world, registry, region), 201)


def _delete_replica(call: Call) -> Response:
    registry = registry_of(call)
    remove_replica(call.world, registry, call.args["region"].lower())
    return Response(200)


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
    Route("PUT", _REGISTRY + "/replications/{region}", _put_replica),
    Route("DELETE", _REGISTRY + "/replications/{region}", _delete_replica),
    Route("PATCH", _REGISTRY, _patch_registry),
    Route("PUT", _IDENTITY, _put_identity),
)
