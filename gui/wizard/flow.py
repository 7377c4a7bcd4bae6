"""Where the person is in the wizard, what is known so far, and where they may go: no Qt, no I/O.

The state is an immutable value. Going back changes nothing but the step, so that nothing typed is ever lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

from core.facts.choice import Choice
from core.facts.pull_secret import PullSecrets
from core.facts.resource_id import ResourceId
from core.model import Symptom

MAX_TEXT = 1_000_000
"""Characters of pasted text that are kept; what a pod prints is far below."""


class Step(IntEnum):
    """The four steps, in order. `CONNECT` is signing in, or picking a practice scenario."""

    SYMPTOM = 0
    CONNECT = 1
    CHOOSE = 2
    DIAGNOSE = 3


@dataclass(frozen=True, slots=True)
class Connection:
    """What there is to diagnose in: a signed-in account, or the practice world of a scenario.

    `account` and `tenant` are names to show. `scenario` is the practice scenario's name, None when signed in.
    """

    account: str
    tenant: str
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a practice scenario sets: the text its pod prints (empty if it works), and what to pick."""

    text: str
    cluster: ResourceId
    registry: ResourceId
    image: str
    pull_secret: PullSecrets | None = field(default=None, repr=False)
    may_list_passwords: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class WizardState:
    """Everything that the person has said so far.

    `own_text` is what they pasted, `practice_text` what stands in the box in practice. `symptom` is what
    `classified` (a text) says; while `classified` is not the text in the box, the answer is still to come.
    `place` is the last connection, also when it is gone: what was picked belongs to it. `image_typed` tells a typed
    image from one taken from the text. `reached` is the furthest step so far, `diagnosed` the choice that the last
    finished run was about. `pull_secret` is what was taken from a pasted secret, without its password, and
    `may_list_passwords` the consent to compare it with the registry's; both belong to one world and go with it.
    """

    step: Step = Step.SYMPTOM
    reached: Step = Step.SYMPTOM
    practice: bool = False
    own_text: str = ""
    practice_text: str = ""
    classified: str = ""
    symptom: Symptom | None = None
    connection: Connection | None = None
    place: Connection | None = None
    cluster: ResourceId | None = None
    registry: ResourceId | None = None
    image: str = ""
    image_typed: bool = False
    diagnosed: Choice | None = None
    pull_secret: PullSecrets | None = field(default=None, repr=False)
    may_list_passwords: bool = field(default=False, repr=False)

    @property
    def text(self) -> str:
        """The error text that counts: in practice the scenario's, otherwise the person's own."""
        return self.practice_text if self.practice else self.own_text

    @property
    def classifying(self) -> bool:
        """Whether it is not known yet what the text in the box says."""
        return self.classified != self.text

    @property
    def choice(self) -> Choice | None:
        """What to diagnose, or None while something is missing."""
        if self.cluster is None or self.registry is None or self.classifying:
            return None
        namespace = self.symptom.namespace if self.symptom else None
        image = self.image.strip() or None
        return Choice(
            self.cluster,
            self.registry,
            image,
            self.symptom,
            namespace,
            self.image_from_text,
            self.pull_secret,
            self.may_list_passwords,
        )

    @property
    def image_from_text(self) -> bool:
        """Whether the image stands as the error text named it."""
        return bool(self.image) and self.symptom is not None and self.symptom.image == self.image

    @property
    def needs_run(self) -> bool:
        """Whether what the last finished run was about is no longer what is chosen."""
        return self.choice is not None and self.choice != self.diagnosed


def complete(state: WizardState, step: Step) -> bool:
    """Say whether a step has all that the next one needs."""
    match step:
        case Step.SYMPTOM:
            return state.reached > Step.SYMPTOM
        case Step.CONNECT:
            return state.connection is not None
        case Step.CHOOSE:
            return state.choice is not None and state.reached > Step.CHOOSE
        case Step.DIAGNOSE:
            return state.diagnosed is not None and not state.needs_run


def can_go_on(state: WizardState) -> bool:
    """Say whether the primary button may lead to the next step."""
    match state.step:
        case Step.SYMPTOM:
            return True
        case Step.CONNECT:
            return state.connection is not None
        case Step.CHOOSE:
            return state.choice is not None
        case Step.DIAGNOSE:
            return False


def can_open(state: WizardState, step: Step) -> bool:
    """Say whether a click on a step in the list may lead there: back always, forward over complete steps."""
    return step <= state.step or all(complete(state, earlier) for earlier in Step if earlier < step)


