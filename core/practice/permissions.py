"""Who may do what: how the resource manager decides, from role and deny assignments alone.

This is the simulated Azure's own reading of https://learn.microsoft.com/azure/role-based-access-control/overview
and shares nothing with the checks, so that each can be held against the other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from core.practice.http import Json
from core.practice.world import World

EVERYBODY = "00000000-0000-0000-0000-000000000000"


def pattern_covers(pattern: str, action: str) -> bool:
    """Whether an action pattern covers an action; a star stands for any run of characters, case does not count."""
    pieces = pattern.lower().split("*")
    rest = action.lower()
    if len(pieces) == 1:
        return rest == pieces[0]
    if (
        not rest.startswith(pieces[0])
        or len(rest) < len(pieces[0]) + len(pieces[-1])
        or not rest.endswith(pieces[-1])
    ):
        return False
    position = len(pieces[0])
    end = len(rest) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = rest.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def block_grants(block: Json, action: str, *, data: bool = False) -> bool:
    """Whether one permission block of a role grants an action (`data`: a data action)."""
    wanted, unwanted = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    if not any(pattern_covers(pattern, action) for pattern in block.get(wanted, [])):
        return False
    return not any(pattern_covers(pattern, action) for pattern in block.get(unwanted, []))


def assignments_at(world: World, scope: str, principals: Container[str]) -> Iterator[Json]:
    """The role assignments of these principals that count at a scope: its own and those of every scope above."""
    chain = set(world.scopes(scope))
    for assignment in world.role_assignments.values():
        properties = assignment["properties"]
        if properties["principalId"] in principals and (
            str(properties["scope"]).lower().rstrip("/") in chain or properties["scope"] == "/"
        ):
            yield assignment


def principals_of(world: World, principal: str) -> set[str]:
    """The principal itself and every group that it is in."""
    return {principal, *(group.id for group in world.groups_of(principal))}


def blocks_of(world: World, principal: str, scope: str) -> list[Json]:
    """The permission blocks that a principal's role assignments give at a scope; deny assignments are left out."""
    blocks: list[Json] = []
    for assignment in assignments_at(world, scope, principals_of(world, principal)):
        role_id = str(assignment["properties"]["roleDefinitionId"])
        role = world.role_definitions.get(role_id.rsplit("/", 1)[-1].lower())
        if role is not None:
            blocks.extend(role["properties"]["permissions"])
    return blocks


def may(world: World, principal: str, action: str, scope: str, *, data: bool = False) -> bool:
    """Whether a principal may do an action at a scope. Conditions on assignments are not looked at."""
    granted = any(block_grants(block, action, data=data) for block in blocks_of(world, principal, scope))
    return granted and not _denied(world, principal, action, scope, data=data)


def _denied(world: World, principal: str, action: str, scope: str, *, data: bool) -> bool:
    principals = principals_of(world, principal)
    chain = world.scopes(scope)
    for deny in world.deny_assignments.values():
        properties = deny["properties"]
        at = str(properties["scope"]).lower().rstrip("/") or "/"
        if at not in chain or (properties["doNotApplyToChildScopes"] and at != chain[0]):
            continue
        if not _named(properties["principals"], principals, everybody=True):
            continue
        if _named(properties["excludePrincipals"], principals, everybody=False):
            continue
        if any(block_grants(block, action, data=data) for block in properties["permissions"]):
            return True
    return False


def _named(entries: Iterable[Json], principals: set[str], *, everybody: bool) -> bool:
    ids = {str(entry["id"]) for entry in entries}
    return bool(ids & principals) or (everybody and EVERYBODY in ids)
