"""The top of the window: what program this is, that it only reads, and who is signed in; in practice, a banner."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.plain_label import PlainLabel
from gui.theme import Text, theme
from gui.viewmodel.state import State
from gui.window_words import Words
from gui.wizard.buttons import make_button
from gui.wizard.elided_label import ElidedLabel
from gui.wizard.flow import Connection


class Header(QFrame):
    """The bar on top of every page."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setProperty("surface", "bar")
        self.setFixedHeight(39)
        self.name = PlainLabel(words("window", "name"), Text.STRONG)
        self.who = ElidedLabel("", Text.SMALL, tone="secondary")
        self.who.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(24)
        row.addWidget(self.name)
        row.addWidget(self.who, 1)
        self.show_connection(None)

    def show_connection(self, connection: Connection | None) -> None:
        """Say who is signed in where; nobody yet with None."""
        parts = [self._words("window", "reads-only")]
        if connection is not None:
            parts += [part for part in (connection.account, connection.tenant) if part]
        self.who.setText(" · ".join(parts))


class Banner(QWidget):
    """Says that all of this is practice, on every page, and offers the way out."""

    leave = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.label = PlainLabel(words("banner", "text"), Text.SMALL_STRONG, wrap=True)
        self.button = make_button(words("banner", "leave"))
        self.button.setProperty("kind", "link")
        self.button.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 16, 5)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Stand on a ground that no other part of the window has, with a stripe that no colour is needed to see."""
        style = theme().colours.status[State.WARNING]
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(style.ground))
        painter.fillRect(0, self.height() - 2, self.width(), 2, QColor(style.ink))
