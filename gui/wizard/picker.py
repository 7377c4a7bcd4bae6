"""One column of the choose page: a search field and the list that it filters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.facts.resource_id import ResourceId
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.wizard.notice import Notice
from gui.wizard.resource_list import ResourceList
from gui.wizard.rows import Pasted, Row, understand


class SearchField(QLineEdit):
    """A field from which Down leads into the list, Enter picks, and Escape empties."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Handle the keys that mean something here; all others type."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class Picker(QWidget):
    """Search as you type, arrows to move, Enter to pick."""

    picked = Signal(object)
    """A row."""
    accepted = Signal()
    """Enter: on to the next thing."""
    pasted = Signal(object)
    """An id, a login server or an image stands in the field: a `gui.wizard.rows.Pasted`."""
    retry = Signal()

    def __init__(self, caption: str, search_name: str, list_name: str, retry: str) -> None:
        super().__init__()
        self._picked: ResourceId | None = None
        self._subscription = ""
        self.search = SearchField()
        self.search.setAccessibleName(search_name)
        self.search.setMaxLength(2_000)
        self.list = ResourceList()
        self.list.setAccessibleName(list_name)
        self.notice = Notice(retry)
        self.notice.pressed.connect(self.retry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        caps = PlainLabel(caption, Text.CAPS, tone="secondary")
        caps.setBuddy(self.search)
        column.addWidget(caps)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.notice)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._enter)
        self.search.down.connect(self.list.enter_from_above)
        self.list.picked.connect(self.picked)
        self.list.accepted.connect(self.accepted)
        self.list.left_upwards.connect(lambda: self.search.setFocus(Qt.FocusReason.OtherFocusReason))

    @property
    def query(self) -> str:
        """The words being searched for."""
        return self.search.text().strip()

    def show_rows(self, rows: Sequence[Row], special: ResourceId | None, hint: str) -> None:
        """Show what there is to pick from."""
        self.list.rows.set_rows(rows, special, hint)
        self.list.show_picked(self._picked)

    def show_picked(self, resource: ResourceId | None) -> None:
        """Show which one is picked."""
        self._picked = resource
        self.list.show_picked(resource)

    def filter_by(self, subscription: str) -> None:
        """Show one subscription's rows, or (empty) those of all."""
        self._subscription = subscription
        self._search(self.search.text())

    def _search(self, text: str) -> None:
        meant = understand(text)
        if meant is not None:
            self.pasted.emit(meant)
        self.list.rows.search(_words(text, meant), "" if meant else self._subscription)
        self.list.show_picked(self._picked)

    def _enter(self) -> None:
        if understand(self.search.text()) is None:
            self.list.pick_first()
        self.accepted.emit()


def _words(text: str, meant: Pasted | None) -> str:
    """What to search for: of something pasted, only what stands in rows."""
    if meant is None:
        return text
    resource = meant.cluster or meant.registry
    return meant.login_server or (f"{resource.name} {resource.subscription_id}" if resource else "")
