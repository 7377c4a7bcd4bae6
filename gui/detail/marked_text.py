"""A line with a caret under the place where it goes wrong."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF, QTextOption
from PySide6.QtWidgets import QWidget

from gui.detail.whole_text import SCREEN_BREAK, WholeText
from gui.theme import Text, font


class MarkedText(WholeText):
    """Two lines in letters of one width, `text` and the caret's; both are broken together where they are long."""

    def __init__(self, marked: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(marked, marked, Text.CODE, name=name, parent=parent)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)

    def fitted(self) -> str:
        """Break for the present width."""
        letter = QFontMetricsF(font(Text.CODE)).horizontalAdvance("0")
        return SCREEN_BREAK.join(wrap_marked(self.whole, max(1, int(self.viewport().width() / letter))))


def wrap_marked(marked: str, columns: int) -> list[str]:
    """Break the text every `columns` characters; the caret follows the piece that it points into."""
    text, _, carets = marked.partition("\n")
    place = carets.find("^")
    lines: list[str] = []
    for start in range(0, max(len(text), place + 1), columns):
        lines.append(text[start : start + columns])
        if start <= place < start + columns:
            lines.append(" " * (place - start) + "^")
    return lines
