"""From the fix that a check asks for to the fix that is shown: real names in, and whether this user may apply it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.facts.actions import allowed, block_allows, block_allows_data
from core.facts.fact import Fact, Known
from core.facts.resource_id import same_id, scope_covers
from core.facts.roles import CallerPermissions, PermissionBlock
from core.fixes.catalogue import Recipe, find
from core.fixes.quoting import (
    MissingValue,
    Quote,
    UnsafeValue,
    fields_of,
    fill_line,
    plain,
    quote_bash,
    quote_either,
    quote_powershell,
)
from core.model import Fix, FixRef
from core.texts import Texts

GRANT = "Microsoft.Authorization/roleAssignments/write"
"""The one action whose holders may be limited by a condition, which the permissions API does not tell."""
ABAC = "rbac-abac"
"""What `permission_mode` is where each repository has its own permissions, in the word of the Azure CLI."""


def render(ref: FixRef, texts: Texts, permissions: Mapping[str, Fact[Any]]) -> Fix:
    """Fill a fix of the catalogue with the names that the check gave.

    `permissions` are facts of `CallerPermissions`, whatever their names. Where a name holds something that no name in
    Azure can hold, the fix comes without commands and says so.

    Raises UnknownFix and MissingValue, which are faults of the program.
    """
    recipe = _by_mode(find(ref.key), ref)
    values = _plain(ref.values)
    words = _Words(ref.key, texts, [{**values, **_plain(place)} for place in ref.each or ({},)])
    changes = words.get("changes")
    try:
        azure_cli, powershell, kubectl = _commands(recipe, ref)
    except UnsafeValue as refusal:
        azure_cli = powershell = kubectl = ()
        changes = f"{changes} {texts.fill('asking', 'no-commands', values={'why': str(refusal)})}"
    scope = _fill(recipe.scope, values)
    known = [fact.value for fact in permissions.values() if isinstance(fact, Known)]
    may, limited = _may_apply(recipe.permission, scope, known, data=recipe.data)
    if may and recipe.also:
        may, _ = _may_apply(recipe.also, scope, known)
    if may and limited:
        changes = f"{changes} {texts.get('asking', limited)}"
    fix = Fix(
        key=ref.key,
        title=words.get("title"),
        changes=changes,
        risk=recipe.risk,
        permission=" and ".join(filter(None, (recipe.permission, recipe.also))),
        scope=scope,
        you_may_apply=may,
        azure_cli=azure_cli,
        powershell=powershell,
        kubectl=kubectl,
        portal=words.steps(),
        docs=_fill(recipe.docs, values),
        wait_minutes=recipe.wait_minutes,
    )
    return fix if may else replace(fix, ask=_ask(fix, recipe, words, texts))


class _Words:
    """The sentences of one fix, filled: a sentence names all places, the steps are told for each of them."""

    def __init__(self, key: str, texts: Texts, places: list[dict[str, str]]) -> None:
        self._key = key
        self._texts = texts
        self._places = places
        self._all = {name: ", ".join(dict.fromkeys(place[name] for place in places)) for name in places[0]}

    def get(self, name: str) -> str:
        return _fill(self._texts.get("fixes", self._key, name), self._all)

    def steps(self) -> tuple[str, ...]:
        steps = self._texts.table("fixes")[self._key]["portal"]
        return _in_places([[_fill(step, place) for step in steps] for place in self._places])


def _plain(values: Mapping[str, str]) -> dict[str, str]:
    return {name: plain(value) for name, value in values.items()}


def _commands(recipe: Recipe, ref: FixRef) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    places = [{**ref.values, **place} for place in ref.each or ({},)]

    def lines(templates: tuple[str, ...], quote: Quote) -> tuple[str, ...]:
        return _in_places([[fill_line(template, values, quote) for template in templates] for values in places])

    return (
        lines(recipe.azure_cli, quote_bash),
        lines(recipe.powershell, quote_powershell),
        lines(recipe.kubectl, quote_either),
    )


def _in_places(filled: list[list[str]]) -> tuple[str, ...]:
    """Put the lines of all places after each other; what comes before or after those that differ is said once.

    What is made twice is refused the second time. The choice of a subscription belongs to the line that follows.
    """
    first_place = filled[0]
    differing = [at for at, lines in enumerate(zip(*filled, strict=True)) if len(set(lines)) > 1]
    if not differing:
        return tuple(first_place)
    start, end = differing[0], differing[-1] + 1
    while start and first_place[start - 1].startswith("Set-AzContext"):
        start -= 1
    return (*first_place[:start], *(line for lines in filled for line in lines[start:end]), *first_place[end:])


def _fill(sentence: str, values: Mapping[str, str]) -> str:
    for name in fields_of(sentence):
        if name not in values:
            raise MissingValue(f"nobody gave {name!r} for {sentence!r}")
    return sentence.format_map(values)


def _by_mode(recipe: Recipe, ref: FixRef) -> Recipe:
    """Give what holds on the fix's registry, where that depends on its permission mode."""
    if recipe.abac is None:
        return recipe
    if "permission_mode" not in ref.values:
        raise MissingValue(f"nobody gave 'permission_mode' for {ref.key!r}")
    return recipe.abac if ref.values["permission_mode"] == ABAC else recipe


def _may_apply(
    permission: str, scope: str, known: list[CallerPermissions], *, data: bool = False
) -> tuple[bool | None, str]:
    """Say whether the user may do something at a scope, and in which words that a condition may limit that right.

    What is allowed above a scope is allowed at it; what is not allowed above it may still be allowed at it, so that
    only permissions read at the very scope say no.
    """
    if not permission:
        return True, ""
    allows = block_allows_data if data else block_allows
    for permissions in known:
        if not scope_covers(permissions.scope, scope):
            continue
        if any(allows(block, permission) for block in permissions.blocks):
            return True, _limit(permission, permissions.blocks)
        if same_id(permissions.scope, scope):
            return False, ""
    return None, ""


def _limit(permission: str, blocks: tuple[PermissionBlock, ...]) -> str:
    """Give the key of the sentence about a condition that the permissions API does not tell; empty without one."""
    if "/registries/repositories/" in permission:
        return "maybe-limited-repositories"
    return "maybe-limited" if permission == GRANT and not _allowed_by_wildcard(blocks) else ""


def _allowed_by_wildcard(blocks: tuple[PermissionBlock, ...]) -> bool:
    """Say whether the right to grant comes with a broad role; a role made to delegate names the action itself."""
    unnamed = [
        PermissionBlock(tuple(a for a in block.actions if a.lower() != GRANT.lower()), block.not_actions)
        for block in blocks
    ]
    return allowed(unnamed, GRANT)


def _ask(fix: Fix, recipe: Recipe, words: _Words, texts: Texts) -> str:
    """Write the message to somebody who may apply the fix: what, why, how, and with which right."""
    how = fix.azure_cli or fix.kubectl or fix.powershell or fix.portal
    right = "roles" if recipe.roles else "permission"
    values = {
        "title": fix.title,
        "because": words.get("because"),
        "changes": words.get("changes"),
        "how": "\n".join(how),
        "roles": ", ".join(recipe.roles),
        "permission": fix.permission,
        "scope": fix.scope,
    }
    return "\n\n".join(texts.fill("asking", part, values=values) for part in ("what", "how", right))
