"""Ctrl+C as a cancel: the run ends at once and what is known is still reported."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from core.cancel import CancelToken


@contextmanager
def stops_on_interrupt(cancel: CancelToken) -> Iterator[None]:
    """Have Ctrl+C cancel the token while the block runs; a second Ctrl+C ends the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        cancel.cancel()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
