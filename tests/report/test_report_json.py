"""The JSON report keeps its contract, in every scenario, for every kind of run."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from report_contract import CHECKS, breaches
from scenario_reports import NAMES, report_of

from core.cancel import CancelToken
from core.checks.table import ALL
from core.facts.choice import Choice
from core.model import Report
from core.report import render
from core.session import practice_session, scenario_choice
from core.symptoms import classify
from core.texts import load


def document(report: Report) -> Any:
    return json.loads(render(report, "json", load()))


def test_every_check_is_one_of_the_contracts() -> None:
    unknown = sorted({check.id for check in ALL} - CHECKS)
    assert not unknown, f"no words of the contract in tests/report/report_contract.py: {unknown}"


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_keeps_the_contract(name: str) -> None:
    assert breaches(document(report_of(name))) == []


def test_runs_without_an_image_with_no_pull_and_cancelled_keep_it_too() -> None:
    session, scenario = practice_session("role-missing")
    whole = scenario_choice(scenario)
    cancelled = CancelToken()
    cancelled.cancel()
    runs = (
        (Choice(whole.cluster_id, whole.registry_id, None, None, None), CancelToken()),
        (Choice(whole.cluster_id, whole.registry_id, None, classify("CrashLoopBackOff"), None), CancelToken()),
        (whole, cancelled),
    )
    for choice, token in runs:
        found = document(session.diagnose(choice, lambda _event: None, token))
        assert breaches(found) == []
    session.close()


def test_everything_is_said_that_the_run_knows() -> None:
    report = report_of("role-missing")
    found = document(report)
    assert found["cluster"] == {"id": report.cluster.id, "name": "aks-app", "location": "westeurope"}
    assert found["registry"]["loginServer"] == "contosoreg.azurecr.io"
    assert found["image"]["repository"] == "web/api"
    assert found["symptom"]["kind"] == "ANON_401"
    assert found["practice"] is True
    assert [check["id"] for check in found["checks"]] == [result.check for result in report.results]
    role = next(check for check in found["checks"] if check["id"] == "identity.acrpull-role")
    assert role["branch"] == "identity"
    assert role["fixes"][0]["azureCli"][0].startswith("az role assignment create ")
    assert role["fixes"][0]["waitMinutes"] > 0
    assert found["requests"]["count"] > 10


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("more",), 1),
        (("program", "host"), "x"),
        (("durationMs",), 1.5),
        (("durationMs",), True),
        (("practice",), "yes"),
        (("startedAt",), "2026-11-24T10:00:00+00:00"),
        (("image", "tag"), 1),
        (("conclusion", "causes"), []),
        (("conclusion", "outcome"), "cause"),
        (("checks", 0, "id"), "identity.nothing"),
        (("checks", 0, "status"), "n/a"),
        (("checks", 0, "certainty"), "likely"),
        (("checks", 0, "moot"), ""),
        (("checks", 0, "evidence", 0, "value"), ""),
        (("symptom", "kind"), "ANON"),
        (("notes",), None),
    ],
)
def test_the_checker_sees_a_breach(path: tuple[str | int, ...], value: object) -> None:
    broken: Any = copy.deepcopy(document(report_of("role-missing")))
    *way, last = path
    place = broken
    for step in way:
        place = place[step]
    place[last] = value
    assert breaches(broken)
