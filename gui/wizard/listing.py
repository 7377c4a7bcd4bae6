"""The clusters and registries of a session, as they come in."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.texts import Texts
from gui.bridge import Bridge, Task
from gui.wizard import jobs
from gui.wizard.jobs import Listed, Progress
from gui.wizard.rows import Row


class Listing(QObject):
    """What is listed so far. `done` and `total` count subscriptions, both 0 before the first is known."""

    changed = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._texts = texts
        self._task: Task | None = None
        self._opened: jobs.Opened | None = None
        self.clusters: tuple[Row, ...] = ()
        self.registries: tuple[Row, ...] = ()
        self.subscriptions: tuple[tuple[str, str], ...] = ()
        self.unread: tuple[str, ...] = ()
        self.done = 0
        self.total = 0
        self.error = ""
        self.complete = False

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self._task is not None

    def start(self, opened: jobs.Opened) -> None:
        """List what a session can see, from the beginning."""
        self.stop()
        self._opened = opened
        self.clusters, self.registries, self.subscriptions, self.unread = (), (), (), ()
        self.done = self.total = 0
        self.error = ""
        self.complete = False
        self._task = self._bridge.start(
            "list",
            lambda token, tell: jobs.list_inventory(opened.session, self._texts, token, tell),
            on_result=self._show_all,
            on_failure=self._fail,
            on_news=self._show_progress,
        )
        self.changed.emit()

    def retry(self) -> None:
        """List once more after a failure."""
        if self._opened is not None:
            self.start(self._opened)

    def stop(self) -> None:
        """List no further."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _show_progress(self, progress: Progress) -> None:
        self.done, self.total = progress.done, progress.total
        self.changed.emit()

    def _show_all(self, listed: Listed) -> None:
        self._task = None
        self.complete = True
        self.clusters, self.registries = listed.clusters, listed.registries
        self.subscriptions, self.unread = listed.subscriptions, listed.unread
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self._task = None
        self.error = sentence
        self.changed.emit()
