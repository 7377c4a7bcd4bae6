"""The window itself, shown before anything else is loaded: a person who starts a program sees at once that it starts.

What is in it comes a moment later, so nothing slow is imported here.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from gui.settings import Settings

TITLE = "Pull Doctor"
SIZE = (1280, 800)
SMALLEST = (960, 600)


class Frame(QMainWindow):
    """Remembers where it was, and tells when it is first on the screen and when it closes."""

    painted = Signal()
    closing = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._was_painted = False
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        if settings.geometry is not None:
            self.restoreGeometry(settings.geometry)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Tell about the first picture, after it is on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep size and place, and have everything that goes on ended."""
        self._settings.geometry = self.saveGeometry()
        self._settings.save()
        self.closing.emit()
        super().closeEvent(event)
