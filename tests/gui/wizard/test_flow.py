from dataclasses import replace

import pytest

from core.facts.resource_id import ResourceId
from core.model import Symptom
from gui.wizard.flow import (
    MAX_TEXT,
    Connection,
    Scene,
    Step,
    WizardState,
    can_go_on,
    can_open,
    complete,
    connected,
    disconnected,
    finished,
    go,
    go_back,
    go_on,
    leave_practice,
    start_practice,
    with_image,
    with_symptom,
    with_text,
)

CLUSTER = ResourceId.parse(
    "/subscriptions/s1/resourceGroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
)
REGISTRY = ResourceId.parse(
    "/subscriptions/s1/resourceGroups/rg-app/providers/Microsoft.ContainerRegistry/registries/contosoreg"
)
MARIA = Connection("maria@contoso.com", "Contoso")
PRACTICE = Connection("maria@contoso.com", "Contoso", scenario="role-missing")
IMAGE = "contosoreg.azurecr.io/web/api:1.4.2"
SCENE = Scene("the scenario's", CLUSTER, REGISTRY, IMAGE)
SYMPTOM = Symptom("ANON_401", branch="identity", image=IMAGE, registry="contosoreg.azurecr.io", namespace="web")


def pasted(state: WizardState, text: str, symptom: Symptom | None = SYMPTOM) -> WizardState:
    return with_symptom(with_text(state, text), text, symptom)


def chosen() -> WizardState:
    state = connected(go_on(pasted(WizardState(), "401")), MARIA)
    return replace(go_on(state), cluster=CLUSTER, registry=REGISTRY)


def test_the_way_through() -> None:
    state = chosen()
    assert state.step is Step.CHOOSE
    assert state.choice is not None
    assert (state.choice.image, state.choice.namespace, state.choice.symptom) == (IMAGE, "web", SYMPTOM)
    state = go_on(state)
    assert state.step is Step.DIAGNOSE
    assert not can_go_on(state)
    assert [complete(state, step) for step in Step] == [True, True, True, False]
    assert complete(finished(state, state.choice), Step.DIAGNOSE)


def test_nothing_is_complete_before_it_was_seen() -> None:
    assert [complete(WizardState(), step) for step in Step] == [False] * 4
    assert [can_open(WizardState(), step) for step in Step] == [True, False, False, False]


def test_each_step_needs_what_the_next_one_uses() -> None:
    signing_in = go_on(WizardState())
    assert signing_in.step is Step.CONNECT
    assert not can_go_on(signing_in)
    assert go_on(signing_in) is signing_in
    for missing in ("cluster", "registry"):
        assert not can_go_on(replace(chosen(), **{missing: None}))


def test_a_text_that_is_not_understood_yet_holds_the_run_back() -> None:
    state = with_text(chosen(), "403")
    assert state.classifying
    assert state.choice is None
    assert with_symptom(state, "401", SYMPTOM) is state
    assert with_symptom(state, "403", None).choice is not None


def test_back_loses_nothing() -> None:
    state = with_image(chosen(), "contosoreg.azurecr.io/other:2")
    back = go_back(go_back(go_back(state)))
    assert back == replace(state, step=Step.SYMPTOM)
    assert go(back, Step.CHOOSE) == state


def test_steps_ahead_open_only_over_complete_ones() -> None:
    back = go_back(go_back(chosen()))
    assert can_open(back, Step.CHOOSE)
    assert not can_open(back, Step.DIAGNOSE)
    assert go(back, Step.DIAGNOSE) is back


def test_a_changed_choice_needs_a_new_run() -> None:
    state = go_on(chosen())
    assert state.needs_run
    state = finished(state, state.choice)
    assert not state.needs_run
    assert with_image(state, "contosoreg.azurecr.io/web/api:2").needs_run


def test_the_image_follows_the_text_until_somebody_types_one() -> None:
    state = pasted(WizardState(), "401")
    assert state.image_from_text
    assert pasted(state, "other", replace(SYMPTOM, image="b")).image == "b"
    typed = with_image(state, "mine")
    assert not typed.image_from_text
    assert pasted(typed, "other").image == "mine"
    assert pasted(with_image(typed, ""), "other").image == IMAGE
    assert with_text(state, " ").image == ""


def test_a_blank_text_needs_no_answer() -> None:
    state = with_text(pasted(WizardState(), "401"), "  \n")
    assert not state.classifying
    assert state.symptom is None


def test_a_text_is_bounded() -> None:
    assert len(with_text(WizardState(), "x" * (MAX_TEXT + 5)).text) == MAX_TEXT


def test_practice_has_a_text_of_its_own() -> None:
    state = start_practice(pasted(WizardState(), "mine"))
    assert state.step is Step.CONNECT
    state = connected(state, PRACTICE, SCENE)
    assert state.text == "the scenario's"
    back = leave_practice(go_on(state))
    assert (back.text, back.step, back.connection) == ("mine", Step.CONNECT, None)
    assert [complete(back, step) for step in Step] == [True, False, False, False]


def test_a_changed_practice_text_stays_while_the_scenario_stays() -> None:
    state = connected(start_practice(WizardState()), PRACTICE, SCENE)
    state = with_text(state, "changed")
    assert connected(state, PRACTICE, SCENE).text == "changed"
    other = replace(PRACTICE, scenario="sp-expired")
    assert connected(state, other, replace(SCENE, text="the other's")).text == "the other's"


def test_a_scenario_picks_for_the_learner() -> None:
    state = connected(start_practice(WizardState()), PRACTICE, SCENE)
    assert (state.cluster, state.registry, state.image) == (CLUSTER, REGISTRY, "")
    silent = connected(start_practice(WizardState()), PRACTICE, replace(SCENE, text=""))
    assert silent.image == IMAGE


@pytest.mark.parametrize(("other", "kept"), [(MARIA, True), (replace(MARIA, tenant="Fabrikam"), False)])
def test_signing_in_again_keeps_what_was_picked_in_the_same_place(other: Connection, kept: bool) -> None:
    state = chosen()
    state = disconnected(finished(state, state.choice))
    assert state.diagnosed is None
    assert state.step is Step.CONNECT
    assert not can_go_on(state)
    assert (connected(state, other).cluster is not None) is kept