def go(state: WizardState, step: Step) -> WizardState:
    """Show a step that may be opened; otherwise nothing changes."""
    if not can_open(state, step):
        return state
    return replace(state, step=step, reached=max(state.reached, step))


def go_on(state: WizardState) -> WizardState:
    """Take the next step, if the present one allows it."""
    if not can_go_on(state):
        return state
    step = Step(state.step + 1)
    return replace(state, step=step, reached=max(state.reached, step))


def go_back(state: WizardState) -> WizardState:
    """Take one step back; the first step stays where it is."""
    return replace(state, step=Step(max(state.step - 1, 0)))


def with_text(state: WizardState, text: str) -> WizardState:
    """Put a text into the box, at most `MAX_TEXT` characters of it."""
    text = text[:MAX_TEXT]
    return _settled(replace(state, practice_text=text) if state.practice else replace(state, own_text=text))


def with_symptom(state: WizardState, text: str, symptom: Symptom | None) -> WizardState:
    """Note what a text says. An answer about a text that is no longer in the box is dropped."""
    if text != state.text:
        return state
    state = replace(state, classified=text, symptom=symptom)
    if state.image_typed:
        return state
    return replace(state, image=(symptom.image or "") if symptom else "")


def with_image(state: WizardState, image: str) -> WizardState:
    """Note the image that the person typed; an emptied field is taken from the text again the next time."""
    return replace(state, image=image, image_typed=bool(image))


def with_cluster(state: WizardState, cluster: ResourceId) -> WizardState:
    """Pick a cluster."""
    return replace(state, cluster=cluster)


def with_registry(state: WizardState, registry: ResourceId) -> WizardState:
    """Pick a registry."""
    return replace(state, registry=registry)


def with_secret(state: WizardState, given: PullSecrets | None) -> WizardState:
    """Take a pull secret in place of the last one, or forget it; consent was given for one secret only."""
    return replace(state, pull_secret=given, may_list_passwords=False)


def with_consent(state: WizardState, given: bool) -> WizardState:
    """Note whether the registry's admin passwords may be read for a comparison."""
    return replace(state, may_list_passwords=given and state.pull_secret is not None)


def start_practice(state: WizardState) -> WizardState:
    """Go to the practice page instead of signing in; the person's own text waits for their return."""
    if not state.practice:
        state = _settled(_without_picks(replace(state, practice=True, connection=None, image="", image_typed=False)))
    return replace(state, step=Step.CONNECT, reached=max(state.reached, Step.CONNECT))


def begin_in_practice(state: WizardState) -> WizardState:
    """Begin on the first page with practice already chosen."""
    return replace(state, practice=True, reached=Step.CONNECT)


def leave_practice(state: WizardState) -> WizardState:
    """Go back to the real Azure, with the person's own text; nobody is signed in yet."""
    step = min(state.step, Step.CONNECT)
    state = replace(state, practice=False, connection=None, image="", image_typed=False, step=step, reached=step)
    return _settled(_without_picks(state))


def connected(state: WizardState, connection: Connection, scene: Scene | None = None) -> WizardState:
    """Note that a sign-in worked, or that the practice world of a scenario stands, which sets a scene.

    What was picked, and a text that the person changed, stay while they come back to the same place.
    """
    back_again = state.place == connection
    state = replace(state, practice=scene is not None, connection=connection, place=connection, diagnosed=None)
    if back_again:
        return state
    state = replace(state, cluster=None, registry=None)
    if scene is None:
        return state
    typed = "" if scene.text else scene.image
    picked = replace(state, cluster=scene.cluster, registry=scene.registry, image=typed, image_typed=bool(typed))
    picked = with_consent(with_secret(picked, scene.pull_secret), scene.may_list_passwords)
    return with_text(picked, scene.text)


def disconnected(state: WizardState) -> WizardState:
    """Note that nobody is signed in any more (an expired session, another account): back to that step.

    What was picked stays, so that signing in again goes on where it stopped.
    """
    return replace(state, connection=None, diagnosed=None, step=min(state.step, Step.CONNECT))


def finished(state: WizardState, choice: Choice) -> WizardState:
    """Note that a run came to its end without a cancel."""
    return replace(state, diagnosed=choice)


def _settled(state: WizardState) -> WizardState:
    """A blank text says nothing: that needs no asking."""
    return state if state.text.strip() else with_symptom(state, state.text, None)


def _without_picks(state: WizardState) -> WizardState:
    """Drop the ids, the pull secret and the results of a world that was left."""
    return with_secret(replace(state, place=None, cluster=None, registry=None, diagnosed=None), None)
