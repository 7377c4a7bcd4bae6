"""The fix catalogue: what each fix runs, who may apply it and what it does besides, read from resources/fixes.

A command is one line. `{name}` in it stands for a real value, `<name>` for something that the user fills in; both are
quoted when the line is rendered. https://learn.microsoft.com/cli/azure/reference-index
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Any

from core.model import Risk


class UnknownFix(Exception):
    """A check asked for a fix that is not in the catalogue: a fault of the program, found by its tests."""


class BadCatalogue(Exception):
    """An entry of the catalogue cannot be read: a fault of the program, found by its tests."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One entry of the catalogue, its placeholders unfilled.

    `permission` is the ARM action that applying it takes (for another authority than ARM: what that calls it), empty
    where everybody may. `scope` is where it is needed: a resource id, or words where no ARM scope is meant. `roles`
    are built-in roles that have it, the narrowest first. `data` is whether the permission is a data action, which no
    `*` among the actions of a role gives; `also` is an action that applying it takes besides. `wait_minutes` is how
    long Azure takes to honour the change. `abac` is what holds instead where a registry has permissions for each
    repository; in resources/fixes a table of that name has what differs.
    https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
    """

    risk: Risk
    permission: str
    scope: str
    roles: tuple[str, ...]
    docs: str
    data: bool = False
    also: str = ""
    wait_minutes: int = 0
    azure_cli: tuple[str, ...] = ()
    powershell: tuple[str, ...] = ()
    kubectl: tuple[str, ...] = ()
    abac: Recipe | None = None


@cache
def load() -> Mapping[str, Recipe]:
    """Read the whole catalogue, by key.

    Raises BadCatalogue.
    """
    recipes: dict[str, Recipe] = {}
    for entry in sorted(resources.files("resources").joinpath("fixes").iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        for key, data in tomllib.loads(entry.read_text("utf-8")).items():
            if key in recipes:
                raise BadCatalogue(f"{entry.name}: {key} is there twice")
            recipes[key] = _recipe(f"{entry.name}: {key}", data)
    return recipes


def find(key: str) -> Recipe:
    """Give the entry of one fix.

    Raises UnknownFix.
    """
    try:
        return load()[key]
    except KeyError:
        raise UnknownFix(f"no fix {key!r}") from None


def _recipe(where: str, data: Mapping[str, Any]) -> Recipe:
    known = {field.name for field in fields(Recipe)}
    if extra := data.keys() - known:
        raise BadCatalogue(f"{where}: nothing reads {', '.join(sorted(extra))}")
    frozen: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name != "abac"
    }
    try:
        frozen["risk"] = Risk(frozen["risk"])
        recipe = Recipe(**frozen)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCatalogue(f"{where}: {error}") from error
    if "abac" not in data:
        return recipe
    common = {name: value for name, value in data.items() if name != "abac"}
    return replace(recipe, abac=_recipe(f"{where}.abac", common | data["abac"]))
