"""What the page shows, from events alone: no Qt."""

import subprocess
import sys
from itertools import pairwise

import pytest
from example_run import PATH, TREE, events, report, result, results, role_missing, texts

from core.model import Certainty, CheckFinished, CheckStarted, Outcome, RunFinished, RunStarted, Status
from gui.viewmodel.banner import Subject
from gui.viewmodel.chart import CardView, ChartView, LaneView
from gui.viewmodel.diagnosis import Diagnosis
from gui.viewmodel.state import State

ROOM = 4
PUBLIC = "https://portal.azure.com"


@pytest.fixture
def page() -> Diagnosis:
    page = Diagnosis(texts(), TREE)
    page.begin(Subject("aks-app", "contosoreg"), "401, no usable credentials", PUBLIC, practice=False)
    return page


def run(page: Diagnosis, all_results=None, end=None) -> ChartView:
    for event in events(all_results if all_results is not None else role_missing(), end):
        page.handle(event)
    return page.chart(ROOM)


def cards(chart: ChartView) -> dict[str, CardView]:
    return {card.check: card for lane in chart.lanes for card in lane.cards}


def lanes(chart: ChartView) -> dict[str, LaneView]:
    return {lane.key: lane for lane in chart.lanes}


def test_before_the_run_the_whole_tree_stands_there_dim(page: Diagnosis) -> None:
    chart = page.chart(ROOM)
    assert list(cards(chart)) == list(TREE.checks())
    assert {(card.state, card.dimmed, card.word) for card in cards(chart).values()} == {
        (State.WAITING, True, "Waiting")
    }
    assert not any(lane.folded or lane.can_fold for lane in chart.lanes)
    assert chart.path == ()
    assert chart.symptom == "Symptom · 401, no usable credentials"
    assert page.banner().headline == "Ready to check aks-app and contosoreg."
    assert page.banner().counts == "12 checks. Nothing is changed."


def test_without_a_text_the_symptom_says_so(page: Diagnosis) -> None:
    page.begin(Subject("a", "b"), "", PUBLIC, practice=False)
    assert page.chart(ROOM).symptom == "No error text: everything is checked"


def test_while_it_runs_what_is_asked_is_running_and_the_way_lights_up(page: Diagnosis) -> None:
    page.handle(RunStarted(TREE.checks()))
    page.handle(CheckStarted("cluster.signed-in"))
    assert cards(page.chart(ROOM))["cluster.signed-in"].state is State.RUNNING
    page.handle(CheckFinished(result("cluster.signed-in")))
    page.handle(CheckStarted("identity.kind"))
    page.handle(CheckFinished(result("identity.kind"), "cluster.signed-in"))
    page.elapsed = 1.24
    chart = page.chart(ROOM)
    assert cards(chart)["identity.kind"].state is State.PASS
    assert [(e.source, e.target) for e in chart.edges if e.taken] == [("cluster.signed-in", "identity.kind")]
    assert not any(e.on_path for e in chart.edges)
    assert page.banner().tone is State.RUNNING
    assert page.banner().counts == "2 of 12 checks · 1.2 s"


@pytest.mark.parametrize(("elapsed", "slow"), [(9.9, False), (10.0, True), (61.0, True)])
def test_after_ten_seconds_it_says_that_it_takes_long(page: Diagnosis, elapsed: float, slow: bool) -> None:
    page.handle(RunStarted(TREE.checks()))
    page.elapsed = elapsed
    assert page.banner().counts.endswith("taking longer than usual") is slow


def test_the_path_leads_from_the_entry_to_the_first_cause(page: Diagnosis) -> None:
    chart = run(page)
    assert chart.path == PATH
    assert {(e.source, e.target) for e in chart.edges if e.on_path} == set(pairwise(PATH))
    assert {check for check, card in cards(chart).items() if card.on_path} == set(PATH)
    assert [check for check, card in cards(chart).items() if card.is_cause] == ["role.granted"]


def test_at_the_end_the_first_cause_is_selected_and_the_answer_stands_above(page: Diagnosis) -> None:
    chart = run(page)
    assert page.selected == "role.granted"
    assert cards(chart)["role.granted"].selected
    banner = page.banner()
    assert banner.headline == "aks-app cannot pull from contosoreg: no pull permission."
    assert banner.tone is State.FAIL
    assert banner.counts == "1 cause · 9 checks OK · 1 not needed · 1 not run · 2.4 s"


def test_what_the_person_chose_stays_chosen(page: Diagnosis) -> None:
    page.select("image.name")
    for event in list(events(role_missing()))[1:]:
        page.handle(event)
    assert page.selected == "image.name"


def test_a_new_run_forgets_the_old_one(page: Diagnosis) -> None:
    run(page)
    page.set_folded("image", folded=True)
    page.handle(RunStarted(TREE.checks()))
    chart = page.chart(ROOM)
    assert page.selected is None
    assert {card.state for card in cards(chart).values()} == {State.WAITING}
    assert not any(lane.folded for lane in chart.lanes)


