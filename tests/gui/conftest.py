"""Every window test runs without a screen, and leaves no work of Qt's behind."""

import os
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

from gui.palette import Scheme
from gui.theme import theme

POOL_GRACE = 2000
"""Milliseconds in which work in the thread pool may end after its test."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture(autouse=True)
def no_qt_work_left() -> Iterator[None]:
    """Fail a test that leaves a timer, a QThread or work in the thread pool behind."""
    timers = active(QTimer)
    yield
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert QThreadPool.globalInstance().waitForDone(POOL_GRACE), "work left in the thread pool"
    left = [repr(thread) for thread in shiboken6.getAllValidWrappers() if is_running(thread)]
    left += [repr(timer) for timer in active(QTimer) - timers]
    assert not left, f"left running: {left}"


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
