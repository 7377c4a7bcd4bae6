"""The report as one HTML file that needs nothing else: no script, no picture, no address that it would load."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from core.model import CheckResult, Fix, MissingPermission, Report
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
    subject_rows,
    told,
    wait_line,
)
from core.texts import Texts

STYLE = """
:root { color-scheme: light dark; --line: #d9dde3; --soft: #5c6670; --code: #f3f4f6; --pass: #1a7f37; --fail: #c5221f;
  --warning: #8a5a00; --unknown: #6b3fa0; --other: #5f6b76; }
@media (prefers-color-scheme: dark) { :root { --line: #343a42; --soft: #9aa4ae; --code: #262b31; --pass: #5fd07d;
  --fail: #ff8a80; --warning: #f5c451; --unknown: #c9a5f7; --other: #9aa4ae; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3 { font-size: 1rem; }
pre { background: var(--code); padding: .75rem; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .35rem .5rem;
  vertical-align: top; overflow-wrap: anywhere; } td:first-child { white-space: nowrap; }
td pre { margin: 0; background: none; padding: 0; white-space: pre; overflow-x: auto; }
.letter { font: inherit; border-left: 3px solid var(--line); }
.soft { color: var(--soft); } .banner { border: 2px dashed var(--warning); padding: .5rem 1rem; font-weight: 600; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .warning { color: var(--warning); }
.unknown { color: var(--unknown); } .not-applicable, .not-run { color: var(--other); }
"""


def to_html(report: Report, texts: Texts) -> str:
    """Give the whole report as one page; everything that came from outside is escaped."""
    body = [_paragraph(texts.get("words", "report", "practice"), "banner")] if report.practice else []
    body += [f"<h1>{_safe(report.conclusion.headline)}</h1>", _paragraph(count_line(report, texts), "soft")]
    body += [_paragraph(note) for note in report.notes]
    body.append(_rows(subject_rows(report, texts)))
    asked = permissions_to_ask_for(report, texts)
    body += [_finding(results, asked.get(results[0].check, []), texts) for results in findings(report, texts)]
    body.append(_table(report, texts))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{_safe(report.conclusion.headline)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return escape(printable(text))


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{_safe(text)}</p>' if kind else f"<p>{_safe(text)}</p>"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    cells = [f'<tr><td class="soft">{_safe(label)}</td><td>{_value(value)}</td></tr>' for label, value in rows]
    return f"<table>{''.join(cells)}</table>" if cells else ""


def _value(value: str) -> str:
    return f"<pre>{_safe(value)}</pre>" if "\n" in printable(value) else _safe(value)


def _word(result: CheckResult, texts: Texts) -> str:
    status = result.verdict.status.value
    return f'<span class="{status}">{_safe(texts.get("words", "status", status))}</span>'


def _finding(results: tuple[CheckResult, ...], asked: list[MissingPermission], texts: Texts) -> str:
    parts = [f"<h2>{_word(result, texts)}: {_safe(heading(result, texts))}</h2>" for result in results]
    parts += [_paragraph(text) for text in told(results[0], texts)]
    parts.append(_rows(evidence_rows(results, texts)))
    for missing in asked:
        text, message = missing_texts(missing, texts)
        parts += [_paragraph(text), _letter(message)]
    parts += [_fix(fix, texts) for fix in results[0].fixes]
    return "\n".join(part for part in parts if part)


def _fix(fix: Fix, texts: Texts) -> str:
    parts = [f"<h3>{_safe(fix.title)}</h3>"]
    parts += [_paragraph(text) for text in (fix.changes, risk_line(fix, texts)) if text]
    for name, _, steps in commands(fix):
        parts.append(_paragraph(name, "soft"))
        parts += [f"<pre>{_safe(step)}</pre>" for step in steps]
    if fix.portal:
        items = "".join(f"<li>{_safe(step)}</li>" for step in fix.portal)
        parts += [_paragraph(texts.get("words", "report", "portal"), "soft"), f"<ol>{items}</ol>"]
    if link(fix.docs):
        parts.append(f'<p><a href="{escape(fix.docs)}">{escape(fix.docs)}</a></p>')
    parts += [_paragraph(text) for text in (wait_line(fix, texts), may_line(fix, texts)) if text]
    if fix.ask:
        parts.append(_letter(fix.ask))
    return "\n".join(parts)


def _letter(text: str) -> str:
    return f'<pre class="letter">{_safe(text)}</pre>'


def _table(report: Report, texts: Texts) -> str:
    rows = "".join(
        f"<tr><td>{_word(result, texts)}</td><td>{_safe(texts.title(result.check))}</td>"
        f'<td class="soft">{_safe(texts.summary(result.check, result.verdict))}</td></tr>'
        for result in report.results
    )
    return f"<h2>{_safe(texts.get('words', 'report', 'all-checks'))}</h2>\n<table>{rows}</table>"
