"""What the shapes and colours mean, under the chart."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.texts import Texts
from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.viewmodel.state import State
from gui.viewmodel.words import state_word

SHOWN = (State.PASS, State.FAIL, State.WARNING, State.UNKNOWN, State.NOT_APPLICABLE)


class Legend(QWidget):
    """One row: icon and word of each state that a check can end in."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for state in SHOWN:
            row.addWidget(StateIcon(state, 15))
            row.addWidget(PlainLabel(state_word(texts, state), Text.SMALL, tone="secondary"))
            row.addSpacing(8)
        row.addStretch()
