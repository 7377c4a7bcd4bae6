"""The wizard as it starts; prints the monotonic time of its first paint."""

from __future__ import annotations

import sys
import tempfile
import time

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import App


class FirstPaint(QObject):
    """Watches a window for its first paint."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Print the time once the paint is done, and end."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self) -> None:
        """Print and end."""
        print(time.monotonic(), flush=True)
        QApplication.exit(0)


QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
application = QApplication(sys.argv)
app = App(None)
watcher = FirstPaint()
app.window.installEventFilter(watcher)
app.window.show()
code = application.exec()
app.window.close()
sys.exit(code)
