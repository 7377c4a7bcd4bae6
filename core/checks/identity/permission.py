"""Who may pull: the roles of a principal, weighed against what a pull takes in the registry's permission mode.

https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview
https://learn.microsoft.com/azure/role-based-access-control/overview
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from core.facts.actions import action_matches, block_allows, block_allows_data
from core.facts.fact import Known
from core.facts.registry import Registry
from core.facts.resource_id import same_id, scope_covers
from core.facts.roles import (
    EVERYBODY,
    DenyAssignment,
    PermissionBlock,
    RoleAssignment,
    RoleAssignments,
    RoleDefinition,
    RoleDefinitions,
)

_PROVIDER = "microsoft.containerregistry/"


@dataclass(frozen=True, slots=True)
class Right:
    """One action, and whether it is a data action: roles list the two kinds apart."""

    action: str
    data: bool

    def allowed_by(self, block: PermissionBlock) -> bool:
        """Say whether one block of a role grants this right (or one block of a denial takes it away)."""
        return block_allows_data(block, self.action) if self.data else block_allows(block, self.action)

    def patterns_in(self, block: PermissionBlock) -> tuple[str, ...]:
        """Give the patterns by which a block that allows this right does so."""
        listed = block.data_actions if self.data else block.actions
        return tuple(pattern for pattern in listed if action_matches(pattern, self.action))


LEGACY_PULL = Right("Microsoft.ContainerRegistry/registries/pull/read", data=False)
REPOSITORY_READ = Right("Microsoft.ContainerRegistry/registries/repositories/content/read", data=True)


def right_to_pull(registry: Registry) -> Right:
    """Give what a pull from this registry takes: with repository permissions, AcrPull's action counts no more."""
    return REPOSITORY_READ if registry.abac else LEGACY_PULL


@dataclass(frozen=True, slots=True)
class Grant:
    """An assignment that gives a right on a registry, conditions apart.

    `via_group` is whether it belongs to a group of the principal. `wildcard` is whether only a wildcard of a custom
    role gives it, which registries honour in some directories alone. `dedicated` is whether the role speaks of
    container registries by name; Owner, Contributor and Reader do not.
    """

    assignment: RoleAssignment
    role: RoleDefinition
    via_group: bool
    wildcard: bool
    dedicated: bool


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one principal holds at a registry.

    `others` reach the registry without giving the right. `elsewhere` were listed, but at a scope that does not
    reach it. `unread` reach it with roles that could not be read. With `groups_expanded` False, what the
    principal holds through groups is not among them.
    """

    grants: tuple[Grant, ...]
    others: tuple[tuple[RoleAssignment, RoleDefinition], ...]
    elsewhere: tuple[RoleAssignment, ...]
    unread: tuple[RoleAssignment, ...]
    groups_expanded: bool

    @property
    def complete(self) -> bool:
        """Whether nothing else can be hidden: every role was read and groups were looked through."""
        return self.groups_expanded and not self.unread


def role_gives(right: Right, role: RoleDefinition) -> bool:
    """Say whether a role gives a right: blocks add up, and leave out only what they themselves allow."""
    return any(right.allowed_by(block) for block in role.blocks)


def _grant(right: Right, assignment: RoleAssignment, role: RoleDefinition, via_group: bool) -> Grant:
    patterns = [
        pattern.lower() for block in role.blocks if right.allowed_by(block) for pattern in right.patterns_in(block)
    ]
    return Grant(
        assignment,
        role,
        via_group=via_group,
        wildcard=role.custom and right.action.lower() not in patterns,
        dedicated=any(pattern.startswith(_PROVIDER) for pattern in patterns),
    )


def holdings(
    right: Right, registry_id: str, principal_id: str, assignments: RoleAssignments, definitions: RoleDefinitions
) -> Holdings:
    """Weigh what a principal holds at a registry.

    `assignments` are those of the principal and of its groups; where Azure refused to look through groups, the list
    may also hold strangers' assignments, and only the principal's own ones count.
    """
    grants: list[Grant] = []
    others: list[tuple[RoleAssignment, RoleDefinition]] = []
    elsewhere: list[RoleAssignment] = []
    unread: list[RoleAssignment] = []
    for assignment in assignments.items:
        direct = assignment.principal_id.lower() == principal_id.lower()
        if not direct and not assignments.groups_expanded:
            continue
        if not scope_covers(assignment.scope, registry_id):
            elsewhere.append(assignment)
            continue
        definition = definitions.by_guid.get(assignment.role_guid.lower())
        if not isinstance(definition, Known):
            unread.append(assignment)
        elif role_gives(right, definition.value):
            grants.append(_grant(right, assignment, definition.value, via_group=not direct))
        else:
            others.append((assignment, definition.value))
    return Holdings(tuple(grants), tuple(others), tuple(elsewhere), tuple(unread), assignments.groups_expanded)


def holders(
    right: Right, registry_id: str, assignments: RoleAssignments, definitions: RoleDefinitions
) -> tuple[Grant, ...]:
    """Give every assignment that gives somebody a right on a registry, whoever that is."""
    found: list[Grant] = []
    for assignment in assignments.items:
        definition = definitions.by_guid.get(assignment.role_guid.lower())
        if (
            isinstance(definition, Known)
            and scope_covers(assignment.scope, registry_id)
            and role_gives(right, definition.value)
        ):
            found.append(_grant(right, assignment, definition.value, via_group=False))
    return tuple(found)


def unread_roles(
    assignments: RoleAssignments, definitions: RoleDefinitions, wanted: Callable[[RoleAssignment], bool]
) -> bool:
    """Say whether one of the `wanted` assignments has a role that could not be read."""
    return any(
        wanted(item) and not isinstance(definitions.by_guid.get(item.role_guid.lower()), Known)
        for item in assignments.items
    )


class Denial(Enum):
    """Whether a deny assignment takes a right away from a principal."""

    NO = "no"
    YES = "yes"
    DEPENDS_ON_GROUPS = "depends-on-groups"


def denial(
    right: Right, registry_id: str, principal_id: str, groups: frozenset[str] | None, deny: DenyAssignment
) -> Denial:
    """Say whether a deny assignment takes a right on a registry away from a principal.

    `groups` are the lower-cased ids of the principal's groups, None where the directory does not tell.
    """
    reaches = scope_covers(deny.scope, registry_id) and (
        not deny.not_for_child_scopes or same_id(deny.scope, registry_id)
    )
    if not reaches or not any(right.allowed_by(block) for block in deny.blocks):
        return Denial.NO
    itself = principal_id.lower()
    known = (groups or frozenset()) | {itself}
    if known & deny.excluded_principals:
        return Denial.NO
    if known & deny.principals or EVERYBODY in deny.principals:
        may_be_excluded = groups is None and bool(deny.excluded_principals)
        return Denial.DEPENDS_ON_GROUPS if may_be_excluded else Denial.YES
    return Denial.DEPENDS_ON_GROUPS if groups is None and deny.principals else Denial.NO
