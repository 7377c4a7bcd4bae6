import threading
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from core.cancel import CancelToken
from gui.bridge import Bridge, Failed, Tell


class Heard:
    """What came back, each thing with whether it came in the GUI thread."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []
        self.gui_thread = QThread.currentThread()

    def __call__(self, kind: str) -> Any:
        def hear(*values: Any) -> None:
            assert QThread.currentThread() is self.gui_thread
            self.said.append((kind, values[0] if values else None))

        return hear

    def start(self, bridge: Bridge, work: Any) -> Any:
        return bridge.start(
            "test",
            work,
            on_result=self("result"),
            on_failure=self("failure"),
            on_news=self("news"),
            on_cancelled=self("cancelled"),
        )


@pytest.fixture
def bridge(qtbot: QtBot) -> Any:
    faults: list[BaseException] = []

    def fault(error: BaseException) -> str:
        faults.append(error)
        return "the program failed"

    made = Bridge(fault)
    made.faults = faults
    yield made
    made.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("work-")]


def wait_for_cancel(token: CancelToken, tell: Tell) -> str:
    tell("begun")
    token.wait(60)
    token.raise_if_cancelled()
    return "never cancelled"


def test_news_and_the_result_arrive_in_order(bridge: Bridge, qtbot: QtBot) -> None:
    heard = Heard()

    def work(token: CancelToken, tell: Tell) -> str:
        assert QThread.currentThread() is not heard.gui_thread
        for number in range(3):
            tell(number)
        return "done"

    heard.start(bridge, work)
    qtbot.waitUntil(lambda: not bridge.busy)
    assert heard.said == [("news", 0), ("news", 1), ("news", 2), ("result", "done")]


def test_an_expected_failure_is_a_sentence(bridge: Bridge, qtbot: QtBot) -> None:
    heard = Heard()

    def work(token: CancelToken, tell: Tell) -> str:
        raise Failed("Nobody is signed in.")

    heard.start(bridge, work)
    qtbot.waitUntil(lambda: bool(heard.said))
    assert heard.said == [("failure", "Nobody is signed in.")]


def test_a_fault_is_shown_as_one_and_ends_the_work(bridge: Any, qtbot: QtBot) -> None:
    heard = Heard()

    def work(token: CancelToken, tell: Tell) -> str:
        raise KeyError("surprise")

    heard.start(bridge, work)
    qtbot.waitUntil(lambda: bool(heard.said))
    assert heard.said == [("failure", "the program failed")]
    assert [type(error) for error in bridge.faults] == [KeyError]


def test_cancelled_work_still_says_what_it_has(bridge: Bridge, qtbot: QtBot) -> None:
    heard = Heard()
    task = heard.start(bridge, wait_for_cancel)
    qtbot.waitUntil(lambda: bool(heard.said))
    task.cancel()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert heard.said == [("news", "begun"), ("cancelled", None)]


def test_dropped_work_is_not_heard_any_more(bridge: Bridge, qtbot: QtBot) -> None:
    heard = Heard()
    told = threading.Event()

    def work(token: CancelToken, tell: Tell) -> str:
        tell("news that is under way")
        told.set()
        token.wait(60)
        return "late"

    task = heard.start(bridge, work)
    told.wait(10)
    task.drop()
    assert not bridge.busy
    qtbot.waitUntil(lambda: not bridge._threads)
    assert heard.said == []


def test_closing_ends_the_threads_and_delivers_nothing(bridge: Bridge, qtbot: QtBot) -> None:
    heard = Heard()
    for _ in range(3):
        heard.start(bridge, wait_for_cancel)
    bridge.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("work-")]
    qtbot.wait(1)
    assert heard.said == []
