"""One walk over the tree: which checks are asked, in which order their answers come, and what they make pointless."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Any

from core.cancel import CancelToken
from core.checks.check import Check
from core.checks.unread import unknown
from core.engine import could_not_check
from core.engine.fact_store import FactStore
from core.engine.ways import hardened, softened
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.provider import Provider
from core.model import CheckFinished, CheckResult, CheckStarted, Event, Fix, FixRef, Status, Verdict
from core.scrub import scrub
from core.tree_shape import Edge, Moot, Tree

FIX_FACTS = ("cluster_permissions", "registry_permissions")
"""The facts that every result waits for: no fix is shown before it is known who may apply it."""

Render = Callable[[FixRef, Mapping[str, Fact[Any]]], Fix]
"""Fills a fix with real names; the facts are those of FIX_FACTS."""


@dataclass
class _Visit:
    came_from: str | None
    started: float


class Walk:
    """Walks a tree once.

    Events go to `sink`, all from the thread that calls `run`. A check whose result changes because a later one makes
    it pointless, or harmless, is told a second time. `before` are the results of an earlier walk that this one does
    not repeat.
    """

    def __init__(
        self,
        tree: Tree,
        checks: Mapping[str, Check],
        providers: Mapping[str, Provider],
        given: Mapping[str, Fact[Any]],
        render: Render,
        sink: Callable[[Event], None],
        cancel: CancelToken,
        before: Mapping[str, CheckResult] | None = None,
    ) -> None:
        self._tree = tree
        self._checks = checks
        self._render = render
        self._sink = sink
        self._cancel = cancel
        self._news: SimpleQueue[None] = SimpleQueue()
        self._store = FactStore(providers, given, cancel, lambda _name, _outcome: self._news.put(None))
        self._open: dict[str, _Visit] = {}
        self._before = before or {}
        self._alone = {check: hardened(result) for check, result in self._before.items()}
        self._came_from: dict[str, str | None] = {}
        self._results: dict[str, CheckResult] = {}
        self._allowed: frozenset[str] = frozenset(tree.checks())

    def fact(self, name: str) -> Fact[Any] | None:
        """Give a fact's outcome after the walk, None where nobody asked for it or it never came."""
        return self._store.get(name)

    def run(self, entry: str, only: Collection[str] | None = None) -> dict[str, CheckResult]:
        """Walk from `entry` until every reached check has its result, or until the cancel.

        Checks outside `only` are not asked. Returns a result for each of the others, and those results of the earlier
        walk that are another way's matter now or no longer.
        """
        if only is not None:
            self._allowed = frozenset(only)
        early = {check for check in self._allowed if check not in self._tree.late}
        self._store.want([*FIX_FACTS, *self._facts_of(early)])
        forget = self._cancel.on_cancel(lambda: self._news.put(None))
        try:
            self._visit(entry, None)
            while self._open and not self._cancel.cancelled:
                if not self._evaluate_one():
                    self._news.get()
        finally:
            forget()
            self._store.stop()
        if self._cancel.cancelled:
            for check in list(self._open):
                self._finish(check, could_not_check.cancelled())
            self._fill(could_not_check.cancelled())
        else:
            self._fill(None)
        self._weigh_ways()
        return {check: self._results[check] for check in self._tree.checks() if check in self._results}

    def skip_all(self) -> dict[str, CheckResult]:
        """Ask nothing, since the pasted text is not about a pull. Returns a result for every check."""
        self._fill(could_not_check.not_asked())
        return self._results

    def _facts_of(self, checks: Collection[str]) -> list[str]:
        return [need.fact for check in checks for need in self._checks[check].needs]

    def _visit(self, check: str, came_from: str | None) -> None:
        if check not in self._allowed or check in self._open or check in self._results:
            return
        self._came_from[check] = came_from
        self._open[check] = _Visit(came_from, time.monotonic())
        self._sink(CheckStarted(check))
        self._store.want(self._facts_of([check]))

    def _evaluate_one(self) -> bool:
        for check in list(self._open):
            needs = (*(need.fact for need in self._checks[check].needs), *FIX_FACTS)
            outcomes = {name: self._store.get(name) for name in needs}
            if all(outcome is not None for outcome in outcomes.values()):
                known = {name: outcome for name, outcome in outcomes.items() if outcome is not None}
                verdict, fixes, trace = self._judge(check, known)
                if not self._cancel.cancelled:
                    self._finish(check, verdict, fixes, trace)
                return True
        return False

    def _judge(self, check: str, outcomes: Mapping[str, Fact[Any]]) -> tuple[Verdict, tuple[Fix, ...], str | None]:
        arguments: dict[str, Any] = {}
        for need in self._checks[check].needs:
            outcome = outcomes[need.fact]
            if need.raw:
                arguments[need.fact] = outcome
            elif isinstance(outcome, Known):
                arguments[need.fact] = outcome.value
            else:
                trace = outcome.trace if isinstance(outcome, Unavailable) else None
                return unknown(outcome), (), trace
        try:
            verdict = self._checks[check].evaluate(**arguments)
            permissions = {name: outcomes[name] for name in FIX_FACTS}
            fixes = tuple(self._render(fix, permissions) for fix in verdict.fixes)
        except Exception as error:  # noqa: BLE001 - the crash guard: a fault in one check costs one node, not the run
            return (
                could_not_check.fault(scrub(f"{type(error).__name__}: {error}")),
                (),
                scrub(traceback.format_exc()),
            )
        return verdict, fixes, _trace_of(verdict, outcomes)

    def _finish(self, check: str, verdict: Verdict, fixes: tuple[Fix, ...] = (), trace: str | None = None) -> None:
        visit = self._open.pop(check)
        milliseconds = round((time.monotonic() - visit.started) * 1000)
        self._report(CheckResult(check, verdict, None, fixes, milliseconds, trace))
        for edge in self._tree.edges_from(check):
            if follows(edge, verdict):
                self._visit(edge.target, check)

    def _report(self, result: CheckResult) -> None:
        for moot in self._tree.moots:
            if result.check in moot.targets and self._makes_moot(moot):
                result = _mooted(result, moot)
        self._results[result.check] = result
        self._sink(CheckFinished(result, self._came_from.get(result.check)))
        for moot in self._tree.moots:
            if moot.by == result.check and self._makes_moot(moot):
                self._make_moot(moot)

    def _makes_moot(self, moot: Moot) -> bool:
        by = self._results.get(moot.by) or self._alone.get(moot.by)
        return (
            by is not None
            and by.verdict.status is Status.FAIL
            and (moot.reasons is None or by.verdict.reason in moot.reasons)
        )

    def _make_moot(self, moot: Moot) -> None:
        for target in moot.targets:
            if target in self._results and self._results[target].moot is None:
                self._results[target] = _mooted(self._results[target], moot)
                self._sink(CheckFinished(self._results[target], self._came_from.get(target)))

    def _weigh_ways(self) -> None:
        """Tell again what changes because one of several ways is open, or because it is no longer."""
        results = {**self._alone, **self._results}
        now = {**results, **softened(self._tree, results)}
        for check in self._tree.checks():
            told = self._results.get(check) or self._before.get(check)
            if told is not None and now[check] != told:
                self._results[check] = now[check]
                self._sink(CheckFinished(now[check], self._came_from.get(check)))

    def _fill(self, verdict: Verdict | None) -> None:
        """Say of every check that the walk did not reach why it was not asked."""
        pending = [check for check in self._tree.checks() if check in self._allowed and check not in self._results]
        while pending:
            for check in list(pending):
                if verdict is not None:
                    self._report(CheckResult(check, verdict))
                    pending.remove(check)
                    continue
                sources = [edge.source for edge in self._tree.edges_to(check) if edge.source in self._allowed]
                if all(source in self._results for source in sources):
                    self._report(self._unreached(check, sources))
                    pending.remove(check)

    def _unreached(self, check: str, sources: Collection[str]) -> CheckResult:
        for source in sources:
            found = self._results[source]
            if found.verdict.status is Status.FAIL and _failure_ends(self._tree, source, check):
                return CheckResult(check, could_not_check.gated(source), moot=source)
            if found.verdict.reason == "gated":
                return CheckResult(check, found.verdict, moot=found.moot)
        by = next((source for source in sources if source in self._came_from), None)
        if by is None:
            skipped = next(self._results[source].verdict for source in sources)
            return CheckResult(check, skipped)
        return CheckResult(check, could_not_check.not_on_path(by))


def follows(edge: Edge, verdict: Verdict) -> bool:
    """Say whether a verdict leads along an edge."""
    return verdict.status in edge.on and (edge.reasons is None or verdict.reason in edge.reasons)


def _failure_ends(tree: Tree, source: str, target: str) -> bool:
    """Say whether it was the failure that kept the walk from going on, as a pass would have."""
    ways = [edge.on for edge in tree.edges_from(source) if edge.target == target]
    return any(Status.PASS in on for on in ways) and not any(Status.FAIL in on for on in ways)


def _mooted(result: CheckResult, moot: Moot) -> CheckResult:
    if moot.run:
        return result if result.moot is not None else replace(result, moot=moot.by)
    return replace(result, verdict=could_not_check.gated(moot.by), moot=moot.by, fixes=(), fault=None)


def _trace_of(verdict: Verdict, outcomes: Mapping[str, Fact[Any]]) -> str | None:
    if verdict.status is not Status.UNKNOWN:
        return None
    return next(
        (
            outcome.trace
            for outcome in outcomes.values()
            if isinstance(outcome, Unavailable) and outcome.trouble is Trouble.FAULT
        ),
        None,
    )
