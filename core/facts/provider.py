"""How facts are had: the seam between what reads Azure and the engine that asks for facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.facts.fact import Fact


@dataclass(frozen=True)
class Provider:
    """How one fact is had: the facts it needs first, and the call that reads it.

    `needs` are names of other facts or of what the caller gives (`choice`, `cloud`, `now`). Those of them that are
    in `raw` are handed over as outcomes, known or not; of the others the value, so that a need that is not known
    makes this fact not known in the same way. `fetch` takes the needs by name, and answers `Denied`, `Missing` or
    `Unavailable` for whatever Azure refuses; it raises `core.cancel.Cancelled`, and what else it raises is a fault
    of the program.
    """

    fact: str
    needs: tuple[str, ...]
    raw: frozenset[str]
    fetch: Callable[..., Fact[Any]]
