"""The whole way from the start to a finished diagnosis; prints the longest stall of the event loop in each part."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core.practice.scenario import load_scenario
from gui.app import SWITCH_SECONDS, App
from gui.loading import LATER
from gui.settings import Settings
from gui.wizard.running import Stage

TICK_MS = 2
SCENARIO = "role-on-control-plane-identity"


class Way(QObject):
    """Goes from part to part when each is done, and notes the longest gap between two ticks meanwhile."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._parts = iter(
            [(self._loaded, self._go_to_choose), (self._listed, self._diagnose), (self._diagnosed, self._end)]
        )
        self._done, self._next = next(self._parts)
        self._longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last - TICK_MS / 1000)
        if self._done():
            print(self._longest, flush=True)
            go: Callable[[], None] = self._next
            self._longest = 0.0
            following = next(self._parts, None)
            if following is not None:
                self._done, self._next = following
            go()
        self._last = now

    def _loaded(self) -> bool:
        return (
            self._app.wizard is not None and all(name in sys.modules for name in LATER) and not self._app.bridge.busy
        )

    def _go_to_choose(self) -> None:
        wizard = self._app.wizard
        assert wizard is not None
        wizard.guide.type_text(load_scenario(SCENARIO).symptom)
        wizard.guide.start_practice()
        wizard.guide.open_scenario(SCENARIO)

    def _listed(self) -> bool:
        wizard = self._app.wizard
        return wizard is not None and wizard.guide.listing.complete and wizard.footer.primary.isEnabled()

    def _diagnose(self) -> None:
        wizard = self._app.wizard
        assert wizard is not None
        wizard.advance()

    def _diagnosed(self) -> bool:
        wizard = self._app.wizard
        return wizard is not None and wizard.guide.running.stage is Stage.ENDED

    def _end(self) -> None:
        self._app.frame.close()
        QApplication.exit(0)


sys.setswitchinterval(SWITCH_SECONDS)
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
application = QApplication(sys.argv)
the_app = App(Settings())
the_app.frame.show()
way = Way(the_app)
sys.exit(application.exec())
