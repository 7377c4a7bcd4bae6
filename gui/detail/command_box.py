"""A command as it is to be typed, in a box."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.texts import Texts
from gui.detail.command_lines import wrap_command
from gui.detail.flow_text import FlowText
from gui.theme import Text, font
from gui.viewmodel.words import TABLE

SCREEN_BREAK = "\u2028"
"""Breaks a line on the screen without being part of the command."""


class CommandText(FlowText):
    """The command. What is selected and copied is without the breaks; copying with nothing selected copies all."""

    focused = Signal(bool)

    def __init__(self, command: str, parent: QWidget | None = None) -> None:
        super().__init__(command, Text.CODE, parent=parent)
        self.command = command
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the lines for the new width."""
        letter = QFontMetricsF(font(Text.CODE)).horizontalAdvance("0")
        columns = max(1, int(self.viewport().width() / letter))
        shown = SCREEN_BREAK.join(wrap_command(self.command, columns))
        if shown != self.toPlainText().replace("\n", SCREEN_BREAK):
            self.setPlainText(shown)
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the box."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the box."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Give what is selected as it stands in the command."""
        data = QMimeData()
        data.setText(self.textCursor().selectedText().replace(SCREEN_BREAK, ""))
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the whole command where nothing is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.command)
        else:
            super().keyPressEvent(event)


class CommandBox(QFrame):
    """The command on its ground, with a ring while it has the focus."""

    def __init__(self, command: str, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "code")
        self.text = CommandText(command)
        self.text.setAccessibleDescription(texts.get(TABLE, "detail", "command"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.text)
        self.text.focused.connect(self._ring)

    def _ring(self, shown: bool) -> None:
        self.setProperty("focused", shown)
        self.style().polish(self)
