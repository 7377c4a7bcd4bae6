"""The fix catalogue: what each fix runs, who may apply it and what it does besides, read from resources/fixes.

A command is one line. `{name}` in it stands for a real value, `<name>` for something that the user fills in; both are
quoted when the line is rendered. https://learn.microsoft.com/cli/azure/reference-index
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    are built-in roles that have it, the narrowest first. `wait_minutes` is how long Azure takes to honour the change.
    """

    risk: Risk
    permission: str
    scope: str
    roles: tuple[str, ...]
    docs: str
    wait_minutes: int = 0
    azure_cli: tuple[str, ...] = ()
    powershell: tuple[str, ...] = ()
    kubectl: tuple[str, ...] = ()


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
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    try:
        frozen["risk"] = Risk(frozen["risk"])
        return Recipe(**frozen)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCatalogue(f"{where}: {error}") from error
