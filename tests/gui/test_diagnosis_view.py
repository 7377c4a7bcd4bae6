"""The whole content of the diagnose page, driven by events as a run sends them."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from contrast import contrast
from example_run import TREE, events, report, result, results, role_missing, texts
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextEdit
from pytestqt.qtbot import QtBot

from core.cancel import CancelToken
from core.model import CheckFinished, CheckStarted, RunFinished, RunStarted, Status
from core.session import practice_session, scenario_choice
from core.texts import load
from core.tree import TREE as WHOLE_TREE
from gui.chart.card import title_lines
from gui.chart.layout import CARD_TEXT_LEFT, CARD_TEXT_RIGHT, MAX_TITLE_LINES
from gui.detail.fix_panel import FixPanel
from gui.diagnosis_view import DiagnosisView
from gui.palette import Scheme
from gui.theme import status_style, theme
from gui.viewmodel.banner import Subject
from gui.viewmodel.evidence import JOINER
from gui.viewmodel.state import State

CONTENT_1280_800 = QSize(1084, 684)
"""What the window's frame leaves for the page at 1280 x 800."""
CONTENT_IN_PRACTICE = QSize(1084, 652)
"""The same with the line about practice."""
CONTENT_1024_640 = QSize(828, 524)
SUBJECT = Subject("aks-app", "contosoreg")


def settle(qtbot: QtBot, view: DiagnosisView) -> None:
    """Wait until what has come is shown."""
    timers = (view._soon, view._detail_soon, view.detail._rest, view.detail._settled)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
    QApplication.processEvents()


@pytest.fixture
def view(qtbot: QtBot) -> DiagnosisView:
    view = DiagnosisView(texts(), TREE)
    qtbot.addWidget(view)
    view.resize(CONTENT_1280_800)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.begin(SUBJECT, "401, no usable credentials", "https://portal.azure.com", practice=False)
    return view


def play(qtbot: QtBot, view: DiagnosisView, all_results=None) -> None:
    for event in events(all_results if all_results is not None else role_missing()):
        view.handle(event)
    settle(qtbot, view)


def test_a_run_ends_with_sentence_path_and_detail(view: DiagnosisView, qtbot: QtBot) -> None:
    assert view.banner.headline.whole == "Ready to check aks-app and contosoreg."
    play(qtbot, view)
    assert view.banner.headline.whole == "aks-app cannot pull from contosoreg: no pull permission."
    assert view.banner.counts.text() == "1 cause · 9 checks OK · 1 not needed · 1 not run · 2.4 s"
    assert view.chart.canvas.cards["role.granted"].view.selected
    assert view.detail.view is not None
    assert view.detail.view.check == "role.granted"


def test_the_focus_goes_with_the_answer_if_it_is_in_the_chart(view: DiagnosisView, qtbot: QtBot) -> None:
    view.chart.canvas.focus_first()
    play(qtbot, view)
    assert QApplication.focusWidget() is view.chart.canvas.cards["role.granted"]


def test_the_focus_stays_where_it_is_outside_the_chart(view: DiagnosisView, qtbot: QtBot) -> None:
    view.switch.buttons[0].setFocus()
    play(qtbot, view)
    assert QApplication.focusWidget() is view.switch.buttons[0]


def test_events_of_one_moment_are_shown_together(view: DiagnosisView, qtbot: QtBot) -> None:
    drawn = []
    view.chart.canvas.show_view, original = (lambda *a: drawn.append(a) or original(*a)), view.chart.canvas.show_view
    play(qtbot, view)
    assert 1 <= len(drawn) <= 4


def test_the_time_goes_on_while_it_runs_and_stays_when_it_ended(view: DiagnosisView, qtbot: QtBot) -> None:
    view.handle(RunStarted(TREE.checks()))
    settle(qtbot, view)
    view.set_elapsed(11.2)
    assert view.banner.counts.text() == "0 of 12 checks · 11 s · taking longer than usual"
    play(qtbot, view)
    view.set_elapsed(99)
    assert view.banner.counts.text().endswith("2.4 s")


