"""Answers of Microsoft.Resources: tenants, subscriptions, groups and resources, as far as the caller may see them."""

from __future__ import annotations

import re

from core.practice.arm_id import parse
from core.practice.call_faults import Target, authorization_failed
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.permissions import may, principals_of
from core.practice.routing import Call, Refused, Route, page
from core.practice.tokens import Caller
from core.practice.world import World

_TENANT_AWARE_SINCE = "2019-06-01"
_EQUALS = re.compile(r"(\w+) eq '([^']*)'", re.IGNORECASE)
_LISTED = ("id", "name", "type", "kind", "location", "managedBy", "sku", "identity", "tags")


def sees_subscription(world: World, caller: Caller, subscription: str) -> bool:
    """Whether a caller sees a subscription: a role assignment on it, above it or inside it makes it visible."""
    body = world.subscriptions[subscription]
    delegated = {str(manager["tenantId"]) for manager in body["managedByTenants"]}
    if caller.tenant != body["tenantId"] and caller.tenant not in delegated:
        return False
    scope = f"/subscriptions/{subscription}"
    above = set(world.scopes(scope))
    principals = principals_of(world, caller.object_id)
    for assignment in world.role_assignments.values():
        properties = assignment["properties"]
        at = str(properties["scope"]).lower()
        if properties["principalId"] in principals and (at in above or at.startswith(scope + "/")):
            return True
    return False


def _subscription_as_of(body: Json, api_version: str) -> Json:
    if api_version >= _TENANT_AWARE_SINCE:
        return body
    return {key: value for key, value in body.items() if key not in ("tenantId", "managedByTenants")}


def _list_subscriptions(call: Call) -> Response:
    visible = [
        _subscription_as_of(body, call.api_version)
        for key, body in sorted(call.world.subscriptions.items())
        if sees_subscription(call.world, call.caller, key)
    ]
    answer = page(call, visible).json()
    return json_response(answer | {"count": {"type": "Total", "value": len(visible)}})


def _get_subscription(call: Call) -> Response:
    key = call.args["sub"].lower()
    if not sees_subscription(call.world, call.caller, key):
        scope = f"/subscriptions/{call.args['sub']}"
        action = "Microsoft.Resources/subscriptions/read"
        return authorization_failed(Target(call.caller.name, call.caller.object_id, action, scope))
    return json_response(_subscription_as_of(call.world.subscriptions[key], call.api_version))


def _list_tenants(call: Call) -> Response:
    known = [
        body
        for tenant, body in sorted(call.world.tenants.items())
        if call.world.guest_of(call.caller.object_id, tenant) is not None
    ]
    if call.api_version < _TENANT_AWARE_SINCE:
        known = [{"id": body["id"], "tenantId": body["tenantId"]} for body in known]
    return json_response({"value": known})


def _list_groups(call: Call) -> Response:
    prefix = f"/subscriptions/{call.args['sub']}/resourcegroups/".lower()
    visible = [
        body
        for key, body in sorted(call.world.groups.items())
        if key.startswith(prefix)
        and may(call.world, call.caller.object_id, "Microsoft.Resources/subscriptions/resourceGroups/read", key)
    ]
    return page(call, visible)


def _list_resources(call: Call) -> Response:
    wanted = {key.lower(): value.lower() for key, value in _EQUALS.findall(call.filter)}
    if set(wanted) - {"resourcetype", "name"} or (call.filter and not wanted):
        raise Refused(arm_error(400, "InvalidFilterInQueryString", f"Invalid $filter '{call.filter}' specified."))
    found = []
    for key, body in sorted(call.world.resources.items()):
        parts = parse(key)
        if parts.subscription != call.args["sub"].lower() or parts.type.count("/") != 1:
            continue
        if wanted.get("resourcetype", parts.type) != parts.type or wanted.get("name", parts.name) != parts.name:
            continue
        if may(call.world, call.caller.object_id, f"{parts.type}/read", key):
            found.append({name: body[name] for name in _LISTED if name in body})
    return page(call, found)


def _get_group(call: Call) -> Response:
    return json_response(call.world.groups[call.request.path.rstrip("/").lower()])


ROUTES = (
    Route("GET", "/tenants", _list_tenants, open=True),
    Route("GET", "/subscriptions", _list_subscriptions, open=True),
    Route("GET", "/subscriptions/{sub}", _get_subscription, open=True),
    Route("GET", "/subscriptions/{sub}/resources", _list_resources, open=True),
    Route("GET", "/subscriptions/{sub}/resourceGroups", _list_groups, open=True),
    Route("GET", "/subscriptions/{sub}/resourceGroups/{group}", _get_group),
)
