"""A wizard in the practice world that remembers things in a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE

from core.texts import load
from gui.bridge import Bridge
from gui.settings import Settings
from gui.window_words import Words
from gui.wizard.jobs import Opened
from gui.wizard.wizard import Wizard


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def wizard(qtbot: QtBot) -> Iterator[Wizard]:
    faults: list[BaseException] = []

    def fault(error: BaseException) -> str:
        faults.append(error)
        return "the program failed"

    bridge = Bridge(fault)
    made = Wizard(Words(load()), bridge, Settings())
    made.resize(1280, 800)
    qtbot.addWidget(made)
    made.begin()
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    yield made
    made.close_down()
    assert not faults


@pytest.fixture
def sign_in(wizard: Wizard, qtbot: QtBot) -> Callable[[Opened], None]:
    """Bring the wizard past its second page, with everything listed or failed."""

    def go(opened: Opened) -> None:
        if wizard.guide.state.step == 0:
            wizard.guide.go_on()
        wizard.guide.connecting.opened.emit(opened)
        qtbot.waitUntil(lambda: not wizard.guide.listing.running, timeout=PATIENCE)

    return go
