"""Tool tips, as eyes and as screen readers get them."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.tool_tip import set_tool_tip


def described(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def test_a_screen_reader_does_not_read_the_markup_of_a_tool_tip(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tool_tip(widget, "a <b> & c")
    assert widget.toolTip() == "<p>a &lt;b&gt; &amp; c</p>"
    assert described(widget).strip() == ""


def test_what_describes_a_widget_already_stays(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setAccessibleDescription("Command")
    set_tool_tip(widget, "az login")
    set_tool_tip(widget, "")
    assert widget.toolTip() == ""
    assert described(widget) == "Command"
