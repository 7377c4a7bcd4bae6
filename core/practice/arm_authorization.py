"""Answers of Microsoft.Authorization: role assignments, role definitions, deny assignments, the caller's permissions.

The semantics of `$filter` are those of
https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from core.practice.http import Json, Response, arm_error, json_response
from core.practice.permissions import blocks_of, principals_of
from core.practice.routing import Call, Refused, Route, page

_AUTHORIZATION = "{scope}/providers/Microsoft.Authorization"
_AT_SCOPE = re.compile(r"atscope\(\)", re.IGNORECASE)
_ASSIGNED_TO = re.compile(r"assignedto\('([^']+)'\)", re.IGNORECASE)
_EQUALS = re.compile(r"(\w+) eq '([^']*)'", re.IGNORECASE)

Matches = Callable[[Json], bool]


def _bad_filter(text: str) -> Refused:
    message = f"The filter '{text}' is not supported."
    return Refused(arm_error(400, "UnsupportedFilter", message))


def _terms(text: str) -> list[str]:
    return [term.strip() for term in re.split(r"\s+and\s+", text, flags=re.IGNORECASE)] if text.strip() else []


def _reach(call: Call, *, at_scope: bool) -> Matches:
    scope = call.args["scope"] or "/"
    chain = set(call.world.scopes(scope))
    below = scope.lower().rstrip("/") + "/"

    def within(body: Json) -> bool:
        at = str(body["properties"]["scope"]).lower()
        at = at.rstrip("/") or "/"
        return at in chain or (not at_scope and at.startswith(below))

    return within


def _list_assignments(call: Call) -> Response:
    at_scope = False
    tests: list[Matches] = []
    kinds: set[str] = set()
    for term in _terms(call.filter):
        assigned, equals = _ASSIGNED_TO.fullmatch(term), _EQUALS.fullmatch(term)
        if _AT_SCOPE.fullmatch(term):
            at_scope = True
            kinds.add("atScope")
        elif assigned:
            tests.append(_assigned_to(call, assigned.group(1).lower()))
        elif equals and equals.group(1).lower() == "principalid":
            tests.append(_principal_is(equals.group(2).lower()))
            kinds.add("principalId")
        else:
            raise _bad_filter(call.filter)
    if kinds == {"atScope", "principalId"}:
        raise _bad_filter(call.filter)
    tests.append(_reach(call, at_scope=at_scope))
    found = [body for _, body in sorted(call.world.role_assignments.items()) if all(test(body) for test in tests)]
    return page(call, found, parameter="$skipToken")


def _principal_is(principal: str) -> Matches:
    return lambda body: str(body["properties"]["principalId"]).lower() == principal


def _assigned_to(call: Call, principal: str) -> Matches:
    world = call.world
    known = world.directory.get(principal)
    if known is not None and known.kind == "group":
        message = "The assignedTo filter takes the object id of a user or service principal, not of a group."
        raise Refused(arm_error(400, "UnsupportedFilter", message))
    if not world.expands_groups:
        message = f"The group memberships of principal '{principal}' could not be read from the directory."
        raise Refused(arm_error(403, "Forbidden", message))
    principals = principals_of(world, principal)
    return lambda body: body["properties"]["principalId"] in principals


def _get_assignment(call: Call) -> Response:
    body = call.world.role_assignments.get(call.request.path.rstrip("/").lower())
    if body is None:
        return arm_error(404, "RoleAssignmentNotFound", f"The role assignment '{call.args['name']}' is not found.")
    return json_response(body)


def _definition_at(call: Call, body: Json) -> Json:
    match = re.match(r"/subscriptions/[^/]+", call.args.get("scope", ""), re.IGNORECASE)
    prefix = match.group(0) if match else ""
    return body | {"id": f"{prefix}/providers/Microsoft.Authorization/roleDefinitions/{body['name']}"}


def _assignable(call: Call, body: Json) -> bool:
    chain = call.world.scopes(call.args["scope"] or "/")
    return any(str(scope).lower() in chain for scope in body["properties"]["assignableScopes"])


def _get_definition(call: Call) -> Response:
    body = call.world.role_definitions.get(call.args["name"].lower())
    if body is None or ("scope" in call.args and not _assignable(call, body)):
        message = f"The specified role definition with ID '{call.args['name']}' does not exist."
        return arm_error(404, "RoleDefinitionDoesNotExist", message)
    return json_response(_definition_at(call, body))


def _list_definitions(call: Call) -> Response:
    wanted: dict[str, str] = {}
    for term in _terms(call.filter):
        equals = _EQUALS.fullmatch(term)
        if equals and equals.group(1).lower() in ("rolename", "type"):
            wanted[{"rolename": "roleName", "type": "type"}[equals.group(1).lower()]] = equals.group(2).lower()
        elif not re.fullmatch(r"atscopeandbelow\(\)", term, re.IGNORECASE):
            raise _bad_filter(call.filter)
    found = [
        _definition_at(call, body)
        for _, body in sorted(call.world.role_definitions.items())
        if _assignable(call, body)
        and all(str(body["properties"][key]).lower() == value for key, value in wanted.items())
    ]
    return page(call, found, parameter="$skipToken")


def _list_deny_assignments(call: Call) -> Response:
    at_scope = False
    tests: list[Matches] = []
    for term in _terms(call.filter):
        equals = _EQUALS.fullmatch(term)
        if _AT_SCOPE.fullmatch(term):
            at_scope = True
        elif equals and equals.group(1).lower() == "denyassignmentname":
            tests.append(_name_is(equals.group(2).lower()))
        else:
            raise _bad_filter(call.filter)
    tests.append(_reach(call, at_scope=at_scope))
    found = [body for _, body in sorted(call.world.deny_assignments.items()) if all(test(body) for test in tests)]
    return page(call, found)


def _name_is(name: str) -> Matches:
    return lambda body: str(body["properties"]["denyAssignmentName"]).lower() == name


def _permissions(call: Call) -> Response:
    blocks = blocks_of(call.world, call.caller.object_id, call.args["scope"])
    keys = ("actions", "notActions", "dataActions", "notDataActions")
    return page(call, [{key: block[key] for key in keys} for block in blocks])


ROUTES = (
    Route("GET", _AUTHORIZATION + "/roleAssignments", _list_assignments),
    Route("GET", _AUTHORIZATION + "/roleAssignments/{name}", _get_assignment),
    Route("GET", _AUTHORIZATION + "/roleDefinitions", _list_definitions),
    Route("GET", "/providers/Microsoft.Authorization/roleDefinitions/{name}", _get_definition, open=True),
    Route("GET", _AUTHORIZATION + "/roleDefinitions/{name}", _get_definition),
    Route("GET", _AUTHORIZATION + "/denyAssignments", _list_deny_assignments),
    Route("GET", _AUTHORIZATION + "/permissions", _permissions),
)
