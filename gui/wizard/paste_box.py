"""Where an error text is pasted, typed or dropped: plain text only, and no more of it than an error can be."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from gui.theme import Text, font
from gui.wizard.flow import MAX_TEXT

LONG_WORD = 2_000
"""With a longer run without a blank in it a text is not broken into screen lines: Qt takes seconds for a huge one."""

_MAY_BE_A_SECRET = re.compile(r"\bkind[\"']?\s{0,9}:\s{0,9}[\"']?Secret\b|\.dockerc(?:onfigjson|fg)[\"']?\s{0,9}:")


class PasteBox(QPlainTextEdit):
    """The box. A text that is too long is cut, and `shortened` says so.

    What may be a Kubernetes secret never gets into it, unless whoever listens to `secret_pasted` says that it is none
    (`insert_text`): it would stay in the undo steps.
    """

    shortened = Signal()
    unreadable = Signal(str)
    """A dropped file could not be read; the reason."""
    empty_file = Signal()
    secret_pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(Text.CODE))
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def replace_text(self, text: str) -> None:
        """Show a text instead of the present one, without a signal and without an undo step."""
        blocked = self.blockSignals(True)
        self._prepare_for(text, instead=True)
        self.setPlainText(text)
        self.blockSignals(blocked)

    def clear_text(self) -> None:
        """Empty the box so that Undo brings the text back."""
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.removeSelectedText()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Take text, and files that are dropped."""
        return source.hasText() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Insert as plain text what was pasted or dropped; of a file, its contents."""
        urls = [url for url in source.urls() if url.isLocalFile()]
        if urls:
            self._insert_file(Path(urls[0].toLocalFile()))
        elif source.hasText():
            self._insert(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept files, which the box of Qt refuses."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Accept files wherever they are over the box."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def _insert_file(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                data = file.read(4 * MAX_TEXT + 1)
        except OSError as error:
            self.unreadable.emit(error.strerror or type(error).__name__)
            return
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
        if not text.strip():
            self.empty_file.emit()
            return
        self._insert(text)

    def _insert(self, text: str) -> None:
        if _MAY_BE_A_SECRET.search(text):
            self.secret_pasted.emit(text)
        else:
            self.insert_text(text)

    def insert_text(self, text: str) -> None:
        """Insert a text at the cursor, whatever it is."""
        cursor = self.textCursor()
        selected = cursor.selectionEnd() - cursor.selectionStart()
        room = MAX_TEXT - (self.document().characterCount() - 1 - selected)
        kept = text[:room].replace("\0", "\N{REPLACEMENT CHARACTER}")
        self._prepare_for(kept, instead=selected == self.document().characterCount() - 1)
        cursor.insertText(kept)
        self.ensureCursorVisible()
        if len(text) > room:
            self.shortened.emit()

    def _prepare_for(self, text: str, *, instead: bool) -> None:
        """Choose how lines are broken before a text comes, added to the present one or instead of it."""
        modes = QTextOption.WrapMode
        if max(map(len, text.split()), default=0) > LONG_WORD:
            self.setWordWrapMode(modes.NoWrap)
        elif instead and self.wordWrapMode() is modes.NoWrap:
            # Undo must not bring the long word back now that lines are broken again.
            self.document().clearUndoRedoStacks()
            self.clear()
            self.setWordWrapMode(modes.WrapAtWordBoundaryOrAnywhere)
