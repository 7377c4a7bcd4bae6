"""The first page: what do you see?"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from gui.plain_label import PlainLabel
from gui.theme import Text, font
from gui.window_words import Words
from gui.wizard.buttons import make_button
from gui.wizard.flow import MAX_TEXT, WizardState
from gui.wizard.page import MARGIN, Foot, Page
from gui.wizard.paste_box import PasteBox
from gui.wizard.secret_row import SecretRow
from gui.wizard.symptom_card import SymptomCard


class SymptomPage(Page):
    """A box for the error text, and what the program makes of it while it is being typed."""

    text_changed = Signal(str)
    secret_given = Signal(object)
    """The pull secrets that were pasted, None where they are to be forgotten."""
    consent_changed = Signal(bool)
    skipped = Signal()
    practice = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._note = ""
        self.box = PasteBox()
        self.box.setPlaceholderText(words("symptom", "placeholder"))
        self.box.setAccessibleName(words("symptom", "box"))
        self.box.setMinimumHeight(96)
        self.box.setMaximumHeight(260)
        self.card = SymptomCard(words)
        self.secret = SecretRow(words)
        self.none_button = make_button(words("symptom", "none"))
        self.clear_button = make_button(words("symptom", "clear"))
        self.practice_button = make_button(words("symptom", "practice"))
        self._lay_out()
        self.box.textChanged.connect(self._typed)
        self.box.shortened.connect(lambda: self._say(words("symptom", "cut", kept=f"{MAX_TEXT:,}")))
        self.box.unreadable.connect(lambda reason: self._say(words("symptom", "unreadable", reason=reason)))
        self.box.empty_file.connect(lambda: self._say(words("symptom", "no-text")))
        self.box.secret_pasted.connect(self._take_secret)
        self.secret.dropped.connect(self._drop_secret)
        self.secret.consent_changed.connect(self.consent_changed)
        self.none_button.clicked.connect(self.skipped)
        self.clear_button.clicked.connect(self._clear)
        self.practice_button.clicked.connect(self.practice)

    def _lay_out(self) -> None:
        words = self._words
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.none_button)
        buttons.addWidget(self.clear_button)
        buttons.addStretch(1)
        buttons.addWidget(self.practice_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(PlainLabel(words("symptom", "title"), Text.PAGE))
        column.addWidget(self._make_intro())
        column.addWidget(self.box, 3)
        column.addWidget(self.card)
        column.addWidget(self.secret)
        column.addLayout(buttons)
        column.addStretch(2)
        self.card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _make_intro(self) -> PlainLabel:
        """Make the only label with markup in it: the program's own words, around a command in the code font."""
        start, command, end = (
            escape(self._words("symptom", f"intro-{part}")) for part in ("start", "command", "end")
        )
        label = PlainLabel("", tone="secondary", wrap=True)
        label.setTextFormat(Qt.TextFormat.RichText)
        family = escape(font(Text.CODE).family(), quote=True)
        label.setText(f"{start}<span style=\"font-family: '{family}'\">{command}</span>{end}")
        return label

    def show_state(self, state: WizardState) -> None:
        """Show the text and what it says."""
        if self.box.toPlainText() != state.text:
            self.box.replace_text(state.text)
        empty = not state.text.strip()
        self.none_button.setVisible(empty)
        self.clear_button.setVisible(not empty)
        self.practice_button.setVisible(not state.practice)
        if state.symptom is not None and not empty:
            self.card.show_symptom(state.symptom)
        self.card.setVisible(state.symptom is not None and not empty)
        if state.pull_secret is not None and state.pull_secret.secrets:
            self.secret.show_secret(state.pull_secret, state.may_list_passwords)
        self.secret.setVisible(state.pull_secret is not None and bool(state.pull_secret.secrets))

    def foot(self, state: WizardState) -> Foot:
        """Give the promise that the text stays here, or what went wrong with it."""
        status = self._note or self._words("symptom", "stays-here")
        return Foot(status=status, primary=self._words("window", "next"), back=False)

    def take_focus(self) -> None:
        """Begin in the box."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self._note = ""
        self.text_changed.emit(self.box.toPlainText())

    def _take_secret(self, text: str) -> None:
        """Keep what is no secret of a pasted secret; a text that only speaks of one is a text."""
        # Its parser takes time to import, which only those wait for who paste a secret.
        from core.pull_secret.read import NotAPullSecret, read_pull_secrets

        try:
            given = read_pull_secrets(text)
        except NotAPullSecret:
            given = None
        if given is not None and given.secrets:
            self.secret_given.emit(given)
            self._say(self._words("symptom", "secret-taken"))
        elif ".dockerc" in text:
            self._say(self._words("symptom", "secret-unreadable"))
        else:
            self.box.insert_text(text)

    def _drop_secret(self) -> None:
        self.secret_given.emit(None)
        self.take_focus()

    def _clear(self) -> None:
        self.box.clear_text()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, note: str) -> None:
        self._note = note
        self.changed.emit()
