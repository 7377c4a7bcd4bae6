"""A list of clusters or registries, fluid with thousands of rows: a model and a painter, no widget per row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.facts.resource_id import ResourceId
from gui.plain_text import tool_tip
from gui.theme import CARD_RADIUS, Text, font, theme
from gui.wizard.rows import Row, key_of, matching

ROW_HEIGHT = 34
ROW_ROLE = Qt.ItemDataRole.UserRole
SIDE = 12
Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractListModel):
    """The rows that a search leaves, in their order. `special` is a row whose detail is replaced by `hint`."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()
        self._shown: list[int] = []
        self._query = ""
        self._subscription = ""
        self._special = ""
        self._hint = ""

    @property
    def total(self) -> int:
        """How many rows there are without a search."""
        return len(self._rows)

    def set_rows(self, rows: Sequence[Row], special: ResourceId | None = None, hint: str = "") -> None:
        """Show other rows."""
        self._rows, self._hint = rows, hint
        self._special = key_of(special) if special is not None else ""
        self._renew()

    def search(self, query: str, subscription: str) -> None:
        """Show only the rows with these words, of one subscription or (empty) of all."""
        self._query, self._subscription = query, subscription
        self._renew()

    def row_at(self, index: Index) -> Row | None:
        """Give the row at an index."""
        return self._rows[self._shown[index.row()]] if index.isValid() else None

    def index_of(self, resource: ResourceId | None) -> QModelIndex:
        """Give the index of a resource, an invalid one where it is not shown."""
        if resource is not None:
            wanted = key_of(resource)
            for line, position in enumerate(self._shown):
                if self._rows[position].key == wanted:
                    return self.index(line)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        """Give the number of rows shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the name to show, the whole row to the painter, and everything to a screen reader."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.name, self.detail(row), row.subscription) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(" · ".join(part for part in (row.name, self.detail(row), row.subscription) if part))
        return None

    def detail(self, row: Row) -> str:
        """Give what stands beside the name."""
        return self._hint if row.key == self._special else row.detail

    def _renew(self) -> None:
        self.beginResetModel()
        self._shown = matching(self._rows, self._query, self._subscription)
        self.endResetModel()


class RowPainter(QStyledItemDelegate):
    """Paints a row: the name bold, its details, its subscription on the right; what does not fit is elided."""

    def __init__(self, view: ResourceList) -> None:
        super().__init__(view)
        self._view = view
        self._fonts = (font(Text.STRONG), font(Text.BODY), font(Text.WORD))
        self._fonts[2].setWeight(font(Text.BODY).weight())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """All rows are equally high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row) or not isinstance(model, RowModel):
            return
        area = QRectF(option.rect)
        state = option.state
        colours = theme().colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        beside = CARD_RADIUS if self._view.verticalScrollBar().isVisible() else 0
        inside = QRectF(self._view.viewport().rect()).adjusted(0, 0, beside, 0)
        path.addRoundedRect(inside, CARD_RADIUS - 1, CARD_RADIUS - 1)
        painter.setClipPath(path)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(colours.accent_ground))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(colours.hover))
        if index.row() < model.rowCount() - 1:
            painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(colours.line))
        self._paint_texts(painter, area.adjusted(SIDE, 0, -SIDE, -1), row, model.detail(row))
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -3), 6, 6)
        painter.restore()

    def _paint_texts(self, painter: QPainter, area: QRectF, row: Row, detail: str) -> None:
        colours = theme().colours
        name_font, detail_font, side_font = self._fonts
        side_width = min(QFontMetrics(side_font).horizontalAdvance(row.subscription) + 1.0, area.width() * 0.4)
        left_width = area.width() - side_width - SIDE
        name_width = min(QFontMetrics(name_font).horizontalAdvance(row.name) + 1.0, left_width)
        name = QRectF(area.left(), area.top(), name_width, area.height())
        details = QRectF(name.right() + 10, area.top(), max(left_width - name_width - 10, 0), area.height())
        side = QRectF(area.right() - side_width, area.top(), side_width, area.height())
        for text, where, kind, colour, edge in (
            (row.name, name, name_font, colours.text, Qt.AlignmentFlag.AlignLeft),
            (detail, details, detail_font, colours.secondary, Qt.AlignmentFlag.AlignLeft),
            (row.subscription, side, side_font, colours.secondary, Qt.AlignmentFlag.AlignRight),
        ):
            metrics = QFontMetrics(kind)
            painter.setFont(kind)
            painter.setPen(QColor(colour))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(where.width()))
            painter.drawText(where, edge | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class ResourceList(QListView):
    """The list. It is as high as its rows, up to what the page has room for; the selected row is the picked one."""

    picked = Signal(object)
    """The person moved to a row."""
    accepted = Signal()
    """Enter, or a double click, on a row."""
    left_upwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = RowModel()
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(lambda _: self.accepted.emit())
        self.rows.modelReset.connect(self._fit)
        self._restoring = False

    def show_picked(self, resource: ResourceId | None) -> None:
        """Select a resource's row where it is shown, without telling anybody."""
        self._restoring = True
        index = self.rows.index_of(resource)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
        else:
            self.clearSelection()
        self._restoring = False

    def enter_from_above(self) -> None:
        """Take the keyboard; with nothing selected, the first row."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0))

    def pick_first(self) -> None:
        """Pick the selected row, or else the first one."""
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter accepts, Up on the first row goes back to the search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as all rows."""
        return QSize(320, self.rows.rowCount() * ROW_HEIGHT + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """At least three rows, or all if there are fewer."""
        return QSize(160, min(self.rows.rowCount(), 3) * ROW_HEIGHT + 2 * self.frameWidth())

    def _fit(self) -> None:
        self.setVisible(self.rows.rowCount() > 0)
        self.setMaximumHeight(max(self.sizeHint().height(), 1))
        self.updateGeometry()

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = self.rows.row_at(current)
        if row is not None and not self._restoring:
            self.picked.emit(row)
