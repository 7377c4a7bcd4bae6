"""Role assignments, role definitions, deny assignments and the signed-in user's own permissions.

https://learn.microsoft.com/azure/role-based-access-control/overview
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.facts.fact import Fact, NotKnown

EVERYBODY = "00000000-0000-0000-0000-000000000000"
"""The principal id by which a deny assignment means everybody."""


@dataclass(frozen=True, slots=True)
class PermissionBlock:
    """One block of a role: what it allows less what it leaves out, for actions and for data actions."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A built-in or custom role. `guid` is the last part of its id, lower-cased: compare roles by that alone."""

    guid: str
    name: str
    custom: bool
    blocks: tuple[PermissionBlock, ...]


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """One assignment. `role_guid` is lower-cased; `principal_id` as Azure sends it; times are UTC."""

    id: str
    scope: str
    role_guid: str
    principal_id: str
    principal_type: str | None
    condition: str | None = None
    condition_version: str | None = None
    created_on: datetime | None = None
    updated_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleAssignments:
    """A list of assignments at a scope and inherited from above it.

    `groups_expanded` is False where Azure refused to look through groups, so that only direct ones are in it;
    `groups_refused` is then what Azure said.
    """

    items: tuple[RoleAssignment, ...]
    groups_expanded: bool = True
    groups_refused: NotKnown | None = None


@dataclass(frozen=True, slots=True)
class RoleDefinitions:
    """The roles that the assignments name, by lower-cased GUID. Each is read on its own and may be refused."""

    by_guid: Mapping[str, Fact[RoleDefinition]]


@dataclass(frozen=True, slots=True)
class DenyAssignment:
    """Something that denies, whatever roles allow. Principal ids are lower-cased.

    The principal id `EVERYBODY` stands for everybody.
    https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
    """

    id: str
    name: str
    scope: str
    blocks: tuple[PermissionBlock, ...]
    principals: frozenset[str]
    excluded_principals: frozenset[str]
    not_for_child_scopes: bool
    system_protected: bool


@dataclass(frozen=True, slots=True)
class RegistryDenials:
    """Deny assignments at the registry and inherited from above it, whoever they are about.

    `groups` are the lower-cased ids in them, denied or excluded, that may be groups.
    """

    items: tuple[DenyAssignment, ...]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class DenyAssignments:
    """Deny assignments at the registry and inherited from above it.

    `puller_groups` are the lower-cased ids of the groups that the puller belongs to, where the directory tells.
    """

    items: tuple[DenyAssignment, ...]
    puller_groups: Fact[frozenset[str]]


@dataclass(frozen=True, slots=True)
class CallerPermissions:
    """What the signed-in user may do on one resource: an action is allowed if any block allows it."""

    scope: str
    blocks: tuple[PermissionBlock, ...]