def test_check_again_asks_for_the_shown_check_and_shows_the_change(view: DiagnosisView, qtbot: QtBot) -> None:
    play(qtbot, view)
    with qtbot.waitSignal(view.check_again) as caught:
        view.detail.again.click()
    assert caught.args == ["role.granted"]
    view.handle(RunStarted(("role.granted", "role.condition")))
    view.handle(CheckStarted("role.granted"))
    settle(qtbot, view)
    assert view.chart.canvas.cards["role.granted"].view.state is State.RUNNING
    assert not view.detail.again.isEnabled()
    place = view.detail.docs.pos()
    view.handle(CheckFinished(result("role.granted")))
    view.handle(CheckFinished(result("role.condition"), "role.granted"))
    view.handle(RunFinished(report(results(), "Nothing is wrong.")))
    settle(qtbot, view)
    assert view.detail.view is not None
    assert view.detail.view.change == "Before: Problem. Now: OK."
    assert view.detail.again.isEnabled()
    assert view.detail.docs.pos() == place
    assert view.banner.headline.whole == "Nothing is wrong."


def test_the_keyboard_is_on_check_again_after_it_as_before_and_presses_nothing_else(
    view: DiagnosisView, qtbot: QtBot
) -> None:
    play(qtbot, view)
    view.detail.again.setFocus()
    view.handle(RunStarted(("role.granted", "role.condition")))
    settle(qtbot, view)
    assert not isinstance(QApplication.focusWidget(), QPushButton)
    view.handle(CheckFinished(role_missing()[-2]))
    view.handle(RunFinished(report(role_missing(), "aks-app cannot pull from contosoreg.")))
    settle(qtbot, view)
    assert QApplication.focusWidget() is view.detail.again


def test_the_detail_is_painted_whole_or_not_at_all(view: DiagnosisView, qtbot: QtBot) -> None:
    area, whole = view.detail.area, []

    class Look(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Paint and view.detail.view is not None and view.detail.view.fixes:
                whole.append(bool(area.findChildren(FixPanel)) and area.verticalScrollBar().maximum() > 0)
            return False

    look = Look()
    area.viewport().installEventFilter(look)
    play(qtbot, view)
    view.select("image.name")
    settle(qtbot, view)
    view.select("role.granted")
    settle(qtbot, view)
    qtbot.waitUntil(lambda: len(whole) > 1)
    assert all(whole)


def test_the_list_shows_the_same_and_chooses_with_the_keyboard(view: DiagnosisView, qtbot: QtBot) -> None:
    play(qtbot, view)
    view.switch.findChildren(QPushButton)[1].click()
    assert view.list.isVisible()
    assert view.results is view.list
    assert view.list.currentIndex().data() == "Kubelet identity may pull images"
    rows = [view.list.model().index(lane, 0) for lane in range(view.list.model().rowCount())]
    titles = {
        row.model().index(n, 0, row).data(): tuple(row.model().index(n, c, row).data() for c in (1, 2))
        for row in rows
        for n in range(row.model().rowCount(row))
    }
    assert titles["Cluster is running"] == ("OK", "As it should be.")
    assert titles["Service principal exists"][0] == "Not needed"
    assert len(titles) == len(TREE.checks())
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Up)
    settle(qtbot, view)
    assert view.model.selected == "role.mode"
    assert view.detail.view is not None
    assert view.detail.view.title == "Registry honours the role"
    view.switch.findChildren(QPushButton)[0].click()
    assert view.chart.canvas.cards["role.mode"].view.selected


@pytest.mark.parametrize("wanted", list(Scheme), ids=str)
def test_what_is_selected_in_the_list_stands_out(view: DiagnosisView, qtbot: QtBot, wanted: Scheme) -> None:
    theme().use(wanted)
    try:
        play(qtbot, view)
        view.switch.buttons[1].click()
        QApplication.processEvents()
        picture = view.list.viewport().grab().toImage()
        selected = view.list.visualRect(view.list.currentIndex().siblingAtColumn(1))
        other = view.list.visualRect(view.list.indexAbove(view.list.currentIndex()).siblingAtColumn(1))
        grounds = [picture.pixelColor(rect.topRight() + QPoint(-6, 6)) for rect in (selected, other)]
        least = 2.5 if wanted is Scheme.HIGH_CONTRAST else 1.05
        assert contrast(*(ground.name() for ground in grounds)) >= least
    finally:
        theme().use(Scheme.LIGHT)


