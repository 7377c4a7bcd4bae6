"""Answers of Microsoft Graph (v1.0): the signed-in user, applications, service principals, groups.

https://learn.microsoft.com/graph/api/overview
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlencode

from core.practice.arm_id import guid
from core.practice.http import GRAPH_HOST, Json, Request, Response, json_response
from core.practice.routing import Call, Refused, Route
from core.practice.world import DirectoryObject, utc_now

_KINDS = {
    "users": "user",
    "groups": "group",
    "serviceprincipals": "servicePrincipal",
    "applications": "application",
}
_SETS = {kind: name for name, kind in (("users", "user"), ("groups", "group"))} | {
    "servicePrincipal": "servicePrincipals",
    "application": "applications",
}
_METADATA = f"https://{GRAPH_HOST}/v1.0/$metadata"
_GRAPH_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_NEEDS_APPLICATION_READ = frozenset({"servicePrincipal", "application"})
_TERM = re.compile(r"(\w+) eq '([^']*)'", re.IGNORECASE)
_ANY_NAME = re.compile(r"servicePrincipalNames/any\((\w+):\s*\1 eq '([^']*)'\)", re.IGNORECASE)
_PREFIX = re.compile(r"startswith\((\w+),\s*'([^']*)'\)", re.IGNORECASE)


def graph_error(request: Request, status: int, code: str, message: str) -> Response:
    """An error in Graph's envelope."""
    number = guid("graph-request", request.method, request.url)
    inner = {"date": f"{utc_now():%Y-%m-%dT%H:%M:%S}", "request-id": number, "client-request-id": number}
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return json_response(body, status, {"content-type": "application/json"})


def unauthorized(request: Request, message: str) -> Response:
    """The 401 for a token that Graph does not take."""
    refusal = graph_error(request, 401, "InvalidAuthenticationToken", message)
    return Response(401, {**refusal.headers, "www-authenticate": "Bearer"}, refusal.body)


def insufficient(request: Request) -> Response:
    """The 403 for a sign-in that does not carry the permission that a call takes."""
    message = "Insufficient privileges to complete the operation."
    return graph_error(request, 403, "Authorization_RequestDenied", message)


def refuse_without_read(call: Call, kind: str) -> None:
    """Refuse where the sign-in does not carry the permission to read applications and service principals."""
    if kind in _NEEDS_APPLICATION_READ and not call.world.reads_applications:
        raise Refused(insufficient(call.request))


def missing(call: Call, key: str) -> Response:
    """The answer for an object that is not in the caller's directory."""
    message = f"Resource '{key}' does not exist or one of its queried reference-property objects are not present."
    return graph_error(call.request, 404, "Request_ResourceNotFound", message)


def answer(body: Json, status: int = 200) -> Response:
    """A body in the content type that Graph uses."""
    return json_response(body, status, {"content-type": _GRAPH_TYPE})


def _selected(call: Call, body: Json) -> Json:
    names = [name for name in call.request.query.get("$select", "").split(",") if name]
    return {name: body[name] for name in names if name in body} if names else body


def _entity(call: Call, entry: DirectoryObject) -> Response:
    select = call.request.query.get("$select", "")
    context = f"{_METADATA}#{_SETS[entry.kind]}{f'({select})' if select else ''}/$entity"
    return answer({"@odata.context": context, **_selected(call, entry.body)})


def _here(call: Call, kind: str) -> Iterable[DirectoryObject]:
    for _, entry in sorted(call.world.directory.items()):
        if entry.kind == kind and entry.tenant == call.caller.tenant:
            yield entry


def _me(call: Call) -> Response:
    entry = call.world.directory[call.caller.object_id]
    if entry.kind != "user":
        message = "/me request is only valid with delegated authentication flow."
        return graph_error(call.request, 400, "BadRequest", message)
    return _entity(call, entry)


def _get(call: Call) -> Response:
    kind = _KINDS[call.args["set"].lower()]
    refuse_without_read(call, kind)
    entry = call.world.directory.get(call.args["id"].lower())
    if entry is None or entry.kind != kind or entry.tenant != call.caller.tenant:
        return missing(call, call.args["id"])
    return _entity(call, entry)


def _get_by_app_id(call: Call) -> Response:
    kind = _KINDS[call.args["set"].lower()]
    refuse_without_read(call, kind)
    find = call.world.application_of if kind == "application" else call.world.service_principal_of
    entry = find(call.args["app"], call.caller.tenant)
    return _entity(call, entry) if entry else missing(call, call.args["app"])


