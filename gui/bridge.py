"""The only seam between threads and Qt: work goes out to a thread, what it says comes back in the GUI thread.

Work is a plain function that knows no Qt. After a task was dropped, and after the bridge was closed, nothing that
its thread still says is delivered.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core.cancel import Cancelled, CancelToken

T = TypeVar("T")
Tell = Callable[[Any], None]

CLOSE_SECONDS = 2.0
"""How long closing waits for threads. Those that hang longer are daemons and end with the program."""
SLICE_SECONDS = 0.004
"""How long results are handed over before everything else in the window gets its turn."""


class Failed(Exception):
    """An expected failure of some work; its text is the sentence for the person."""


class Task:
    """One piece of work under way. Used in the GUI thread only, except for `token`."""

    def __init__(self) -> None:
        self.token = CancelToken()
        self.dropped = False

    def cancel(self) -> None:
        """Ask the work to stop; what it still has to say is delivered."""
        self.token.cancel()

    def drop(self) -> None:
        """Ask the work to stop, and hear nothing more of it."""
        self.dropped = True
        self.token.cancel()


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What a thread says, and who in the GUI thread hears it; `last` is true for the end of the work."""

    task: Task
    hear: Callable[[Any], None] | None
    value: Any
    last: bool


class Bridge(QObject):
    """Starts work in threads and hands over what it says, in order, in the GUI thread.

    `on_fault` hears of every failure that the work did not expect, which is a fault of the program, and gives the
    sentence that `on_failure` of the work gets.
    """

    _said = Signal()

    def __init__(self, on_fault: Callable[[BaseException], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_fault = on_fault
        self._lock = threading.Lock()
        self._closed = False
        self._resting = False
        self._said_so_far: deque[_Delivery] = deque()
        self._threads: dict[Task, threading.Thread] = {}
        self._said.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether some work is under way that was not dropped."""
        return any(not task.dropped for task in self._threads)

    def start(
        self,
        name: str,
        work: Callable[[CancelToken, Tell], T],
        *,
        on_result: Callable[[T], None],
        on_failure: Callable[[str], None],
        on_news: Callable[[Any], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> Task:
        """Run `work(token, tell)` in a thread of its own; everything it tells reaches `on_news`.

        It ends with exactly one of: `on_result` with what it returned, `on_failure` with a sentence, `on_cancelled`.
        """
        task = Task()

        def run() -> None:
            try:
                result = work(task.token, lambda news: self._say(_Delivery(task, on_news, news, False)))
            except Cancelled:
                self._say(_Delivery(task, (lambda _: on_cancelled()) if on_cancelled else None, None, True))
            except Failed as failure:
                self._say(_Delivery(task, on_failure, str(failure), True))
            except Exception as fault:  # noqa: BLE001 - the exception hook of worker threads: nothing dies in silence
                self._say(_Delivery(task, lambda error: on_failure(self._on_fault(error)), fault, True))
            else:
                self._say(_Delivery(task, on_result, result, True))

        thread = threading.Thread(target=run, name=f"work-{name}", daemon=True)
        self._threads[task] = thread
        thread.start()
        return task

    def close(self) -> None:
        """Stop everything, deliver nothing more, and wait a moment for the threads."""
        with self._lock:
            self._closed = True
        for task in self._threads:
            task.drop()
        end = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads.values():
            thread.join(max(0.0, end - time.monotonic()))
        self._threads.clear()

    def _say(self, delivery: _Delivery) -> None:
        with self._lock:
            if not self._closed:
                self._said_so_far.append(delivery)
                self._said.emit()

    def _deliver(self) -> None:
        if not self._resting:
            self._deliver_some()

    def _deliver_some(self) -> None:
        """Hand over what has been said, for a moment only: much of it at once would freeze the window."""
        self._resting = False
        end = time.monotonic() + SLICE_SECONDS
        while self._said_so_far:
            self._hand_over(self._said_so_far.popleft())
            if time.monotonic() > end and self._said_so_far:
                self._resting = True
                QTimer.singleShot(0, self, self._deliver_some)
                return

    def _hand_over(self, delivery: _Delivery) -> None:
        if delivery.last:
            self._threads.pop(delivery.task, None)
        if delivery.hear is not None and not delivery.task.dropped and not self._closed:
            delivery.hear(delivery.value)
