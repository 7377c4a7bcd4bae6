"""A picked resource that is not there: what still says something is asked, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.cancel import CancelToken
from core.model import CheckResult, Status
from core.session import practice_session, scenario_choice

STILL_ASKED = {
    "cluster-missing": {
        "context.tenant-and-cloud": Status.PASS,
        "cluster.power-state": Status.FAIL,
        "image.reference": Status.PASS,
        "image.login-server": Status.PASS,
        "registry.health": Status.PASS,
    },
    "registry-deleted": {
        "context.tenant-and-cloud": Status.PASS,
        "cluster.power-state": Status.PASS,
        "image.reference": Status.PASS,
        "image.login-server": Status.UNKNOWN,
        "registry.health": Status.FAIL,
    },
}


def results(name: str, image: bool = True) -> tuple[CheckResult, ...]:
    session, scenario = practice_session(name)
    choice = scenario_choice(scenario)
    try:
        named = choice if image else replace(choice, image=None, symptom=None)
        return session.diagnose(named, lambda _event: None, CancelToken()).results
    finally:
        session.close()


@pytest.mark.parametrize("name", STILL_ASKED)
def test_only_what_still_says_something_is_asked(name: str) -> None:
    found = results(name)
    asked = {one.check: one.verdict.status for one in found if one.verdict.status is not Status.NOT_RUN}
    needless = sorted(asked.keys() - STILL_ASKED[name].keys())
    assert not needless, f"asked though they need both resources, so not in NEEDS_BOTH of core/tree.py: {needless}"
    assert asked == STILL_ASKED[name]
    cause = next(check for check, status in asked.items() if status is Status.FAIL)
    assert {one.moot for one in found if one.verdict.status is Status.NOT_RUN} == {cause}


@pytest.mark.parametrize("name", STILL_ASKED)
def test_without_an_image_there_is_no_name_to_judge(name: str) -> None:
    status = {one.check: one.verdict.status for one in results(name, image=False)}
    assert status["image.reference"] is status["image.login-server"] is Status.NOT_APPLICABLE
