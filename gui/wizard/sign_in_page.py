"""The second page: signing in with the browser."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.window_words import Words
from gui.wizard.buttons import make_button
from gui.wizard.choice_box import ChoiceBox
from gui.wizard.connecting import Connecting
from gui.wizard.flow import Connection, WizardState
from gui.wizard.notice import Notice
from gui.wizard.page import MARGIN, Foot, Page
from gui.wizard.spinner import Spinner

CLOUDS = ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud")
NARROW = 620
"""px: this page has little to say."""


class SignInPage(Page):
    """Which cloud, which directory, and one button; while the browser is open, how to go on or give up."""

    wanted = Signal(str, str)
    """Sign in: the cloud's name, and the directory or an empty text."""
    signed_out = Signal()

    def __init__(self, words: Words, connecting: Connecting, cloud: str) -> None:
        super().__init__()
        self._words = words
        self._connecting = connecting
        self._connection: Connection | None = None
        self.cloud = ChoiceBox()
        self.cloud.setAccessibleName(words("sign-in", "cloud"))
        for name in CLOUDS:
            self.cloud.addItem(words("clouds", name), name)
        self.cloud.setCurrentIndex(max(self.cloud.findData(cloud), 0))
        self.tenant = QLineEdit()
        self.tenant.setAccessibleName(words("sign-in", "tenant"))
        self.tenant.setPlaceholderText(words("sign-in", "tenant-placeholder"))
        self.tenant.setMaxLength(253)
        self.tenant.returnPressed.connect(self.advance)
        self.error = Notice()
        self._form = self._make_form()
        self._waiting = self._make_waiting()
        self._signed_in = self._make_signed_in()
        self._lay_out()
        connecting.changed.connect(self._refresh)

    def _lay_out(self) -> None:
        words = self._words
        narrow = QVBoxLayout()
        narrow.setSpacing(12)
        narrow.addWidget(PlainLabel(words("sign-in", "title"), Text.PAGE))
        narrow.addWidget(PlainLabel(words("sign-in", "intro"), tone="secondary", wrap=True))
        narrow.addWidget(PlainLabel(words("sign-in", "promise"), wrap=True))
        for part in (self._form, self._waiting, self._signed_in, self.error):
            narrow.addWidget(part)
        narrow.addStretch(1)
        holder = QFrame()
        holder.setMaximumWidth(NARROW)
        holder.setLayout(narrow)
        narrow.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        row.addWidget(holder, NARROW)
        row.addStretch(1)

    def _make_form(self) -> QFrame:
        words = self._words
        card = QFrame()
        card.setProperty("surface", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        column.addWidget(_name_of(self.cloud))
        column.addWidget(self.cloud)
        column.addSpacing(8)
        column.addWidget(_name_of(self.tenant))
        column.addWidget(self.tenant)
        column.addWidget(PlainLabel(words("sign-in", "tenant-note"), Text.SMALL, tone="secondary", wrap=True))
        return card

    def _make_waiting(self) -> QFrame:
        words = self._words
        card = QFrame()
        card.setProperty("surface", "card")
        card.setAccessibleName(words("sign-in", "waiting"))
        self.again = make_button(words("sign-in", "again"))
        self.again.clicked.connect(self._connecting.open_again)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(PlainLabel(words("sign-in", "waiting"), Text.STRONG, wrap=True))
        texts.addWidget(PlainLabel(words("sign-in", "waiting-note"), tone="secondary", wrap=True))
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(Spinner(28))
        row.addLayout(texts, 1)
        row.addWidget(self.again)
        return card

    def _make_signed_in(self) -> QFrame:
        words = self._words
        card = QFrame()
        card.setProperty("surface", "card")
        self.account = PlainLabel("", wrap=True, selectable=True)
        self.directory = PlainLabel("", wrap=True, selectable=True)
        self.other = make_button(words("sign-in", "other"))
        self.other.clicked.connect(self.signed_out)
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 14, 16, 14)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        grid.addWidget(PlainLabel(words("sign-in", "signed-in"), Text.STRONG), 0, 0, 1, 2)
        grid.addWidget(PlainLabel(words("sign-in", "account"), Text.SMALL, tone="secondary"), 1, 0)
        grid.addWidget(self.account, 1, 1)
        grid.addWidget(PlainLabel(words("sign-in", "tenant-name"), Text.SMALL, tone="secondary"), 2, 0)
        grid.addWidget(self.directory, 2, 1)
        grid.addWidget(self.other, 0, 2, 3, 1, Qt.AlignmentFlag.AlignVCenter)
        return card

    def show_state(self, state: WizardState) -> None:
        """Show the form, the waiting, or who is signed in."""
        self._connection = state.connection
        if state.connection is not None:
            self.account.setText(state.connection.account)
            self.directory.setText(state.connection.tenant)
        self._refresh()

    def _refresh(self) -> None:
        waiting, signed_in = self._connecting.waiting, self._connection is not None
        self._form.setVisible(not waiting and not signed_in)
        self._waiting.setVisible(waiting)
        self._signed_in.setVisible(signed_in and not waiting)
        failed = self._words("sign-in", "failed")
        self.error.show_notice("" if waiting or signed_in else self._connecting.error, title=failed)
        self.changed.emit()

    def foot(self, state: WizardState) -> Foot:
        """One button: sign in; once that is done, on; while it goes on, give up."""
        if self._connecting.waiting:
            return Foot(stop=self._words("sign-in", "cancel"))
        if state.connection is not None:
            return Foot(primary=self._words("window", "next"))
        return Foot(primary=self._words("sign-in", "button"))

    def take_focus(self) -> None:
        """Begin where the next thing to do is."""
        if self._connecting.waiting:
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._connection is None:
            self.tenant.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_primary(self, state: WizardState) -> None:
        """Sign in, or go on where somebody is signed in."""
        if state.connection is not None:
            self.went_on.emit()
        else:
            self.wanted.emit(self.cloud.currentData(), self.tenant.text().strip())


def _name_of(field: QWidget) -> PlainLabel:
    """Make the label of a field; on Linux a screen reader takes the name of a box from there."""
    label = PlainLabel(field.accessibleName(), Text.CAPS, tone="secondary")
    label.setBuddy(field)
    return label
