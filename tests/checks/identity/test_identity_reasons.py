"""Healthy worlds are silent, and every finding that has a text is reached by some case."""

from __future__ import annotations

from typing import Any

import pytest
import test_identity_conditions
import test_identity_nodes
import test_identity_reach
import test_identity_roles
import test_identity_service_principal
from identity_world import (
    ACRPULL,
    GROUP,
    HEALTHY,
    HEALTHY_ABAC,
    HEALTHY_SP,
    OWNER,
    SUBSCRIPTION,
    ask,
    assigned,
    grant,
)

from core.checks.table import ALL
from core.model import Status
from core.texts import load

IDENTITY_CHECKS = [check for check in ALL if check.id.startswith("identity.")]
CASES = [
    *test_identity_conditions.CASES,
    *test_identity_nodes.CASES,
    *test_identity_reach.CASES,
    *test_identity_roles.CASES,
    *test_identity_service_principal.CASES,
]


@pytest.mark.parametrize("check", IDENTITY_CHECKS, ids=lambda check: check.id)
@pytest.mark.parametrize(
    "world",
    [
        HEALTHY,
        HEALTHY_ABAC,
        HEALTHY_SP,
        {**HEALTHY, **assigned(grant(OWNER, scope=f"/subscriptions/{SUBSCRIPTION}"))},
        {**HEALTHY, **assigned(grant(ACRPULL, GROUP, kind="Group"))},
    ],
    ids=["managed-identity", "repository-permissions", "service-principal", "owner", "group"],
)
def test_healthy_worlds_are_silent(check: Any, world: Any) -> None:
    verdict = ask(check, world)
    assert verdict.status in (Status.PASS, Status.NOT_APPLICABLE), verdict
    assert not verdict.fixes


def test_every_finding_is_reached() -> None:
    texts = load()
    shared = set(texts.table("words")["reasons"])
    reached = {(case.check.id, case.reason) for case in CASES if case.reason not in shared}
    written = {
        (check.id, reason) for check in IDENTITY_CHECKS for reason in texts.table("checks")[check.id]["reasons"]
    }
    assert reached == written


def test_every_check_meets_a_fact_that_could_not_be_read() -> None:
    shared = set(load().table("words")["reasons"])
    met = {case.check.id for case in CASES if case.reason in shared}
    judging = {check.id for check in IDENTITY_CHECKS if any(need.raw for need in check.needs)}
    assert met == judging
