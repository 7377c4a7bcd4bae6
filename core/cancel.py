"""The one word for "stop now" that a run, its collectors and its transport share."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The user cancelled. Deliberately no subclass of `AzureError`: the SDK's retry policy must not retry it."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")


class CancelToken:
    """Set once, from any thread; everybody who waits on it wakes at once.

    One token belongs to one run: it is never reset.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._listeners: dict[int, Callable[[], None]] = {}
        self._next_key = 0

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Cancel; calling it again does nothing. Listeners run in the calling thread."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            listeners = list(self._listeners.values())
            self._listeners.clear()
        for listener in listeners:
            listener()

    def wait(self, seconds: float) -> bool:
        """Sleep for at most `seconds`; true as soon as the token is cancelled."""
        return self._event.wait(seconds)

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if the token is cancelled."""
        if self._event.is_set():
            raise Cancelled

    def on_cancel(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called once on cancel (at once if already cancelled); returns what unregisters it.

        The listener runs in the cancelling thread: it must be quick and must not raise.
        """
        with self._lock:
            cancelled = self._event.is_set()
            key = self._next_key
            self._next_key += 1
            if not cancelled:
                self._listeners[key] = listener
        if cancelled:
            listener()

        def forget() -> None:
            with self._lock:
                self._listeners.pop(key, None)

        return forget
