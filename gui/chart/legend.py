"""What the shapes and colours mean, under the chart."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.texts import Texts
from gui.flow_layout import FlowLayout
from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.viewmodel.state import State
from gui.viewmodel.words import state_word

SHOWN = (State.PASS, State.FAIL, State.WARNING, State.UNKNOWN, State.NOT_APPLICABLE)


class Legend(QWidget):
    """Icon and word of each state that a check can end in."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self, spacing=14)
        row.setContentsMargins(0, 4, 0, 4)
        for state in SHOWN:
            row.addWidget(_entry(texts, state))


def _entry(texts: Texts, state: State) -> QWidget:
    entry = QWidget()
    pair = QHBoxLayout(entry)
    pair.setContentsMargins(0, 0, 0, 0)
    pair.setSpacing(6)
    pair.addWidget(StateIcon(state, 15))
    pair.addWidget(PlainLabel(state_word(texts, state), Text.SMALL, tone="secondary"))
    return entry
