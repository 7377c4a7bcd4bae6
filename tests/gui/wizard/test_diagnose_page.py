import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, signed_in

from core.model import Status
from core.practice.call_faults import CallFault, Trouble
from core.practice.scenario import load_scenario
from core.session import scenario_choice
from gui.wizard.diagnose_page import DiagnosePage
from gui.wizard.flow import Step
from gui.wizard.jobs import Opened
from gui.wizard.wizard import Wizard

HANGS = 1.9
"""Seconds that one answer takes: longer than anybody waits for a cancel, and over before the test is forgotten."""
SLOW = 0.4
"""Seconds of every answer: a run takes several rounds of it."""


@pytest.fixture
def start(wizard: Wizard, sign_in: Callable[[Opened], None], qtbot: QtBot) -> Callable[..., DiagnosePage]:
    """Bring the wizard to a run that has begun."""

    def go(
        scenario: str = "role-missing", *, latency: float = 0.0, faults: tuple[CallFault, ...] = ()
    ) -> DiagnosePage:
        choice = scenario_choice(load_scenario(scenario))
        sign_in(signed_in(scenario, latency=latency, faults=faults))
        wizard.guide.pick_cluster(choice.cluster_id)
        wizard.guide.pick_registry(choice.registry_id)
        wizard.guide.go_on()
        assert wizard.guide.state.step is Step.DIAGNOSE
        assert wizard.guide.running.running
        return cast("DiagnosePage", wizard.page("diagnose"))

    return go


def ended(wizard: Wizard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not wizard.guide.running.running, timeout=PATIENCE)


def test_a_run_ends_with_what_it_took(start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot) -> None:
    start()
    assert wizard.footer.stop.isVisible()
    assert wizard.footer.status.text().startswith("Checking… ")
    assert not any(button.isEnabled() for step, button in wizard.steps.buttons.items() if step is not Step.DIAGNOSE)
    ended(wizard, qtbot)
    report = wizard.guide.running.report
    assert report is not None
    seconds = f"{report.duration_ms / 1000:.1f}"
    assert wizard.footer.status.text() == f"Finished in {seconds} s · {report.requests.count} reads"
    assert wizard.footer.primary.text() == "Check everything again"


def test_cancel_answers_at_once_and_keeps_what_is_known(
    start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot
) -> None:
    slow = CallFault(Trouble.DELAY, "*roleassignments*", seconds=HANGS)
    page = start(faults=(slow,))
    qtbot.waitUntil(lambda: len(known(page)) >= 3, timeout=PATIENCE)
    began = time.monotonic()
    QTest.keyClick(wizard.window().windowHandle(), Qt.Key.Key_Escape)
    ended(wizard, qtbot)
    assert time.monotonic() - began < HANGS / 2
    report = wizard.guide.running.report
    assert report is not None
    assert report.cancelled
    assert {result.verdict.status for result in report.results} >= {Status.PASS, Status.NOT_RUN}
    assert wizard.footer.status.text().startswith("Cancelled after ")
    assert wizard.guide.state.needs_run


def known(page: DiagnosePage) -> list[str]:
    return [card for lane in page.view.model.chart(99).lanes for card in lane.cards if card.state.value == "pass"]


def test_closing_in_the_middle_leaves_nothing_behind(start: Callable[..., DiagnosePage], wizard: Wizard) -> None:
    start(latency=SLOW)
    wizard.close_down()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("work-")]


def test_going_back_and_forth_does_not_run_again_unless_something_changed(
    start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot
) -> None:
    start()
    ended(wizard, qtbot)
    report = wizard.guide.running.report
    wizard.footer.back.click()
    wizard.footer.primary.click()
    assert not wizard.guide.running.running
    assert wizard.guide.running.report is report
    wizard.footer.back.click()
    wizard.guide.type_image("contosoreg.azurecr.io/web/api:1.4.2")
    wizard.footer.primary.click()
    assert wizard.guide.running.running
    ended(wizard, qtbot)
    assert wizard.guide.running.report is not report


def test_one_check_again(start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot) -> None:
    page = start()
    ended(wizard, qtbot)
    before = wizard.guide.running.report
    page.view.check_again.emit("cluster.nodes-ready")
    assert wizard.guide.running.running
    ended(wizard, qtbot)
    after = wizard.guide.running.report
    assert before is not None
    assert after is not None
    assert after.requests.count < before.requests.count
    assert after.conclusion.causes == before.conclusion.causes


@pytest.mark.parametrize(
    ("name", "chosen", "masked"),
    [
        ("report.json", "", False),
        ("report", "JSON (*.json)", False),
        ("report", "JSON, names masked (*.json)", True),
        ("report.json", "Web page, names masked (*.html)", True),
    ],
)
def test_the_report_is_saved_where_the_person_says(
    start: Callable[..., DiagnosePage],
    wizard: Wizard,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    chosen: str,
    masked: bool,
) -> None:
    start()
    ended(wizard, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), chosen))
    wizard.footer.extra.click()
    qtbot.waitUntil(lambda: wizard.footer.status.text() == "Saved as report.json", timeout=PATIENCE)
    saved = (tmp_path / "report.json").read_text("utf-8")
    assert json.loads(saved)["conclusion"]["outcome"] == "cause-found"
    assert ("contosoreg" not in saved) == masked


def test_a_report_is_proposed_to_stand_with_the_documents_then_where_the_last_one_stands(
    start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[Path] = []

    def ask(_parent: object, _title: str, path: str, *_: object) -> tuple[str, str]:
        proposed.append(Path(path))
        return str(tmp_path / "mine.html"), ""

    start()
    ended(wizard, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    for _ in range(2):
        wizard.footer.extra.click()
        qtbot.waitUntil(lambda: wizard.footer.status.text() == "Saved as mine.html", timeout=PATIENCE)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = "pull-doctor aks-app contosoreg.html"
    assert proposed == [Path(documents) / name, tmp_path / name]


def test_with_the_list_in_front_the_keyboard_begins_there(
    start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot
) -> None:
    page = start()
    ended(wizard, qtbot)
    page.view.switch.buttons[1].click()
    wizard.footer.back.click()
    wizard.footer.primary.click()
    assert QApplication.focusWidget() is page.view.list


def test_a_report_that_cannot_be_saved_says_why(
    start: Callable[..., DiagnosePage], wizard: Wizard, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    ended(wizard, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "report.html"), ""))
    wizard.footer.extra.click()
    qtbot.waitUntil(
        lambda: wizard.footer.status.text().startswith("The report could not be saved: "), timeout=PATIENCE
    )


def test_practice_is_unmistakable(wizard: Wizard, qtbot: QtBot) -> None:
    names: list[str] = []
    wizard.named.connect(names.append)
    assert not wizard.banner.isVisible()
    wizard.guide.start_practice()
    assert wizard.banner.isVisible()
    assert names[-1] == "Pull Doctor (practice)"
    wizard.guide.open_scenario("role-missing")
    qtbot.waitUntil(lambda: wizard.guide.listing.complete, timeout=PATIENCE)
    wizard.banner.button.click()
    assert not wizard.banner.isVisible()
    assert names[-1] == "Pull Doctor"
    assert (wizard.guide.state.step, wizard.guide.opened) == (Step.CONNECT, None)