def test_the_list_follows_a_run(view: DiagnosisView, qtbot: QtBot) -> None:
    view.switch.findChildren(QPushButton)[1].click()
    first = view.list.model().index(0, 0)
    word = view.list.model().index(0, 1, first)
    assert word.data() == "Waiting"
    view.handle(RunStarted(TREE.checks()))
    view.handle(CheckStarted("cluster.signed-in"))
    settle(qtbot, view)
    assert word.data() == "Checking…"
    play(qtbot, view)
    assert word.data() == "OK"


def test_tab_goes_from_the_chart_to_the_switch_to_the_fix(view: DiagnosisView, qtbot: QtBot) -> None:
    play(qtbot, view)
    view.chart.canvas.focus_first()
    order = []
    while (widget := QApplication.focusWidget()) not in order:
        order.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    names = [widget.text() if isinstance(widget, QPushButton) else type(widget).__name__ for widget in order]
    assert names == [
        "Card",
        "Chart",
        "ReadingArea",
        "QTabBar",
        "CommandText",
        "Copy",
        "Open Cloud Shell",
        "CommandText",
        "Copy",
        "Copy a message",
        "About this fix",
        "▸ Attach the registry",
        "▸ Why it matters",
        "Check again",
        "Documentation",
    ]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is view.detail.docs


def test_what_is_unfolded_comes_next_for_tab(view: DiagnosisView, qtbot: QtBot) -> None:
    play(qtbot, view)
    other = next(b for b in view.detail.findChildren(QPushButton) if b.text().startswith("▸ Attach"))
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Space)
    QApplication.processEvents()
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    assert type(QApplication.focusWidget()).__name__ == "QTabBar"


STATES = [
    result("image.name", Status.WARNING),
    result("image.name", Status.FAIL),
    result("image.name", Status.UNKNOWN),
    result("image.name", Status.NOT_RUN, reason="gated"),
    result("image.name", Status.NOT_APPLICABLE, reason="not-on-path"),
    result("image.name", Status.UNKNOWN, fault="Traceback"),
    result("image.name"),
]


@pytest.mark.parametrize("odd", STATES, ids=lambda r: "fault" if r.fault else str(r.verdict.status))
def test_every_state_is_shown_in_both_schemes(view: DiagnosisView, qtbot: QtBot, scheme: Scheme, odd) -> None:
    play(qtbot, view, results(odd))
    view.select("image.name")
    settle(qtbot, view)
    assert view.detail.view is not None
    style = status_style(view.detail.view.state)
    badge = next(w for w in view.detail.findChildren(QLabel) if w.text() == view.detail.view.badge)
    assert style.ink in badge.styleSheet()
    assert style.ground in badge.styleSheet()
    assert contrast(style.ink, style.ground) >= 4.5
    banner = status_style(view.model.banner().tone)
    assert contrast(theme().colours.text, banner.ground) >= 4.5


def cut_off(view: DiagnosisView) -> list[str]:
    """Give the texts that do not have the room they need."""
    found = []
    for label in view.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            needed = label.fontMetrics().horizontalAdvance(label.text())
            if label.contentsRect().width() < needed or label.height() < label.fontMetrics().height():
                found.append(label.text())
    for edit in view.findChildren(QTextEdit):
        if edit.isVisible() and (
            edit.document().idealWidth() > edit.viewport().width() + 1
            or edit.viewport().height() < edit.document().size().height()
        ):
            found.append(edit.toPlainText())
    for push in view.findChildren(QPushButton):
        if push.isVisible() and (push.width() < push.sizeHint().width() or push.height() < push.sizeHint().height()):
            found.append(push.text())
        elif push.isVisible() and push.x() + push.width() > push.parentWidget().width():
            found.append(f"{push.text()} goes beyond its place")
    return found


@pytest.mark.parametrize("size", [CONTENT_1280_800, CONTENT_1024_640, QSize(1700, 950)], ids=str)
def test_nothing_is_cut_off_in_any_size(view: DiagnosisView, qtbot: QtBot, size: QSize) -> None:
    play(qtbot, view)
    view.resize(size)
    settle(qtbot, view)
    QApplication.processEvents()
    assert view.size() == size, "the page fits the smallest window"
    assert cut_off(view) == []
    for part in (view.banner, view.chart, view.detail, view.switch):
        assert view.rect().contains(QRect(part.mapTo(view, QPoint(0, 0)), part.size()))


