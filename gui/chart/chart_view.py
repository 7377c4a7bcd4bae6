"""The chart with its scroll bars: it asks the view model for what fits, and keeps the focus in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from core.texts import Texts
from gui.chart.canvas import Canvas
from gui.chart.layout import room_for
from gui.theme import theme
from gui.viewmodel.chart import ChartView
from gui.viewmodel.words import TABLE

SEEN_AROUND = 24
"""How much around a card is scrolled into view with it, in px."""


class ChartArea(QScrollArea):
    """Shows the chart in whatever size there is. `view_for(room)` makes the view for that many lanes side by side."""

    picked = Signal(str)
    folded = Signal(str, bool)

    def __init__(self, texts: Texts, view_for: Callable[[int], ChartView], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_for = view_for
        self.canvas = Canvas(texts)
        self.setWidget(self.canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(texts.get(TABLE, "view", "chart-name"))
        self.viewport().setAutoFillBackground(False)
        self.canvas.setAutoFillBackground(False)
        self.canvas.picked.connect(self.picked)
        self.canvas.folded.connect(self.folded)
        self.canvas.focus_moved.connect(self._reveal)
        theme().changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the present view in the present width.

        Where the chart is higher than the window, the bar at the side takes some of that width.
        """
        width = self.width()
        self.canvas.show_view(self._view_for(room_for(width)), width)
        if self.canvas.height() > self.height():
            width -= self.verticalScrollBar().sizeHint().width()
            self.canvas.show_view(self._view_for(room_for(width)), width)

    def reveal(self, check: str) -> None:
        """Scroll so that a check's card is seen."""
        card = self.canvas.cards.get(check)
        if card is not None:
            self._reveal(card)

    def move_focus(self, check: str) -> None:
        """Take the focus to a check's card, if it is in the chart at all."""
        card, focused = self.canvas.cards.get(check), QApplication.focusWidget()
        if card is not None and focused is not None and self.canvas.isAncestorOf(focused):
            self.canvas.focus_on(card)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the focus on to a card."""
        super().focusInEvent(event)
        self.canvas.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the chart out for the new width."""
        super().resizeEvent(event)
        self.refresh()

    def _reveal(self, widget: QWidget) -> None:
        self.ensureWidgetVisible(widget, SEEN_AROUND, SEEN_AROUND)
