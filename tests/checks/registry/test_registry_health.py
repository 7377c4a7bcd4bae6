from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.checks.check import Check
from core.checks.registry.health import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.registry import Registry
from core.facts.subscriptions import Subscriptions
from core.model import Certainty, Evidence, Status, Verdict

Show = Callable[[Check, Verdict], str]


@pytest.mark.parametrize(
    ("state", "status", "reason", "certainty", "fixes"),
    [
        ("Succeeded", Status.PASS, "succeeded", None, []),
        (None, Status.UNKNOWN, "not-told", None, []),
        ("Updating", Status.WARNING, "busy", None, []),
        ("Creating", Status.WARNING, "busy", None, []),
        ("Canceled", Status.WARNING, "canceled", None, ["inspect-registry"]),
        ("failed", Status.FAIL, "failed", Certainty.LIKELY, ["inspect-registry"]),
        ("Deleting", Status.FAIL, "deleting", Certainty.DEFINITE, ["replace-registry"]),
    ],
)
def test_states(
    choice: Choice,
    registry: Registry,
    subscriptions: Subscriptions,
    show: Show,
    state: str | None,
    status: Status,
    reason: str,
    certainty: Certainty | None,
    fixes: list[str],
) -> None:
    sick = replace(registry, provisioning_state=state, status_message="told")
    verdict = evaluate(choice, Known(sick), Known(subscriptions))
    assert (verdict.status, verdict.reason, verdict.certainty) == (status, reason, certainty)
    assert [fix.key for fix in verdict.fixes] == fixes
    assert Evidence("created", "2024-05-01T00:00:00+00:00") in verdict.evidence
    assert show(CHECK, verdict)


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Missing("x"), Status.FAIL, "missing"),
        (Denied("Microsoft.ContainerRegistry/registries/read", "/x"), Status.UNKNOWN, "denied"),
        (Unavailable(Trouble.WRONG_TENANT, tenant_id="t2"), Status.UNKNOWN, "unavailable-wrong-tenant"),
        (Unavailable(Trouble.THROTTLED), Status.UNKNOWN, "unavailable-throttled"),
    ],
)
def test_a_registry_that_could_not_be_read(
    choice: Choice, subscriptions: Subscriptions, show: Show, outcome: Fact[Registry], status: Status, reason: str
) -> None:
    verdict = evaluate(choice, outcome, Known(subscriptions))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert Evidence("registry", choice.registry_id.text) in verdict.evidence
    assert show(CHECK, verdict)


def test_missing_is_definite_and_says_where_to_look(choice: Choice, subscriptions: Subscriptions) -> None:
    verdict = evaluate(choice, Missing("x"), Known(subscriptions))
    assert verdict.certainty is Certainty.DEFINITE
    assert [fix.key for fix in verdict.fixes] == ["find-registry"]


def test_missing_in_a_subscription_out_of_sight_proves_nothing(choice: Choice, show: Show) -> None:
    verdict = evaluate(choice, Missing("x"), Known(Subscriptions({})))
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "hidden")
    assert show(CHECK, verdict)
    unlisted = evaluate(choice, Missing("x"), Unavailable(Trouble.TIMEOUT))
    assert unlisted.status is Status.FAIL
