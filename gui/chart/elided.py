"""Text in a box of few lines: broken at blanks, and cut with an ellipsis where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption


def broken(text: str, font: QFont, width: int) -> list[str]:
    """Break a text into lines of at most `width` px; a word that is wider than that is broken too."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return lines or [""]


def elided(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Break a text into at most `most` lines; the last one ends in an ellipsis where something is left out."""
    lines = broken(text, font, width)
    if len(lines) <= most:
        return lines
    kept = lines[: most - 1]
    rest = text[len(" ".join(kept)) :].lstrip() if kept else text
    return [*kept, QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)]
