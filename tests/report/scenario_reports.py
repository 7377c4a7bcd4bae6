"""Every practice scenario, diagnosed once for all tests of the reports."""

from __future__ import annotations

from functools import cache

from core.cancel import CancelToken
from core.model import Report
from core.practice.scenario import load_scenarios
from core.session import practice_session, scenario_choice

NAMES = [scenario.name for scenario in load_scenarios()]


@cache
def report_of(name: str) -> Report:
    """The report of a scenario."""
    session, scenario = practice_session(name)
    try:
        return session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()
