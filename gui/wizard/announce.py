"""Having a screen reader say what has just appeared somewhere else than where the person is."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have a text said that belongs to a widget."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
