"""The one kind of label in the window: what it shows is text, never markup.

Names out of Azure and pasted errors may hold anything, and Qt takes what looks like HTML for HTML otherwise.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.theme import Text, font


class PlainLabel(QLabel):
    """A label of plain text in one of the theme's fonts.

    `tone` is a tone of the stylesheet ("", "secondary", "accent"); `wrap` lets lines break at blanks;
    `selectable` lets mouse and keyboard select, for anything that somebody may want to copy.
    """

    def __init__(
        self,
        text: str = "",
        kind: Text = Text.BODY,
        *,
        tone: str = "",
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(kind))
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.setText(text)