def test_the_whole_real_tree_is_as_wide_as_the_window_it_starts_in(qtbot: QtBot) -> None:
    view = DiagnosisView(load("en"), WHOLE_TREE)
    qtbot.addWidget(view)
    view.resize(CONTENT_1280_800)
    view.show()
    view.begin(SUBJECT, "401, no usable credentials", "https://portal.azure.com", practice=False)
    settle(qtbot, view)
    assert view.chart.horizontalScrollBar().maximum() == 0
    assert len(view.chart.canvas.cards) == len(WHOLE_TREE.checks())
    assert all(card.toolTip() for card in view.chart.canvas.cards.values())


LONG_ANSWER = (
    "aks-app cannot pull from contosoreg: the role was given to the cluster's own identity aks-app instead of "
    "aks-app-agentpool, which is the identity that its nodes sign in with."
)


def test_under_a_long_answer_with_a_remark_the_cause_is_in_sight_and_titles_are_whole(qtbot: QtBot) -> None:
    view = DiagnosisView(load("en"), WHOLE_TREE)
    qtbot.addWidget(view)
    view.resize(CONTENT_IN_PRACTICE)
    view.show()
    view.begin(SUBJECT, "401: no usable credentials reached the registry", "https://portal.azure.com", practice=True)
    session, scenario = practice_session("role-on-control-plane-identity")
    made = session.diagnose(scenario_choice(scenario), view.handle, CancelToken())
    session.close()
    conclusion = replace(made.conclusion, headline=LONG_ANSWER)
    view.handle(RunFinished(replace(made, conclusion=conclusion, notes=("More than one cause was found.",))))
    settle(qtbot, view)
    QApplication.processEvents()
    assert view.banner.headline.document().size().height() > 2 * view.banner.headline.fontMetrics().height() - 4
    assert view.chart.horizontalScrollBar().maximum() == 0
    cause = view.chart.canvas.cards[made.conclusion.causes[0]]
    assert cause.visibleRegion().boundingRect().size() == cause.size()
    for card in view.chart.canvas.cards.values():
        room = card.frame.width() - CARD_TEXT_LEFT - CARD_TEXT_RIGHT
        assert title_lines(card.view.title, room) <= MAX_TITLE_LINES, card.view.title


def test_a_remark_shows_what_an_id_names_and_has_it_whole_in_its_tool_tip(view: DiagnosisView, qtbot: QtBot) -> None:
    note = "To check the rest, ask for the role Reader on /subscriptions/1/resourceGroups/MC_rg-app_aks-app."
    view.handle(RunStarted(TREE.checks()))
    view.handle(RunFinished(report(results(), notes=(note,))))
    settle(qtbot, view)
    shown = view.banner.notes.toPlainText().replace(JOINER, "")
    assert shown == "To check the rest, ask for the role Reader on …/MC_rg-app_aks-app."
    assert note in view.banner.notes.toolTip()
    assert view.banner.notes.accessibleName() == note


@pytest.mark.parametrize("factor", ["1", "1.5", "2"])
def test_nothing_is_cut_off_at_any_zoom(factor: str) -> None:
    script = Path(__file__).with_name("zoomed_view.py")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2]), str(Path(__file__).parent)])
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == ["ratio", str(float(factor)), "bars", "True", "cut", "0"]


def test_a_new_run_begins_at_the_top_of_the_list(view: DiagnosisView, qtbot: QtBot) -> None:
    view.resize(CONTENT_1024_640.width(), 320)
    view.switch.buttons[1].click()
    play(qtbot, view)
    assert view.list.verticalScrollBar().value() > 0
    play(qtbot, view, results())
    assert view.list.verticalScrollBar().value() == 0
    assert not view.list.currentIndex().isValid()


def test_what_was_chosen_in_the_list_is_in_sight_in_the_chart(view: DiagnosisView, qtbot: QtBot) -> None:
    view.resize(CONTENT_1024_640.width(), 320)
    play(qtbot, view)
    view.switch.buttons[1].click()
    view.select("cluster.running")
    view.switch.buttons[0].click()
    assert view.chart.canvas.cards["cluster.running"].visibleRegion().boundingRect().height() > 40
