"""The window: the header on top, the steps on the left, one page at a time, the footer below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui.bridge import Bridge
from gui.settings import Settings
from gui.window_words import Words
from gui.wizard import jobs
from gui.wizard.choose_page import ChoosePage
from gui.wizard.diagnose_page import DiagnosePage
from gui.wizard.flow import Step
from gui.wizard.footer import Footer
from gui.wizard.guide import Guide
from gui.wizard.header import Banner, Header
from gui.wizard.page import Page
from gui.wizard.practice_page import PracticePage
from gui.wizard.sign_in_page import SignInPage
from gui.wizard.steps import Steps
from gui.wizard.symptom_page import SymptomPage

SIZE = (1280, 800)
SMALLEST = (960, 600)


class WizardWindow(QMainWindow):
    """Puts the guide and the pages together. Pages other than the first are made when they are first needed."""

    shown_first = Signal()

    def __init__(self, words: Words, bridge: Bridge, settings: Settings) -> None:
        super().__init__()
        self._words = words
        self._bridge = bridge
        self._settings = settings
        self._front: Page | None = None
        self._pages: dict[str, Page] = {}
        self._locked = False
        self.guide = Guide(bridge, words.texts, self)
        self.header = Header(words)
        self.banner = Banner(words)
        self.steps = Steps(words)
        self.stack = QStackedWidget()
        self.footer = Footer(words)
        self._lay_out()
        self._connect()
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        if settings.geometry is not None:
            self.restoreGeometry(settings.geometry)
        self._refresh()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.steps)
        middle.addWidget(_rule(Qt.Orientation.Vertical))
        middle.addWidget(self.stack, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(_rule(Qt.Orientation.Horizontal))
        column.addWidget(self.banner)
        column.addLayout(middle, 1)
        column.addWidget(_rule(Qt.Orientation.Horizontal))
        column.addWidget(self.footer)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.guide.changed.connect(self._refresh)
        self.guide.run_begins.connect(self._begin_run)
        self.steps.opened.connect(self.guide.go)
        self.banner.leave.connect(self.guide.leave_practice)
        self.footer.primary_clicked.connect(self.advance)
        self.footer.back_clicked.connect(self.guide.go_back)
        self.footer.stop_clicked.connect(self.stop)
        self.footer.extra_clicked.connect(self.save_report)
        for keys, action in (
            ("Ctrl+Return", self.advance),
            ("Ctrl+Enter", self.advance),
            ("Alt+Left", self._back_by_key),
            ("F5", self._again_by_key),
            ("Esc", self.stop),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    def page(self, name: str) -> Page:
        """Give a page by its name, made at the first call."""
        if name not in self._pages:
            page = self._make(name)
            page.changed.connect(self._refresh_foot)
            page.advance.connect(self.advance)
            self._pages[name] = page
            self.stack.addWidget(page)
        return self._pages[name]

    def advance(self) -> None:
        """Do what the primary button says, if it can be pressed."""
        button = self.footer.primary
        if button.isHidden() or not button.isEnabled():
            return
        front, guide = self._front, self.guide
        if isinstance(front, SignInPage) and guide.state.connection is None:
            front.sign_in()
        elif isinstance(front, PracticePage):
            front.open_scenario()
        elif isinstance(front, DiagnosePage):
            guide.diagnose()
        else:
            guide.go_on()

    def stop(self) -> None:
        """Cancel what goes on; with nothing going on, nothing happens."""
        self.guide.connecting.cancel()
        if self.guide.running.running:
            self.guide.running.cancel()

    def save_report(self) -> None:
        """Ask where to, and save the report there."""
        page, report = self._front, self.guide.running.report
        if not isinstance(page, DiagnosePage) or report is None:
            return
        wanted = page.ask_where_to_save()
        if wanted is None:
            return
        kind, path = wanted
        self._bridge.start(
            "save",
            lambda token, tell: jobs.save_report(report, kind, path, self._words.texts),
            on_result=lambda name: page.say(self._words("diagnose", "saved", name=name)),
            on_failure=lambda reason: page.say(self._words("diagnose", "save-failed", reason=reason)),
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the window is there, once the first picture is on the screen."""
        super().showEvent(event)
        QTimer.singleShot(0, self.shown_first.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the window, and end everything that goes on."""
        self._settings.geometry = self.saveGeometry()
        self._settings.save()
        self.guide.close()
        super().closeEvent(event)

    def _make(self, name: str) -> Page:
        words, guide = self._words, self.guide
        match name:
            case "symptom":
                symptom = SymptomPage(words)
                symptom.text_changed.connect(guide.type_text)
                symptom.skipped.connect(guide.go_on)
                symptom.practice.connect(guide.start_practice)
                return symptom
            case "sign-in":
                sign_in = SignInPage(words, guide.connecting, self._settings.cloud)
                sign_in.wanted.connect(self._sign_in)
                sign_in.signed_out.connect(guide.sign_out)
                return sign_in
            case "practice":
                practice = PracticePage(words, self._bridge, guide.connecting)
                practice.chosen.connect(guide.open_scenario)
                return practice
            case "choose":
                choose = ChoosePage(words, guide.listing)
                choose.cluster_picked.connect(guide.pick_cluster)
                choose.registry_picked.connect(guide.pick_registry)
                choose.image_typed.connect(guide.type_image)
                return choose
            case _:
                diagnose = DiagnosePage(words, guide.running)
                diagnose.view.check_again.connect(guide.check_again)
                return diagnose

    def _sign_in(self, cloud: str, tenant: str) -> None:
        self._settings.cloud = cloud
        self.guide.connecting.sign_in(cloud, tenant)

    def _begin_run(self) -> None:
        page = self.page("diagnose")
        if isinstance(page, DiagnosePage) and self.guide.opened is not None:
            page.begin(self.guide.state, self.guide.opened.session.portal)

    def _refresh(self) -> None:
        state = self.guide.state
        name = (
            state.step.name.lower() if state.step is not Step.CONNECT else "practice" if state.practice else "sign-in"
        )
        page = self.page(name)
        self.setWindowTitle(self._words("window", "practice" if state.practice else "name"))
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
        if isinstance(self._front, DiagnosePage):
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
