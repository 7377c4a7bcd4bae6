"""Every window test runs without a screen, and leaves nothing running behind."""

import logging
import os
import threading
import time
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

from gui.palette import Scheme
from gui.theme import theme

THREAD_GRACE = 2.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a thread or a timer running, or that logs a warning it does not clear from `caplog`."""
    threads = set(threading.enumerate())
    timers = active(QTimer)
    yield
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    deadline = time.monotonic() + THREAD_GRACE
    while set(threading.enumerate()) - threads and time.monotonic() < deadline:
        time.sleep(0.005)
    left = [thread.name for thread in set(threading.enumerate()) - threads]
    left += [repr(thread) for thread in shiboken6.getAllValidWrappers() if is_running(thread)]
    left += [repr(timer) for timer in active(QTimer) - timers]
    assert not left, f"left running: {left}"
    assert QThreadPool.globalInstance().waitForDone(int(THREAD_GRACE * 1000)), "work left in the thread pool"
    warnings = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not warnings, f"logged: {warnings}"


def active(kind: type[QTimer]) -> set[QTimer]:
    """Give the timers that run."""
    return {w for w in shiboken6.getAllValidWrappers() if isinstance(w, kind) and w.isActive()}


def is_running(thing: object) -> bool:
    """Say whether this is a QThread at work, other than the main one."""
    return isinstance(thing, QThread) and thing.isRunning() and thing is not QThread.currentThread()


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK], ids=str)
def scheme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Scheme]:
    """Run a test in light and in dark."""
    theme().use(request.param)
    yield request.param
    theme().use(Scheme.LIGHT)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    """Put the theme in place."""
    theme()
