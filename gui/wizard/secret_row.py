"""Which pull secret was taken from the paste, by its name alone, the consent to compare it, and a way to drop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from core.facts.pull_secret import PullSecrets
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.window_words import Words
from gui.wizard.announce import announce
from gui.wizard.buttons import make_button


class SecretRow(QFrame):
    """One line about the secret, and below it the question whether passwords may be compared."""

    dropped = Signal()
    consent_changed = Signal(bool)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._shown: PullSecrets | None = None
        self.setProperty("surface", "card")
        self.name = PlainLabel("", Text.BODY, wrap=True)
        self.drop_button = make_button(words("symptom", "secret-drop"))
        self.consent = QCheckBox(words("symptom", "secret-compare"))
        self.consent.setToolTip(words("symptom", "secret-compare-tip"))
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(self.drop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.consent)
        self.drop_button.clicked.connect(self.dropped)
        self.consent.toggled.connect(self.consent_changed)

    def show_secret(self, given: PullSecrets, consent: bool) -> None:
        """Show the names of what was taken."""
        if self.consent.isChecked() != consent:
            blocked = self.consent.blockSignals(True)
            self.consent.setChecked(consent)
            self.consent.blockSignals(blocked)
        if given == self._shown:
            return
        self._shown = given
        self.name.setText(secret_in_words(given, self._words))
        announce(self, self.name.text())


def secret_in_words(given: PullSecrets, words: Words) -> str:
    """Name the first secret and say how many more there are."""
    first, more = given.secrets[0], len(given.secrets) - 1
    name = first.name or words("symptom", "secret-unnamed")
    place = words("symptom", "secret-place", namespace=first.namespace) if first.namespace else ""
    rest = words("symptom", "secret-more", count=str(more)) if more else ""
    return words("symptom", "secret", name=name) + place + rest
