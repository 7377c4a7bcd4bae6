import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.texts import load
from gui.faults import FaultDialog, Faults
from gui.window_words import Words

SECRET = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhIn0.c2lnbmF0dXJl"


@pytest.fixture
def faults(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> Iterator[Faults]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Faults(Words(load()), window, window)
    made.install()
    yield made
    made.uninstall()
    caplog.clear()


def shown(faults: Faults, qtbot: QtBot) -> FaultDialog:
    qtbot.waitUntil(lambda: faults.dialog is not None)
    assert faults.dialog is not None
    return faults.dialog


def failing() -> None:
    raise KeyError(f"Authorization: Bearer {SECRET}")


def test_an_exception_that_nobody_caught_is_shown_without_secrets(
    faults: Faults, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        failing()
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    dialog = shown(faults, qtbot)
    assert dialog.windowTitle() == "Pull Doctor itself failed"
    assert "in failing" in dialog.details.toPlainText()
    assert SECRET not in dialog.details.toPlainText()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.details.toPlainText()
    assert dialog.copy.text() == "Copied"
    dialog.close_button.click()
    assert faults.dialog is None


def test_a_thread_that_dies_is_heard(faults: Faults, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    dialog = shown(faults, qtbot)
    caplog.clear()
    dialog.close()


def test_many_faults_at_once_open_one_window(faults: Faults, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        assert faults.report(ValueError("x")).startswith("Pull Doctor itself failed here")
    dialog = shown(faults, qtbot)
    qtbot.wait(1)
    assert faults.dialog is dialog
    caplog.clear()
    dialog.close()


def test_an_interrupt_from_the_terminal_is_no_fault(faults: Faults) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert faults.dialog is None


def test_the_hooks_are_given_back(qtbot: QtBot, faults: Faults) -> None:
    faults.uninstall()
    assert sys.excepthook != faults._on_exception
    assert threading.excepthook != faults._on_thread_exception
