"""Role assignments on the registry and the roles that they name.

https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask, outcome_of
from core.collect.permissions import to_block
from core.collect.reading import listed, moment, parts, required, text
from core.facts.choice import Choice
from core.facts.fact import Denied, Fact, Known
from core.facts.identities import Puller
from core.facts.roles import RoleAssignment, RoleAssignments, RoleDefinition, RoleDefinitions

READ_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments/read"
READ_DEFINITIONS = "Microsoft.Authorization/roleDefinitions/read"

MOST_SINGLY = 20
"""Roles that are read one by one; of more than these everything is listed, built-in roles and all."""

_GROUPS_REFUSED = (400, 403)


def registry_assignments(azure: Azure, choice: Choice) -> RoleAssignments:
    """List everybody's assignments at the registry and inherited from above it, none below."""
    return RoleAssignments(_assignments(azure, choice, "atScope()"))


def puller_assignments(
    azure: Azure, choice: Choice, puller: Puller | None, registry_assignments: Fact[RoleAssignments]
) -> RoleAssignments:
    """List the puller's assignments, also those it has through groups.

    Azure looks the groups up in the directory and may refuse to; then only the direct assignments are given, out
    of everybody's. Nothing is asked where there is no puller.
    """
    if puller is None:
        return RoleAssignments(())
    return assignments_of(azure, choice, puller.object_id, registry_assignments)


def assignments_of(
    azure: Azure, choice: Choice, object_id: str, registry_assignments: Fact[RoleAssignments]
) -> RoleAssignments:
    """List a principal's assignments at the registry, with those of its groups where Azure tells. Raises NotRead."""
    principal = object_id.replace("'", "''")
    try:
        return RoleAssignments(_assignments(azure, choice, f"atScope() and assignedTo('{principal}')"))
    except NotRead as refused:
        if refused.status not in _GROUPS_REFUSED or not isinstance(registry_assignments, Known):
            raise
        outcome = refused.outcome
    everybody = registry_assignments.value.items
    direct = (item for item in everybody if item.principal_id.lower() == object_id.lower())
    return RoleAssignments(tuple(direct), groups_expanded=False, groups_refused=outcome)


def registry_role_definitions(
    azure: Azure, choice: Choice, registry_assignments: Fact[RoleAssignments]
) -> RoleDefinitions:
    """Read the roles that are assigned at the registry; none where the assignments could not be read."""
    return RoleDefinitions(_definitions(azure, choice, _roles_in(registry_assignments)))


def role_definitions(
    azure: Azure,
    choice: Choice,
    registry_role_definitions: RoleDefinitions,
    puller_assignments: Fact[RoleAssignments],
) -> RoleDefinitions:
    """Add the roles that only the puller's own list names.

    Everybody's list holds them all, unless it could not be read, so that as a rule nothing is left to ask.
    """
    return with_roles_of(azure, choice, registry_role_definitions, puller_assignments)


def with_roles_of(
    azure: Azure, choice: Choice, known: RoleDefinitions, assignments: Fact[RoleAssignments]
) -> RoleDefinitions:
    """Add the roles that these assignments name and that are not known yet."""
    rest = [role for role in _roles_in(assignments) if role not in known.by_guid]
    return RoleDefinitions({**known.by_guid, **_definitions(azure, choice, rest)})


def to_role_assignment(model: object) -> RoleAssignment | None:
    """Read an assignment off Azure's answer; one without a principal or a role grants nothing and is None."""
    principal, role = text(model, "principal_id"), text(model, "role_definition_id")
    if principal is None or role is None:
        return None
    return RoleAssignment(
        id=text(model, "id") or "",
        scope=text(model, "scope") or "",
        role_guid=_guid(role),
        principal_id=principal,
        principal_type=text(model, "principal_type"),
        condition=text(model, "condition"),
        condition_version=text(model, "condition_version"),
        created_on=moment(model, "created_on"),
        updated_on=moment(model, "updated_on"),
    )


def to_role_definition(model: object) -> RoleDefinition:
    """Read a role off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    guid = _guid(required(model, "id"))
    return RoleDefinition(
        guid=guid,
        name=text(model, "role_name") or guid,
        custom=(text(model, "role_type") or "").lower() == "customrole",
        blocks=tuple(to_block(block) for block in parts(model, "permissions")),
    )


def _assignments(azure: Azure, choice: Choice, which: str) -> tuple[RoleAssignment, ...]:
    scope = choice.registry_id

    def call() -> tuple[RoleAssignment, ...]:
        client = azure.authorization(scope.subscription_id)
        found = listed(client.role_assignments.list_for_scope(scope=scope.text, filter=which))
        return tuple(item for item in (to_role_assignment(model) for model in found) if item is not None)

    return ask(READ_ASSIGNMENTS, scope.text, call)


def _definitions(azure: Azure, choice: Choice, guids: Iterable[str]) -> Mapping[str, Fact[RoleDefinition]]:
    """Read roles by their GUIDs, all at the same time; custom roles of a management group show here too.

    Somebody who is a Reader of the registry alone may see a role there, though not in the subscription. What the list
    of many does not hold is read by itself, and all of them where the list is refused.
    """
    registry = choice.registry_id
    id_ = f"/subscriptions/{registry.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/"
    roles = azure.authorization(registry.subscription_id).role_definitions

    def asked(guid: str, call: Callable[[], Any]) -> Fact[RoleDefinition]:
        return outcome_of(
            lambda: ask(READ_DEFINITIONS, registry.text, lambda: to_role_definition(call()), resource=id_ + guid)
        )

    def read(guid: str) -> Fact[RoleDefinition]:
        found = asked(guid, lambda: roles.get_by_id(id_ + guid))
        if isinstance(found, Denied):
            return asked(guid, lambda: roles.get(registry.text, guid))
        return found

    def every() -> dict[str, Fact[RoleDefinition]]:
        found = (to_role_definition(model) for model in listed(roles.list(registry.text)))
        return {role.guid: Known(role) for role in found}

    wanted = list(guids)
    there: dict[str, Fact[RoleDefinition]] = {}
    if len(wanted) > MOST_SINGLY:
        answer = outcome_of(lambda: ask(READ_DEFINITIONS, registry.text, every))
        there = answer.value if isinstance(answer, Known) else {}
    rest = [guid for guid in wanted if guid not in there]
    read_singly = dict(zip(rest, azure.map(read, rest), strict=True))
    return {guid: there.get(guid) or read_singly[guid] for guid in wanted}


def _roles_in(assignments: Fact[RoleAssignments]) -> list[str]:
    if not isinstance(assignments, Known):
        return []
    return sorted({assignment.role_guid for assignment in assignments.value.items})


def _guid(role_definition_id: str) -> str:
    return role_definition_id.rstrip("/").rpartition("/")[2].lower()
