"""The second page in practice: which scenario."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from gui.bridge import Bridge
from gui.plain_label import PlainLabel
from gui.plain_text import tool_tip
from gui.reading_area import RING, ReadingArea
from gui.theme import Text
from gui.window_words import Words
from gui.wizard import jobs
from gui.wizard.connecting import Connecting
from gui.wizard.flow import WizardState
from gui.wizard.jobs import ScenarioRow
from gui.wizard.notice import Notice
from gui.wizard.page import MARGIN, Foot, Page
from gui.wizard.picker import SearchField

SYMPTOM_LIMIT = 2_000
"""Characters of a pod's text that are shown here; the first page shows it whole."""


class ScenarioModel(QAbstractListModel):
    """The scenarios that a search leaves."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[ScenarioRow] = ()
        self._shown: list[ScenarioRow] = []

    def set_rows(self, rows: Sequence[ScenarioRow]) -> None:
        """Show other scenarios, all of them."""
        self._rows = rows
        self.search("")

    def search(self, query: str) -> None:
        """Show only scenarios with these words in their title, name or teaching text."""
        words = query.casefold().split()
        self.beginResetModel()
        self._shown = [
            row
            for row in self._rows
            if all(word in f"{row.title}\n{row.name}\n{row.teaching}".casefold() for word in words)
        ]
        self.endResetModel()

    def row_at(self, index: QModelIndex) -> ScenarioRow | None:
        """Give the scenario at an index."""
        return self._shown[index.row()] if index.isValid() else None

    def index_of(self, name: str) -> QModelIndex:
        """Give the index of a scenario by its name, an invalid one where it is not shown."""
        found = next((line for line, row in enumerate(self._shown) if row.name == name), None)
        return QModelIndex() if found is None else self.index(found)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """Give the number of scenarios shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the title."""
        if index.isValid() and role == Qt.ItemDataRole.DisplayRole:
            return self._shown[index.row()].title
        if index.isValid() and role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self._shown[index.row()].title)
        return None


class ScenarioList(QListView):
    """The list, with room between its rounded frame and its rows."""

    def __init__(self, model: ScenarioModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(4, 4, 4, 4)


class PracticePage(Page):
    """A list of scenarios with a search, and beside it what the one in hand is about."""

    def __init__(self, words: Words, bridge: Bridge, connecting: Connecting) -> None:
        super().__init__()
        self._words = words
        self._bridge = bridge
        self._connecting = connecting
        self._asked = False
        self._wanted = ""
        self.search = SearchField()
        self.search.setAccessibleName(words("practice", "search-name"))
        self.search.setPlaceholderText(words("practice", "search-name"))
        self.model = ScenarioModel()
        self.list = ScenarioList(self.model, words("practice", "list"))
        self.notice = Notice()
        self.title = PlainLabel("", Text.TITLE, wrap=True)
        self.teaching = PlainLabel("", wrap=True, selectable=True)
        self.symptom_caption = PlainLabel(words("practice", "error-text"), Text.CAPS, tone="secondary")
        self.symptom = PlainLabel("", Text.CODE, wrap=True, selectable=True)
        self.silent = PlainLabel(words("practice", "no-error-text"), tone="secondary", wrap=True)
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._enter)
        self.search.down.connect(self._into_list)
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.list.activated.connect(lambda _: self.advance.emit())
        connecting.changed.connect(self._show_notice)

    chosen = Signal(str)
    """Open the practice world of the scenario with this name."""

    @property
    def scenario(self) -> ScenarioRow | None:
        """The scenario in hand."""
        return self.model.row_at(self.list.currentIndex())

    def _lay_out(self) -> None:
        words = self._words
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.notice)
        left.addStretch()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16 - RING, 14 - RING, 16 - RING, 14 - RING)
        column.setSpacing(10)
        for part in (self.title, self.teaching, self.symptom_caption, self.symptom, self.silent):
            column.addWidget(part)
        column.addStretch(1)
        self.about = ReadingArea(words("practice", "about"))
        self.about.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.card = QFrame()
        self.card.setProperty("surface", "card")
        kept = self.card.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.card.setSizePolicy(kept)
        holder = QVBoxLayout(self.card)
        holder.setContentsMargins(1, 1, 1, 1)
        holder.addWidget(self.about)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 5)
        columns.addWidget(self.card, 6)
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        page.setSpacing(8)
        page.addWidget(PlainLabel(words("practice", "title"), Text.PAGE, wrap=True))
        page.addWidget(PlainLabel(words("practice", "intro"), tone="secondary", wrap=True))
        page.addLayout(columns, 1)

    def show_state(self, state: WizardState) -> None:
        """Show the scenarios, read at the first time, with the one in use in hand."""
        if state.connection is not None and state.connection.scenario:
            self._wanted = state.connection.scenario
        if not self._asked:
            self._asked = True
            self._bridge.start(
                "scenarios", lambda token, tell: jobs.list_scenarios(), on_result=self._fill, on_failure=self._fail
            )
        self._show_notice()

    def foot(self, state: WizardState) -> Foot:
        """On, once a scenario is in hand."""
        if self._connecting.waiting:
            return Foot(status=self._words("practice", "opening"), stop=self._words("sign-in", "cancel"))
        ready = self.scenario is not None or state.connection is not None
        return Foot(primary=self._words("window", "next"), primary_enabled=ready)

    def take_focus(self) -> None:
        """Begin in the search."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_primary(self, state: WizardState) -> None:
        """Open the scenario in hand; before the list is there, go on with the one that was chosen at the start."""
        row = self.scenario
        if row is not None:
            self.chosen.emit(row.name)
        elif state.connection is not None:
            self.went_on.emit()

    def _fill(self, rows: Sequence[ScenarioRow]) -> None:
        self.model.set_rows(rows)
        self.search.setPlaceholderText(self._words("practice", "search", count=str(len(rows))))
        self._select(self._wanted)
        self._show_notice()

    def _fail(self, sentence: str) -> None:
        self._asked = False
        self.notice.show_notice(sentence, title=self._words("practice", "failed"))

    def _select(self, name: str) -> None:
        index = self.model.index_of(name)
        if not index.isValid() and self.model.rowCount():
            index = self.model.index(0)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        else:
            self._moved(index)

    def _search(self, text: str) -> None:
        self.model.search(text)
        self._select(self._wanted)
        self._show_notice()

    def _enter(self) -> None:
        if self.scenario is not None:
            self.advance.emit()

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moved(self, current: QModelIndex) -> None:
        row = self.model.row_at(current)
        self.card.setVisible(row is not None)
        if row is not None:
            self.about.verticalScrollBar().setValue(0)
            self.title.setText(row.title)
            self.teaching.setText("\n\n".join(" ".join(part.split()) for part in row.teaching.split("\n\n")))
            self.symptom.setText(row.symptom[:SYMPTOM_LIMIT])
            self.symptom.setVisible(bool(row.symptom))
            self.silent.setVisible(not row.symptom)
        self.changed.emit()

    def _show_notice(self) -> None:
        words = self._words
        self.list.setVisible(self.model.rowCount() > 0)
        if self._connecting.error:
            self.notice.show_notice(self._connecting.error, title=words("practice", "failed"))
        elif self.model.rowCount():
            self.notice.show_notice("")
        elif self.search.text().strip():
            self.notice.show_notice(words("practice", "none-found", query=self.search.text().strip()))
        else:
            self.notice.show_notice(words("practice", "loading"), busy=True)
        self.changed.emit()
