import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from gui.app import App
from gui.settings import Settings
from gui.wizard.flow import Step

PATIENCE = 30_000
SCENARIO = "role-on-control-plane-identity"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def start(qtbot: QtBot, practice: str | None = None) -> App:
    app = App(Settings(), practice)
    qtbot.addWidget(app.frame)
    with qtbot.waitSignal(app.ready, timeout=PATIENCE):
        app.frame.show()
    return app


def workers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("work-")]


def test_the_window_is_there_before_its_content(qtbot: QtBot) -> None:
    app = App(Settings())
    qtbot.addWidget(app.frame)
    app.frame.show()
    assert app.frame.isVisible()
    assert app.wizard is None
    qtbot.waitSignal(app.ready, timeout=PATIENCE).wait()
    assert app.frame.centralWidget() is app.wizard
    app.frame.close()


def test_everything_is_loaded_soon_and_closing_leaves_nothing(qtbot: QtBot) -> None:
    app = start(qtbot)
    assert app.wizard is not None
    qtbot.waitUntil(lambda: not app.bridge.busy, timeout=PATIENCE)
    assert set(app.wizard._pages) == {"symptom", "sign-in", "practice", "choose", "diagnose"}
    assert "azure.mgmt.compute" in sys.modules
    app.frame.close()
    assert not workers()


def test_closing_while_everything_still_loads(qtbot: QtBot) -> None:
    app = start(qtbot)
    app.frame.close()
    assert not workers()


def test_practice_is_already_chosen(qtbot: QtBot) -> None:
    app = start(qtbot, SCENARIO)
    assert app.wizard is not None
    guide = app.wizard.guide
    qtbot.waitUntil(lambda: guide.state.symptom is not None and guide.listing.complete, timeout=PATIENCE)
    assert guide.state.step is Step.SYMPTOM
    assert "contosoreg" in guide.state.text
    assert app.frame.windowTitle() == "Pull Doctor (practice)"
    for step in (Step.CONNECT, Step.CHOOSE, Step.DIAGNOSE):
        app.wizard.advance()
        assert guide.state.step is step
    qtbot.waitUntil(lambda: not guide.running.running, timeout=PATIENCE)
    report = guide.running.report
    assert report is not None
    assert report.conclusion.causes[0] == "identity.acrpull-role"
    app.frame.close()


def test_a_scenario_that_does_not_exist_is_said_to(qtbot: QtBot) -> None:
    app = start(qtbot, "no-such-scenario")
    assert app.wizard is not None
    guide = app.wizard.guide
    qtbot.waitUntil(lambda: bool(guide.connecting.error), timeout=PATIENCE)
    assert "no-such-scenario" in guide.connecting.error
    guide.go_on()
    assert app.wizard.page("practice").notice.title.text() == "The practice world could not be opened"
    app.frame.close()


def test_size_and_place_are_remembered(qtbot: QtBot) -> None:
    app = start(qtbot)
    app.frame.resize(960, 650)
    app.frame.close()
    assert App(Settings()).frame.size() == app.frame.size()


def test_the_window_alone_loads_nothing_slow() -> None:
    slow = ("azure", "core.practice", "core.symptoms", "core.texts", "core.session", "gui.wizard", "requests")
    code = f"import sys, gui.app; print([name for name in sys.modules if name.startswith({slow!r})])"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "code"), [([], 7), (["--practice", SCENARIO], 7), (["--practice"], 64), (["--version"], 0)]
)
def test_the_command_opens_the_window_unless_it_has_other_words(tmp_path: Path, words: list[str], code: int) -> None:
    """Qt's event loop is replaced by a number, so that the window need not be closed by hand."""
    start = "import sys; from PySide6.QtWidgets import QApplication; QApplication.exec = lambda *_: 7; "
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", f"{start}import pull_doctor; sys.exit(pull_doctor.main({words!r}))"],
        cwd=root,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
