"""What a check is: an id, a lane of the chart, and a pure function of facts."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import get_type_hints

from core.facts.fact import is_outcome
from core.model import Branch, Verdict


@dataclass(frozen=True)
class Need:
    """One fact that a check reads. `raw` means that the check judges the outcome itself, known or not."""

    fact: str
    raw: bool


@dataclass(frozen=True)
class Check:
    """A question that the program can answer from facts alone.

    `id` is the id of decision-tree and contract, and the file is named for it. The parameters of `evaluate`
    are the facts it needs, by name: one annotated with a plain type is given the value, and the engine answers
    `unknown` by itself where that fact could not be read; one annotated `Fact[...]` is given the outcome as it is.
    """

    id: str
    branch: Branch
    evaluate: Callable[..., Verdict]

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The facts to fetch, read off the signature of `evaluate`."""
        hints = get_type_hints(self.evaluate)
        return tuple(Need(name, raw=is_outcome(hints[name])) for name in inspect.signature(self.evaluate).parameters)