def test_a_lane_that_nobody_needs_folds_with_a_count(page: Diagnosis) -> None:
    chart = run(page)
    assert {key: lane.folded for key, lane in lanes(chart).items()} == {
        "cluster": False,
        "image": False,
        "identity": False,
        "service-principal": True,
        "permission": False,
    }
    assert lanes(chart)["service-principal"].count == "1 · not needed"
    assert lanes(chart)["service-principal"].state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("room", "folded"),
    [
        (9, {"service-principal"}),
        (4, {"service-principal"}),
        (3, {"service-principal", "image"}),
        (1, {"service-principal", "image"}),
    ],
)
def test_lanes_in_which_all_is_well_fold_only_for_lack_of_room(page: Diagnosis, room: int, folded: set[str]) -> None:
    run(page)
    chart = page.chart(room)
    assert {lane.key for lane in chart.lanes if lane.folded} == folded
    if "image" in folded:
        assert lanes(chart)["image"].count == "2 · all OK"
        assert lanes(chart)["image"].state is State.PASS


@pytest.mark.parametrize(
    "odd",
    [
        result("image.name", Status.WARNING),
        result("image.name", Status.UNKNOWN),
        result("image.name", Status.FAIL, moot="role.granted"),
        result("image.name", Status.UNKNOWN, fault="Traceback"),
    ],
    ids=["warning", "unknown", "fail", "fault"],
)
def test_a_lane_with_something_to_look_at_never_folds(page: Diagnosis, odd) -> None:
    run(page, results(odd))
    image = lanes(page.chart(1))["image"]
    assert not image.folded
    assert not image.can_fold


def test_the_person_folds_and_unfolds(page: Diagnosis) -> None:
    run(page)
    page.set_folded("service-principal", folded=False)
    page.set_folded("image", folded=True)
    chart = page.chart(ROOM)
    assert not lanes(chart)["service-principal"].folded
    assert lanes(chart)["image"].folded


def test_when_nothing_was_asked_the_tree_stays_to_be_seen(page: Diagnosis) -> None:
    none = tuple(result(check, Status.NOT_RUN, reason="not-a-pull-failure") for check in TREE.checks())
    chart = run(page, none, report(none, "This is no pull failure."))
    assert not any(lane.folded for lane in chart.lanes)
    assert page.banner().tone is State.NOT_RUN
    assert lanes(chart)["image"].count == "2 · not run"


def test_a_check_not_needed_says_why(page: Diagnosis) -> None:
    card = cards(run(page))["sp.exists"]
    assert card.dimmed
    assert card.word == "Not needed"
    assert card.note == "Not needed: “Sign-in of the nodes is known” led another way."


def test_what_another_problem_makes_pointless_is_told_again_and_dimmed(page: Diagnosis) -> None:
    page.handle(RunStarted(TREE.checks()))
    page.handle(CheckFinished(result("role.granted", Status.FAIL), "role.mode"))
    assert not cards(page.chart(ROOM))["role.granted"].dimmed
    page.handle(CheckFinished(result("role.granted", Status.FAIL, moot="identity.tenant"), "role.mode"))
    card = cards(page.chart(ROOM))["role.granted"]
    assert card.dimmed
    assert card.state is State.FAIL
    assert card.note == "Does not matter while “Both are in one directory” is not right."


def test_counts_name_every_check_once(page: Diagnosis) -> None:
    mixed = results(
        result("cluster.running", Status.WARNING),
        result("image.name", Status.UNKNOWN),
        result("image.registry", Status.UNKNOWN, fault="Traceback"),
        result("identity.tenant", Status.FAIL),
        result("role.granted", Status.FAIL, moot="identity.tenant"),
        result("role.condition", Status.NOT_RUN, reason="gated"),
    )
    run(page, mixed)
    assert page.banner().counts == (
        "1 cause · 1 problem that follows from it · 1 to look at · 5 checks OK · 1 could not be checked · "
        "1 fault of the program · 1 not needed · 1 not run · 2.4 s"
    )


@pytest.mark.parametrize(
    ("changed", "ending", "tone"),
    [
        ((), {}, State.PASS),
        ((result("image.name", Status.WARNING, reason="seen"),), {}, State.PASS),
        ((result("image.name", Status.WARNING, reason="noticed"),), {}, State.WARNING),
        ((result("image.name", Status.UNKNOWN),), {"outcome": Outcome.INCONCLUSIVE}, State.UNKNOWN),
        ((), {"outcome": Outcome.INCONCLUSIVE, "cancelled": True}, State.NOT_RUN),
        ((result("image.name", Status.FAIL),), {"cancelled": True}, State.FAIL),
    ],
)
def test_the_banner_has_the_colour_of_the_answer(page: Diagnosis, changed, ending, tone: State) -> None:
    made = results(*changed)
    run(page, made, report(made, **ending, notes=("A remark.",)))
    assert page.banner().tone is tone
    assert page.banner().notes == ("A remark.",)


