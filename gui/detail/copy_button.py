"""A button that puts a text on the clipboard and says that it did."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from core.texts import Texts
from gui.viewmodel.words import TABLE

SAID_FOR_MS = 2000


class CopyButton(QPushButton):
    """Copies `payload` when it is pressed, reads "Copied" for two seconds, and says so to screen readers."""

    def __init__(self, caption: str, payload: str, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(caption, parent)
        self._caption = caption
        self._copied = texts.get(TABLE, "detail", "copied")
        self.payload = payload
        self.setAutoDefault(False)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(SAID_FOR_MS)
        self._back.timeout.connect(lambda: self.setText(self._caption))
        self.clicked.connect(self._copy)
        self._keep_width()

    def _keep_width(self) -> None:
        """Be wide enough for both words, so that nothing moves when it is pressed."""
        width = self.sizeHint().width()
        self.setText(self._copied)
        self.setMinimumWidth(max(width, self.sizeHint().width()))
        self.setText(self._caption)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.payload)
        self.setText(self._copied)
        self._back.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._copied))
