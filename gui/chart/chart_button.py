"""What all things in the chart that can be chosen have in common: the frame, the rings, the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.chart.geometry import Rect
from gui.chart.navigation import Direction
from gui.theme import CARD_RADIUS, theme

MARGIN = 5
"""Room around the frame for the ring of what is selected."""

ARROWS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}


class ChartButton(QAbstractButton):
    """A card on the canvas. Enter and Space press it; an arrow key is handed on as `moved(Direction)`."""

    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._place: Rect | None = None

    def place(self, rect: Rect) -> None:
        """Put the frame there; the widget is larger by its margin."""
        self._place = rect
        self.setGeometry(rect.x - MARGIN, rect.y - MARGIN, rect.width + 2 * MARGIN, rect.height + 2 * MARGIN)

    @property
    def frame(self) -> QRect:
        """The frame in the widget's coordinates."""
        return self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size it was placed with."""
        return self.size()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Say whether a click is meant for it: the margin is not."""
        return self.frame.contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move with the arrows, press with Enter as with Space."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.moved.emit(ARROWS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paint_frame(self, painter: QPainter, ground: str, outline: str, *, width: float, dashed: bool) -> None:
        """Paint ground, outline and, while the mouse is over it, a stronger outline."""
        inset = width / 2
        rect = QRectF(self.frame).adjusted(inset, inset, -inset, -inset)
        pen = QPen(QColor(theme().colours.secondary if self.underMouse() and width < 2 else outline), width)
        if dashed:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect, CARD_RADIUS, CARD_RADIUS)

    def paint_rings(self, painter: QPainter, *, selected: bool) -> None:
        """Paint the ring of what is selected, outside, and the dashed one of what has the focus, inside."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            painter.setPen(QPen(QColor(theme().colours.accent), 2))
            ring = QRectF(self.frame).adjusted(-3, -3, 3, 3)
            painter.drawRoundedRect(ring, CARD_RADIUS + 3, CARD_RADIUS + 3)
        if self.hasFocus():
            pen = QPen(QColor(theme().colours.text), 1.4)
            pen.setDashPattern([2, 1.6])
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(self.frame).adjusted(2.7, 2.7, -2.7, -2.7), 7.5, 7.5)
