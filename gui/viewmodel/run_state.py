"""What is known of a run so far, kept up to date by the engine's events."""

from __future__ import annotations

from enum import StrEnum

from core.model import CheckFinished, CheckResult, CheckStarted, Event, Report, RunFinished, RunStarted
from core.tree_shape import Tree
from gui.viewmodel.state import State, state_of


class Phase(StrEnum):
    """Where a run is."""

    READY = "ready"
    RUNNING = "running"
    FINISHED = "finished"


class RunState:
    """Results, what is being asked, and from where the walk came to each check.

    A run that starts for all checks forgets everything; one for some of them keeps the other results and remembers
    in `before` what those some were.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.order = tree.checks()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.phase = Phase.READY
        self.results: dict[str, CheckResult] = {}
        self.before: dict[str, CheckResult] = {}
        self.came_from: dict[str, str | None] = {}
        self.asked: frozenset[str] = frozenset(self.order)
        self.report: Report | None = None
        self._running: set[str] = set()

    def handle(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case RunStarted(checks):
                self._start(frozenset(checks))
            case CheckStarted(check):
                self._running.add(check)
            case CheckFinished(result, came_from):
                self._running.discard(result.check)
                self.results[result.check] = result
                if came_from is not None or result.check not in self.came_from:
                    self.came_from[result.check] = came_from
            case RunFinished(report):
                self.results = {result.check: result for result in report.results}
                self._running.clear()
                self.report = report
                self.phase = Phase.FINISHED

    def _start(self, checks: frozenset[str]) -> None:
        if checks >= set(self.order):
            self.reset()
        else:
            self.before = {check: self.results[check] for check in checks if check in self.results}
            self.results = {check: result for check, result in self.results.items() if check not in checks}
        self.asked = checks
        self.phase = Phase.RUNNING

    @property
    def is_partial(self) -> bool:
        """Say whether the current or last run asked only some of the checks."""
        return len(self.asked) < len(self.order)

    def state(self, check: str) -> State:
        """Give the state in which to show a check."""
        if check in self._running:
            return State.RUNNING
        result = self.results.get(check)
        return State.WAITING if result is None else state_of(result)

    def last_state(self, check: str) -> State:
        """Give the last state that is known, while a check is being asked again the one before that."""
        result = self.results.get(check) or self.before.get(check)
        return self.state(check) if result is None else state_of(result)

    @property
    def causes(self) -> tuple[str, ...]:
        """The checks that explain the failure, most likely first; empty until the run has ended."""
        return self._last_causes if self.phase is Phase.FINISHED else ()

    @property
    def _last_causes(self) -> tuple[str, ...]:
        return () if self.report is None else self.report.conclusion.causes

    def path(self) -> tuple[str, ...]:
        """Give the checks from the tree's entry to the first cause, both included; empty without a cause."""
        return self._path_to(self.causes)

    def last_path(self) -> tuple[str, ...]:
        """Give the path, while a check is being asked again the one before that."""
        return self._path_to(self._last_causes)

    def _path_to(self, causes: tuple[str, ...]) -> tuple[str, ...]:
        if not causes:
            return ()
        path = [causes[0]]
        while (source := self.came_from.get(path[-1])) is not None and source not in path:
            path.append(source)
        return tuple(reversed(path))
