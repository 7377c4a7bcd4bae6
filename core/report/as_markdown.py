"""The report as Markdown, for a ticket or a chat."""

from __future__ import annotations

import re
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

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$]|^[-+=])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
"""What could begin markup: anywhere in a line, or at its start."""


def to_markdown(report: Report, texts: Texts) -> str:
    """Give the answer, every finding with evidence and fixes, and a table of all checks."""
    parts = [f"> **{texts.get('words', 'report', 'practice')}**"] if report.practice else []
    parts += [f"# {_plain(report.conclusion.headline)}", count_line(report, texts)]
    parts += [_plain(note) for note in report.notes]
    parts.append("\n".join(_rows(subject_rows(report, texts))))
    asked = permissions_to_ask_for(report, texts)
    parts += [_finding(results, asked.get(results[0].check, []), texts) for results in findings(report, texts)]
    parts.append(_table(report, texts))
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", sentence(text)))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _block(lines: Iterable[str], language: str = "") -> list[str]:
    text = "\n".join(lines)
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}{language}", text, fence]


def _rows(rows: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for label, value in rows:
        shown = printable(value)
        if "\n" in shown:
            lines += [
                f"- {_plain(label)}:",
                "",
                *(f"  {line}" for line in "\n".join(_block([shown])).splitlines()),
                "",
            ]
        elif shown.strip():
            lines.append(f"- {_plain(label)}: {_code(shown)}")
    return lines


def _finding(results: tuple[CheckResult, ...], asked: list[MissingPermission], texts: Texts) -> str:
    lines: list[str] = []
    for result in results:
        word = texts.get("words", "status", result.verdict.status.value)
        lines += [f"## {word}: {_plain(heading(result, texts))}", ""]
    lines += [line for text in told(results[0], texts) for line in (_plain(text), "")]
    lines += _rows(evidence_rows(results, texts))
    for missing in asked:
        text, message = missing_texts(missing, texts)
        lines += ["", _plain(text), "", *_letter(message)]
    for fix in results[0].fixes:
        lines += ["", *_fix(fix, texts)]
    return "\n".join(lines).rstrip()


def _fix(fix: Fix, texts: Texts) -> list[str]:
    lines = [f"### {_plain(fix.title)}"]
    lines += [line for text in (fix.changes, risk_line(fix, texts)) if text for line in ("", _plain(text))]
    for name, language, steps in commands(fix):
        lines += ["", f"{name}:", "", *_block((printable(step).replace("\n", " ") for step in steps), language)]
    if fix.portal:
        lines += ["", texts.get("words", "report", "portal") + ":", ""]
        lines += [f"{number}. {_plain(step)}" for number, step in enumerate(fix.portal, 1)]
    if link(fix.docs):
        lines += ["", f"<{fix.docs}>"]
    lines += [line for text in (wait_line(fix, texts), may_line(fix, texts)) if text for line in ("", _plain(text))]
    if fix.ask:
        lines += ["", *_letter(fix.ask)]
    return lines


def _letter(text: str) -> list[str]:
    return _block(printable(text).splitlines(), "text")


def _table(report: Report, texts: Texts) -> str:
    heading_ = texts.get("words", "report", "all-checks")
    rows = [f"## {heading_}", "", "| | | |", "|---|---|---|"]
    for result in report.results:
        word = texts.get("words", "status", result.verdict.status.value)
        passed = result.verdict.status is Status.PASS
        found = "" if passed else _plain(texts.summary(result.check, result.verdict))
        rows.append(f"| {word} | {_plain(texts.title(result.check))} | {found} |")
    return "\n".join(rows)