@pytest.mark.parametrize(
    ("changed", "selected"),
    [
        ((), None),
        ((result("image.name", Status.UNKNOWN), result("role.mode", Status.WARNING)), "role.mode"),
        ((result("role.mode", Status.UNKNOWN),), "role.mode"),
        ((result("role.mode", Status.UNKNOWN, fault="Traceback"),), "role.mode"),
    ],
)
def test_without_a_cause_the_first_thing_to_look_at_is_selected(page: Diagnosis, changed, selected) -> None:
    run(page, results(*changed))
    assert page.selected == selected


def test_checking_one_step_again_keeps_the_rest_and_says_what_changed(page: Diagnosis) -> None:
    run(page)
    page.handle(RunStarted(("role.granted", "role.condition")))
    page.handle(CheckStarted("role.granted"))
    shown = cards(page.chart(ROOM))
    assert shown["role.granted"].state is State.RUNNING
    assert shown["role.mode"].state is State.PASS
    assert page.banner().headline == "Checking one step again…"
    assert page.banner().counts == "0 of 2 checks · 0.0 s"
    page.handle(CheckFinished(result("role.granted")))
    page.handle(CheckFinished(result("role.condition"), "role.granted"))
    page.handle(RunFinished(report(results(), "Nothing is wrong.")))
    detail = page.detail()
    assert page.selected == "role.granted"
    assert detail is not None
    assert detail.change == "Before: Problem. Now: OK."
    assert page.chart(ROOM).path == ()
    assert page.banner().tone is State.PASS


def test_lanes_stay_folded_and_open_while_one_step_is_asked_again(page: Diagnosis) -> None:
    room = 2
    before = {key: lane.folded for key, lane in lanes(run(page)).items()}
    assert before["service-principal"]
    again = ("identity.kind", "identity.present", "sp.exists", "role.mode", "role.granted", "role.condition")
    page.handle(RunStarted(again))
    page.handle(CheckStarted("identity.kind"))
    assert {key: lane.folded for key, lane in lanes(page.chart(ROOM)).items()} == before
    narrow = lanes(page.chart(room))
    assert [key for key, lane in narrow.items() if not lane.folded] == ["cluster", "identity", "permission"]
    page.handle(CheckFinished(result("sp.exists", Status.FAIL), "identity.kind"))
    assert not lanes(page.chart(ROOM))["service-principal"].folded


def test_checked_again_with_the_same_result_says_so_and_keeps_the_path(page: Diagnosis) -> None:
    run(page)
    page.handle(RunStarted(("role.granted", "role.condition")))
    page.handle(CheckFinished(role_missing()[-2]))
    page.handle(RunFinished(report(role_missing())))
    detail = page.detail()
    assert detail is not None
    assert detail.change == "Checked again: still Problem."
    assert page.chart(ROOM).path == PATH


@pytest.mark.parametrize(
    ("portal", "practice", "shell"),
    [
        (PUBLIC, False, "https://shell.azure.com"),
        (PUBLIC + "/", False, "https://shell.azure.com"),
        (PUBLIC, True, ""),
        ("https://portal.azure.us", False, ""),
        ("https://portal.azure.cn", False, ""),
        ("", False, ""),
    ],
)
def test_cloud_shell_is_offered_only_where_there_is_one(
    page: Diagnosis, portal: str, practice: bool, shell: str
) -> None:
    page.begin(Subject("a", "b"), "", portal, practice)
    assert page.cloud_shell == shell


def test_a_fault_of_the_program_is_no_finding(page: Diagnosis) -> None:
    chart = run(page, results(result("image.registry", Status.UNKNOWN, fault="Traceback: KeyError")))
    page.select("image.registry")
    detail = page.detail()
    assert cards(chart)["image.registry"].state is State.FAULT
    assert cards(chart)["image.registry"].word == "Program fault"
    assert detail is not None
    assert (detail.badge, detail.fault) == ("Program fault", "Traceback: KeyError")


def test_the_page_without_a_choice_asks_for_one(page: Diagnosis) -> None:
    page.begin(Subject("", ""), "", "", practice=False)
    assert page.banner().headline == "Choose a cluster and a registry first."
    assert page.detail() is None


def test_the_empty_detail_says_what_will_stand_there(page: Diagnosis) -> None:
    before = page.empty_detail()
    page.handle(RunStarted(TREE.checks()))
    running = page.empty_detail()
    run(page, results())
    assert len({before, running, page.empty_detail()}) == 3


def test_a_failure_with_a_certainty_shows_it(page: Diagnosis) -> None:
    run(page, results(result("role.mode", Status.FAIL, certainty=Certainty.LIKELY)))
    detail = page.detail()
    assert detail is not None
    assert detail.badge == "Problem · likely"


def test_the_view_model_needs_no_qt() -> None:
    code = "import sys, gui.viewmodel.diagnosis, gui.chart.layout, gui.chart.navigation, gui.detail.command_lines\n"
    code += "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
