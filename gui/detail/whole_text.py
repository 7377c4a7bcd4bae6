"""A text that stands for a longer one: shown short or broken, copied whole."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.detail.flow_text import FlowText
from gui.theme import Text
from gui.tool_tip import set_tool_tip
from gui.viewmodel.evidence import HARD_BLANK, JOINER

SCREEN_BREAK = "\u2028"
"""Breaks a line on the screen without being part of the text."""


class WholeText(FlowText):
    """Shows `shown`, and has `whole` in its tool tip where that is another text.

    Screen readers hear `name`, or the whole text. Copying gives the whole text when all or nothing is selected, else
    what is selected; the context menu, opened with nothing selected, selects all first.
    """

    def __init__(
        self,
        shown: str,
        whole: str,
        kind: Text = Text.SMALL,
        *,
        tone: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.shown = shown
        self.whole = whole
        self._put = ""
        super().__init__(shown, kind, tone=tone, name=name or whole, parent=parent)

    def show_both(self, shown: str, whole: str) -> None:
        """Show another text, in place of another whole one."""
        self.shown, self.whole, self._put, self._name = shown, whole, "", whole
        self.set_text(shown)

    def fitted(self) -> str:
        """Give what to show in the present width, with `SCREEN_BREAK` where a line is to end."""
        return self.shown

    def fit(self) -> None:
        """Put the text as it fits the present width, then be as high as that is."""
        fitted = self.fitted()
        if fitted != self._put:
            self._put = fitted
            self.setPlainText(fitted)
            set_tool_tip(self, "" if _off_screen(fitted) == self.whole else self.whole)
        super().fit()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Give the whole text where all is selected, and nothing that only the screen has."""
        cursor, data = self.textCursor(), QMimeData()
        everything = cursor.selectionEnd() - cursor.selectionStart() >= len(self.toPlainText())
        data.setText(self.whole if everything else _off_screen(cursor.selectedText()).replace("\u2029", "\n"))
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the whole text where nothing is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.whole)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Have something to copy in the menu."""
        if not self.textCursor().hasSelection():
            self.selectAll()
        super().contextMenuEvent(event)


def _off_screen(text: str) -> str:
    """Take away what only the screen needs."""
    return text.replace(SCREEN_BREAK, "").replace(HARD_BLANK, " ").replace(JOINER, "")
