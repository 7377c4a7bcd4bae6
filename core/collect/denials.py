"""Deny assignments at the registry, and the groups that they may catch the puller by.

https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from __future__ import annotations

from urllib.parse import quote

from core.azure.clients import Azure
from core.collect.asking import DIRECTORY, ask, outcome_of
from core.collect.permissions import to_block
from core.collect.reading import flag, listed, parts, text
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.roles import EVERYBODY, DenyAssignment, DenyAssignments, RegistryDenials

READ_DENY_ASSIGNMENTS = "Microsoft.Authorization/denyAssignments/read"
READ_GROUPS = "GroupMember.Read.All"

_NO_GROUP = ("user", "serviceprincipal", "systemdefined")


def registry_denials(azure: Azure, choice: Choice) -> RegistryDenials:
    """List the deny assignments at the registry and inherited from above it."""
    scope = choice.registry_id

    def call() -> RegistryDenials:
        client = azure.authorization(scope.subscription_id)
        found = listed(client.deny_assignments.list_for_scope(scope=scope.text, filter="atScope()"))
        groups = (group for model in found for group in _possible_groups(model))
        return RegistryDenials(tuple(to_deny_assignment(model) for model in found), frozenset(groups))

    return ask(READ_DENY_ASSIGNMENTS, scope.text, call)


def deny_assignments(azure: Azure, registry_denials: RegistryDenials, puller: Fact[Puller | None]) -> DenyAssignments:
    """Add the puller's groups, which are asked for only where a deny assignment may be about a group."""
    if not registry_denials.groups:
        return DenyAssignments(registry_denials.items, Known(frozenset()))
    if not isinstance(puller, Known):
        return DenyAssignments(registry_denials.items, puller)
    who = puller.value
    if who is None:
        return DenyAssignments(registry_denials.items, Known(frozenset()))
    return DenyAssignments(registry_denials.items, outcome_of(lambda: _groups_of(azure, who.object_id)))


def to_deny_assignment(model: object) -> DenyAssignment:
    """Read a deny assignment off Azure's answer."""
    id_ = text(model, "id") or ""
    return DenyAssignment(
        id=id_,
        name=text(model, "deny_assignment_name") or text(model, "name") or id_,
        scope=text(model, "scope") or "",
        blocks=tuple(to_block(block) for block in parts(model, "permissions")),
        principals=_principals(model, "principals"),
        excluded_principals=_principals(model, "exclude_principals"),
        not_for_child_scopes=flag(model, "do_not_apply_to_child_scopes") is True,
        system_protected=flag(model, "is_system_protected") is True,
    )


def _principals(model: object, which: str) -> frozenset[str]:
    ids = (text(principal, "id") for principal in parts(model, which))
    return frozenset(id_.lower() for id_ in ids if id_)


def _possible_groups(model: object) -> set[str]:
    everyone = (*parts(model, "principals"), *parts(model, "exclude_principals"))
    unlike = (one for one in everyone if (text(one, "type") or "").lower() not in _NO_GROUP)
    return {id_.lower() for id_ in (text(one, "id") for one in unlike) if id_} - {EVERYBODY}


def _groups_of(azure: Azure, object_id: str) -> frozenset[str]:
    """The groups of a service principal, also through other groups, lower-cased.

    https://learn.microsoft.com/graph/api/serviceprincipal-list-transitivememberof
    """

    def call() -> frozenset[str]:
        pages = azure.graph_pages(
            f"/servicePrincipals/{quote(object_id, safe='')}/transitiveMemberOf", {"$select": "id"}
        )
        ids = (text(item, "id") for item in listed(pages))
        return frozenset(id_.lower() for id_ in ids if id_)

    return ask(READ_GROUPS, DIRECTORY, call, resource=object_id)
