"""One diagnosis at a time: starting it, hearing its events, cancelling it, keeping its report."""

from __future__ import annotations

import time
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from core.facts.choice import Choice
from core.model import Event, Report, RunFinished
from gui.bridge import Bridge, Task
from gui.wizard import jobs

TICK_MS = 100
SLOW_SECONDS = 10.0


class Stage(Enum):
    """How far the diagnosis is."""

    IDLE = "idle"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


class Running(QObject):
    """The diagnosis. `report` is the last one, also after a cancel; `error` a sentence when it failed as a whole."""

    changed = Signal()
    happened = Signal(object)
    """An event of the run (`core.model.Event`)."""
    ticked = Signal(float)
    """Seconds since the start, while it goes on."""
    finished = Signal(object, object)
    """Came to its end without a cancel: the choice and the report."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._task: Task | None = None
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(lambda: self.ticked.emit(self.seconds))
        self.stage = Stage.IDLE
        self.report: Report | None = None
        self.error = ""

    @property
    def running(self) -> bool:
        """Whether a diagnosis goes on."""
        return self.stage is Stage.RUNNING

    @property
    def seconds(self) -> float:
        """How long the run under way has taken."""
        return time.monotonic() - self._began

    def diagnose(self, opened: jobs.Opened, choice: Choice) -> None:
        """Check everything."""
        self._start(choice, lambda token, tell: jobs.diagnose(opened.session, choice, token, tell))

    def check_again(self, opened: jobs.Opened, choice: Choice, check: str) -> None:
        """Check one step with fresh data; without a report there is nothing to add to."""
        report = self.report
        if report is not None:
            self._start(
                choice, lambda token, tell: jobs.check_again(opened.session, choice, report, check, token, tell)
            )

    def cancel(self) -> None:
        """Stop the run; its report, with what is known so far, still comes."""
        if self._task is not None:
            self._task.cancel()

    def clear(self) -> None:
        """Forget the run and hear nothing more of it."""
        if self._task is not None:
            self._task.drop()
        self._end(Stage.IDLE)
        self.report = None

    def _start(self, choice: Choice, work: jobs.Work[Report]) -> None:
        if self._task is not None:
            self._task.drop()
        self.stage = Stage.RUNNING
        self.error = ""
        self._began = time.monotonic()
        self._timer.start()
        self._task = self._bridge.start(
            "diagnose",
            work,
            on_result=lambda report: self._keep(choice, report),
            on_failure=self._fail,
            on_news=self._hear,
            on_cancelled=lambda: self._end(Stage.IDLE),
        )
        self.changed.emit()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.report = event.report
        self.happened.emit(event)

    def _keep(self, choice: Choice, report: Report) -> None:
        self.report = report
        self._end(Stage.ENDED)
        if not report.cancelled:
            self.finished.emit(choice, report)

    def _fail(self, sentence: str) -> None:
        self.error = sentence
        self._end(Stage.FAILED)

    def _end(self, stage: Stage) -> None:
        self._task = None
        self._timer.stop()
        self.stage = stage
        self.changed.emit()
