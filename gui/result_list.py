"""The same results as the chart, as a list: for who reads lists better, and for screen readers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView, QWidget

from core.texts import Texts
from gui.icons import state_icon
from gui.plain_text import tool_tip
from gui.theme import Text, font, status_style, theme
from gui.viewmodel.chart import CardView, ChartView
from gui.viewmodel.words import TABLE, one_line

CHECK_ROLE = Qt.ItemDataRole.UserRole + 1


class ResultList(QTreeView):
    """Lanes with their checks below: title, result, what was found. `picked(check)` when a check becomes current."""

    picked = Signal(str)

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, tuple[QStandardItem, QStandardItem, QStandardItem]] = {}
        self._shown: dict[str, CardView] = {}
        self._keys: tuple[str, ...] = ()
        self._model = QStandardItemModel(0, 3, self)
        self._model.setHorizontalHeaderLabels([texts.get(TABLE, "view", key) for key in ("check", "result", "found")])
        self.setModel(self._model)
        self.setAccessibleName(texts.get(TABLE, "view", "list-name"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("surface", "inside")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setFont(font(Text.SMALL))
        self.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentChanged.connect(self._current_changed)
        theme().changed.connect(self._repaint_all)

    def show_view(self, view: ChartView) -> None:
        """Show the results of a view; folds do not matter here."""
        keys = tuple(card.check for lane in view.lanes for card in lane.cards)
        if keys != self._keys:
            self._fill(view)
            self._keys = keys
        for lane in view.lanes:
            for card in lane.cards:
                if self._shown.get(card.check) != card:
                    self._show_card(card)
        selected = next((card.check for lane in view.lanes for card in lane.cards if card.selected), None)
        self._select(selected)

    def _fill(self, view: ChartView) -> None:
        self._model.removeRows(0, self._model.rowCount())
        self._items.clear()
        self._shown.clear()
        for lane in view.lanes:
            header = QStandardItem(lane.title)
            header.setFont(font(Text.CAPS))
            header.setSelectable(False)
            blanks = [QStandardItem(), QStandardItem()]
            for blank in blanks:
                blank.setFlags(Qt.ItemFlag.NoItemFlags)
            self._model.appendRow([header, *blanks])
            for card in lane.cards:
                row = (QStandardItem(), QStandardItem(), QStandardItem())
                row[0].setData(card.check, CHECK_ROLE)
                row[1].setFont(font(Text.SMALL_STRONG))
                header.appendRow(list(row))
                self._items[card.check] = row
        self._colour_headers()
        self.expandAll()

    def _colour_headers(self) -> None:
        for row in range(self._model.rowCount()):
            self._model.item(row).setForeground(QBrush(QColor(theme().colours.secondary)))

    def _show_card(self, card: CardView) -> None:
        self._shown[card.check] = card
        title, word, found = self._items[card.check]
        text = one_line(card.note or card.summary)
        title.setText(card.title)
        title.setIcon(state_icon(card.state, 16, self.devicePixelRatioF()))
        title.setData(f"{card.title}: {card.word}. {text}", Qt.ItemDataRole.AccessibleTextRole)
        word.setText(card.word)
        word.setForeground(QBrush(QColor(status_style(card.state).ink)))
        found.setText(text)
        found.setToolTip(tool_tip(text))
        colours = theme().colours
        for item in (title, found):
            item.setForeground(QBrush(QColor(colours.secondary if card.dimmed else colours.text)))

    def _select(self, check: str | None) -> None:
        model = self.selectionModel()
        blocked = model.blockSignals(True)
        try:
            if check is None:
                if self.currentIndex().isValid():
                    self.setCurrentIndex(QModelIndex())
                    self.scrollToTop()
            elif self.currentIndex().siblingAtColumn(0) != self._items[check][0].index():
                self.setCurrentIndex(self._items[check][0].index())
                self.scrollTo(self.currentIndex())
        finally:
            model.blockSignals(blocked)
        self.viewport().update()

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        check = current.siblingAtColumn(0).data(CHECK_ROLE)
        if check:
            self.picked.emit(check)

    def _repaint_all(self) -> None:
        self._colour_headers()
        shown = list(self._shown.values())
        for card in shown:
            self._show_card(card)
