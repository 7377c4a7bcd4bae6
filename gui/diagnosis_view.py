"""The content of the diagnose page: the answer, the chart or the list, and the detail of what is selected."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.model import Event
from core.texts import Texts
from core.tree import TREE
from core.tree_shape import Tree
from gui.banner import Banner
from gui.chart.chart_view import ChartArea
from gui.chart.legend import Legend
from gui.detail.detail_panel import DetailPanel
from gui.detail.fix_panel import Surroundings
from gui.result_list import ResultList
from gui.view_switch import ViewSwitch
from gui.viewmodel.banner import Subject
from gui.viewmodel.diagnosis import Diagnosis

ALL_LANES = 99
DETAIL_SHARE = 3
CHART_SHARE = 7
DETAIL_MIN = 296
DETAIL_MAX = 440
GAP = 12
FRAME_MS = 15
"""Events that come within this time are shown together, so that a burst of them does not stop the window."""


class DiagnosisView(QWidget):
    """Shows a run from its events, all from the window's thread.

    Call `begin` with a new choice, `handle` with each event, `set_elapsed` while it runs; `check_again(check)` is
    emitted when one step is to be asked again.
    """

    check_again = Signal(str)

    def __init__(self, texts: Texts, tree: Tree = TREE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = Diagnosis(texts, tree)
        self.banner = Banner()
        self.chart = ChartArea(texts, self.model.chart)
        self.list = ResultList(texts)
        self.switch = ViewSwitch(texts)
        self.detail = DetailPanel(texts)
        self.detail.setMinimumWidth(DETAIL_MIN)
        self.detail.setMaximumWidth(DETAIL_MAX)
        self._revealed: str | None = None
        self._soon = self._timer(FRAME_MS, self._refresh_in_steps)
        self._detail_soon = self._timer(0, self._refresh_detail)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(self.list)
        lower = QHBoxLayout()
        lower.setSpacing(GAP)
        lower.addWidget(self._left(texts), CHART_SHARE)
        lower.addWidget(self.detail, DETAIL_SHARE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.banner)
        layout.addLayout(lower, 1)
        self.chart.picked.connect(self.select)
        self.list.picked.connect(self.select)
        self.chart.folded.connect(self._fold)
        self.switch.switched.connect(self._switch)
        self.detail.check_again.connect(self.check_again)
        self.detail.completed.connect(self._order_tabs)
        self._refresh()

    @property
    def results(self) -> QWidget:
        """What shows the results now: the chart or the list."""
        return self.list if self._stack.currentWidget() is self.list else self.chart

    def begin(self, subject: Subject, symptom: str, portal: str, practice: bool) -> None:
        """Take a new choice: its names, the symptom's title ("" without a text), the cloud's portal address."""
        self.model.begin(subject, symptom, portal, practice)
        self._refresh()

    def handle(self, event: Event) -> None:
        """Take in an event; what it changed is shown a moment later, together with what else came until then."""
        self.model.handle(event)
        if not self._soon.isActive():
            self._soon.start()

    def set_elapsed(self, seconds: float) -> None:
        """Show how long the run has taken so far."""
        self.model.elapsed = seconds
        if self.model.is_running:
            self.banner.show_view(self.model.banner())

    def select(self, check: str) -> None:
        """Show a check in the detail."""
        if check != self.model.selected:
            self.model.select(check)
            self._refresh()

    def _timer(self, milliseconds: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(action)
        return timer

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Put the order right before Tab follows it."""
        self._order_tabs()
        return super().focusNextPrevChild(forward)

    def _order_tabs(self) -> None:
        """Let Tab go from the chart to the switch, and through the detail from top to bottom.

        Qt puts whatever is made later at the end of the window's order; the list stands where it always stood.
        """
        stops = (self.list, *self.chart.canvas.buttons().values(), *self.switch.buttons, *self.detail.stops())
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _left(self, texts: Texts) -> QFrame:
        frame = QFrame()
        frame.setProperty("surface", "card")
        below = QHBoxLayout()
        below.setContentsMargins(16, 0, 12, 0)
        below.addWidget(Legend(texts), 1)
        below.addWidget(self.switch)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(2)
        layout.addWidget(self._stack, 1)
        layout.addLayout(below)
        return frame

    def _fold(self, lane: str, folded: bool) -> None:
        self.model.set_folded(lane, folded)
        self.chart.refresh()

    def _switch(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._refresh()

    def _refresh(self) -> None:
        self._soon.stop()
        self._detail_soon.stop()
        self._refresh_overview()
        self._refresh_detail()

    def _refresh_in_steps(self) -> None:
        """Show the overview now and the detail in the next turn of the event loop, which goes on in between."""
        self._refresh_overview()
        self._detail_soon.start()

    def _refresh_overview(self) -> None:
        self.banner.show_view(self.model.banner())
        if self.results is self.list:
            self.list.show_view(self.model.chart(ALL_LANES))
        else:
            self.chart.refresh()
            self._reveal()
        self._order_tabs()

    def _reveal(self) -> None:
        """Bring a selection that is new to the chart into its sight."""
        if self.model.selected is not None and self.model.selected != self._revealed:
            self.chart.reveal(self.model.selected)
            self.chart.move_focus(self.model.selected)
        self._revealed = self.model.selected

    def _refresh_detail(self) -> None:
        around = Surroundings(self.model.cloud_shell, self.model.practice)
        self.detail.show_view(self.model.detail(), self.model.empty_detail(), around)
