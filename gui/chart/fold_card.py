"""A branch that does not matter, folded into one card; and the small button that folds it again."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.texts import Texts
from gui.chart.chart_button import ChartButton
from gui.chart.elided import elided
from gui.chart.layout import CARD_TEXT_LEFT, CARD_TEXT_RIGHT, CHEVRON_ROOM, MAX_TITLE_LINES
from gui.icons import paint_state
from gui.plain_text import tool_tip
from gui.theme import Text, font, status_style, theme
from gui.tool_tip import set_tool_tip
from gui.viewmodel.chart import LaneView
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE

ICON = 18


class FoldCard(ChartButton):
    """A folded lane: its name, how many checks it holds and what became of them. Pressing it shows them."""

    def __init__(self, lane: LaneView, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self._title_font = font(Text.CARD_TITLE)
        self._word_font = font(Text.WORD)
        self.lane = lane
        self.show_lane(lane)

    def show_lane(self, lane: LaneView) -> None:
        """Show another view of the same lane."""
        self.lane = lane
        action = self._texts.fill(TABLE, "lane", "unfold", values={"lane": lane.title})
        self.setAccessibleName(f"{lane.title}: {lane.count}")
        self.setAccessibleDescription(action)
        self.setToolTip(tool_tip(action))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card."""
        colours, frame, quiet = theme().colours, self.frame, self.lane.state is not State.PASS
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_frame(painter, colours.card, colours.line, width=1, dashed=quiet)
        icon = QRectF(frame.x() + 9, frame.y() + (frame.height() - ICON) / 2, ICON, ICON)
        paint_state(painter, icon, self.lane.state)
        title, word = QFontMetrics(self._title_font), QFontMetrics(self._word_font)
        left, width = frame.x() + CARD_TEXT_LEFT, frame.width() - CARD_TEXT_LEFT - CARD_TEXT_RIGHT - CHEVRON_ROOM
        lines = elided(self.lane.title, self._title_font, width, MAX_TITLE_LINES)
        top = frame.y() + (frame.height() - len(lines) * title.height() - word.height()) // 2
        painter.setFont(self._title_font)
        painter.setPen(QColor(colours.text))
        for number, line in enumerate(lines):
            painter.drawText(left, top + number * title.height() + title.ascent(), line)
        painter.setFont(self._word_font)
        painter.setPen(QColor(status_style(self.lane.state).ink))
        count = word.elidedText(self.lane.count, Qt.TextElideMode.ElideRight, width)
        painter.drawText(left, top + len(lines) * title.height() + word.ascent() + 1, count)
        paint_chevron(painter, QPointF(frame.right() - 13, frame.center().y() + 0.5), down=False)
        self.paint_rings(painter, selected=False)
        painter.end()


class FoldButton(ChartButton):
    """The arrow beside the name of an open lane that may be folded."""

    def __init__(self, lane: LaneView, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.lane = lane
        action = texts.fill(TABLE, "lane", "fold", values={"lane": lane.title})
        self.setAccessibleName(action)
        set_tool_tip(self, action)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the arrow, and a frame around it where mouse or focus is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chevron(painter, QRectF(self.frame).center(), down=True)
        if self.hasFocus() or self.underMouse():
            colour = theme().colours.text if self.hasFocus() else theme().colours.line
            painter.setPen(QPen(QColor(colour), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.frame).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


def paint_chevron(painter: QPainter, centre: QPointF, *, down: bool) -> None:
    """Paint a small arrow: to the right where something is folded, down where it can be."""
    painter.save()
    painter.translate(centre)
    if down:
        painter.rotate(90)
    pen = QPen(QColor(theme().colours.secondary), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline([QPointF(-2, -3.5), QPointF(1.8, 0), QPointF(-2, 3.5)])
    painter.restore()
