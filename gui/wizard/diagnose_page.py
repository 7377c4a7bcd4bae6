"""The fourth page: the diagnosis, its progress, and what to do with its report."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from core.model import Event, Report
from gui.diagnosis_view import DiagnosisView
from gui.viewmodel.banner import Subject
from gui.window_words import Words
from gui.wizard.announce import announce
from gui.wizard.flow import WizardState
from gui.wizard.jobs import Saving
from gui.wizard.page import MARGIN, Foot, Page
from gui.wizard.running import SLOW_SECONDS, Running, Stage

KINDS = {"html": ".html", "markdown": ".md", "json": ".json"}
"""What a report can be saved as, and how such a file's name ends."""
SAVED_MS = 6_000


class DiagnosePage(Page):
    """The view of the diagnosis with the footer that belongs to it."""

    again = Signal()
    """Check everything again."""
    save = Signal(object)
    """Save the report as this `Saving` says."""

    def __init__(self, words: Words, running: Running) -> None:
        super().__init__()
        self._words = words
        self._running = running
        self._note = ""
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.view = DiagnosisView(words.texts)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.view)
        self._forget_note = QTimer(self)
        self._forget_note.setSingleShot(True)
        self._forget_note.timeout.connect(lambda: self.say(""))
        running.happened.connect(self._handle)
        running.ticked.connect(self._tick)
        running.changed.connect(self.changed)

    def press_primary(self, state: WizardState) -> None:
        """Check everything again."""
        self.again.emit()

    def press_extra(self) -> None:
        """Ask where to save the report."""
        wanted = self._ask_where_to_save()
        if wanted is not None:
            self.save.emit(wanted)

    def begin(self, state: WizardState, portal: str) -> None:
        """Get ready for a new choice."""
        self.say("")
        choice = state.choice
        if choice is None:
            return
        symptom = self._words.texts.get("symptoms", choice.symptom.kind, "title") if choice.symptom else ""
        subject = Subject(choice.cluster_id.name, choice.registry_id.name)
        self.view.begin(subject, symptom, portal, state.practice)

    def show_state(self, state: WizardState) -> None:
        """The view shows the run; there is nothing else."""

    def foot(self, state: WizardState) -> Foot:
        """Say how the run goes, and offer what can be done now."""
        words = self._words
        if self._running.running:
            return Foot(status=self._progress(), stop=words("diagnose", "cancel"))
        return Foot(
            status=self._note or self._ended(),
            primary=words("diagnose", "again"),
            primary_enabled=state.choice is not None,
            extra=words("diagnose", "save") if self._running.report else "",
        )

    def take_focus(self) -> None:
        """Begin in the chart, or in the list where that is shown instead."""
        self.view.results.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, note: str) -> None:
        """Show a note in the place of the status for some seconds."""
        self._note = note
        if note:
            announce(self, note)
            self._forget_note.start(SAVED_MS)
        self.changed.emit()

    def _ask_where_to_save(self) -> Saving | None:
        report, words = self._running.report, self._words
        if report is None:
            return None
        filters = {
            words("diagnose", label, kind=words("diagnose", kind), ending=ending): (kind, label == "save-masked")
            for label in ("save-whole", "save-masked")
            for kind, ending in KINDS.items()
        }
        proposed = re.sub(r"[^\w .-]", "_", words("diagnose", "save-name", **_names(report)))
        name, chosen = QFileDialog.getSaveFileName(
            self,
            words("diagnose", "save-title"),
            str(self._folder / f"{proposed}.html"),
            ";;".join(filters),
            next(iter(filters)),
        )
        if not name:
            return None
        self._folder = Path(name).parent
        kind, masked = filters.get(chosen, ("html", False))
        kind = next((kind for kind, ending in KINDS.items() if name.lower().endswith(ending)), kind)
        return Saving(kind, masked, Path(name) if Path(name).suffix else Path(name + KINDS[kind]))

    def _handle(self, event: Event) -> None:
        self.view.handle(event)

    def _tick(self, seconds: float) -> None:
        self.view.set_elapsed(seconds)
        self.changed.emit()

    def _progress(self) -> str:
        seconds = self._running.seconds
        return self._words("diagnose", "slow" if seconds > SLOW_SECONDS else "running", seconds=f"{seconds:.1f}")

    def _ended(self) -> str:
        report, words = self._running.report, self._words
        if self._running.stage is Stage.FAILED:
            return words("diagnose", "failed", reason=self._running.error)
        if report is None:
            return ""
        seconds = f"{report.duration_ms / 1000:.1f}"
        if report.cancelled:
            return words("diagnose", "cancelled", seconds=seconds)
        reads = report.requests.count
        return words("diagnose", "finished-one" if reads == 1 else "finished", seconds=seconds, reads=str(reads))


def _names(report: Report) -> dict[str, str]:
    return {"cluster": report.cluster.name, "registry": report.registry.name}
