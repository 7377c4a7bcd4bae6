"""What changes role assignments.

https://learn.microsoft.com/rest/api/authorization/role-assignments/create
"""

from __future__ import annotations

from core.practice.arm_id import parse
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.roles import assign
from core.practice.routing import Call, Refused, Route

_ASSIGNMENT = "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"


def _put(call: Call) -> Response:
    given: Json = call.body().get("properties", {})
    role = str(given.get("roleDefinitionId", "")).rsplit("/", 1)[-1].lower()
    if role not in call.world.role_definitions:
        message = f"The specified role definition with ID '{role}' does not exist."
        return arm_error(400, "RoleDefinitionDoesNotExist", message)
    _check_scope(call)
    principal = str(given.get("principalId", "")).lower()
    kind = str(given.get("principalType") or _kind_of(call, principal))
    existing = call.world.role_assignments.get(call.request.path.rstrip("/").lower())
    if existing is None:
        _refuse_a_second(call, role, principal)
    elif existing["properties"]["principalId"] != principal or _role_of(existing) != role:
        message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        return arm_error(400, "RoleAssignmentUpdateNotPermitted", message)
    body = assign(
        call.world,
        role,
        principal,
        call.args["scope"] or "/",
        kind=kind,
        condition=given.get("condition") or None,
        name=call.args["name"],
    )
    body["properties"]["description"] = given.get("description")
    body["properties"]["createdBy"] = body["properties"]["updatedBy"] = call.caller.object_id
    if existing is not None:
        body["properties"]["createdOn"] = existing["properties"]["createdOn"]
    return json_response(body, 200 if existing else 201)


def _check_scope(call: Call) -> None:
    parts = parse(call.args["scope"])
    if parts.type and call.world.resource(call.args["scope"]) is None:
        raise Refused(
            arm_error(
                404,
                "ResourceNotFound",
                f"The Resource '{parts.type}/{parts.name}' under resource group '{parts.group}' was not found. "
                "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
            )
        )


def _kind_of(call: Call, principal: str) -> str:
    entry = call.world.directory.get(principal)
    tenant = call.world.tenant_of(call.args["scope"]) or call.caller.tenant
    if entry is None or entry.tenant != tenant or entry.kind == "application":
        message = (
            f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. Check that you have "
            "the correct principal ID. If you are creating this principal and then immediately assigning a role, "
            "this error might be related to a replication delay. In this case, set the role assignment principalType "
            "property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype"
        )
        raise Refused(arm_error(400, "PrincipalNotFound", message))
    return entry.kind[0].upper() + entry.kind[1:]


def _role_of(assignment: Json) -> str:
    return str(assignment["properties"]["roleDefinitionId"]).rsplit("/", 1)[-1].lower()


def _refuse_a_second(call: Call, role: str, principal: str) -> None:
    scope = call.args["scope"].lower()
    for body in call.world.role_assignments.values():
        properties = body["properties"]
        same_place = str(properties["scope"]).lower().rstrip("/") == scope
        if same_place and properties["principalId"] == principal and _role_of(body) == role:
            raise Refused(arm_error(409, "RoleAssignmentExists", "The role assignment already exists."))


def _delete(call: Call) -> Response:
    body = call.world.role_assignments.pop(call.request.path.rstrip("/").lower(), None)
    return Response(204) if body is None else json_response(body)


ROUTES = (
    Route("PUT", _ASSIGNMENT, _put),
    Route("DELETE", _ASSIGNMENT, _delete),
)
