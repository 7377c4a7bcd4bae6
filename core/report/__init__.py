"""A finished run as JSON for programs, and as text, Markdown or HTML for people."""

from __future__ import annotations

from core.model import Report
from core.report.as_html import to_html
from core.report.as_json import to_json
from core.report.as_markdown import to_markdown
from core.report.as_text import to_text
from core.texts import Texts

_RENDERERS = {"text": to_text, "json": to_json, "markdown": to_markdown, "html": to_html}

FORMATS = tuple(_RENDERERS)
"""The formats that `render` knows."""


def render(report: Report, format_: str, texts: Texts) -> str:
    """Give the report in one of FORMATS, ending in a line break.

    Raises KeyError for another format.
    """
    return _RENDERERS[format_](report, texts)
