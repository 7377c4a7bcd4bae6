"""The whole diagnose page as values: events and choices go in, what to show comes out."""

from __future__ import annotations

from core.model import Event, RunFinished, RunStarted
from core.texts import Texts
from core.tree import TREE
from core.tree_shape import Tree
from gui.viewmodel.banner import BannerView, Subject, banner_view
from gui.viewmodel.chart import ChartView, chart_view
from gui.viewmodel.detail import DetailView, detail_view
from gui.viewmodel.run_state import Phase, RunState
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE

CLOUD_SHELL = {"https://portal.azure.com": "https://shell.azure.com"}
"""Where the public cloud's portal has its shell on a page of its own. The other clouds have none.

https://learn.microsoft.com/azure/cloud-shell/get-started/classic
"""


class Diagnosis:
    """State of the page between events: the run, what is selected, which lanes the person folded."""

    def __init__(self, texts: Texts, tree: Tree = TREE) -> None:
        self.texts = texts
        self._tree = tree
        self._run = RunState(tree)
        self.begin(Subject("", ""), "", "", practice=False)

    def begin(self, subject: Subject, symptom: str, portal: str, practice: bool) -> None:
        """Take a new choice: its names, the symptom's title ("" without a text), and the cloud's portal address."""
        self._run.reset()
        self._subject = subject
        self._symptom = symptom
        self._portal = portal
        self._wishes: dict[str, bool] = {}
        self._picked_by_person = False
        self.practice = practice
        self.selected: str | None = None
        self.elapsed = 0.0

    def handle(self, event: Event) -> None:
        """Take in one event. When a run ends, the first thing to look at is selected, unless the person chose."""
        self._run.handle(event)
        if isinstance(event, RunStarted):
            self.elapsed = 0.0
            if self._run.is_partial:
                self._picked_by_person = self.selected is not None
            else:
                self._wishes.clear()
                self._picked_by_person = False
                self.selected = None
        if isinstance(event, RunFinished) and not self._picked_by_person:
            self.selected = self._first_to_look_at()

    def select(self, check: str | None) -> None:
        """Let the person choose a check."""
        self.selected = check
        self._picked_by_person = check is not None

    def set_folded(self, lane: str, folded: bool) -> None:
        """Let the person fold or unfold a lane."""
        self._wishes[lane] = folded

    @property
    def phase(self) -> Phase:
        """Where the run is."""
        return self._run.phase

    @property
    def is_running(self) -> bool:
        """Say whether a run is under way."""
        return self._run.phase is Phase.RUNNING

    @property
    def cloud_shell(self) -> str:
        """The address of Cloud Shell, or "" where there is none or where the commands are simulated."""
        return "" if self.practice else CLOUD_SHELL.get(self._portal.rstrip("/"), "")

    def banner(self) -> BannerView:
        """Make the banner."""
        return banner_view(self._run, self.texts, self._subject, self.elapsed)

    def chart(self, room: int) -> ChartView:
        """Make the chart for a width that has room for so many open lanes."""
        return chart_view(self._run, self.texts, self._symptom, self.selected, self._wishes, room)

    def detail(self) -> DetailView | None:
        """Make the detail of what is selected."""
        return None if self.selected is None else detail_view(self._run, self.texts, self.selected)

    def empty_detail(self) -> str:
        """Say what stands beside the chart while nothing is selected."""
        key = {Phase.READY: "empty-before", Phase.RUNNING: "empty-running", Phase.FINISHED: "empty-after"}
        return self.texts.get(TABLE, "detail", key[self.phase])

    def _first_to_look_at(self) -> str | None:
        if self._run.causes:
            return self._run.causes[0]
        pointed_at = self._pointed_at()
        matters_first = sorted(
            self._run.order, key=lambda check: (check not in pointed_at, check in self._tree.optional)
        )
        for wanted in (State.WARNING, State.UNKNOWN, State.FAULT):
            for check in matters_first:
                if self._run.state(check) is wanted:
                    return check
        return None

    def _pointed_at(self) -> tuple[str, ...]:
        symptom = self._run.report.symptom if self._run.report is not None else None
        if symptom is None:
            return ()
        # Its tables take long to import. Whoever has a symptom has them already.
        from core.symptoms.kinds import lead

        return lead(symptom).checks
