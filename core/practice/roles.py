"""Role definitions and role assignments as the resource manager answers them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources

from core.practice.arm_id import guid, parse
from core.practice.http import Json
from core.practice.world import World, stamp

_BUILT_IN_SINCE = "2018-10-22T19:01:56.8227182Z"
_BUILT_IN_UPDATED = "2021-11-11T20:13:08.8779328Z"


@cache
def _built_in_table() -> tuple[Json, ...]:
    text = resources.files("resources").joinpath("practice/built-in-roles.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["role"])


def role_id(name: str) -> str:
    """The GUID of a built-in role; raises KeyError for a name that the practice world does not know."""
    for role in _built_in_table():
        if role["name"] == name:
            return str(role["id"])
    raise KeyError(name)


def add_built_in_roles(world: World) -> None:
    """Put Azure's built-in roles in the world."""
    for role in _built_in_table():
        block = {
            "actions": list(role.get("actions", [])),
            "notActions": list(role.get("not_actions", [])),
            "dataActions": list(role.get("data_actions", [])),
            "notDataActions": list(role.get("not_data_actions", [])),
        }
        world.role_definitions[role["id"]] = {
            "properties": {
                "roleName": role["name"],
                "type": "BuiltInRole",
                "description": role["description"],
                "assignableScopes": ["/"],
                "permissions": [block],
                "createdOn": _BUILT_IN_SINCE,
                "updatedOn": _BUILT_IN_UPDATED,
                "createdBy": None,
                "updatedBy": None,
            },
            "id": f"/providers/Microsoft.Authorization/roleDefinitions/{role['id']}",
            "type": "Microsoft.Authorization/roleDefinitions",
            "name": role["id"],
        }


def add_custom_role(
    world: World,
    name: str,
    subscription: str,
    *,
    actions: Iterable[str] = (),
    not_actions: Iterable[str] = (),
    data_actions: Iterable[str] = (),
    not_data_actions: Iterable[str] = (),
) -> str:
    """Put a custom role in the world and return its GUID. It may be assigned in `subscription` only."""
    new = guid("role", name)
    made = stamp(world.now)
    world.role_definitions[new] = {
        "properties": {
            "roleName": name,
            "type": "CustomRole",
            "description": "",
            "assignableScopes": [f"/subscriptions/{subscription}"],
            "permissions": [
                {
                    "actions": list(actions),
                    "notActions": list(not_actions),
                    "dataActions": list(data_actions),
                    "notDataActions": list(not_data_actions),
                }
            ],
            "createdOn": made,
            "updatedOn": made,
            "createdBy": world.caller,
            "updatedBy": world.caller,
        },
        "id": f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{new}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": new,
    }
    return new


def assign(
    world: World,
    role: str,
    principal: str,
    scope: str,
    *,
    kind: str = "ServicePrincipal",
    since: datetime | None = None,
    condition: str | None = None,
    name: str | None = None,
) -> Json:
    """Assign a role (a built-in role's name or any role's GUID) and return the assignment's body.

    `since` is when it was granted (now where it is not given), `name` the assignment's own GUID.
    """
    definition = role if role in world.role_definitions else role_id(role)
    own = name or guid("assignment", definition, principal, scope)
    subscription = parse(scope).subscription or next(iter(world.subscriptions), "")
    made = stamp(since or world.now)
    root = "" if scope == "/" else scope.rstrip("/")
    body: Json = {
        "properties": {
            "roleDefinitionId": f"/subscriptions/{subscription}/providers/Microsoft.Authorization/"
            f"roleDefinitions/{definition}",
            "principalId": principal,
            "principalType": kind,
            "scope": scope,
            "condition": condition,
            "conditionVersion": "2.0" if condition else None,
            "createdOn": made,
            "updatedOn": made,
            "createdBy": world.caller,
            "updatedBy": world.caller,
            "delegatedManagedIdentityResourceId": None,
            "description": None,
        },
        "id": f"{root}/providers/Microsoft.Authorization/roleAssignments/{own}",
        "type": "Microsoft.Authorization/roleAssignments",
        "name": own,
    }
    world.role_assignments[str(body["id"]).lower()] = body
    return body
