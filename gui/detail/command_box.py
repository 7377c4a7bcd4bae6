"""A command as it is to be typed, in a box."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.texts import Texts
from gui.detail.command_lines import wrap_command
from gui.detail.whole_text import SCREEN_BREAK, WholeText
from gui.theme import Text, font
from gui.viewmodel.words import TABLE


class CommandText(WholeText):
    """The command. What is selected and copied is without the breaks; copying with nothing selected copies all."""

    focused = Signal(bool)

    def __init__(self, command: str, parent: QWidget | None = None) -> None:
        super().__init__(command, command, Text.CODE, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)

    def fitted(self) -> str:
        """Break the lines for the present width."""
        letter = QFontMetricsF(font(Text.CODE)).horizontalAdvance("0")
        columns = max(1, int(self.viewport().width() / letter))
        return SCREEN_BREAK.join(wrap_command(self.whole, columns))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the box."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the box."""
        super().focusOutEvent(event)
        self.focused.emit(False)


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
