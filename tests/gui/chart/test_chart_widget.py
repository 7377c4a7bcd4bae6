"""The chart as widgets: what a keyboard, a screen reader and an eye meet."""

import pytest
from example_run import TREE, events, result, results, role_missing, texts
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.model import CheckStarted, RunStarted, Status
from gui.chart.card import Card
from gui.chart.chart_view import ChartArea
from gui.chart.elided import elided
from gui.icons import TURN_INTERVAL_MS, StateIcon, paint_state
from gui.palette import SHAPES, Scheme
from gui.theme import Text, font, status_style, theme
from gui.viewmodel.banner import Subject
from gui.viewmodel.chart import CardView
from gui.viewmodel.diagnosis import Diagnosis
from gui.viewmodel.state import State

SIZE = (748, 600)


class Shown:
    """A chart on the screen, with the page behind it."""

    def __init__(self, qtbot: QtBot, all_results=None, titles=None) -> None:
        self.page = Diagnosis(texts(titles), TREE)
        self.page.begin(Subject("aks-app", "contosoreg"), "401, no usable credentials", "", practice=False)
        for event in events(all_results) if all_results is not None else ():
            self.page.handle(event)
        self.area = ChartArea(self.page.texts, self.page.chart)
        qtbot.addWidget(self.area)
        self.area.picked.connect(self.pick)
        self.area.folded.connect(self.fold)
        self.area.resize(*SIZE)
        self.area.show()
        self.area.activateWindow()
        qtbot.waitUntil(self.area.isActiveWindow)
        self.canvas = self.area.canvas

    def pick(self, check: str) -> None:
        self.page.select(check)
        self.area.refresh()

    def fold(self, lane: str, folded: bool) -> None:
        self.page.set_folded(lane, folded)
        self.area.refresh()

    def card(self, check: str) -> Card:
        return self.canvas.cards[check]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, role_missing())


def focused() -> object:
    return QApplication.focusWidget()


def test_a_card_tells_a_screen_reader_everything(shown: Shown) -> None:
    card = shown.card("role.granted")
    interface = QAccessible.queryAccessibleInterface(card)
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "Kubelet identity may pull images: Problem"
    assert interface.text(QAccessible.Text.Description).startswith(
        "Shown beside the chart. The kubelet identity aks-app-agentpool holds"
    )
    other = QAccessible.queryAccessibleInterface(shown.card("role.mode"))
    assert other.text(QAccessible.Text.Description) == "As it should be."
    fold = QAccessible.queryAccessibleInterface(shown.canvas.folds["service-principal"])
    assert fold.text(QAccessible.Text.Name) == "Service principal: 1 · not needed"
    assert fold.text(QAccessible.Text.Description) == "Show the checks of Service principal"


def test_arrows_move_between_cards_and_enter_and_space_choose(shown: Shown, qtbot: QtBot) -> None:
    shown.canvas.focus_first()
    assert focused() is shown.card("role.granted")
    qtbot.keyClick(focused(), Qt.Key.Key_Up)
    assert focused() is shown.card("role.mode")
    assert shown.page.selected == "role.granted"
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert shown.page.selected == "role.mode"
    qtbot.keyClick(focused(), Qt.Key.Key_Left)
    assert focused() is shown.card("identity.kind")
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    assert shown.page.selected == "identity.kind"
    assert shown.card("identity.kind").view.selected
    assert not shown.card("role.granted").view.selected


def test_the_focus_of_the_chart_is_that_of_a_card(shown: Shown) -> None:
    shown.area.setFocus(Qt.FocusReason.OtherFocusReason)
    assert focused() is shown.card("role.granted")


