"""The list of steps on the left: where one is, what is done, and a way back by a click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from gui.icons import paint_state
from gui.theme import GRID, Text, font, theme
from gui.viewmodel.state import State
from gui.window_words import Words
from gui.wizard.flow import Step, WizardState, can_open, complete

WIDTH = 167
CIRCLE = 22


class StepButton(QAbstractButton):
    """One step: its number in a circle, or a tick, and its name on at most two lines."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._current = False
        self._done = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, name: str, spoken: str, *, current: bool, done: bool, enabled: bool) -> None:
        """Show the step's name and where it stands; `spoken` is what a screen reader says."""
        self.setText(name)
        self.setAccessibleName(spoken)
        self.setEnabled(enabled)
        self._current = current
        self._done = done
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Tall enough for the name on one line or two."""
        return QSize(WIDTH - 5 * GRID, max(40, self._text_rect(self.fontMetrics().height()).toRect().height() + 18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the ground, the circle and the name."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._current or self.hasFocus() or (self.isEnabled() and self.underMouse()):
            painter.setPen(QPen(QColor(colours.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_ground if self._current else colours.hover))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1) if self.hasFocus() else area, 6, 6)
        self._paint_circle(painter)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.text if self._current else colours.secondary))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._text_rect(self.height()), flags, self.text())

    def _paint_circle(self, painter: QPainter) -> None:
        colours = theme().colours
        circle = QRectF(10, (self.height() - CIRCLE) / 2, CIRCLE, CIRCLE)
        if self._done and not self._current:
            paint_state(painter, circle, State.PASS)
            return
        painter.setPen(QPen(QColor(colours.accent if self._current else colours.line), 1.2))
        painter.setBrush(QColor(colours.card))
        painter.drawEllipse(circle.adjusted(0.6, 0.6, -0.6, -0.6))
        painter.setFont(font(Text.WORD))
        painter.setPen(QColor(colours.accent if self._current else colours.secondary))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _text_rect(self, height: float) -> QRectF:
        width = WIDTH - 5 * GRID - 42 - 6
        bounds = self.fontMetrics().boundingRect(0, 0, width, 1000, Qt.TextFlag.TextWordWrap, self.text())
        return QRectF(42, (height - bounds.height()) / 2, width, bounds.height())


class Steps(QFrame):
    """All steps, from top to bottom."""

    opened = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setProperty("surface", "side")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(words("window", "steps"))
        self.buttons = {step: StepButton(step + 1) for step in Step}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 18, 10, 16)
        column.setSpacing(0)
        for step, button in self.buttons.items():
            button.setFont(font(Text.BODY))
            button.clicked.connect(self._opener(step))
            column.addWidget(button)
        column.addStretch(1)

    def show_state(self, state: WizardState, *, locked: bool = False) -> None:
        """Show how far the person is; while `locked`, no step can be opened."""
        for step, button in self.buttons.items():
            name = self._words("steps", "practice" if step is Step.CONNECT and state.practice else step.name.lower())
            current, done = step is state.step, complete(state, step)
            kind = "spoken-current" if current else "spoken-done" if done else "spoken"
            spoken = self._words("steps", kind, number=str(step + 1), count=str(len(Step)), name=name)
            enabled = current or (can_open(state, step) and not locked)
            button.show_step(name, spoken, current=current, done=done, enabled=enabled)

    def _opener(self, step: Step) -> Callable[[], None]:
        return lambda: self.opened.emit(step)
