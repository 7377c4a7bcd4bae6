"""What a decision tree is made of: lanes, edges, and the rules by which one check makes another pointless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.model import Status

GOES_ON = frozenset({Status.PASS, Status.WARNING, Status.UNKNOWN, Status.NOT_APPLICABLE})
"""Outcomes that do not end a branch: a warning follows the pass, and what could not be checked hides nothing."""

ALWAYS = frozenset(Status)
FAILED = frozenset({Status.FAIL})
SKIPPED = frozenset({Status.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the chart. `key` names its title in the texts; `checks` stand from top to bottom."""

    key: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """From one check to the next, followed for these outcomes; with `reasons`, only for a verdict that gave one."""

    source: str
    target: str
    on: frozenset[Status] = GOES_ON
    reasons: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Moot:
    """When `by` failed (for one of `reasons`, if any are named), the `targets` cannot explain anything more.

    A target is still evaluated and shown unless `run` is False; it is never a cause.
    """

    by: str
    targets: tuple[str, ...]
    reasons: frozenset[str] | None = None
    run: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways in which a pull gets its credentials.

    It is known to be open when each of its `checks` passed or did not apply, or warned of what is `harmless`, and
    when all checks of one of the `proofs` passed, those in `saying` for that reason. What fails on it
    is harmless while another way is open.
    """

    checks: tuple[str, ...]
    proofs: tuple[tuple[str, ...], ...]
    harmless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    saying: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything there is to know about the order of checks.

    `late` checks are rare enough that their facts are fetched only when the walk arrives; the unknown of an
    `optional` check does not make a run inconclusive. A check that `explains` others says why they failed, and so has
    the better sentence for what they found. The reasons that leave a check `undecided` make no all-clear. While one
    of the `ways` is known to be open, what failed on the others is only worth a look. What is `met_after` a check
    comes later in a pull than it is drawn.
    """

    entry: str
    lanes: tuple[Lane, ...]
    edges: tuple[Edge, ...]
    moots: tuple[Moot, ...]
    late: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    explains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undecided: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ways: tuple[Way, ...] = ()
    met_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def checks(self) -> tuple[str, ...]:
        """Give every check id in the order of the report."""
        return tuple(check for lane in self.lanes for check in lane.checks)

    def in_pull_order(self) -> Iterator[str]:
        """Give every check id in the order in which a pull meets what they are about."""
        later = {check for checks in self.met_after.values() for check in checks}
        for check in self.checks():
            if check not in later:
                yield check
                yield from self.met_after.get(check, ())

    def edges_from(self, check: str) -> Iterator[Edge]:
        """Give the edges that leave a check."""
        return (edge for edge in self.edges if edge.source == check)

    def below(self, check: str) -> frozenset[str]:
        """Give what has to be asked again together with a check: itself and all that hangs on it.

        A check whose failure makes others pointless has the whole tree hanging on it.
        """
        if any(moot.by == check for moot in self.moots):
            return frozenset(self.checks())
        found = {check}
        todo = [check]
        while todo:
            for edge in self.edges_from(todo.pop()):
                if edge.target not in found:
                    found.add(edge.target)
                    todo.append(edge.target)
        return frozenset(found)

    def edges_to(self, check: str) -> Iterator[Edge]:
        """Give the edges that lead to a check."""
        return (edge for edge in self.edges if edge.target == check)
