"""Tool tips for widgets that say the same to a screen reader by their name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.plain_text import tool_tip

NOTHING = " "
"""A description that is not empty and that nobody hears: for an empty one Qt takes the tool tip, markup included."""


def set_tool_tip(widget: QWidget, text: str) -> None:
    """Show a text as tool tip, and keep screen readers from reading it where nothing else describes the widget."""
    widget.setToolTip(tool_tip(text))
    if not widget.accessibleDescription():
        widget.setAccessibleDescription(NOTHING)
