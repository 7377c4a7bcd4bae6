"""The answer in one sentence, above everything else on the diagnose page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.detail.whole_text import WholeText
from gui.icons import StateIcon
from gui.plain_label import PlainLabel
from gui.theme import Text, status_style, theme
from gui.viewmodel.banner import BannerView
from gui.viewmodel.evidence import short_ids, unbroken_names
from gui.viewmodel.state import State

ICON = 36
LOUD = {State.FAIL, State.WARNING, State.UNKNOWN, State.PASS}


class Banner(QFrame):
    """Icon, headline, counts and remarks, in the colours of the answer. A new headline is told to screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._view: BannerView | None = None
        self.icon = StateIcon(State.WAITING, ICON)
        self.headline = WholeText("", "", Text.HEADLINE)
        self.counts = PlainLabel(kind=Text.SMALL, tone="secondary", wrap=True)
        self.notes = WholeText("", "", Text.SMALL)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.counts)
        words.addWidget(self.notes)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(16)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        theme().changed.connect(self._colour)

    def show_view(self, view: BannerView) -> None:
        """Show another answer."""
        before, self._view = self._view, view
        if view == before:
            return
        self.counts.setText(view.counts)
        self.counts.setVisible(bool(view.counts))
        notes = " ".join(view.notes)
        self.notes.show_both(short_ids(notes), notes)
        self.notes.setVisible(bool(view.notes))
        if before is None or (before.headline, before.tone) != (view.headline, view.tone):
            self.headline.show_both(unbroken_names(view.headline), view.headline)
            self.icon.set_state(view.tone)
            self.icon.setVisible(view.tone is not State.WAITING)
            self.setAccessibleName(view.headline)
            self._colour()
            if self.isVisible():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, view.headline))

    def _colour(self) -> None:
        if self._view is None:
            return
        style, colours = status_style(self._view.tone), theme().colours
        loud = self._view.tone in LOUD
        ground, outline = (style.ground, style.ink) if loud else (colours.card, colours.line)
        self.setStyleSheet(
            f"#banner {{ background: {ground}; border: 1px solid {outline}; border-radius: 10px; }}"
            f'QLabel[tone="secondary"] {{ color: {colours.text if loud else colours.secondary}; }}'
        )
        self.icon.update()
