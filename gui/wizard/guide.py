"""The wizard's memory and its helpers: what the person did goes in, the state and the work under way come out."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.facts.pull_secret import PullSecrets
from core.facts.resource_id import ResourceId
from core.model import Symptom
from core.texts import Texts
from gui.bridge import Bridge, Task
from gui.wizard import flow, jobs
from gui.wizard.connecting import Connecting
from gui.wizard.flow import Step, WizardState
from gui.wizard.jobs import Opened
from gui.wizard.listing import Listing
from gui.wizard.rows import find_login_server
from gui.wizard.running import Running

TYPING_MS = 150
"""How long the person must pause before a text is looked at."""


class Guide(QObject):
    """Holds the state, and starts work when the state calls for it. Knows no widget."""

    changed = Signal()
    run_begins = Signal(object, str)
    """A new diagnosis is about to start: the state, and the address of the cloud's portal."""

    def __init__(self, bridge: Bridge, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._classifying: Task | None = None
        self.opened: Opened | None = None
        self.state = WizardState()
        self.connecting = Connecting(bridge, self)
        self.listing = Listing(bridge, texts, self)
        self.running = Running(bridge, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_MS)
        self._pause.timeout.connect(self._classify)
        self.connecting.opened.connect(self._open)
        self.listing.changed.connect(self._preselect)
        self.running.finished.connect(lambda choice, report: self._update(flow.finished(self.state, choice)))

    def type_text(self, text: str) -> None:
        """Take what stands in the box."""
        self._update(flow.with_text(self.state, text))

    def take_secret(self, given: PullSecrets | None) -> None:
        """Take what was read off a pasted pull secret; None forgets it."""
        self._update(flow.with_secret(self.state, given))

    def agree(self, given: bool) -> None:
        """Take or take back the consent to read the registry's admin passwords."""
        self._update(flow.with_consent(self.state, given))

    def type_image(self, image: str) -> None:
        """Take what stands in the image field."""
        self._update(flow.with_image(self.state, image))

    def pick_cluster(self, cluster: ResourceId) -> None:
        """Take a cluster."""
        self._update(flow.with_cluster(self.state, cluster))

    def pick_registry(self, registry: ResourceId) -> None:
        """Take a registry."""
        self._update(flow.with_registry(self.state, registry))

    def go_on(self) -> None:
        """Take the next step."""
        self._update(flow.go_on(self.state))

    def go_back(self) -> None:
        """Take one step back."""
        self._update(flow.go_back(self.state))

    def go(self, step: Step) -> None:
        """Open a step from the list."""
        self._update(flow.go(self.state, step))

    def start_practice(self) -> None:
        """Practise instead of signing in."""
        self.connecting.forget()
        if not self.state.practice:
            self._leave_world()
        self._update(flow.start_practice(self.state))

    def leave_practice(self) -> None:
        """Back to the real Azure."""
        self.connecting.forget()
        self._leave_world()
        self._update(flow.leave_practice(self.state))

    def open_scenario(self, name: str) -> None:
        """Build the world of a scenario, unless it stands already, and go on."""
        connection = self.state.connection
        if connection is not None and connection.scenario == name:
            self.go_on()
        else:
            self.connecting.open_practice(name)

    def begin_in_practice(self, name: str) -> None:
        """Start with the world of a scenario chosen, its text in the box, and the person on the first page."""
        self.state = flow.begin_in_practice(self.state)
        self.connecting.open_practice(name)

    def sign_out(self) -> None:
        """Let somebody else sign in."""
        self.connecting.forget_account()
        self._leave_world()
        self._update(flow.disconnected(self.state))

    def diagnose(self) -> None:
        """Check everything, from the beginning."""
        choice = self.state.choice
        if choice is not None and self.opened is not None:
            self.run_begins.emit(self.state, self.opened.session.portal)
            self.running.diagnose(self.opened, choice)

    def check_again(self, check: str) -> None:
        """Check one step with fresh data."""
        choice = self.state.choice
        if choice is not None and self.opened is not None and not self.running.running:
            self.running.check_again(self.opened, choice, check)

    def close(self) -> None:
        """End everything that goes on."""
        self._pause.stop()
        self.running.clear()
        self.listing.stop()
        self.connecting.cancel()
        self._bridge.close()
        if self.opened is not None:
            self.opened.session.close()
            self.opened = None

    def _update(self, state: WizardState) -> None:
        arrived = state.step is Step.DIAGNOSE and self.state.step is not Step.DIAGNOSE
        self.state = state
        if state.classifying:
            self._pause.start()
        self.changed.emit()
        if arrived and state.needs_run:
            self.diagnose()

    def _classify(self) -> None:
        if self._classifying is not None:
            self._classifying.drop()
        text = self.state.text
        self._classifying = self._bridge.start(
            "classify",
            lambda token, tell: jobs.classify_text(text),
            on_result=lambda symptom: self._understand(text, symptom),
            on_failure=lambda sentence: self._understand(text, None),
        )

    def _understand(self, text: str, symptom: Symptom | None) -> None:
        self._classifying = None
        self._update(flow.with_symptom(self.state, text, symptom))
        self._preselect()

    def _open(self, opened: Opened) -> None:
        begun = self.state.step is Step.CONNECT
        self._leave_world()
        self.opened = opened
        state = flow.connected(self.state, opened.connection, opened.scene)
        self.listing.start(opened)
        self._update(flow.go_on(state) if begun else state)

    def _leave_world(self) -> None:
        """Drop the session; the thread that closes it may wait for the network."""
        self.running.clear()
        self.listing.stop()
        if self.opened is not None:
            session = self.opened.session
            self.opened = None
            self._bridge.start(
                "close",
                lambda token, tell: session.close(),
                on_result=lambda nothing: None,
                on_failure=lambda sentence: None,
            )

    def _preselect(self) -> None:
        """Pick what there is no doubt about: the registry that the text names, and a cluster that is the only one."""
        state, listing = self.state, self.listing
        named = find_login_server(listing.registries, state.symptom.registry if state.symptom else None)
        if state.registry is None and named is not None:
            state = flow.with_registry(state, named.id)
        if state.cluster is None and listing.complete and len(listing.clusters) == 1:
            state = flow.with_cluster(state, listing.clusters[0].id)
        if state is not self.state:
            self._update(state)
