"""Answers of Microsoft.Network and of what else is a plain resource: one of them, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from core.practice.arm_id import parse
from core.practice.http import Response, arm_error, json_response
from core.practice.network_kinds import KINDS, Kind
from core.practice.network_views import shown
from core.practice.routing import Call, Refused, Route, not_found, page

_ZONE = "Microsoft.Network/privateDnsZones"
_REGISTRY = "Microsoft.ContainerRegistry/"
_RECORDS = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/{zone}"


def path_of(call: Call) -> str:
    """The id that the address names."""
    return call.request.path.rstrip("/")


def missing(call: Call) -> Response:
    """Azure's answer for a resource that is not there: each kind of resource has a sentence of its own."""
    parts = parse(path_of(call))
    if parts.type.count("/") == 1:
        return not_found(parts.type, parts.name, parts.group)
    if parts.type.lower().startswith(_REGISTRY.lower()):
        return arm_error(404, "ResourceNotFound", f"The resource {parts.name} could not be found.")
    if parts.type.lower().startswith(_ZONE.lower()):
        what = "virtual network link" if parts.type.lower().endswith("links") else "resource record"
        message = (
            f"The {what} '{parts.name}' does not exist in resource group '{parts.group}' of subscription "
            f"'{parts.subscription}'."
        )
        return json_response({"code": "NotFound", "message": message}, 404)
    message = f"Resource {path_of(call)} not found."
    return json_response({"error": {"code": "NotFound", "message": message, "details": []}}, 404)


def parent_id(resource_id: str) -> str:
    """The id of the resource that another one, or a list of its parts, stands in."""
    head, _, tail = resource_id.rpartition("/providers/")
    segments = tail.split("/")
    return f"{head}/providers/" + "/".join(segments[: -2 if len(segments) % 2 else -1])


def check_parent(call: Call, parent: str) -> None:
    """Refuse a call on a part of something that is not there."""
    if call.world.resource(parent) is None:
        message = (
            "Can not perform requested operation on nested resource. "
            f"Parent resource '{parent.rpartition('/')[2]}' not found."
        )
        raise Refused(arm_error(404, "ParentResourceNotFound", message))


def _get(call: Call) -> Response:
    body = call.world.resource(path_of(call))
    if body is not None:
        return json_response(shown(call.world, body))
    if parse(path_of(call)).type.count("/") > 1:
        check_parent(call, parent_id(path_of(call)))
    return missing(call)


def _list(kind: Kind) -> Route:
    def answer(call: Call) -> Response:
        below = path_of(call).rpartition("/")[0]
        if kind.parent:
            check_parent(call, below)
        else:
            below = below.rpartition("/providers/")[0]
        return page(call, [shown(call.world, body) for body in call.world.resources_of(kind.type, below)])

    return Route("GET", kind.collection, answer)


def _list_everywhere(kind: Kind) -> Route:
    namespace, _, name = kind.type.partition("/")

    def answer(call: Call) -> Response:
        found = call.world.resources_of(kind.type, f"/subscriptions/{call.args['sub']}")
        return page(call, [shown(call.world, body) for body in found])

    return Route("GET", f"/subscriptions/{{sub}}/providers/{namespace}/{name}", answer)


def _all_records(call: Call) -> Response:
    zone = path_of(call).rpartition("/")[0]
    check_parent(call, zone)
    prefix = f"{zone.lower()}/"
    found = [
        body
        for key, body in sorted(call.world.resources.items())
        if key.startswith(prefix) and "/virtualnetworklinks/" not in key
    ]
    return page(call, found)


def _routes() -> Iterator[Route]:
    for kind in KINDS:
        yield Route("GET", kind.one, _get)
        yield _list(kind)
        if kind.everywhere:
            yield _list_everywhere(kind)


ROUTES = (Route("GET", _RECORDS + "/ALL", _all_records), *_routes())
