"""The report for a terminal: plain lines, no colour codes, the answer first."""

from __future__ import annotations

from collections.abc import Iterable

from core.model import CheckResult, Fix, MissingPermission, Report, Status
from core.report.wording import (
    commands,
    count_line,
    evidence_rows,
    findings,
    heading,
    link,
    may_line,
    missing_texts,
    permissions_to_ask_for,
    printable,
    risk_line,
    sentence,
    subject_rows,
    told,
    wait_line,
)
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
    """Give the answer, every finding with its evidence and fixes, then one line for each check."""
    lines = [texts.get("words", "report", "practice")] if report.practice else []
    lines += [sentence(report.conclusion.headline), count_line(report, texts), ""]
    if report.notes:
        lines += [*(sentence(note) for note in report.notes), ""]
    lines += [*_rows(subject_rows(report, texts), "  "), ""]
    asked = permissions_to_ask_for(report, texts)
    for results in findings(report, texts):
        lines += [*_finding(results, asked.get(results[0].check, []), texts), ""]
    lines.append(texts.get("words", "report", "all-checks"))
    lines += [
        f"  {MARKS[result.verdict.status]:18} {texts.title(result.check)}  ({result.check})"
        for result in report.results
    ]
    return "\n".join(lines).rstrip() + "\n"


def _finding(results: tuple[CheckResult, ...], asked: list[MissingPermission], texts: Texts) -> list[str]:
    lines = [f"{MARKS[result.verdict.status]} {heading(result, texts)}" for result in results]
    lines += [f"  {sentence(text)}" for text in told(results[0], texts)]
    lines += _rows(evidence_rows(results, texts), "    ")
    for missing in asked:
        text, message = missing_texts(missing, texts)
        lines += [f"  {sentence(text)}", *_letter(message)]
    for fix in results[0].fixes:
        lines += ["", *_fix(fix, texts)]
    return lines


def _fix(fix: Fix, texts: Texts) -> list[str]:
    lines = [f"  {texts.get('words', 'report', 'fix')}: {sentence(fix.title)}"]
    lines += [f"    {line}" for line in (sentence(fix.changes), risk_line(fix, texts)) if line]
    for name, _, steps in commands(fix):
        lines += [f"    {name}:", *(f"      {_one_line(step)}" for step in steps)]
    if fix.portal:
        steps = tuple(f"{number}. {sentence(step)}" for number, step in enumerate(fix.portal, 1))
        lines += [f"    {texts.get('words', 'report', 'portal')}:", *(f"      {step}" for step in steps)]
    lines += [f"    {line}" for line in (wait_line(fix, texts), link(fix.docs), may_line(fix, texts)) if line]
    if fix.ask:
        lines += _letter(fix.ask)
    return lines


def _letter(text: str) -> list[str]:
    return [f"      | {line}".rstrip() for line in printable(text).splitlines()]


def _rows(rows: Iterable[tuple[str, str]], indent: str) -> list[str]:
    """Put each row on a line, or its value on lines of its own where it has several."""
    lines: list[str] = []
    for label, value in rows:
        first, *others = printable(value).splitlines() or [""]
        lines += (
            [f"{indent}{label}:", *(f"{indent}  {line}" for line in (first, *others))]
            if others
            else [f"{indent}{label}: {first}"]
        )
    return lines


def _one_line(command: str) -> str:
    return printable(command).replace("\n", " ")
