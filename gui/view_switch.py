"""The switch between chart and list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from core.texts import Texts
from gui.theme import Text, font
from gui.viewmodel.words import TABLE


class ViewSwitch(QWidget):
    """Two buttons, one of them down. `switched(index)`: 0 is the chart, 1 the list."""

    switched = Signal(int)

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self.buttons: list[QPushButton] = []
        for index, key in enumerate(("chart", "list")):
            button = QPushButton(texts.get(TABLE, "view", key))
            button.setProperty("kind", "switch")
            button.setFont(font(Text.SMALL))
            button.setCheckable(True)
            button.setChecked(index == 0)
            self._group.addButton(button, index)
            row.addWidget(button)
            self.buttons.append(button)
        self._group.idClicked.connect(self.switched)
