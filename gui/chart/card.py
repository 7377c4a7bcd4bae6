"""One check in the chart."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.texts import Texts
from gui.chart.chart_button import ChartButton
from gui.chart.elided import broken, elided
from gui.chart.layout import CARD_TEXT_LEFT, CARD_TEXT_RIGHT, MAX_TITLE_LINES
from gui.icons import paint_state
from gui.plain_text import tool_tip
from gui.theme import Text, font, status_style, theme
from gui.viewmodel.chart import CardView
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE

ICON = 18
LOUD = {State.FAIL, State.WARNING, State.UNKNOWN, State.FAULT, State.RUNNING}
"""States whose ground and outline are coloured."""


class Card(ChartButton):
    """A card: the state's icon and colours, the title on at most two lines, the state's word."""

    def __init__(self, view: CardView, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.turn = 0.0
        self._title_font = font(Text.CARD_TITLE)
        self._word_font = font(Text.WORD)
        self._view: CardView | None = None
        self.show_view(view)

    @property
    def view(self) -> CardView:
        """What is shown."""
        if self._view is None:
            raise RuntimeError("a card is given its view when it is made")
        return self._view

    def show_view(self, view: CardView) -> None:
        """Show another view of the same check."""
        if view == self._view:
            return
        self._view = view
        self.setAccessibleName(f"{view.title}: {view.word}")
        shown = self._texts.get(TABLE, "card", "selected") if view.selected else ""
        self.setAccessibleDescription(" ".join(part for part in (shown, view.note or view.summary) if part))
        self.setToolTip(tool_tip(" ".join(part for part in (f"{view.title}.", view.note or view.summary) if part)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_text(painter)
        self.paint_rings(painter, selected=self.view.selected)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        colours, style = theme().colours, status_style(self.view.state)
        loud = self.view.state in LOUD and not self.view.dimmed
        waiting = self.view.state is State.WAITING
        if loud:
            self.paint_frame(painter, style.ground, style.ink, width=2 if self.view.is_cause else 1.4, dashed=False)
        else:
            ground = colours.lane if self.view.dimmed else colours.card
            self.paint_frame(painter, ground, colours.line, width=1, dashed=self.view.dimmed and not waiting)

    def _paint_text(self, painter: QPainter) -> None:
        colours, style, frame = theme().colours, status_style(self.view.state), self.frame
        width = frame.width() - CARD_TEXT_LEFT - CARD_TEXT_RIGHT
        lines = elided(self.view.title, self._title_font, width, MAX_TITLE_LINES)
        title_line, word_line = title_line_height(), word_line_height()
        top = frame.y() + (frame.height() - len(lines) * title_line - word_line) // 2
        left = frame.x() + CARD_TEXT_LEFT
        icon = QRectF(frame.x() + 9, frame.y() + (frame.height() - ICON) / 2, ICON, ICON)
        paint_state(painter, icon, self.view.state, self.turn)
        painter.setFont(self._title_font)
        painter.setPen(QColor(colours.secondary if self.view.dimmed else colours.text))
        ascent = QFontMetrics(self._title_font).ascent()
        for number, line in enumerate(lines):
            painter.drawText(left, top + number * title_line + ascent, line)
        painter.setFont(self._word_font)
        painter.setPen(QColor(style.ink))
        metrics = QFontMetrics(self._word_font)
        word = metrics.elidedText(self.view.word, Qt.TextElideMode.ElideRight, width)
        painter.drawText(left, top + len(lines) * title_line + metrics.ascent() + 1, word)


def title_line_height() -> int:
    """Give the height of one line of a card's title in px."""
    return QFontMetrics(font(Text.CARD_TITLE)).height()


def word_line_height() -> int:
    """Give the height of the line with a card's word in px."""
    return QFontMetrics(font(Text.WORD)).height() + 1


def title_lines(title: str, width: int) -> int:
    """Count the lines that a title takes in this width."""
    return len(broken(title, font(Text.CARD_TITLE), width))
