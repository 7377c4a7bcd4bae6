"""What the program understood of the pasted text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.model import Symptom
from core.tree import TREE
from gui.plain_label import PlainLabel
from gui.theme import Text, theme
from gui.window_words import Words
from gui.wizard.announce import announce

TEXT_LIMIT = 300
"""Characters of an extracted value that are shown."""


class Lens(QWidget):
    """A magnifying glass: this is a reading of a text, no finding."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 28)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as the icons of findings."""
        return QSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the glass on a disc."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(QRectF(0, 0, 28, 28))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.on_accent), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(QRectF(8, 8, 9, 9))
        painter.drawLine(16, 16, 20, 20)


class SymptomCard(QFrame):
    """Title and meaning of the symptom, what was found in the text, and where the program looks first."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._shown: Symptom | None = None
        self.setProperty("surface", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.title = PlainLabel("", Text.STRONG, wrap=True)
        self.meaning = PlainLabel("", Text.BODY, tone="secondary", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(2)
        self._facts.setColumnMinimumWidth(0, 84)
        self._facts.setColumnStretch(1, 1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.meaning)
        column.addSpacing(4)
        column.addLayout(self._facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(Lens(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def show_symptom(self, symptom: Symptom) -> None:
        """Show a symptom."""
        if symptom == self._shown:
            return
        self._shown = symptom
        title = self._words.texts.get("symptoms", symptom.kind, "title")
        meaning = self._words.texts.get("symptoms", symptom.kind, "meaning")
        self.title.setText(title)
        self.meaning.setText(meaning)
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for key, value in self._values(symptom):
            line = self._facts.rowCount()
            name = PlainLabel(self._words("symptom", key), Text.SMALL, tone="secondary")
            self._facts.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            shown = value if len(value) <= TEXT_LIMIT else value[:TEXT_LIMIT] + "…"
            self._facts.addWidget(PlainLabel(shown, Text.SMALL, wrap=True, selectable=True), line, 1)
        spoken = self._words("symptom", "spoken", title=title, meaning=meaning)
        self.setAccessibleName(spoken)
        announce(self, spoken)

    def _values(self, symptom: Symptom) -> list[tuple[str, str]]:
        found = [
            ("registry", symptom.registry),
            ("image", symptom.image),
            ("address", symptom.address),
            ("looks-first", looks_first(symptom, self._words)),
        ]
        return [(key, value) for key, value in found if value]


def looks_first(symptom: Symptom, words: Words) -> str:
    """Name the parts of the tree that this symptom points at, in order; empty where it points nowhere."""
    # Its tables take long to import. Whoever has a symptom has them already.
    from core.symptoms.kinds import lead

    lane_of = {check: lane.key for lane in TREE.lanes for check in lane.checks}
    lanes = dict.fromkeys(lane_of[check] for check in lead(symptom).checks if check in lane_of)
    text = words("symptom", "then").join(words("lanes", lane) for lane in lanes)
    return text[:1].upper() + text[1:]
