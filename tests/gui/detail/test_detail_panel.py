"""The side beside the chart, used with mouse, keyboard and clipboard."""

from dataclasses import replace

import pytest
from example_run import COMMAND, FIX, TREE, events, result, results, role_missing, texts
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar, QTextEdit
from pytestqt.qtbot import QtBot

from core.model import Evidence, MissingPermission, Status
from gui.detail import copy_button
from gui.detail.command_box import CommandText
from gui.detail.copy_button import CopyButton
from gui.detail.detail_panel import DetailPanel
from gui.detail.fix_panel import FixPanel, Surroundings
from gui.detail.parts import Disclosure
from gui.viewmodel.banner import Subject
from gui.viewmodel.diagnosis import Diagnosis

REAL = Surroundings("https://shell.azure.com", practice=False)
PRACTICE = Surroundings("", practice=True)
HOSTILE = ("<b>bold</b>", '<img src="http://evil.example/x.png">', "\u202egnp.exe\u202c", "x" * 300, "a & b &amp; c")


def show(qtbot: QtBot, check: str = "role.granted", all_results=None, around: Surroundings = REAL) -> DetailPanel:
    page = Diagnosis(texts(), TREE)
    page.begin(Subject("aks-app", "contosoreg"), "", "", practice=False)
    for event in events(all_results if all_results is not None else role_missing()):
        page.handle(event)
    page.select(check)
    panel = DetailPanel(page.texts)
    qtbot.addWidget(panel)
    panel.resize(322, 604)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.show_view(page.detail(), page.empty_detail(), around)
    qtbot.waitUntil(lambda: not panel._rest.isActive())
    QApplication.processEvents()
    return panel


def words(panel: DetailPanel) -> list[str]:
    """Give every text that is shown."""
    labels = [w.text() for w in panel.findChildren(QLabel) if w.isVisible()]
    edits = [w for w in panel.findChildren(QTextEdit) if w.isVisible()]
    return labels + [w.whole if isinstance(w, CommandText) else w.toPlainText() for w in edits]


