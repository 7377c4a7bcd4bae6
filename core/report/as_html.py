"""The report as one HTML file that needs nothing else: no script, no picture, no address that it would load."""

from __future__ import annotations

from html import escape

from core.model import CheckResult, Fix, Report
from core.report.wording import by_importance, count_line, evidence_rows, may_line, wait_line
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
.soft { color: var(--soft); } .banner { border: 2px dashed var(--warning); padding: .5rem 1rem; font-weight: 600; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .warning { color: var(--warning); }
.unknown { color: var(--unknown); } .not-applicable, .not-run { color: var(--other); }
"""


def to_html(report: Report, texts: Texts) -> str:
    """Give the whole report as one page; everything that came from outside is escaped."""
    body = [
        f"<h1>{escape(report.conclusion.headline)}</h1>",
        f'<p class="soft">{escape(count_line(report, texts))}</p>',
    ]
    if report.practice:
        body.insert(0, f'<p class="banner">{escape(texts.get("words", "report", "practice"))}</p>')
    body.append(_subject(report, texts))
    body += [_finding(result, texts) for result in by_importance(report)]
    body.append(_table(report, texts))
    body += [f"<p>{escape(note)}</p>" for note in report.notes]
    title = escape(report.conclusion.headline)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _rows(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><td class="soft">{escape(label)}</td><td>{escape(value)}</td></tr>' for label, value in rows
    )
    return f"<table>{cells}</table>" if rows else ""


def _subject(report: Report, texts: Texts) -> str:
    rows = [
        (texts.label("cluster"), report.cluster.id),
        (texts.label("registry"), report.registry.id),
        (texts.label("image"), report.image.reference if report.image else ""),
        (texts.label("account"), report.account),
        (texts.label("time"), report.started_at.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    return _rows([(label, value) for label, value in rows if value])


def _word(result: CheckResult, texts: Texts) -> str:
    status = result.verdict.status.value
    return f'<span class="{status}">{escape(texts.get("words", "status", status))}</span>'


def _finding(result: CheckResult, texts: Texts) -> str:
    parts = [
        f"<h2>{_word(result, texts)}: {escape(texts.title(result.check))}</h2>",
        f"<p>{escape(texts.summary(result.check, result.verdict))}</p>",
        _rows(evidence_rows(result, texts)),
        *(_fix(fix, texts) for fix in result.fixes),
    ]
    return "\n".join(part for part in parts if part)


def _fix(fix: Fix, texts: Texts) -> str:
    parts = [f"<h3>{escape(fix.title)}</h3>", f"<p>{escape(fix.changes)}</p>"]
    for name, commands in (
        ("Azure CLI", fix.azure_cli),
        ("Azure PowerShell", fix.powershell),
        ("kubectl", fix.kubectl),
    ):
        if commands:
            parts.append(f'<p class="soft">{name}</p>')
            parts += [f"<pre>{escape(command)}</pre>" for command in commands]
    if fix.portal:
        steps = "".join(f"<li>{escape(step)}</li>" for step in fix.portal)
        parts.append(f'<p class="soft">{escape(texts.get("words", "report", "portal"))}</p><ol>{steps}</ol>')
    parts += [f"<p>{escape(line)}</p>" for line in (may_line(fix, texts), wait_line(fix, texts)) if line]
    if fix.docs.startswith("https://"):
        parts.append(f'<p><a href="{escape(fix.docs)}">{escape(fix.docs)}</a></p>')
    return "\n".join(parts)


def _table(report: Report, texts: Texts) -> str:
    rows = "".join(
        f"<tr><td>{_word(result, texts)}</td><td>{escape(texts.title(result.check))}</td>"
        f'<td class="soft">{escape(texts.summary(result.check, result.verdict))}</td></tr>'
        for result in report.results
    )
    return f"<h2>{escape(texts.get('words', 'report', 'all-checks'))}</h2>\n<table>{rows}</table>"
