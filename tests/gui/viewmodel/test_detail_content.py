"""What stands beside the chart about one check."""

from dataclasses import replace

import pytest
from example_run import COMMAND, FIX, SCOPE, TREE, events, result, results, role_missing, texts

from core.model import Evidence, MissingPermission, Risk, RunStarted, Status
from gui.viewmodel.banner import Subject
from gui.viewmodel.detail import DetailView
from gui.viewmodel.diagnosis import Diagnosis
from gui.viewmodel.fix import fix_view
from gui.viewmodel.state import State


def detail(check: str, all_results=None) -> DetailView:
    page = Diagnosis(texts(), TREE)
    page.begin(Subject("aks-app", "contosoreg"), "", "", practice=False)
    for event in events(all_results if all_results is not None else role_missing()):
        page.handle(event)
    page.select(check)
    view = page.detail()
    assert view is not None
    return view


def test_a_problem_says_what_was_seen_and_why_it_matters() -> None:
    view = detail("role.granted")
    assert view.state is State.FAIL
    assert view.badge == "Problem · definite"
    assert view.title == "Kubelet identity may pull images"
    assert view.summary == "The kubelet identity aks-app-agentpool holds no role that allows a pull."
    assert tuple((seen.label, seen.value) for seen in view.evidence) == (
        ("Identity", "aks-app-agentpool"),
        ("Scope", SCOPE),
    )
    assert view.why == "Nothing is pulled without it."
    assert view.docs == "https://learn.microsoft.com/azure/aks/"
    assert view.can_check_again
    assert [fix.title for fix in view.fixes] == ["Grant AcrPull", "Attach the registry"]


def test_a_check_that_is_well_does_not_say_why_it_matters() -> None:
    view = detail("cluster.running")
    assert (view.badge, view.summary, view.why, view.fixes) == ("OK", "As it should be.", "", ())


def test_a_check_not_run_says_why() -> None:
    view = detail("role.condition")
    assert view.summary == "Not asked: the problem at “Sign-in of the nodes is known” comes first."
    assert view.note == ""


def test_a_moot_problem_says_that_it_does_not_matter_now() -> None:
    view = detail("role.granted", results(result("role.granted", Status.FAIL, moot="identity.tenant")))
    assert view.note == "Does not matter while “Both are in one directory” is not right."


def test_an_unknown_names_the_permission_and_has_a_message_to_send() -> None:
    missing = MissingPermission("Microsoft.Authorization/roleAssignments/read", SCOPE, "Reader")
    view = detail(
        "role.granted",
        results(result("role.granted", Status.UNKNOWN, missing=missing, evidence=(Evidence("scope", SCOPE),))),
    )
    assert view.badge == "Could not check"
    assert view.missing is not None
    assert view.missing.sentence == "With the role Reader there, this can be checked. Ask someone who can give it:"
    for part in (missing.action, missing.scope, missing.role):
        assert part in view.missing.message


def test_before_its_turn_a_check_shows_its_question() -> None:
    page = Diagnosis(texts(), TREE)
    page.begin(Subject("a", "b"), "", "", practice=False)
    page.handle(RunStarted(TREE.checks()))
    page.select("role.mode")
    view = page.detail()
    assert view is not None
    assert view.summary == "Is it so that Registry honours the role?"
    assert view.note == "Not asked yet."
    assert not view.can_check_again


def test_a_fix_has_a_tab_for_each_way_that_there_is() -> None:
    view = fix_view(FIX, texts())
    assert [(tab.key, tab.title, tab.is_command) for tab in view.tabs] == [
        ("azure-cli", "Azure CLI", True),
        ("powershell", "PowerShell", True),
        ("portal", "Portal", False),
    ]
    assert view.tabs[0].steps[0] == COMMAND
    assert [tab.title for tab in fix_view(replace(FIX, kubectl=("kubectl get pods",)), texts()).tabs] == [
        "Azure CLI",
        "PowerShell",
        "kubectl",
        "Portal",
    ]


@pytest.mark.parametrize(
    ("may", "state", "start"),
    [
        (True, State.PASS, "You may apply"),
        (False, State.WARNING, "You cannot"),
        (None, State.UNKNOWN, "It is not known"),
    ],
)
def test_a_fix_says_who_may(may: bool | None, state: State, start: str) -> None:
    view = fix_view(replace(FIX, you_may_apply=may), texts())
    assert view.may_state is state
    assert view.may.startswith(start)
    assert (FIX.permission in view.may) is (may is not True)


@pytest.mark.parametrize(
    ("risk", "word"), [(Risk.NONE, ""), (Risk.DISRUPTIVE, "disruptive"), (Risk.WIDENS_ACCESS, "widens access")]
)
def test_a_risk_is_said_in_words(risk: Risk, word: str) -> None:
    assert fix_view(replace(FIX, risk=risk), texts()).risk == word


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (0, ""),
        (1, "Takes up to a minute to work. Then check again."),
        (10, "Takes up to 10 minutes to work. Then check again."),
    ],
)
def test_a_fix_says_how_long_it_takes(minutes: int, sentence: str) -> None:
    assert fix_view(replace(FIX, wait_minutes=minutes), texts()).wait == sentence
