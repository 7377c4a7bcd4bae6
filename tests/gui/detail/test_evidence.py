"""What was seen, on the screen and on the clipboard."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QTextEdit
from pytestqt.qtbot import QtBot

from core.model import Evidence
from core.texts import load
from gui.detail.command_box import CommandText
from gui.detail.evidence import LABEL_WIDTH, EvidenceList
from gui.detail.id_text import IdText, shortened
from gui.detail.marked_text import MarkedText, wrap_marked
from gui.detail.whole_text import WholeText
from gui.viewmodel.evidence import evidence_view

GUID = "9672d779-dc3f-5769-8415-a51edd2ee33f"
SUBSCRIPTION = "/subscriptions/b1406fe9-3f71-552d-9e5c-caac508918af"
REGISTRY = f"{SUBSCRIPTION}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
ASSIGNMENT = f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments/{GUID}"


def show(qtbot: QtBot, *seen: Evidence, width: int = 280) -> EvidenceList:
    words = load("en")
    shown = EvidenceList(tuple(evidence_view(one, words) for one in seen), words)
    qtbot.addWidget(shown)
    shown.resize(width, 600)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    QApplication.processEvents()
    return shown


def read(shown: EvidenceList) -> list[str]:
    """Give the texts that are shown, in the order in which they were made."""
    return [edit.toPlainText() for edit in shown.findChildren(QTextEdit) if edit.isVisible()]


def rows(count: int) -> Iterable[Evidence]:
    return (Evidence("object-id", f"value {n}") for n in range(count))


def test_names_stand_beside_the_label_with_what_is_told_and_the_id_below(qtbot: QtBot) -> None:
    shown = show(qtbot, Evidence("object-id", f"AcrPull | this registry | direct | {ASSIGNMENT}"))
    label, name, told, identity = (edit for edit in shown.findChildren(QTextEdit))
    assert [e.toPlainText() for e in (label, name, told)] == ["Object id", "AcrPull", "this registry · direct"]
    assert (label.x(), name.x(), label.y()) == (0, LABEL_WIDTH + 8, name.y())
    assert name.x() == told.x() == identity.x()
    assert name.y() < told.y() < identity.y()
    assert (name.property("tone"), told.property("tone"), identity.property("tone")) == ("", "secondary", "secondary")


def test_a_label_is_said_once(qtbot: QtBot) -> None:
    assert read(show(qtbot, *rows(2))) == ["Object id", "value 0", "value 1"]


def test_an_id_is_one_line_that_copies_whole(qtbot: QtBot) -> None:
    shown = show(qtbot, Evidence("scope", REGISTRY))
    identity = shown.findChild(IdText)
    assert identity.toPlainText() == "/…/registries/contosoreg"
    assert identity.document().lineCount() == 1
    assert identity.document().idealWidth() <= identity.viewport().width()
    assert identity.accessibleName() == f"Scope: {REGISTRY}"
    tip = QTextDocument()
    tip.setHtml(identity.toolTip())
    assert tip.toPlainText() == REGISTRY
    identity.setFocus()
    for select_all in (False, True):
        QGuiApplication.clipboard().clear()
        if select_all:
            identity.selectAll()
        qtbot.keyClick(identity, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == REGISTRY


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_context_menu_copies_the_whole_id(qtbot: QtBot) -> None:
    shown = show(qtbot, Evidence("scope", REGISTRY))
    identity = shown.findChild(IdText)
    QGuiApplication.clipboard().clear()
    place = QPoint(2, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, identity.mapToGlobal(place))
    QApplication.sendEvent(identity.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.objectName() == "edit-copy").trigger()
    menu.close()
    assert QGuiApplication.clipboard().text() == REGISTRY


def test_part_of_what_is_told_copies_as_it_stands_and_all_of_it_whole(qtbot: QtBot) -> None:
    shown = show(qtbot, Evidence("object-id", f"aks-app | object id {GUID} | direct"))
    told = shown.findChild(WholeText)
    told.selectAll()
    told.copy()
    assert QGuiApplication.clipboard().text() == f"object id {GUID} · direct"
    cursor = told.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(len(told.toPlainText()) - 1, cursor.MoveMode.KeepAnchor)
    told.setTextCursor(cursor)
    told.copy()
    assert QGuiApplication.clipboard().text() == "object id 9672…e33f · direc"


@pytest.mark.parametrize(
    ("identity", "room", "expected"),
    [
        (REGISTRY, 200, REGISTRY),
        (REGISTRY, 120, f"{SUBSCRIPTION}/resourceGroups/rg-reg/providers/…/registries/contosoreg"),
        (REGISTRY, 40, "/subscriptions/…/registries/contosoreg"),
        (REGISTRY, 24, "/…/registries/contosoreg"),
        (REGISTRY, 23, "…/registries/contosoreg"),
        (REGISTRY, 12, "…/contosoreg"),
        ("/x", 1, "…/x"),
    ],
)
def test_what_says_least_of_an_id_is_left_out_first(identity: str, room: int, expected: str) -> None:
    assert shortened(identity, lambda text: len(text) <= room) == expected


def test_no_more_rows_than_are_read_at_first_and_all_by_keyboard(qtbot: QtBot) -> None:
    shown = show(qtbot, *rows(9))
    assert read(shown)[1:] == [f"value {n}" for n in range(4)]
    button = shown.findChild(QPushButton)
    assert button.text() == "Show all (9)"
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert read(shown)[1:] == [f"value {n}" for n in range(9)]
    assert button.text() == "Show fewer"
    assert button.hasFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert read(shown)[1:] == [f"value {n}" for n in range(4)]


def test_a_button_never_stands_for_a_single_row(qtbot: QtBot) -> None:
    shown = show(qtbot, *rows(5))
    assert read(shown)[1:] == [f"value {n}" for n in range(5)]
    assert not shown.findChildren(QPushButton)


def test_a_mistake_is_marked_in_letters_of_one_width(qtbot: QtBot) -> None:
    marked = "contosoreg.azurecr.io/Web:1\n                      ^"
    shown = show(qtbot, Evidence("object-id", marked))
    text = shown.findChild(MarkedText)
    assert text.toPlainText() == marked
    assert text.fontMetrics().horizontalAdvance("iiii") == text.fontMetrics().horizontalAdvance("WWWW")
    assert text.x() == 0


def test_a_command_to_find_out_by_hand_copies_in_one_piece(qtbot: QtBot) -> None:
    command = f"az role assignment list --scope {REGISTRY}"
    shown = show(qtbot, Evidence("command-to-ask", command))
    text = shown.findChild(CommandText)
    text.selectAll()
    text.copy()
    assert QGuiApplication.clipboard().text() == command
    assert text.toolTip() == ""


@pytest.mark.parametrize(
    ("marked", "columns", "lines"),
    [
        ("abCd\n  ^", 10, ["abCd", "  ^"]),
        ("abCd\n  ^", 2, ["ab", "Cd", "^"]),
        ("abCd\n  ^", 3, ["abC", "  ^", "d"]),
        ("ab\n  ^", 10, ["ab", "  ^"]),
        ("ab\n  ^", 2, ["ab", "", "^"]),
    ],
)
def test_the_caret_stays_under_its_place(marked: str, columns: int, lines: list[str]) -> None:
    assert wrap_marked(marked, columns) == lines


@given(st.text(alphabet="abC/:", min_size=1, max_size=60), st.data(), st.integers(1, 40))
def test_a_marked_letter_has_the_caret_below_in_every_width(text: str, data: st.DataObject, columns: int) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    lines = wrap_marked(f"{text}\n{' ' * place}^", columns)
    below = next(number for number, line in enumerate(lines) if line.strip() == "^")
    assert lines[below - 1][lines[below].index("^")] == text[place]
    assert "".join(line for number, line in enumerate(lines) if number != below) == text
