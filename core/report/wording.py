"""The sentences and the order that the reports for people share."""

from __future__ import annotations

from core.model import CheckResult, Fix, Report, Status
from core.texts import Texts

_TOLD = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.WARNING: 2}


def by_importance(report: Report) -> list[CheckResult]:
    """Give the results worth telling at length: causes in their order, other problems, unknowns, warnings."""
    place = {check: number for number, check in enumerate(report.conclusion.causes)}
    told = [result for result in report.results if result.verdict.status in _TOLD]
    return sorted(told, key=lambda result: (place.get(result.check, len(place)), _TOLD[result.verdict.status]))


def count_line(report: Report, texts: Texts) -> str:
    """Say in one line how many checks ended how, and how long it took."""
    statuses = [result.verdict.status for result in report.results]
    skipped = sum(status in (Status.NOT_APPLICABLE, Status.NOT_RUN) for status in statuses)
    counts = {
        "causes": len(report.conclusion.causes),
        "ok": statuses.count(Status.PASS),
        "warnings": statuses.count(Status.WARNING),
        "unknown": statuses.count(Status.UNKNOWN),
        "skipped": skipped,
    }
    parts = [
        texts.fill("words", "counts", key if count == 1 else f"{key}-many", values={"count": str(count)})
        for key, count in counts.items()
        if count or key == "ok"
    ]
    return " · ".join([*parts, f"{report.duration_ms / 1000:.1f} s"])


def evidence_rows(result: CheckResult, texts: Texts) -> list[tuple[str, str]]:
    """Give what a check saw, with the labels in words."""
    return [(texts.label(evidence.label), evidence.value) for evidence in result.verdict.evidence]


def may_line(fix: Fix, texts: Texts) -> str:
    """Say whether the signed-in user may apply a fix, and what to send to whom if not."""
    if fix.you_may_apply:
        return texts.get("words", "report", "you-may")
    return fix.ask or ""


def wait_line(fix: Fix, texts: Texts) -> str:
    """Say how long Azure takes to honour a fix; empty where it is at once."""
    if not fix.wait_minutes:
        return ""
    return texts.fill("words", "report", "wait", values={"minutes": str(fix.wait_minutes)})
