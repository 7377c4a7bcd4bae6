"""The sentence above everything, its colour, and the counts under it."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Outcome, Report, Status
from core.texts import Texts
from gui.viewmodel.run_state import Phase, RunState
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE, counted, seconds_text

SLOW_AFTER = 10.0
"""Seconds after which a run is said to take longer than usual."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The names of what is being diagnosed, as they are shown."""

    cluster: str
    registry: str


@dataclass(frozen=True, slots=True)
class BannerView:
    """The headline, its tone (the state whose colours and shape it has), the line of counts, and remarks."""

    headline: str
    tone: State
    counts: str
    notes: tuple[str, ...] = ()


def banner_view(run: RunState, texts: Texts, subject: Subject, elapsed: float) -> BannerView:
    """Make the banner. `elapsed` is in seconds and counts while the run goes on."""
    names = {"cluster": subject.cluster, "registry": subject.registry}
    if not subject.cluster:
        return BannerView(texts.get(TABLE, "banner", "nothing"), State.WAITING, "")
    if run.phase is Phase.READY:
        counts = texts.fill(TABLE, "banner", "ready-counts", values={"n": str(len(run.order))})
        return BannerView(texts.fill(TABLE, "banner", "ready", values=names), State.WAITING, counts)
    if run.phase is Phase.RUNNING or run.report is None:
        key = "checking-again" if run.is_partial else "running"
        return BannerView(
            texts.fill(TABLE, "banner", key, values=names), State.RUNNING, _running_counts(run, texts, elapsed)
        )
    return BannerView(
        run.report.conclusion.headline,
        tone_of(run.report, texts),
        " · ".join([*_counts(run, texts), seconds_text(texts, run.report.duration_ms / 1000)]),
        run.report.notes,
    )


def tone_of(report: Report, texts: Texts) -> State:
    """Give the state in whose colours an answer stands."""
    if report.conclusion.outcome is Outcome.CAUSE_FOUND:
        return State.FAIL
    if report.cancelled or all(result.verdict.status is Status.NOT_RUN for result in report.results):
        return State.NOT_RUN
    if report.conclusion.outcome is Outcome.INCONCLUSIVE:
        return State.UNKNOWN
    noticed = any(
        result.verdict.status is Status.WARNING and texts.has_headline(result.check, result.verdict.reason)
        for result in report.results
    )
    return State.WARNING if noticed else State.PASS


def _running_counts(run: RunState, texts: Texts, elapsed: float) -> str:
    done = sum(1 for check in run.asked if check in run.results)
    parts = [
        texts.fill(TABLE, "banner", "running-counts", values={"done": str(done), "n": str(len(run.asked))}),
        seconds_text(texts, elapsed),
    ]
    if elapsed >= SLOW_AFTER:
        parts.append(texts.get(TABLE, "banner", "slow"))
    return " · ".join(parts)


def _counts(run: RunState, texts: Texts) -> list[str]:
    """Count every check once, in the order in which it matters; what there is none of is left out."""
    states = [run.state(check) for check in run.order]
    causes = len(run.causes)
    numbers = {
        "causes": causes,
        "following": states.count(State.FAIL) - causes,
        "warnings": states.count(State.WARNING),
        "passed": states.count(State.PASS),
        "unknown": states.count(State.UNKNOWN),
        "faults": states.count(State.FAULT),
        "quiet": states.count(State.NOT_APPLICABLE),
        "not-run": states.count(State.NOT_RUN),
    }
    return [counted(texts, key, n) for key, n in numbers.items() if n > 0]
