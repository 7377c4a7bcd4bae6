"""Answers of Microsoft.ManagedIdentity: user-assigned identities."""

from __future__ import annotations

from core.practice.http import Json, Response, json_response
from core.practice.routing import Call, Route, not_found, page

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
_IN_GROUP = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
_ISOLATION_SINCE = "2024-11-30"


def _as_of(body: Json, api_version: str) -> Json:
    if api_version < _ISOLATION_SINCE:
        return body
    return body | {"properties": {"isolationScope": "None", **body["properties"]}}


def _get(call: Call) -> Response:
    body = call.world.resource(call.request.path.rstrip("/"))
    if body is None:
        return not_found(TYPE, call.args["name"], call.args["group"])
    return json_response(_as_of(body, call.api_version))


def _list_by_subscription(call: Call) -> Response:
    return _list(call, f"/subscriptions/{call.args['sub']}")


def _list_by_group(call: Call) -> Response:
    return _list(call, f"/subscriptions/{call.args['sub']}/resourceGroups/{call.args['group']}")


def _list(call: Call, scope: str) -> Response:
    return page(call, [_as_of(body, call.api_version) for body in call.world.resources_of(TYPE, scope)])


ROUTES = (
    Route("GET", _IN_GROUP + "/{name}", _get),
    Route("GET", _IN_GROUP, _list_by_group),
    Route(
        "GET",
        "/subscriptions/{sub}/providers/Microsoft.ManagedIdentity/userAssignedIdentities",
        _list_by_subscription,
    ),
)
