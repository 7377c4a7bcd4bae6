"""The bottom of the window: what is going on, and the buttons that lead on, the primary one on the far right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from gui.theme import Text
from gui.window_words import Words
from gui.wizard.buttons import set_words
from gui.wizard.elided_label import ElidedLabel
from gui.wizard.page import Foot


class Footer(QFrame):
    """Status and buttons of the page in front."""

    extra_clicked = Signal()
    back_clicked = Signal()
    primary_clicked = Signal()
    stop_clicked = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.setProperty("surface", "bar")
        self.setFixedHeight(48)
        self.status = ElidedLabel("", Text.SMALL, tone="secondary")
        self.extra = QPushButton()
        self._back = words("window", "back")
        self.back = QPushButton()
        self.primary = QPushButton()
        self.primary.setProperty("kind", "primary")
        self.stop = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.status, 1)
        for button, signal in (
            (self.extra, self.extra_clicked),
            (self.back, self.back_clicked),
            (self.primary, self.primary_clicked),
            (self.stop, self.stop_clicked),
        ):
            button.clicked.connect(signal)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_foot(self, foot: Foot) -> None:
        """Show what a page wants shown. The keyboard stays on a button as long as that button stays."""
        self.status.setText(foot.status)
        stopping = bool(foot.stop)
        for button, text, visible in (
            (self.extra, foot.extra, bool(foot.extra) and not stopping),
            (self.back, self._back, foot.back and not stopping),
            (self.primary, foot.primary, bool(foot.primary) and not stopping),
            (self.stop, foot.stop, stopping),
        ):
            set_words(button, text)
            button.setVisible(visible)
        self.primary.setEnabled(foot.primary_enabled)
