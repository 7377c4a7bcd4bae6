"""What checks show of role assignments: names first, then everything that decides, then the full ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from core.checks.identity.permission import Grant, Holdings
from core.facts.resource_id import same_id
from core.facts.roles import RoleAssignment
from core.model import Evidence

_MANAGEMENT_GROUPS = "/providers/microsoft.management/managementgroups/"


def at_management_group(assignment: RoleAssignment) -> bool:
    """Say whether an assignment sits at a management group or at the root above all of them."""
    scope = assignment.scope.lower()
    return scope in ("", "/") or scope.startswith(_MANAGEMENT_GROUPS)


def scope_in_words(scope: str, registry_id: str) -> str:
    """Name the kind of a scope that reaches the registry."""
    parts = scope.strip("/").split("/")
    if same_id(scope, registry_id):
        return "this registry"
    if scope.strip("/") == "":
        return "the root of the directory"
    if scope.lower().startswith(_MANAGEMENT_GROUPS):
        return f"management group {parts[-1]}"
    if len(parts) == 2:
        return f"subscription {parts[-1]}"
    if len(parts) == 4:
        return f"resource group {parts[-1]}"
    return f"{parts[-1]}, which is not this registry"


def moment(time: datetime | None) -> str:
    """Write a time in UTC, to the minute."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if time else "not told"


def end(time: datetime | None) -> str:
    """Write when a password ends; one without an end lasts until further notice."""
    return moment(time) if time else "further notice"


def assignment_in_words(assignment: RoleAssignment, role: str, registry_id: str, holder: str) -> str:
    """Put an assignment on one line: role, scope, holder, condition, times and full ids."""
    parts = [
        role,
        scope_in_words(assignment.scope, registry_id),
        holder,
        f"condition: {' '.join(assignment.condition.split())}" if assignment.condition else "no condition",
        f"created {moment(assignment.created_on)}",
    ]
    if assignment.updated_on and assignment.updated_on != assignment.created_on:
        parts.append(f"changed {moment(assignment.updated_on)}")
    return " | ".join((*parts, assignment.id))


MOST = 10
"""So many entries of one kind say enough."""


def few(entries: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Give the first entries of a list that may be long, and how many more there are."""
    listed = tuple(entries)
    more = len(listed) - MOST
    return (*listed[:MOST], Evidence("more", str(more))) if more > 0 else listed


def _how(assignment: RoleAssignment, via_group: bool) -> str:
    return f"through group {assignment.principal_id}" if via_group else "direct"


def granting(grants: Iterable[Grant], registry_id: str) -> tuple[Evidence, ...]:
    """Show the assignments that decide."""
    return few(
        Evidence(
            "role-assignment",
            assignment_in_words(
                grant.assignment, grant.role.name, registry_id, _how(grant.assignment, grant.via_group)
            ),
        )
        for grant in grants
    )


def not_granting(held: Holdings, registry_id: str, principal_id: str) -> tuple[Evidence, ...]:
    """Show what the principal holds without being able to pull by it."""
    direct = principal_id.lower()
    insufficient = few(
        Evidence(
            "role-without-pull",
            assignment_in_words(
                assignment, role.name, registry_id, _how(assignment, assignment.principal_id.lower() != direct)
            ),
        )
        for assignment, role in held.others
    )
    elsewhere = few(Evidence("role-elsewhere", f"{item.scope} | {item.id}") for item in held.elsewhere)
    unread = few(
        Evidence("role-not-readable", f"{item.role_guid} | {scope_in_words(item.scope, registry_id)} | {item.id}")
        for item in held.unread
    )
    return (*insufficient, *elsewhere, *unread)
