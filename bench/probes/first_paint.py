"""The program as it starts; prints the monotonic times of its first paint and of its first page that can be used."""

from __future__ import annotations

import sys
import tempfile
import time

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import SWITCH_SECONDS, App
from gui.settings import Settings


class Watch(QObject):
    """Tells the two times and ends."""

    def painted(self) -> None:
        """The window is on the screen."""
        print(time.monotonic(), flush=True)

    def ready(self) -> None:
        """The first page stands; end once it is painted as well."""
        QTimer.singleShot(0, self.end)

    def end(self) -> None:
        """Print and end."""
        print(time.monotonic(), flush=True)
        app.frame.close()
        QApplication.exit(0)


sys.setswitchinterval(SWITCH_SECONDS)
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
application = QApplication(sys.argv)
app = App(Settings())
watch = Watch()
app.frame.painted.connect(watch.painted)
app.ready.connect(watch.ready)
app.frame.show()
sys.exit(application.exec())
