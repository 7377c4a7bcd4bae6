"""The report as Markdown, for a ticket or a chat."""

from __future__ import annotations

import re

from core.model import CheckResult, Report, Status
from core.report.wording import by_importance, count_line, evidence_rows, may_line, wait_line
from core.texts import Texts

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_SHELLS = (
    ("azure_cli", "Azure CLI", "bash"),
    ("powershell", "Azure PowerShell", "powershell"),
    ("kubectl", "kubectl", "bash"),
)


def to_markdown(report: Report, texts: Texts) -> str:
    """Give the answer, every finding with evidence and fixes, and a table of all checks."""
    parts = [f"# {_plain(report.conclusion.headline)}", count_line(report, texts)]
    if report.practice:
        parts.insert(0, f"> **{texts.get('words', 'report', 'practice')}**")
    parts.append(_subject(report, texts))
    parts += [_finding(result, texts) for result in by_importance(report)]
    parts.append(_table(report, texts))
    if report.notes:
        parts.append("\n".join(f"- {_plain(note)}" for note in report.notes))
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\r", " ").replace("\n", " "))


def _code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _subject(report: Report, texts: Texts) -> str:
    rows = [
        (texts.label("cluster"), report.cluster.id),
        (texts.label("registry"), report.registry.id),
        (texts.label("image"), report.image.reference if report.image else ""),
        (texts.label("account"), report.account),
        (texts.label("time"), report.started_at.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    return "\n".join(f"- {label}: {_code(value)}" for label, value in rows if value)


def _finding(result: CheckResult, texts: Texts) -> str:
    verdict = result.verdict
    word = texts.get("words", "status", verdict.status.value)
    if verdict.certainty:
        word += f" · {texts.get('words', 'certainty', verdict.certainty.value)}"
    lines = [f"## {_plain(texts.title(result.check))}: {word}", "", _plain(texts.summary(result.check, verdict))]
    rows = evidence_rows(result, texts)
    if rows:
        lines += ["", *(f"- {_plain(label)}: {_code(value)}" for label, value in rows)]
    for fix in result.fixes:
        lines += ["", f"### {_plain(fix.title)}", "", _plain(fix.changes)]
        for field, name, language in _SHELLS:
            commands: tuple[str, ...] = getattr(fix, field)
            if commands:
                lines += ["", f"{name}:", "", f"```{language}", *commands, "```"]
        if fix.portal:
            lines += ["", texts.get("words", "report", "portal") + ":", ""]
            lines += [f"{number}. {_plain(step)}" for number, step in enumerate(fix.portal, 1)]
        told = [line for line in (may_line(fix, texts), wait_line(fix, texts)) if line]
        lines += [line for text in told for line in ("", _plain(text))]
        if fix.docs:
            lines += ["", f"<{fix.docs}>"]
    return "\n".join(lines)


def _table(report: Report, texts: Texts) -> str:
    heading = texts.get("words", "report", "all-checks")
    rows = [f"## {heading}", "", "| | | |", "|---|---|---|"]
    for result in report.results:
        word = texts.get("words", "status", result.verdict.status.value)
        told = "" if result.verdict.status in (Status.PASS,) else _plain(texts.summary(result.check, result.verdict))
        rows.append(f"| {word} | {_plain(texts.title(result.check))} | {told} |")
    return "\n".join(rows)
