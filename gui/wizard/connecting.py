"""Getting a session: signing in with the browser, or building the practice world of a scenario."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gui.bridge import Bridge, Task
from gui.wizard import jobs
from gui.wizard.jobs import Opened


class Connecting(QObject):
    """One attempt at a time. `waiting` while it goes on, `error` a sentence when it failed."""

    changed = Signal()
    opened = Signal(object)
    """The attempt worked: a `gui.wizard.jobs.Opened`."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._task: Task | None = None
        self._again: jobs.Work[Opened] | None = None
        self._account: tuple[str, str] | None = None
        self.error = ""

    @property
    def waiting(self) -> bool:
        """Whether an attempt goes on."""
        return self._task is not None

    def sign_in(self, cloud: str, tenant: str) -> None:
        """Open the browser, and wait for the person to come back from it."""
        self._account = (cloud, tenant)
        self._start("sign-in", lambda token, tell: jobs.sign_in(cloud, tenant, token))

    def forget_account(self) -> None:
        """Have the next sign-in ask who it is, instead of going on with the account that the computer remembers."""
        if self._account is not None:
            cloud, tenant = self._account
            self._bridge.start(
                "forget",
                lambda token, tell: jobs.forget_account(cloud, tenant),
                on_result=lambda nothing: None,
                on_failure=self._end,
            )

    def open_practice(self, scenario: str) -> None:
        """Build the practice world of a scenario."""
        self._start("practice", lambda token, tell: jobs.open_practice(scenario))

    def open_again(self) -> None:
        """Begin the same sign-in anew: the browser opens once more, and the window opened before leads nowhere."""
        if self._again is not None:
            self._start("sign-in", self._again)

    def cancel(self) -> None:
        """Give the attempt up; nothing more is heard of it."""
        if self._task is not None:
            self._task.drop()
            self._end("")

    def forget(self) -> None:
        """Give the attempt up, and show no failure any more: something else is tried."""
        if self._task is not None:
            self._task.drop()
        self._end("")

    def _start(self, name: str, work: jobs.Work[Opened]) -> None:
        self.cancel()
        self._again = work
        self._task = self._bridge.start(
            name, work, on_result=self._open, on_failure=self._end, on_cancelled=lambda: self._end("")
        )
        self.error = ""
        self.changed.emit()

    def _open(self, opened: Opened) -> None:
        self._end("")
        self.opened.emit(opened)

    def _end(self, error: str) -> None:
        self._task = None
        self.error = error
        self.changed.emit()