def button(panel: DetailPanel, caption: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.text() == caption)


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the addresses that would be opened in a browser."""
    addresses: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: addresses.append(QUrl(url).toString()) or True)
    return addresses


def test_it_is_read_from_what_it_is_to_check_again(qtbot: QtBot) -> None:
    panel = show(qtbot)
    places = [
        next(w for w in panel.findChildren(QLabel) if w.text() == "Problem · definite"),
        next(w for w in panel.findChildren(QTextEdit) if w.toPlainText() == "Kubelet identity may pull images"),
        next(w for w in panel.findChildren(QLabel) if w.text() == "What we saw"),
        next(w for w in panel.findChildren(QTextEdit) if w.toPlainText() == "aks-app-agentpool"),
        next(w for w in panel.findChildren(QLabel) if w.text() == "Fix"),
        next(w for w in panel.findChildren(QLabel) if w.text() == "widens access"),
        panel.findChild(QTabBar),
        panel.findChild(CommandText),
        next(w for w in panel.findChildren(QTextEdit) if w.toPlainText().startswith("You cannot apply")),
        next(w for w in panel.findChildren(QTextEdit) if w.toPlainText().startswith("Takes up to 10 minutes")),
    ]
    tops = [w.mapTo(panel, w.rect().topLeft()).y() for w in places]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)


def test_copy_puts_the_whole_command_on_the_clipboard_and_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_button, "SAID_FOR_MS", 30)
    panel = show(qtbot)
    copy = button(panel, "Copy")
    width = copy.width()
    copy.setFocus()
    qtbot.keyClick(copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == COMMAND
    assert copy.text() == "Copied"
    assert copy.width() == width
    qtbot.waitUntil(lambda: copy.text() == "Copy")


def test_each_command_has_a_copy_button_of_its_own(qtbot: QtBot) -> None:
    panel = show(qtbot)
    payloads = [b.payload for b in panel.findChildren(CopyButton)]
    assert payloads[:2] == [COMMAND, "az role assignment list"]


def test_a_selection_in_a_command_is_copied_without_the_breaks_on_the_screen(qtbot: QtBot) -> None:
    panel = show(qtbot)
    text = panel.findChild(CommandText)
    assert text.document().lineCount() > 1 or "\n" in text.toPlainText()
    text.selectAll()
    text.copy()
    assert QGuiApplication.clipboard().text() == COMMAND


def test_ctrl_c_copies_the_focused_command(qtbot: QtBot) -> None:
    panel = show(qtbot)
    text = panel.findChild(CommandText)
    QGuiApplication.clipboard().clear()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == COMMAND


def test_a_command_breaks_at_blanks_and_is_never_cut(qtbot: QtBot) -> None:
    panel = show(qtbot)
    text = panel.findChild(CommandText)
    for width in (296, 322, 380):
        panel.resize(width, 604)
        QApplication.processEvents()
        lines = text.toPlainText().split("\n")
        assert "".join(lines) == COMMAND
        assert lines[0] == "az role assignment create "
        assert text.document().idealWidth() <= text.viewport().width()
        assert text.height() >= text.document().size().height()


def test_tabs_change_with_the_arrows_and_the_choice_is_kept(qtbot: QtBot) -> None:
    panel = show(qtbot)
    tabs = panel.findChild(QTabBar)
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert "New-AzRoleAssignment -ObjectId 6f0c2c1e" in words(panel)
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert "1. Open the registry." in words(panel)
    assert not any(COMMAND in word for word in words(panel))
    view = panel.view
    assert view is not None
    panel.show_view(replace(view, change="again"), "", REAL)
    qtbot.waitUntil(lambda: not panel._rest.isActive())
    assert panel.findChildren(QTabBar)[-1].currentIndex() == 2


def test_who_may_not_apply_it_copies_the_message(qtbot: QtBot) -> None:
    panel = show(qtbot)
    button(panel, "Copy a message").click()
    assert QGuiApplication.clipboard().text() == FIX.ask


def test_another_way_stands_folded_until_it_is_wanted(qtbot: QtBot) -> None:
    panel = show(qtbot)
    assert len(panel.findChildren(FixPanel)) == 1
    other = button(panel, "▸ Attach the registry")
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert len(panel.findChildren(FixPanel)) == 2
    assert other.text() == "▾ Attach the registry"
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert not panel.findChildren(FixPanel)[-1].isVisible()


def test_a_long_title_of_another_way_is_cut_and_whole_in_its_tool_tip(qtbot: QtBot) -> None:
    title = "Attach the registry & <b>all</b> its mirrors to the cluster with the name aks-production-west-europe"
    others = (FIX, replace(FIX, title=title))
    panel = show(qtbot, all_results=results(result("role.granted", Status.FAIL, fixes=others)))
    other = panel.findChildren(Disclosure)[0].button
    assert other.text().startswith("▸ Attach the registry && <b>all")
    assert other.text().endswith("…")
    assert other.accessibleName() == title
    document = QTextDocument()
    document.setHtml(other.toolTip())
    assert document.toPlainText() == title
    panel.resize(1200, 600)
    QApplication.processEvents()
    assert other.text() == "▸ " + title.replace("&", "&&")


def test_why_it_matters_can_be_unfolded(qtbot: QtBot) -> None:
    panel = show(qtbot)
    assert "Nothing is pulled without it." not in words(panel)
    panel.findChildren(Disclosure)[-1].button.click()
    assert "Nothing is pulled without it." in words(panel)


def test_the_documentation_and_cloud_shell_open_in_the_browser(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = opened(monkeypatch)
    panel = show(qtbot)
    panel.docs.click()
    button(panel, "Open Cloud Shell").click()
    button(panel, "About this fix").click()
    assert addresses == ["https://learn.microsoft.com/azure/aks/", "https://shell.azure.com", FIX.docs]


@pytest.mark.parametrize("address", ["http://learn.microsoft.com/", "file:///etc/passwd", "javascript:alert(1)", ""])
def test_nothing_but_https_is_opened(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    addresses = opened(monkeypatch)
    panel = show(qtbot)
    view = panel.view
    assert view is not None
    panel.show_view(replace(view, docs=address), "", REAL)
    assert not panel.docs.isVisible()
    panel.docs.click()
    assert addresses == []


def test_in_practice_commands_are_marked_and_there_is_no_cloud_shell(qtbot: QtBot) -> None:
    panel = show(qtbot, around=PRACTICE)
    assert "Simulated" in words(panel)
    assert not any(b.text() == "Open Cloud Shell" for b in panel.findChildren(QPushButton))
    assert "Simulated" not in words(show(qtbot))


def test_check_again_names_the_check(qtbot: QtBot) -> None:
    panel = show(qtbot)
    with qtbot.waitSignal(panel.check_again) as caught:
        qtbot.keyClick(panel.again, Qt.Key.Key_Space)
    assert caught.args == ["role.granted"]


def test_an_unknown_offers_the_message_to_send(qtbot: QtBot) -> None:
    missing = MissingPermission("Microsoft.Authorization/roleAssignments/read", "/subscriptions/1", "Reader")
    panel = show(qtbot, all_results=results(result("role.granted", Status.UNKNOWN, missing=missing)))
    button(panel, "Copy a message").click()
    assert "Microsoft.Authorization/roleAssignments/read" in QGuiApplication.clipboard().text()


def test_a_fault_shows_its_trace_and_lets_it_be_copied(qtbot: QtBot) -> None:
    trace = "Traceback\nKeyError: 'sku'"
    panel = show(qtbot, all_results=results(result("role.granted", Status.UNKNOWN, fault=trace)))
    assert "What went wrong in the program" in words(panel)
    button(panel, "Copy details").click()
    assert QGuiApplication.clipboard().text() == trace


def test_nothing_selected_is_a_calm_sentence(qtbot: QtBot) -> None:
    panel = DetailPanel(texts())
    qtbot.addWidget(panel)
    panel.show()
    panel.show_view(None, "Choose a check to see what it found.", REAL)
    assert words(panel) == ["Choose a check to see what it found."]
    assert not panel.again.isVisible()


def hostile_results():
    evidence = tuple(Evidence("very-long", value) for value in HOSTILE)
    fix = replace(FIX, title=HOSTILE[0], changes=HOSTILE[1], azure_cli=tuple(HOSTILE), portal=(HOSTILE[1],))
    failed = result("role.granted", Status.FAIL, " ".join(HOSTILE), evidence=evidence, fixes=(fix,))
    return results(failed)


def test_markup_in_names_is_shown_as_it_is(qtbot: QtBot) -> None:
    panel = show(qtbot, all_results=hostile_results())
    for label in panel.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    shown = [edit.toPlainText() for edit in panel.findChildren(QTextEdit)]
    for value in HOSTILE:
        assert value in shown
    assert " ".join(HOSTILE) in shown


@pytest.mark.parametrize("width", [296, 322, 380])
def test_nothing_is_cut_off(qtbot: QtBot, width: int) -> None:
    panel = show(qtbot, all_results=hostile_results())
    panel.resize(width, 604)
    QApplication.processEvents()
    for edit in panel.findChildren(QTextEdit):
        if edit.isVisible():
            assert edit.document().idealWidth() <= edit.viewport().width() + 1, edit.toPlainText()
            assert edit.height() >= int(edit.document().size().height()), edit.toPlainText()
            right = edit.mapTo(panel, edit.rect().topRight()).x()
            assert right <= width, edit.toPlainText()
    for push in panel.findChildren(QPushButton):
        if push.isVisible():
            assert push.height() >= push.sizeHint().height(), push.text()
            assert push.width() >= min(push.sizeHint().width(), width - 60), push.text()
