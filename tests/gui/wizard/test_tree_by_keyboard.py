"""The whole tree of a real diagnosis with nothing but a keyboard: every card, every cause, every command."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_by_keyboard import ALT, copy_first_command, press, tab_to, write
from wizard_worlds import PATIENCE

from core.tree import TREE
from gui.chart.canvas import Canvas
from gui.chart.geometry import Rect
from gui.chart.navigation import Direction, neighbour
from gui.diagnosis_view import DiagnosisView
from gui.wizard.wizard import Wizard

KEYS = {
    Direction.LEFT: Qt.Key.Key_Left,
    Direction.RIGHT: Qt.Key.Key_Right,
    Direction.UP: Qt.Key.Key_Up,
    Direction.DOWN: Qt.Key.Key_Down,
}
CAUSES = ("net.firewall-rules", "secret.acr-token", "identity.acrpull-role")
"""What `firewall-and-token-expired` has, the scenario with a failing check in three lanes."""


def diagnosed(wizard: Wizard, qtbot: QtBot) -> DiagnosisView:
    guide = wizard.guide
    press(wizard, Qt.Key.Key_P, ALT)
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    write(wizard, "behind the firewall an expired")
    press(wizard, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.listing.complete and not guide.state.classifying, timeout=PATIENCE)
    press(wizard, Qt.Key.Key_D, ALT)
    qtbot.waitUntil(lambda: guide.running.report is not None and not guide.running.running, timeout=PATIENCE)
    assert guide.running.report is not None
    assert guide.running.report.conclusion.causes == CAUSES
    view: DiagnosisView = wizard.page("diagnose").view
    qtbot.waitUntil(lambda: view.detail.view is not None and view.detail.view.check == CAUSES[0], timeout=PATIENCE)
    return view


def ways(canvas: Canvas, start: str) -> dict[str, tuple[Direction, ...]]:
    """The arrows that lead from one card to every other, by the card's name."""
    rects = {name: Rect(b.x(), b.y(), b.width(), b.height()) for name, b in canvas.buttons().items()}
    found: dict[str, tuple[Direction, ...]] = {start: ()}
    ahead = [start]
    while ahead:
        here = ahead.pop(0)
        for direction in Direction:
            there = neighbour(rects, here, direction)
            if there is not None and there not in found:
                found[there] = (*found[here], direction)
                ahead.append(there)
    return found


def focused(canvas: Canvas) -> str:
    return next(name for name, button in canvas.buttons().items() if button == QApplication.focusWidget())


def go_to(wizard: Wizard, canvas: Canvas, wanted: str) -> None:
    for direction in ways(canvas, focused(canvas))[wanted]:
        press(wizard, KEYS[direction])
    assert focused(canvas) == wanted


def test_every_cause_is_chosen_in_the_chart_and_its_command_copied(wizard: Wizard, qtbot: QtBot) -> None:
    view = diagnosed(wizard, qtbot)
    canvas = view.chart.canvas
    tab_to(wizard, lambda widget: widget in canvas.buttons().values())
    copied = set()
    for cause in CAUSES:
        tab_to(wizard, lambda widget: widget in canvas.buttons().values())
        go_to(wizard, canvas, f"check {cause}")
        press(wizard, Qt.Key.Key_Return)
        assert view.model.selected == cause
        qtbot.waitUntil(lambda cause=cause: view.detail.view is not None and view.detail.view.check == cause)
        copied.add(copy_first_command(wizard))
    assert len(copied) == len(CAUSES)
    assert all(command.startswith("az ") for command in copied)
    QGuiApplication.clipboard().clear()


def test_every_lane_opens_and_every_card_is_reached(wizard: Wizard, qtbot: QtBot) -> None:
    view = diagnosed(wizard, qtbot)
    canvas = view.chart.canvas
    tab_to(wizard, lambda widget: widget in canvas.buttons().values())
    while folded := next((name for name in ways(canvas, focused(canvas)) if name.startswith("folded ")), None):
        go_to(wizard, canvas, folded)
        press(wizard, Qt.Key.Key_Return)
        assert folded not in canvas.buttons()
    reached = ways(canvas, focused(canvas))
    assert set(reached) == set(canvas.buttons())
    assert len(canvas.cards) == len(TREE.checks())


def test_the_list_leads_to_every_check(wizard: Wizard, qtbot: QtBot) -> None:
    view = diagnosed(wizard, qtbot)
    tab_to(wizard, lambda widget: widget in view.switch.buttons)
    press(wizard, Qt.Key.Key_Right)
    assert view.results is view.list
    tab_to(wizard, lambda widget: widget is view.list)
    press(wizard, Qt.Key.Key_Home)
    told = {view.model.selected}
    for _ in range(len(TREE.checks()) + len(TREE.lanes)):
        press(wizard, Qt.Key.Key_Down)
        told.add(view.model.selected)
    assert told - {None} == set(TREE.checks())
