"""What was seen: labels with values side by side, and no more rows at first than are read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from core.texts import Texts
from gui.detail.command_box import CommandBox
from gui.detail.flow_text import FlowText
from gui.detail.id_text import IdText
from gui.detail.marked_text import MarkedText
from gui.detail.whole_text import WholeText
from gui.flow_layout import FlowLayout
from gui.theme import Text, font
from gui.viewmodel.evidence import EvidenceView, PartKind, PartView
from gui.viewmodel.words import TABLE

LABEL_WIDTH = 92
SHOWN_FIRST = 4
ROW_GAP = 4
BESIDE = {PartKind.NAME, PartKind.DETAIL, PartKind.ID}
"""What stands beside the label; the rest needs the whole width."""


class EvidenceList(QWidget):
    """All that was seen; what is more than the first rows stands behind a button."""

    def __init__(self, rows: tuple[EvidenceView, ...], texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._rest = rows[SHOWN_FIRST:] if len(rows) > SHOWN_FIRST + 1 else ()
        self._unfolded: QWidget | None = None
        self._all = texts.fill(TABLE, "detail", "show-all", values={"n": str(len(rows))})
        first = rows[: len(rows) - len(self._rest)]
        self._last = first[-1].label if first else ""
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(ROW_GAP)
        self._lines.addWidget(EvidenceGrid(first, texts))
        if self._rest:
            self._add_button()

    def _add_button(self) -> None:
        self.button = QPushButton(self._all)
        self.button.setProperty("kind", "link")
        self.button.setFont(font(Text.SMALL))
        self.button.setCheckable(True)
        self.button.toggled.connect(self._unfold)
        row = FlowLayout()
        row.addWidget(self.button)
        self._lines.addLayout(row)

    def _unfold(self, shown: bool) -> None:
        if self._unfolded is None:
            self._unfolded = EvidenceGrid(self._rest, self._texts, self._last)
            self._lines.insertWidget(1, self._unfolded)
        self._unfolded.setVisible(shown)
        self.button.setText(self._texts.get(TABLE, "detail", "show-fewer") if shown else self._all)


class EvidenceGrid(QWidget):
    """Rows of labels and values. A label that is the same as the one above, `before` for the first, is left out."""

    def __init__(
        self, rows: tuple[EvidenceView, ...], texts: Texts, before: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        for row in rows:
            self._add(row, with_label=row.label != before)
            before = row.label

    def _add(self, row: EvidenceView, *, with_label: bool) -> None:
        top, line = Qt.AlignmentFlag.AlignTop, self._grid.rowCount()
        if line > 1:
            self._grid.setRowMinimumHeight(line, ROW_GAP)
            line += 1
        beside = [part for part in row.parts if part.kind in BESIDE]
        if with_label:
            label = FlowText(row.label, tone="secondary")
            if beside:
                label.setFixedWidth(LABEL_WIDTH)
            self._grid.addWidget(label, line, 0, max(1, len(beside)), 1 if beside else 2, top)
        if with_label and not beside:
            line += 1
        for part in row.parts:
            column, width = (1, 1) if part in beside else (0, 2)
            self._grid.addWidget(self._shown(part, f"{row.label}: {part.whole}"), line, column, 1, width, top)
            line += 1

    def _shown(self, part: PartView, name: str) -> QWidget:
        match part.kind:
            case PartKind.NAME:
                return FlowText(part.shown, name=name)
            case PartKind.DETAIL | PartKind.LONG:
                return WholeText(part.shown, part.whole, tone="secondary", name=name)
            case PartKind.ID:
                return IdText(part.whole, name)
            case PartKind.MARKED:
                return MarkedText(part.whole, name)
            case PartKind.COMMAND:
                return CommandBox(part.whole, self._texts)
