"""The view model over real runs in the practice world: one scenario for each cause, with the real texts."""

import pytest

from core.cancel import CancelToken
from core.practice.scenario import Scenario, load_scenarios
from core.session import practice_session, scenario_choice
from core.texts import load
from core.tree import TREE
from gui.viewmodel.banner import Subject
from gui.viewmodel.diagnosis import Diagnosis
from gui.viewmodel.state import State

ONE_FOR_EACH_CAUSE = {scenario.causes[:1]: scenario for scenario in load_scenarios()}.values()


@pytest.mark.parametrize("scenario", ONE_FOR_EACH_CAUSE, ids=lambda scenario: scenario.name)
def test_every_cause_has_its_path_and_every_check_its_detail(scenario: Scenario) -> None:
    session, _scenario = practice_session(scenario.name)
    page = Diagnosis(load("en"))
    page.begin(Subject("aks-app", "contosoreg"), "401", "https://portal.azure.com", practice=True)
    session.diagnose(scenario_choice(scenario), page.handle, CancelToken())
    session.close()
    chart = page.chart(4)
    assert chart.path[-1:] == scenario.causes[:1]
    assert chart.path[:1] in {(), (TREE.entry,)}
    open_cards = {card.check for lane in chart.lanes if not lane.folded for card in lane.cards}
    assert set(chart.path) <= open_cards
    for lane in chart.lanes:
        for card in lane.cards:
            page.select(card.check)
            detail = page.detail()
            assert detail is not None
            assert detail.summary
            assert card.state not in {State.WAITING, State.RUNNING, State.FAULT}
            assert all(tab.steps for fix in detail.fixes for tab in fix.tabs)


def test_what_matters_for_the_answer_is_shown_first() -> None:
    session, scenario = practice_session("reader-without-role-list")
    page = Diagnosis(load())
    page.begin(Subject("aks-app", "contosoreg"), "", "", practice=True)
    session.diagnose(scenario_choice(scenario), page.handle, CancelToken())
    session.close()
    assert page.selected == "identity.acrpull-role"