def test_tab_enters_the_chart_once(shown: Shown, qtbot: QtBot) -> None:
    stops = [b for b in shown.canvas.cards.values() if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [shown.card("role.granted")]
    shown.canvas.focus_first()
    qtbot.keyClick(focused(), Qt.Key.Key_Up)
    stops = [b for b in shown.canvas.cards.values() if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [shown.card("role.mode")]


def test_a_folded_lane_opens_and_closes_from_the_keyboard_and_keeps_the_focus(shown: Shown, qtbot: QtBot) -> None:
    shown.canvas.folds["service-principal"].setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert "service-principal" not in shown.canvas.folds
    assert focused() is shown.card("sp.exists")
    qtbot.keyClick(focused(), Qt.Key.Key_Up)
    assert focused().accessibleName() == "Fold Service principal"
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    assert focused() is shown.canvas.folds["service-principal"]


def test_a_click_chooses_but_not_on_the_margin(shown: Shown, qtbot: QtBot) -> None:
    card = shown.card("cluster.running")
    assert not card.hitButton(QPoint(1, 1))
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert shown.page.selected == "cluster.running"


def test_focus_scrolls_the_card_into_view(shown: Shown, qtbot: QtBot) -> None:
    shown.area.resize(748, 200)
    shown.canvas.focus_first()
    shown.area.verticalScrollBar().setValue(0)
    shown.card("identity.present").setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    lowest = shown.card("identity.attached")
    assert focused() is lowest
    seen = QRect(lowest.mapTo(shown.area.viewport(), QPoint(0, 0)), lowest.size())
    assert shown.area.viewport().rect().contains(seen)


def test_rings_of_focus_and_of_choice_differ(shown: Shown, qtbot: QtBot) -> None:
    card = shown.card("role.granted")
    plain = Card(card.view, shown.page.texts, shown.canvas)
    plain.setGeometry(card.geometry())
    other = CardView(**{**{f: getattr(card.view, f) for f in CardView.__slots__}, "selected": False})
    plain.show_view(other)
    neither = plain.grab().toImage()
    card.clearFocus()
    chosen = card.grab().toImage()
    card.setFocus()
    both = card.grab().toImage()
    accent = QColor(theme().colours.accent)
    assert chosen.pixelColor(chosen.width() // 2, 2) == accent
    assert neither.pixelColor(neither.width() // 2, 2) != accent
    assert both != chosen
    assert both.pixelColor(both.width() // 2, 2) == accent


def test_the_ring_turns_only_while_something_runs_and_can_be_seen(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    timer = shown.canvas._turning
    assert not timer.isActive()
    shown.page.handle(RunStarted(TREE.checks()))
    shown.page.handle(CheckStarted("cluster.signed-in"))
    shown.area.refresh()
    assert timer.isActive()
    before = shown.card("cluster.signed-in").turn
    qtbot.waitUntil(lambda: shown.card("cluster.signed-in").turn != before, timeout=20 * TURN_INTERVAL_MS)
    assert shown.card("cluster.running").turn == 0
    shown.area.hide()
    assert not timer.isActive()
    shown.area.refresh()
    assert not timer.isActive()
    shown.area.show()
    assert timer.isActive()
    for event in events(results()):
        shown.page.handle(event)
    shown.area.refresh()
    assert not timer.isActive()


def test_nothing_turns_for_who_asked_for_less_motion(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(theme()), "reduced_motion", property(lambda _self: True))
    icon = StateIcon(State.RUNNING)
    qtbot.addWidget(icon)
    icon.show()
    assert not icon._turning.isActive()


def painted(state: State, size: int = 40) -> QImage:
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(QColor(status_style(state).ground))
    painter = QPainter(image)
    paint_state(painter, image.rect().toRectF(), state)
    painter.end()
    return image


def grey_difference(one: QImage, other: QImage) -> float:
    """Give the share of pixels that differ clearly in greyscale."""
    a = one.convertToFormat(QImage.Format.Format_Grayscale8)
    b = other.convertToFormat(QImage.Format.Format_Grayscale8)
    places = [(x, y) for x in range(a.width()) for y in range(a.height())]
    different = sum(abs(a.pixelColor(x, y).red() - b.pixelColor(x, y).red()) > 48 for x, y in places)
    return different / len(places)


def test_every_state_is_told_apart_without_colour(scheme: Scheme) -> None:
    states = [state for state in State if state is not State.NOT_RUN]
    for number, one in enumerate(states):
        for other in states[number + 1 :]:
            assert grey_difference(painted(one), painted(other)) > 0.04, (scheme, one, other)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_painted_in_its_ink(scheme: Scheme, state: State) -> None:
    image = painted(state)
    ink = QColor(status_style(state).ink)
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    assert any(image.pixelColor(x, y) == ink for x, y in places), SHAPES[state]


def test_long_titles_are_cut_at_two_lines_and_whole_in_the_tool_tip(qtbot: QtBot) -> None:
    title = "Zugriffsberechtigung der Kubelet-Identität ist ordnungsgemäß eingerichtet & <b>geprüft</b>"
    shown = Shown(qtbot, titles=dict.fromkeys(TREE.checks(), title))
    card = shown.card("role.granted")
    lines = elided(title, font(Text.CARD_TITLE), 110, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    document = QTextDocument()
    document.setHtml(card.toolTip())
    assert document.toPlainText() == f"{title}."
    assert card.text() == ""


@pytest.mark.parametrize("text", ["", "a", "a b", "x" * 200, "one two three four five six seven", "a  b"])
@pytest.mark.parametrize("width", [10, 60, 400])
def test_what_fits_is_not_cut(qapp: QApplication, text: str, width: int) -> None:
    lines = elided(text, font(Text.CARD_TITLE), width, 9999)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_the_chart_fits_the_window_of_a_13_inch_screen(qtbot: QtBot) -> None:
    shown = Shown(qtbot, role_missing())
    assert shown.area.verticalScrollBar().maximum() == 0
    assert shown.area.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", [300, 520, 748, 1400])
def test_the_chart_is_never_wider_than_its_window(qtbot: QtBot, width: int) -> None:
    shown = Shown(qtbot, results(result("image.name", Status.FAIL)))
    shown.area.resize(width, 300)
    assert shown.area.horizontalScrollBar().maximum() == 0


def test_the_scheme_changes_under_a_running_window(shown: Shown) -> None:
    light = shown.area.grab().toImage()
    theme().use(Scheme.DARK)
    try:
        assert shown.area.grab().toImage() != light
    finally:
        theme().use(Scheme.LIGHT)
