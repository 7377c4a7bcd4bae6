"""Text for the places of Qt that guess at markup and offer no plain mode, such as tool tips."""

from __future__ import annotations

from html import escape


def tool_tip(text: str) -> str:
    """Write a plain text so that a tool tip shows it as it is, with its lines wrapped.

    A tool tip that starts like markup is taken for markup, so the text is always escaped inside one element.
    """
    return f"<p>{escape(text)}</p>" if text else ""
