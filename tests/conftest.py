"""What holds for every test: nothing left running, no warning in the log, and no time limit on single examples."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import settings

THREAD_GRACE = 2.0
"""Seconds in which a thread may end after its test: one that waits for an answer ends by itself once that came."""

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def nothing_left_behind(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a thread running, or that logs a warning it does not clear from `caplog`."""
    threads = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE
    while set(threading.enumerate()) - threads and time.monotonic() < deadline:
        time.sleep(0.005)
    left = [thread.name for thread in set(threading.enumerate()) - threads]
    assert not left, f"left running: {left}"
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    warnings = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    assert not warnings, f"logged: {warnings}"
