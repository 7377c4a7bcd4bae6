"""What is in the window: the header on top, the steps on the left, one page at a time, the footer below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from core.imports import import_now
from gui.bridge import Bridge
from gui.settings import Settings
from gui.window_words import Words
from gui.wizard import jobs
from gui.wizard.flow import Step
from gui.wizard.footer import Footer
from gui.wizard.guide import Guide
from gui.wizard.header import Banner, Header
from gui.wizard.page import Page
from gui.wizard.steps import Steps

if TYPE_CHECKING:
    from gui.wizard.diagnose_page import DiagnosePage


class Wizard(QWidget):
    """Puts the guide and the pages together. A page is imported and made when it is first needed."""

    named = Signal(str)
    """The window should be called this."""

    def __init__(self, words: Words, bridge: Bridge, settings: Settings) -> None:
        super().__init__()
        self._words = words
        self._bridge = bridge
        self._settings = settings
        self._front: Page | None = None
        self._pages: dict[str, Page] = {}
        self.guide = Guide(bridge, words.texts, self)
        self.header = Header(words)
        self.banner = Banner(words)
        self.steps = Steps(words)
        self.stack = QStackedWidget()
        self.footer = Footer(words)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        # Tab takes this order: it goes from a page on to the buttons below it, then to the top of the window.
        for part in (self.footer, self.header, self.banner, self.steps, self.stack):
            part.setParent(self)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.steps)
        middle.addWidget(_rule(Qt.Orientation.Vertical))
        middle.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(_rule(Qt.Orientation.Horizontal))
        column.addWidget(self.banner)
        column.addLayout(middle, 1)
        column.addWidget(_rule(Qt.Orientation.Horizontal))
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self.guide.changed.connect(self._refresh)
        self.steps.opened.connect(self.guide.go)
        self.banner.leave.connect(self.guide.leave_practice)
        self.footer.primary_clicked.connect(self.advance)
        self.footer.back_clicked.connect(self.guide.go_back)
        self.footer.stop_clicked.connect(self.stop)
        self.footer.extra_clicked.connect(self._press_extra)
        for keys, action in (
            ("Ctrl+Return", self.advance),
            ("Ctrl+Enter", self.advance),
            ("Alt+Left", self._back_by_key),
            ("F5", self._again_by_key),
            ("Esc", self.stop),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    def begin(self) -> None:
        """Show the first page."""
        self._refresh()

    def page(self, name: str) -> Page:
        """Give a page by its name, made at the first call."""
        if name not in self._pages:
            page = self._make(name)
            page.changed.connect(self._refresh_foot)
            page.advance.connect(self.advance)
            page.went_on.connect(self.guide.go_on)
            self._pages[name] = page
            self.stack.addWidget(page)
        return self._pages[name]

    def advance(self) -> None:
        """Do what the primary button says, if it can be pressed."""
        button = self.footer.primary
        if self._front is not None and not button.isHidden() and button.isEnabled():
            self._front.press_primary(self.guide.state)

    def stop(self) -> None:
        """Cancel what goes on; with nothing going on, nothing happens."""
        self.guide.connecting.cancel()
        if self.guide.running.running:
            self.guide.running.cancel()

    def close_down(self) -> None:
        """End everything that goes on."""
        self._settings.save()
        self.guide.close()

    def _make(self, name: str) -> Page:
        words, guide = self._words, self.guide
        import_now(f"gui.wizard.{name.replace('-', '_')}_page")
        match name:
            case "symptom":
                from gui.wizard.symptom_page import SymptomPage

                symptom = SymptomPage(words)
                symptom.text_changed.connect(guide.type_text)
                symptom.secret_given.connect(guide.take_secret)
                symptom.consent_changed.connect(guide.agree)
                symptom.skipped.connect(guide.go_on)
                symptom.practice.connect(guide.start_practice)
                return symptom
            case "sign-in":
                from gui.wizard.sign_in_page import SignInPage

                sign_in = SignInPage(words, guide.connecting, self._settings.cloud)
                sign_in.wanted.connect(self._sign_in)
                sign_in.signed_out.connect(guide.sign_out)
                return sign_in
            case "practice":
                from gui.wizard.practice_page import PracticePage

                practice = PracticePage(words, self._bridge, guide.connecting)
                practice.chosen.connect(guide.open_scenario)
                return practice
            case "choose":
                from gui.wizard.choose_page import ChoosePage

                choose = ChoosePage(words, guide.listing)
                choose.cluster_picked.connect(guide.pick_cluster)
                choose.registry_picked.connect(guide.pick_registry)
                choose.image_typed.connect(guide.type_image)
                return choose
            case _:
                from gui.wizard.diagnose_page import DiagnosePage

                diagnose = DiagnosePage(words, guide.running)
                diagnose.view.check_again.connect(guide.check_again)
                diagnose.again.connect(guide.diagnose)
                diagnose.save.connect(lambda saving: self._save(diagnose, saving))
                guide.run_begins.connect(diagnose.begin)
                return diagnose

    def _sign_in(self, cloud: str, tenant: str) -> None:
        self._settings.cloud = cloud
        self.guide.connecting.sign_in(cloud, tenant)

    def _save(self, page: DiagnosePage, saving: jobs.Saving) -> None:
        report = self.guide.running.report
        if report is not None:
            self._bridge.start(
                "save",
                lambda token, tell: jobs.save_report(report, saving, self._words.texts),
                on_result=lambda name: page.say(self._words("diagnose", "saved", name=name)),
                on_failure=lambda reason: page.say(self._words("diagnose", "save-failed", reason=reason)),
            )

    def _press_extra(self) -> None:
        if self._front is not None:
            self._front.press_extra()

    def _refresh(self) -> None:
        state = self.guide.state
        name = (
            state.step.name.lower() if state.step is not Step.CONNECT else "practice" if state.practice else "sign-in"
        )
        page = self.page(name)
        self.named.emit(self._words("window", "practice" if state.practice else "name"))
        self.header.show_connection(state.connection)
        self.banner.setVisible(state.practice)
        page.show_state(state)
        if page is not self._front:
            self._front = page
            self.stack.setCurrentWidget(page)
            self._refresh_foot()
            page.take_focus()
        else:
            self._refresh_foot()

    def _refresh_foot(self) -> None:
        """Show the footer of the page in front; a run that has just ended hands the keyboard on."""
        if self._front is None:
            return
        foot = self._front.foot(self.guide.state)
        self.steps.show_state(self.guide.state, locked=bool(foot.stop))
        had_focus = self.focusWidget() if isinstance(self.focusWidget(), QPushButton) else None
        self.footer.show_foot(foot)
        if had_focus is not None and not had_focus.isVisible():
            self._front.take_focus()

    def _back_by_key(self) -> None:
        if not self.footer.back.isHidden():
            self.guide.go_back()

    def _again_by_key(self) -> None:
        if self.guide.state.step is Step.DIAGNOSE:
            self.advance()


def _rule(orientation: Qt.Orientation) -> QFrame:
    """Make the one-pixel line between two parts of the window."""
    line = QFrame()
    line.setProperty("surface", "rule")
    if orientation is Qt.Orientation.Horizontal:
        line.setFixedHeight(1)
    else:
        line.setFixedWidth(1)
    return line
