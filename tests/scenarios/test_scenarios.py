"""Every scenario, diagnosed for real: the right causes in their order, no decoy, no fault, nothing asked twice."""

from __future__ import annotations

from functools import cache

import pytest

from core.cancel import CancelToken
from core.model import Outcome, Report, Status
from core.practice.scenario import Scenario, load_scenarios
from core.report import FORMATS, render
from core.session import practice_session, scenario_choice
from core.texts import load

NAMES = [scenario.name for scenario in load_scenarios()]


@cache
def diagnose(name: str) -> tuple[Scenario, Report]:
    session, scenario = practice_session(name)
    try:
        return scenario, session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_right_causes_are_named_and_no_decoy(name: str) -> None:
    scenario, report = diagnose(name)
    texts = load()
    assert report.conclusion.causes == scenario.causes
    assert not [result.fault for result in report.results if result.fault]
    assert report.requests.repeated == 0
    named = " ".join(
        texts.summary(result.check, result.verdict)
        for result in report.results
        if result.verdict.status is Status.FAIL
    )
    for decoy in scenario.must_not:
        assert decoy not in report.conclusion.causes
        assert decoy.lower() not in f"{report.conclusion.headline} {named}".lower()
    for format_ in FORMATS:
        assert render(report, format_, texts)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("healthy-")])
def test_a_healthy_world_stays_silent(name: str) -> None:
    _, report = diagnose(name)
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert {result.verdict.status for result in report.results} <= {Status.PASS, Status.NOT_APPLICABLE}
    assert report.notes == ()


@pytest.mark.timeout(600)
def test_every_check_passes_fails_and_is_denied_somewhere() -> None:
    seen: dict[str, set[Status]] = {}
    for name in NAMES:
        _, report = diagnose(name)
        for result in report.results:
            seen.setdefault(result.check, set()).add(result.verdict.status)
    wanted = {check: {Status.PASS, Status.FAIL, Status.UNKNOWN} for check in seen} | EXCEPTIONS
    missing = {check: sorted(wanted[check] - found) for check, found in seen.items() if wanted[check] - found}
    assert missing == {}, "no scenario in resources/scenarios/ has these checks end so"


EXCEPTIONS = {
    "context.caller-permissions": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "image.reference": {Status.PASS, Status.FAIL},
    "identity.kind": {Status.PASS, Status.UNKNOWN},
    "identity.kubelet-present": {Status.PASS, Status.FAIL},
    "identity.node-image-current": {Status.PASS, Status.WARNING},
    "network.pe-exists": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "identity.role-propagation": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "secret.in-use": {Status.PASS, Status.WARNING},
    "secret.format": {Status.PASS, Status.FAIL},
    "cluster.nodes-ready": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "image.pull-policy": {Status.FAIL, Status.NOT_APPLICABLE},
    "registry.throttling": {Status.FAIL, Status.NOT_APPLICABLE},
    "registry.anonymous-pull": {Status.PASS, Status.UNKNOWN},
    "registry.geo-replicas": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "registry.artifact-cache": {Status.PASS, Status.WARNING, Status.UNKNOWN},
    "network.egress-ips": {Status.PASS, Status.UNKNOWN},
    "node.pull-qps": {Status.FAIL, Status.NOT_APPLICABLE},
    "node.disk-space": {Status.FAIL, Status.NOT_APPLICABLE},
}
"""Checks that by their nature cannot end in one of the three ways."""
