"""Small parts that the detail side is put together from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.detail.flow_text import FlowText
from gui.flow_layout import FlowLayout
from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text, font, status_style, theme
from gui.tool_tip import set_tool_tip
from gui.viewmodel.state import State

BUTTON_PADDING = 8


class Badge(QLabel):
    """A word in a state's colours, with round ends."""

    def __init__(self, text: str, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(Text.WORD))
        self.setText(text)
        self._colour()
        theme().changed.connect(self._colour)

    def _colour(self) -> None:
        style = status_style(self._state)
        radius = (QFontMetrics(self.font()).height() + 4) // 2
        border = f"1px solid {style.ink}" if style.ground == theme().colours.card else "none"
        self.setStyleSheet(
            f"background: {style.ground}; color: {style.ink}; border: {border};"
            f"border-radius: {radius}px; padding: 2px 8px;"
        )


class Caps(PlainLabel):
    """The name of a section."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, Text.CAPS, tone="secondary", parent=parent)


class IconLine(QWidget):
    """A sentence with a small icon before it."""

    def __init__(self, icon: QWidget, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(FlowText(text), 1)


class ClockIcon(QWidget):
    """A small clock, for how long something takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(15, 15)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the clock."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme().colours.secondary), 1.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawEllipse(QRectF(1.2, 1.2, 12.6, 12.6))
        painter.drawPolyline([QPointF(7.5, 4.4), QPointF(7.5, 7.8), QPointF(9.8, 9.2)])
        painter.end()


class ElidedButton(QPushButton):
    """A button whose words end in an ellipsis where there is no room for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = ""

    def set_caption(self, caption: str) -> None:
        """Say something else."""
        self._caption = caption
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room for all words."""
        width = self.fontMetrics().horizontalAdvance(self._caption) + BUTTON_PADDING + 2
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut the words to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - BUTTON_PADDING
        words = self.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, room)
        if words.replace("&", "&&") != self.text():
            self.setText(words.replace("&", "&&"))


class Disclosure(QWidget):
    """A line that shows or hides what stands below it; `make` makes that when it is first wanted."""

    def __init__(self, title: str, make: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._make = make
        self._content: QWidget | None = None
        self.button = ElidedButton()
        self.button.setProperty("kind", "link")
        self.button.setCheckable(True)
        self.button.setFont(font(Text.SMALL))
        self.button.setAccessibleName(title)
        set_tool_tip(self.button, title)
        self.button.toggled.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        row = FlowLayout()
        row.addWidget(self.button)
        layout.addLayout(row)
        self._lines = layout
        self._caption(shown=False)

    def _caption(self, *, shown: bool) -> None:
        self.button.set_caption(("▾ " if shown else "▸ ") + self._title)

    def _toggle(self, shown: bool) -> None:
        self._caption(shown=shown)
        if self._content is None:
            self._content = self._make()
            self._lines.addWidget(self._content)
        self._content.setVisible(shown)


def rule() -> QFrame:
    """Make a horizontal line of one pixel."""
    line = QFrame()
    line.setProperty("surface", "rule")
    line.setFixedHeight(1)
    return line


def state_line(state: State, text: str) -> IconLine:
    """Make a sentence with a state's icon before it."""
    return IconLine(StateIcon(state, 15), text)
