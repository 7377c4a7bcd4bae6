"""A calm line in place of what could not be shown: there is nothing, it is still coming, or it failed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.viewmodel.state import State
from gui.wizard.announce import announce
from gui.wizard.buttons import make_button
from gui.wizard.spinner import Spinner


class Notice(QFrame):
    """A card with a sentence; a failure has a title and a mark, what is still coming a turning ring."""

    pressed = Signal()

    def __init__(self, button: str = "") -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.spinner = Spinner()
        self.mark = StateIcon(State.WARNING, 20)
        self.title = PlainLabel("", Text.STRONG, wrap=True)
        self.text = PlainLabel("", tone="secondary", wrap=True, selectable=True)
        self.button = make_button(button)
        self.button.clicked.connect(self.pressed)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.title)
        texts.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self.spinner)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.button)
        self.hide()

    def show_notice(self, text: str, *, title: str = "", busy: bool = False, button: bool = False) -> None:
        """Show a sentence, an empty one hides the whole. A `title` makes it a failure."""
        if title and text != self.text.text():
            announce(self, f"{title}. {text}")
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setText(text)
        self.mark.setVisible(bool(title))
        self.spinner.setVisible(busy)
        self.button.setVisible(button)
        self.setVisible(bool(text))