def _list(call: Call) -> Response:
    kind = _KINDS[call.args["set"].lower()]
    refuse_without_read(call, kind)
    found = [entry.body for entry in _here(call, kind) if _passes(call, entry.body)]
    return _collection(call, f"#{_SETS[kind]}", found)


def _passes(call: Call, body: Json) -> bool:
    text = call.filter
    if not text:
        return True
    tests = []
    for term in re.split(r"\s+or\s+", text, flags=re.IGNORECASE):
        equals, any_name, prefix = _TERM.fullmatch(term), _ANY_NAME.fullmatch(term), _PREFIX.fullmatch(term)
        if equals:
            tests.append(str(body.get(equals.group(1)) or "").lower() == equals.group(2).lower())
        elif any_name:
            names = [str(name).lower() for name in body.get("servicePrincipalNames", [])]
            tests.append(any_name.group(2).lower() in names)
        elif prefix:
            tests.append(str(body.get(prefix.group(1)) or "").lower().startswith(prefix.group(2).lower()))
        else:
            message = "Unsupported or invalid query filter clause specified."
            raise Refused(graph_error(call.request, 400, "Request_UnsupportedQuery", message))
    return any(tests)


def _collection(call: Call, context: str, bodies: list[Json]) -> Response:
    size = call.world.page_size
    token = call.request.query.get("$skiptoken", "0")
    start = int(token) if token.isdigit() else 0
    body: Json = {"@odata.context": f"{_METADATA}{context}"}
    if start + size < len(bodies):
        kept = {name: value for name, value in call.request.query.items() if name != "$skiptoken"}
        query = urlencode({**kept, "$skiptoken": start + size}, safe="$", quote_via=quote)
        body["@odata.nextLink"] = f"https://{GRAPH_HOST}{quote(call.request.path)}?{query}"
    body["value"] = [
        {**({"@odata.type": each["@odata.type"]} if "@odata.type" in each else {}), **_selected(call, each)}
        for each in bodies[start : start + size]
    ]
    return answer(body)


def _typed(entry: DirectoryObject) -> Json:
    return {"@odata.type": f"#microsoft.graph.{entry.kind}", **entry.body}


def _by_ids(call: Call) -> Response:
    if not call.world.reads_applications:
        return insufficient(call.request)
    body = call.body()
    wanted = {str(given).lower() for given in body.get("ids", [])}
    kinds = {str(kind).lower() for kind in body.get("types") or ["directoryObject"]}
    found = [
        _typed(entry)
        for key, entry in sorted(call.world.directory.items())
        if key in wanted
        and entry.tenant == call.caller.tenant
        and (entry.kind.lower() in kinds or "directoryobject" in kinds)
    ]
    return _collection(call, "#directoryObjects", found)


def _member_of(call: Call) -> Response:
    kind = _KINDS[call.args["set"].lower()]
    refuse_without_read(call, kind)
    entry = call.world.directory.get(call.args["id"].lower())
    if entry is None or entry.kind != kind or entry.tenant != call.caller.tenant:
        return missing(call, call.args["id"])
    return _collection(call, "#directoryObjects", [_typed(group) for group in call.world.groups_of(entry.id)])


def _my_member_of(call: Call) -> Response:
    groups = [_typed(group) for group in call.world.groups_of(call.caller.object_id)]
    return _collection(call, "#directoryObjects", groups)


ROUTES = (
    Route("GET", "/v1.0/me", _me),
    Route("GET", "/v1.0/me/transitiveMemberOf", _my_member_of),
    Route("GET", "/v1.0/me/transitiveMemberOf/microsoft.graph.group", _my_member_of),
    Route("POST", "/v1.0/directoryObjects/getByIds", _by_ids),
    Route("GET", "/v1.0/{set}(appId='{app}')", _get_by_app_id, only="servicePrincipals|applications"),
    Route("GET", "/v1.0/{set}", _list, only="users|groups|servicePrincipals|applications"),
    Route("GET", "/v1.0/{set}/{id}", _get, only="users|groups|servicePrincipals|applications"),
    Route("GET", "/v1.0/{set}/{id}/transitiveMemberOf", _member_of, only="users|groups|servicePrincipals"),
    Route(
        "GET",
        "/v1.0/{set}/{id}/transitiveMemberOf/microsoft.graph.group",
        _member_of,
        only="users|groups|servicePrincipals",
    ),
)
