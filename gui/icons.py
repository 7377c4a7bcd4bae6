"""The icons of the states, painted from paths so that they are sharp at every size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.palette import Shape
from gui.theme import status_style, theme
from gui.viewmodel.state import State

UNIT = 20.0
"""Shapes are drawn in a square of this size."""
BOX = QRectF(1, 1, 18, 18)
TURN_INTERVAL_MS = 40
TURN_STEP = 12.0
"""How a running icon turns: degrees each interval."""


def paint_state(painter: QPainter, rect: QRectF, state: State, turn: float = 0.0) -> None:
    """Paint the icon of a state into a square. `turn` is the angle of a running icon's ring in degrees."""
    style = status_style(state)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / UNIT, rect.height() / UNIT)
    _PAINTERS[style.shape](painter, QColor(style.ink), QColor(theme().colours.on_ink), turn)
    painter.restore()


def state_icon(state: State, size: int = 18, ratio: float = 1.0) -> QIcon:
    """Make the icon of a state for a list, the same when selected; `ratio` is the screen's device pixel ratio."""
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_state(painter, QRectF(0, 0, size, size), state)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


class StateIcon(QWidget):
    """A state's icon as a widget; a running one turns while it is seen. The word beside it is for screen readers."""

    def __init__(self, state: State, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._turn = 0.0
        self._turning = QTimer(self)
        self._turning.setInterval(TURN_INTERVAL_MS)
        self._turning.timeout.connect(self._step)
        self.setFixedSize(size, size)

    def set_state(self, state: State) -> None:
        """Show another state."""
        self._state = state
        self._set_turning(self.isVisible())
        self.update()

    def _step(self) -> None:
        self._turn = (self._turn + TURN_STEP) % 360
        self.update()

    def _set_turning(self, seen: bool) -> None:
        if seen and self._state is State.RUNNING and not theme().reduced_motion:
            self._turning.start()
        else:
            self._turning.stop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Turn while it can be seen."""
        super().showEvent(event)
        self._set_turning(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop turning: nobody sees it."""
        super().hideEvent(event)
        self._set_turning(False)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the icon."""
        painter = QPainter(self)
        paint_state(painter, QRectF(self.rect()), self._state, self._turn)
        painter.end()


def _line(painter: QPainter, colour: QColor, width: float, *points: tuple[float, float]) -> None:
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(x, y) for x, y in points])


def _fill(painter: QPainter, colour: QColor, path: QPainterPath) -> None:
    painter.setPen(QPen(colour, 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour)
    painter.drawPath(path)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    path.closeSubpath()
    return path


def _tick_circle(painter: QPainter, ink: QColor, mark: QColor, _turn: float) -> None:
    path = QPainterPath()
    path.addEllipse(BOX)
    _fill(painter, ink, path)
    _line(painter, mark, 2.0, (5.9, 10.4), (8.8, 13.2), (14.2, 7.2))


def _cross_octagon(painter: QPainter, ink: QColor, mark: QColor, _turn: float) -> None:
    near, far = 6.3, 13.7
    _fill(
        painter,
        ink,
        _polygon((near, 1), (far, 1), (19, near), (19, far), (far, 19), (near, 19), (1, far), (1, near)),
    )
    _line(painter, mark, 2.2, (6.8, 6.8), (13.2, 13.2))
    _line(painter, mark, 2.2, (13.2, 6.8), (6.8, 13.2))


def _mark_triangle(painter: QPainter, ink: QColor, mark: QColor, _turn: float) -> None:
    _fill(painter, ink, _polygon((10, 1.8), (19, 17.8), (1, 17.8)))
    _line(painter, mark, 2.0, (10, 7.4), (10, 11.8))
    _dot(painter, mark, 10, 14.9)


def _question_diamond(painter: QPainter, ink: QColor, mark: QColor, _turn: float) -> None:
    _fill(painter, ink, _polygon((10, 0.8), (19.2, 10), (10, 19.2), (0.8, 10)))
    hook = QPainterPath(QPointF(7.7, 8.2))
    hook.cubicTo(QPointF(7.7, 4.9), QPointF(12.5, 4.9), QPointF(12.3, 8.1))
    hook.cubicTo(QPointF(12.2, 9.8), QPointF(10, 9.7), QPointF(10, 11.8))
    pen = QPen(mark, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(hook, pen)
    _dot(painter, mark, 10, 14.5)


def _dashed_circle(painter: QPainter, ink: QColor, _mark: QColor, _turn: float) -> None:
    pen = QPen(ink, 1.5, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.2, 1.57])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(BOX)
    _line(painter, ink, 1.8, (6.6, 10), (13.4, 10))


def _open_circle(painter: QPainter, ink: QColor, _mark: QColor, _turn: float) -> None:
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(BOX)


def _turning_circle(painter: QPainter, ink: QColor, _mark: QColor, turn: float) -> None:
    pale = QColor(ink)
    pale.setAlphaF(0.28)
    painter.setPen(QPen(pale, 2.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = BOX.adjusted(0.6, 0.6, -0.6, -0.6)
    painter.drawEllipse(ring)
    painter.setPen(QPen(ink, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(ring, round((90 - turn) * 16), -110 * 16)


def _prompt_square(painter: QPainter, ink: QColor, mark: QColor, _turn: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(QRectF(1.5, 1.5, 17, 17), 3, 3)
    _fill(painter, ink, path)
    _line(painter, mark, 1.9, (5.6, 7), (8.6, 10), (5.6, 13))
    _line(painter, mark, 1.9, (10.4, 13.4), (14.6, 13.4))


def _dot(painter: QPainter, colour: QColor, x: float, y: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(x, y), 1.25, 1.25)


_PAINTERS: dict[Shape, Callable[[QPainter, QColor, QColor, float], None]] = {
    Shape.TICK_CIRCLE: _tick_circle,
    Shape.CROSS_OCTAGON: _cross_octagon,
    Shape.MARK_TRIANGLE: _mark_triangle,
    Shape.QUESTION_DIAMOND: _question_diamond,
    Shape.DASHED_CIRCLE: _dashed_circle,
    Shape.OPEN_CIRCLE: _open_circle,
    Shape.TURNING_CIRCLE: _turning_circle,
    Shape.PROMPT_SQUARE: _prompt_square,
}
