"""Scenarios: a healthy base world, the faults that were put in, and what to learn from it.

They are TOML files in `resources/scenarios`, named for the scenario. Nothing in the program knows one by its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from core.practice import (
    directory_faults,
    faults,
    network_faults,
    node_address_faults,
    registry_faults,
    secret_faults,
)
from core.practice.base import BASES
from core.practice.names import scope
from core.practice.world import World, utc_now

FAULTS: Mapping[str, Callable[..., None]] = {
    **faults.FAULTS,
    **directory_faults.FAULTS,
    **network_faults.FAULTS,
    **node_address_faults.FAULTS,
    **registry_faults.FAULTS,
    **secret_faults.FAULTS,
}
"""Every world fault by the name that scenarios use."""

_KEYS = frozenset({"title", "base", "teaching", "symptom", "causes", "must_not", "choice", "fault", "pull_secret"})


class ScenarioError(Exception):
    """A scenario file is wrong."""


class UnknownScenario(Exception):
    """There is no scenario of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no practice scenario named {name!r}.")
        self.name = name


@dataclass(frozen=True, slots=True)
class ScenarioChoice:
    """What to pick in a scenario: full ids of cluster and registry, the image reference and the pod's namespace.

    `compares_passwords` is the consent to read the passwords of the registry's admin account.
    """

    cluster: str
    registry: str
    image: str
    namespace: str
    compares_passwords: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class WorldFault:
    """One fault of a scenario: its name and its parameters."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `teaching` is paragraphs with blank lines between.

    `symptom` is the text that such a cluster prints, empty if it works. `causes` are the check ids that a right
    diagnosis names, most likely first; `must_not` are check ids that it must not name as a cause and phrases that
    it must not say. `pull_secret` is what kubectl prints of the pod's secret, empty where nobody gives it.
    """

    name: str
    title: str
    base: str
    teaching: str
    symptom: str
    causes: tuple[str, ...]
    must_not: tuple[str, ...]
    choice: ScenarioChoice
    faults: tuple[WorldFault, ...]
    pull_secret: str = field(default="", repr=False)


@cache
def load_scenarios() -> tuple[Scenario, ...]:
    """Every scenario, ordered by name; raises ScenarioError for a file that is wrong."""
    folder = resources.files("resources").joinpath("scenarios")
    files = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(parse(name.removesuffix(".toml"), entry.read_text("utf-8")) for name, entry in files)


def load_scenario(name: str) -> Scenario:
    """The scenario of this name; raises UnknownScenario where there is none."""
    for scenario in load_scenarios():
        if scenario.name == name:
            return scenario
    raise UnknownScenario(name)


def parse(name: str, text: str) -> Scenario:
    """Read a scenario file; raises ScenarioError for one that is wrong, naming what."""
    try:
        data = tomllib.loads(text)
        unknown = set(data) - _KEYS
        if unknown:
            raise ScenarioError(f"Scenario {name}: unknown keys {sorted(unknown)}.")
        chosen = data.get("choice", {})
        scenario = Scenario(
            name=name,
            title=data["title"],
            base=data["base"],
            teaching=_paragraphs(data["teaching"]),
            symptom=data.get("symptom", "").strip(),
            causes=tuple(data.get("causes", ())),
            must_not=tuple(data.get("must_not", ())),
            choice=ScenarioChoice(
                cluster=scope(chosen.get("cluster", "cluster")),
                registry=scope(chosen.get("registry", "registry")),
                image=chosen.get("image", "contosoreg.azurecr.io/web/api:1.4.2"),
                namespace=chosen.get("namespace", "shop"),
                compares_passwords=chosen.get("compares_passwords", False),
            ),
            faults=tuple(_fault(entry) for entry in data.get("fault", ())),
            pull_secret=data.get("pull_secret", ""),
        )
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(f"Scenario {name}: {problem}") from problem
    except KeyError as problem:
        raise ScenarioError(f"Scenario {name}: {problem} is missing or not known.") from problem
    if scenario.base not in BASES:
        raise ScenarioError(f"Scenario {name}: there is no base world {scenario.base!r}.")
    return scenario


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _fault(entry: Mapping[str, Any]) -> WorldFault:
    if entry["does"] not in FAULTS:
        raise KeyError(entry["does"])
    return WorldFault(entry["does"], {key: value for key, value in entry.items() if key != "does"})


def build(scenario: Scenario, clock: Callable[[], datetime] = utc_now) -> World:
    """The world of a scenario, fresh; ages count back from the clock's present. Raises ScenarioError."""
    world = BASES[scenario.base](clock)
    for fault in scenario.faults:
        try:
            FAULTS[fault.name](world, **fault.parameters)
        except (KeyError, TypeError) as problem:
            raise ScenarioError(f"Scenario {scenario.name}, fault {fault.name}: {problem!r}") from problem
    return world
