"""The side beside the chart: one check, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from core.texts import Texts
from gui.detail.copy_button import CopyButton
from gui.detail.evidence import EvidenceList
from gui.detail.fix_panel import FixPanel, Surroundings, add_button, open_address
from gui.detail.flow_text import FlowText
from gui.detail.parts import Badge, Caps, Disclosure, state_line
from gui.detail.whole_text import WholeText
from gui.flow_layout import FlowLayout
from gui.reading_area import RING, ReadingArea
from gui.theme import Text
from gui.viewmodel.detail import DetailView, MissingView
from gui.viewmodel.evidence import short_ids
from gui.viewmodel.fix import FixView
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE

PADDING = 16
ROUNDS = 8
"""Turns of the event loop until all have their place: what a text asks for goes up one level in each turn."""


class DetailPanel(QFrame):
    """Shows a `DetailView`, or a calm sentence while there is none.

    `check_again(check)` when that is asked for, `completed` when everything about a check stands there.
    """

    check_again = Signal(str)
    completed = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._texts = texts
        self._shown: tuple[DetailView | None, str, Surroundings] | None = None
        self._tab = ""
        self._scroll_to = 0
        self._rounds = 0
        self._rest = self._timer(self._add_rest)
        self._settled = self._timer(self._reveal)
        self.area = ReadingArea(self._word("name"))
        self.again = QPushButton(self._word("check-again"))
        self.again.clicked.connect(self._ask_again)
        self.docs = QPushButton(self._word("documentation"))
        self.docs.clicked.connect(self._open_docs)
        self._foot = QWidget()
        foot = FlowLayout(self._foot)
        foot.setContentsMargins(PADDING, 8, PADDING, 12)
        foot.addWidget(self.again)
        foot.addWidget(self.docs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.area, 1)
        layout.addWidget(self._foot)

    @property
    def view(self) -> DetailView | None:
        """The check that is shown."""
        return self._shown[0] if self._shown else None

    def show_view(self, view: DetailView | None, empty: str, around: Surroundings) -> None:
        """Show a check, or the sentence `empty` where there is none. Nothing is rebuilt that is the same."""
        if (view, empty, around) == self._shown:
            return
        same_check = self.view is not None and view is not None and self.view.check == view.check
        scrolled = self.area.verticalScrollBar().value() if same_check else 0
        self._shown = (view, empty, around)
        content = QWidget()
        content.setProperty("surface", "content")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(PADDING - RING, 14 - RING, PADDING - RING, 8 - RING)
        layout.setSpacing(8)
        if view is None:
            layout.addWidget(FlowText(empty, Text.BODY, tone="secondary"))
        else:
            self._add_finding(view, layout)
        layout.addStretch()
        # What is shown stays until the rest is there too: a half of it would be seen as a flicker.
        self.area.setUpdatesEnabled(False)
        self._settled.stop()
        self.area.setWidget(content)
        self._scroll_to = scrolled
        self._rest.start()
        self.again.setVisible(view is not None)
        self._allow_again(view is not None and view.can_check_again)
        self.docs.setVisible(view is not None and view.docs.startswith("https://"))
        self._foot.setVisible(not (self.again.isHidden() and self.docs.isHidden()))

    def _timer(self, action: Callable[[], None]) -> QTimer:
        """Make a timer for the next turn of the event loop, when what has been asked for by then is done."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(action)
        return timer

    def stops(self) -> list[QWidget]:
        """Give everything that Tab stops at, from top to bottom."""
        return [w for w in self.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def _word(self, key: str) -> str:
        return self._texts.get(TABLE, "detail", key)

    def _add_finding(self, view: DetailView, layout: QVBoxLayout) -> None:
        layout.addWidget(Badge(view.badge, view.state), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(FlowText(view.title, Text.TITLE))
        if view.change:
            layout.addWidget(state_line(view.state, view.change))
        for text in (view.summary, view.note):
            if text:
                layout.addWidget(WholeText(short_ids(text), text))
        if view.evidence:
            self._section("saw", layout)
            layout.addWidget(EvidenceList(view.evidence, self._texts))
        if view.fault:
            self._add_fault(view.fault, layout)
        if view.missing is not None:
            self._add_missing(view.missing, layout)

    def _add_rest(self) -> None:
        """Add what stands further down, in a turn of the event loop of its own."""
        content = self.area.widget()
        if self._shown is None or content is None:
            return
        view, _empty, around = self._shown
        layout = content.layout()
        if view is not None and isinstance(layout, QVBoxLayout):
            rest = QVBoxLayout()
            rest.setSpacing(8)
            self._add_fixes(view, around, rest)
            if view.why:
                rest.addSpacing(4)
                rest.addWidget(Disclosure(self._word("why"), partial(FlowText, view.why)))
            layout.insertLayout(layout.count() - 1, rest)
        self._rounds = ROUNDS
        self._settled.start()
        self.completed.emit()

    def _reveal(self) -> None:
        """Show all of it once every part has its place: the scroll bar takes width, then texts take more height."""
        self._rounds -= 1
        if self._rounds:
            self._settled.start()
            return
        self.area.verticalScrollBar().setValue(self._scroll_to)
        self.area.setUpdatesEnabled(True)

    def _section(self, key: str, layout: QVBoxLayout) -> None:
        layout.addSpacing(4)
        layout.addWidget(Caps(self._word(key)))

    def _add_missing(self, missing: MissingView, layout: QVBoxLayout) -> None:
        layout.addWidget(state_line(State.UNKNOWN, missing.sentence))
        add_button(CopyButton(self._word("copy-ask"), missing.message, self._texts), layout)

    def _add_fault(self, trace: str, layout: QVBoxLayout) -> None:
        self._section("fault", layout)
        layout.addWidget(FlowText(trace, Text.CODE))
        add_button(CopyButton(self._word("copy-fault"), trace, self._texts), layout)

    def _add_fixes(self, view: DetailView, around: Surroundings, layout: QVBoxLayout) -> None:
        if not view.fixes:
            return
        self._section("fix", layout)
        layout.addWidget(self._fix_panel(view.fixes[0], around))
        for fix in view.fixes[1:]:
            layout.addWidget(Disclosure(fix.title, partial(self._fix_panel, fix, around)))

    def _fix_panel(self, fix: FixView, around: Surroundings) -> FixPanel:
        panel = FixPanel(fix, self._texts, around, self._tab)
        panel.tab_chosen.connect(self._keep_tab)
        return panel

    def _keep_tab(self, key: str) -> None:
        self._tab = key

    def _allow_again(self, allowed: bool) -> None:
        """Enable the button. A keyboard that is on it waits on the panel until it can be pressed again."""
        if not allowed and self.again.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.again.setEnabled(allowed)
        if allowed and self.hasFocus():
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_again(self) -> None:
        if self.view is not None:
            self.check_again.emit(self.view.check)

    def _open_docs(self) -> None:
        if self.view is not None:
            open_address(self.view.docs)
