"""The report for a terminal: plain lines, no colour codes, the answer first."""

from __future__ import annotations

from core.model import CheckResult, Report, Status
from core.report.wording import by_importance, count_line, evidence_rows, may_line, wait_line
from core.texts import Texts

MARKS = {
    Status.PASS: "[ok]",
    Status.FAIL: "[PROBLEM]",
    Status.WARNING: "[look here]",
    Status.UNKNOWN: "[could not check]",
    Status.NOT_APPLICABLE: "[not needed]",
    Status.NOT_RUN: "[not run]",
}


def to_text(report: Report, texts: Texts) -> str:
    """Give the answer, every finding with its evidence and fix, then one line for each check."""
    lines = [report.conclusion.headline, count_line(report, texts), ""]
    if report.practice:
        lines.insert(0, texts.get("words", "report", "practice"))
    for result in by_importance(report):
        lines += _finding(result, texts)
    lines.append(texts.get("words", "report", "all-checks"))
    lines += [
        f"  {MARKS[result.verdict.status]:18} {texts.title(result.check)}  ({result.check})"
        for result in report.results
    ]
    lines += ["", *report.notes] if report.notes else []
    return "\n".join(lines).rstrip() + "\n"


def _finding(result: CheckResult, texts: Texts) -> list[str]:
    verdict = result.verdict
    lines = [f"{MARKS[verdict.status]} {texts.title(result.check)}", f"  {texts.summary(result.check, verdict)}"]
    lines += [f"    {label}: {value}" for label, value in evidence_rows(result, texts)]
    for fix in result.fixes:
        lines += ["", f"  {texts.get('words', 'report', 'fix')}: {fix.title}", f"    {fix.changes}"]
        lines += [f"    $ {command}" for command in (*fix.azure_cli, *fix.kubectl)]
        told = "\n".join(text for text in (may_line(fix, texts), wait_line(fix, texts), fix.docs) if text)
        lines += [f"    {line}".rstrip() for line in told.splitlines()]
    return [*lines, ""]
