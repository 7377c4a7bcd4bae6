"""The whole task with nothing but a keyboard."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, pod_text, signed_in

from gui.wizard.flow import Step
from gui.wizard.jobs import Opened
from gui.wizard.wizard import Wizard

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
MANY = 80


def press(wizard: Wizard, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key as the keyboard does: the window gets it, its shortcuts first, then whatever has the focus."""
    QTest.keyClick(wizard.window().windowHandle(), key, modifiers)


def write(wizard: Wizard, text: str) -> None:
    for letter in text:
        QTest.keyClick(wizard.window().windowHandle(), letter)


def paste(wizard: Wizard, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(wizard, Qt.Key.Key_V, CONTROL)


def tab_to(wizard: Wizard, wanted: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until the keyboard is where it is wanted."""
    for _ in range(MANY):
        focused = QApplication.focusWidget()
        if focused is not None and wanted(focused):
            return focused
        press(wizard, Qt.Key.Key_Tab)
    raise AssertionError("Tab does not lead there")


def is_copy(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton) and widget.text() == "Copy"


def copy_first_command(wizard: Wizard) -> str:
    QGuiApplication.clipboard().clear()
    tab_to(wizard, is_copy)
    press(wizard, Qt.Key.Key_Space)
    return QGuiApplication.clipboard().text()


def test_from_a_pasted_text_to_a_copied_command(
    wizard: Wizard, qtbot: QtBot, sign_in: Callable[[Opened], None]
) -> None:
    guide = wizard.guide
    paste(wizard, pod_text())
    qtbot.waitUntil(lambda: guide.state.symptom is not None, timeout=PATIENCE)
    press(wizard, Qt.Key.Key_Return, CONTROL)
    assert guide.state.step is Step.CONNECT

    sign_in(signed_in())
    assert guide.state.step is Step.CHOOSE
    assert guide.state.registry is not None
    assert not wizard.footer.primary.isEnabled()

    write(wizard, "aks-app production")
    press(wizard, Qt.Key.Key_Down)
    assert guide.state.cluster is not None
    press(wizard, Qt.Key.Key_Return)
    press(wizard, Qt.Key.Key_Return)
    press(wizard, Qt.Key.Key_Return)
    assert guide.state.step is Step.DIAGNOSE
    qtbot.waitUntil(lambda: not guide.running.running, timeout=PATIENCE)

    report = guide.running.report
    assert report is not None
    assert report.conclusion.causes[0] == "identity.acrpull-role"
    assert report.cluster.name == "aks-app"
    command = copy_first_command(wizard)
    assert command.startswith("az role assignment create ")


def test_practice_by_keyboard(wizard: Wizard, qtbot: QtBot) -> None:
    guide = wizard.guide
    press(wizard, Qt.Key.Key_P, ALT)
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    write(wizard, "control plane given")
    press(wizard, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.listing.complete and not guide.state.classifying, timeout=PATIENCE)
    assert guide.state.step is Step.CHOOSE
    assert guide.state.text == pod_text()
    press(wizard, Qt.Key.Key_D, ALT)
    qtbot.waitUntil(lambda: guide.running.report is not None and not guide.running.running, timeout=PATIENCE)
    assert guide.running.report is not None
    assert guide.running.report.practice
    before = guide.running.report
    press(wizard, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: guide.running.report is not before and not guide.running.running, timeout=PATIENCE)


def test_tab_reaches_every_control_of_every_page(
    wizard: Wizard, sign_in: Callable[[Opened], None], qtbot: QtBot
) -> None:
    assert reached(wizard) >= {"Error text", "I have no error text", "Practice without Azure…", "Next"}
    wizard.guide.go_on()
    assert reached(wizard) >= {"Cloud", "Directory (optional)", "Sign in with the browser", "Back"}
    sign_in(signed_in())
    lists = {"Search clusters", "Clusters", "Search registries", "Registries", "Image (optional)", "Subscription"}
    assert reached(wizard) >= lists
    wizard.guide.start_practice()
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    assert reached(wizard) >= {"Search scenarios", "Scenarios", "Next", "Leave practice"}


def test_tab_goes_from_a_page_to_the_buttons_below_it_then_to_the_top(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.guide.start_practice()
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    assert QApplication.focusWidget() is page.search
    stops = [page.search]
    while (widget := press(wizard, Qt.Key.Key_Tab) or QApplication.focusWidget()) is not page.search:
        stops.append(widget)
    assert stops == [
        page.search,
        page.list,
        wizard.footer.back,
        wizard.footer.primary,
        wizard.banner.button,
        wizard.steps.buttons[Step.SYMPTOM],
        wizard.steps.buttons[Step.CONNECT],
    ]


def test_a_long_text_to_read_is_scrolled_by_keyboard(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.resize(960, 600)
    wizard.guide.start_practice()
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    write(wizard, "control plane given")
    bar = page.about.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    press(wizard, Qt.Key.Key_Tab)
    press(wizard, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.about
    press(wizard, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_a_search_without_a_match_leaves_the_page_as_it_is_and_says_so_below_the_field(
    wizard: Wizard, qtbot: QtBot
) -> None:
    wizard.guide.start_practice()
    page = wizard.page("practice")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=PATIENCE)
    width = page.search.width()
    write(wizard, "xyzzy")
    QApplication.processEvents()
    assert page.search.width() == width
    assert page.notice.isVisible()
    assert page.notice.height() < 100
    assert page.notice.y() < page.search.geometry().bottom() + 20


def reached(wizard: Wizard) -> set[str]:
    """Press Tab all the way round; gives what a screen reader says at each stop."""
    names = set()
    for _ in range(MANY):
        press(wizard, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        assert widget is not None
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        names.add(name)
    assert "" not in names
    return names


def test_back_and_forth_keeps_what_was_typed(wizard: Wizard, qtbot: QtBot) -> None:
    write(wizard, "failed to pull")
    press(wizard, Qt.Key.Key_Return, CONTROL)
    write(wizard, "contoso.com")
    press(wizard, Qt.Key.Key_Left, ALT)
    assert wizard.guide.state.step is Step.SYMPTOM
    assert wizard.page("symptom").box.toPlainText() == "failed to pull"
    press(wizard, Qt.Key.Key_Return, CONTROL)
    assert wizard.page("sign-in").tenant.text() == "contoso.com"
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)
