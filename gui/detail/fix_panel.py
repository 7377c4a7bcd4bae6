"""A fix: what it changes, the commands in each shell, who may run it and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabBar, QVBoxLayout, QWidget

from core.texts import Texts
from gui.detail.command_box import CommandBox
from gui.detail.copy_button import CopyButton
from gui.detail.flow_text import FlowText
from gui.detail.parts import Badge, ClockIcon, IconLine, rule, state_line
from gui.flow_layout import FlowLayout
from gui.plain_text import tool_tip
from gui.theme import Text, font
from gui.viewmodel.fix import FixView, TabView
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a fix needs to know besides itself: Cloud Shell's address ("" for none), and whether this is practice."""

    cloud_shell: str
    practice: bool


class FixPanel(QWidget):
    """One fix. `tab_chosen(key)` tells which shell the person uses, so that the next fix opens with it."""

    tab_chosen = Signal(str)

    def __init__(
        self, fix: FixView, texts: Texts, around: Surroundings, tab: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._around = around
        self._views = fix.tabs
        self._pages: dict[int, QWidget] = {}
        self._place = QWidget()
        QVBoxLayout(self._place).setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(FlowText(fix.title, Text.SMALL_STRONG))
        if fix.risk:
            layout.addWidget(Badge(fix.risk, State.WARNING), 0, Qt.AlignmentFlag.AlignLeft)
        if fix.changes:
            layout.addWidget(FlowText(fix.changes))
        self.tabs = QTabBar()
        if fix.tabs:
            self._add_tabs(fix, layout, tab)
        if fix.may:
            layout.addWidget(state_line(fix.may_state, fix.may))
        if fix.ask:
            add_button(CopyButton(self._word("copy-ask"), fix.ask, texts), layout)
        if fix.wait:
            layout.addWidget(IconLine(ClockIcon(), fix.wait))
        if fix.docs.startswith("https://"):
            docs = QPushButton(self._word("documentation-of-fix"))
            docs.setProperty("kind", "link")
            docs.setFont(font(Text.SMALL))
            docs.clicked.connect(lambda: open_address(fix.docs))
            add_button(docs, layout)

    def _word(self, key: str) -> str:
        return self._texts.get(TABLE, "detail", key)

    def _add_tabs(self, fix: FixView, layout: QVBoxLayout, tab: str) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setFont(font(Text.SMALL))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tabs.setAccessibleName(fix.title)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.tabs)
        head.addWidget(rule())
        layout.addLayout(head)
        for view in fix.tabs:
            self.tabs.addTab(view.title)
        layout.addWidget(self._place)
        keys = [view.key for view in fix.tabs]
        self.tabs.setCurrentIndex(keys.index(tab) if tab in keys else 0)
        self._show(self.tabs.currentIndex())
        self.tabs.currentChanged.connect(self._show)
        self.tabs.currentChanged.connect(lambda index: self.tab_chosen.emit(keys[index]))

    def _show(self, index: int) -> None:
        if index not in self._pages:
            self._pages[index] = self._page(self._views[index])
            place = self._place.layout()
            if place is not None:
                place.addWidget(self._pages[index])
        for number, page in self._pages.items():
            page.setVisible(number == index)

    def _simulated(self, height: int) -> QWidget:
        """Make the word that stands in Cloud Shell's place, in the middle of a line of buttons."""
        badge = Badge(self._word("simulated"), State.RUNNING)
        badge.setToolTip(tool_tip(self._word("practice")))
        badge.setAccessibleDescription(self._word("practice"))
        place = QWidget()
        place.setFixedHeight(height)
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
        return place

    def _page(self, view: TabView) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        if not view.is_command:
            for number, step in enumerate(view.steps, 1):
                layout.addWidget(FlowText(f"{number}. {step}"))
            return page
        for number, command in enumerate(view.steps):
            layout.addWidget(CommandBox(command, self._texts))
            buttons = FlowLayout()
            copy = CopyButton(self._word("copy"), command, self._texts)
            buttons.addWidget(copy)
            if number == 0:
                copy.setProperty("kind", "primary")
                if self._around.practice:
                    buttons.addWidget(self._simulated(copy.sizeHint().height()))
                elif view.key in {"azure-cli", "powershell"} and self._around.cloud_shell:
                    buttons.addWidget(self._shell_button())
            layout.addLayout(buttons)
        return page

    def _shell_button(self) -> QPushButton:
        shell = QPushButton(self._word("cloud-shell"))
        shell.clicked.connect(lambda: open_address(self._around.cloud_shell))
        return shell


def add_button(button: QPushButton, layout: QVBoxLayout) -> None:
    """Put a button alone on its line, no wider than its words or than the line."""
    row = FlowLayout()
    row.addWidget(button)
    layout.addLayout(row)


def open_address(address: str) -> None:
    """Open a page in the browser; anything but https is not opened."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if url.isValid() and url.scheme() == "https":
        QDesktopServices.openUrl(url)
