"""What stands beside the chart about one check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.model import CheckResult, MissingPermission
from core.report.wording import other_way
from core.texts import Texts
from gui.viewmodel.evidence import EvidenceView, evidence_view
from gui.viewmodel.fix import FixView, fix_view
from gui.viewmodel.run_state import Phase, RunState
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE, state_word


@dataclass(frozen=True, slots=True)
class MissingView:
    """A permission that would resolve an unknown: a sentence to read, and a message for whoever can give it."""

    sentence: str
    message: str


@dataclass(frozen=True, slots=True)
class DetailView:
    """One check, in the order in which it is read.

    `badge` is its state in words; `change` says what a check that was asked again was before; `fault` is the
    redacted trace of a fault of the program; empty strings and tuples are not shown.
    """

    check: str
    state: State
    badge: str
    title: str
    summary: str
    note: str
    change: str
    why: str
    evidence: tuple[EvidenceView, ...]
    missing: MissingView | None
    fixes: tuple[FixView, ...]
    docs: str
    fault: str
    can_check_again: bool


def detail_view(run: RunState, texts: Texts, check: str) -> DetailView:
    """Make the detail of a check, whether it has its result or not."""
    state = run.state(check)
    result = None if state in {State.WAITING, State.RUNNING} else run.results.get(check)
    own: Mapping[str, str] = texts.table("checks")[check]
    if result is None:
        summary = own.get("question", "")
        note = texts.get(TABLE, "detail", "running" if state is State.RUNNING else "waiting")
    else:
        summary = texts.summary(check, result.verdict)
        note = _note(result, state, texts)
    missing = result.verdict.missing if result is not None else None
    return DetailView(
        check=check,
        state=state,
        badge=_badge(result, state, texts),
        title=texts.title(check),
        summary=summary,
        note=note,
        change=_change(run, texts, check, state),
        why="" if state is State.PASS or (result is not None and state.is_quiet) else own.get("why", ""),
        evidence=() if result is None else tuple(evidence_view(seen, texts) for seen in result.verdict.evidence),
        missing=None if missing is None else _missing(missing, texts),
        fixes=() if result is None else tuple(fix_view(fix, texts) for fix in result.fixes),
        docs=own.get("docs", ""),
        fault=(result.fault or "") if result is not None else "",
        can_check_again=result is not None and run.phase is Phase.FINISHED,
    )


def _badge(result: CheckResult | None, state: State, texts: Texts) -> str:
    word = state_word(texts, state)
    if result is None or result.verdict.certainty is None or state is State.FAULT:
        return word
    return f"{word} · {texts.get('words', 'certainty', result.verdict.certainty.value)}"


def _note(result: CheckResult, state: State, texts: Texts) -> str:
    if state.is_quiet:
        return ""
    if result.softened_by is not None:
        return " ".join(other_way(result, texts))
    return texts.fill(TABLE, "card", "moot", values={"by": texts.title(result.moot)}) if result.moot else ""


def _change(run: RunState, texts: Texts, check: str, state: State) -> str:
    before = run.before.get(check)
    if before is None or state in {State.WAITING, State.RUNNING} or not run.is_partial:
        return ""
    was = State(before.verdict.status.value) if before.fault is None else State.FAULT
    now = state_word(texts, state)
    if was is state:
        return texts.fill(TABLE, "detail", "unchanged", values={"now": now})
    return texts.fill(TABLE, "detail", "changed", values={"before": state_word(texts, was), "now": now})


def _missing(missing: MissingPermission, texts: Texts) -> MissingView:
    values = {"action": missing.action, "scope": missing.scope, "role": missing.role}
    return MissingView(
        texts.fill("words", "missing-permission", "sentence", values=values),
        texts.fill("words", "missing-permission", "message", values=values).strip(),
    )
