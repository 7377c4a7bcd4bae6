"""Whether the registry is open where nodes come over the internet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED, OTHER, path

from core.checks.check import Check
from core.checks.network.public_access import CHECK, evaluate
from core.facts.fact import Trouble, Unavailable
from core.facts.paths import Way
from core.facts.registry import Registry
from core.model import Certainty, MissingPermission, Status, Verdict

Show = Callable[[Check, Verdict], str]


@pytest.mark.parametrize(
    ("public", "action", "way", "status", "reason"),
    [
        (True, "Allow", Way.PUBLIC, Status.PASS, "everybody"),
        (None, None, Way.PUBLIC, Status.PASS, "everybody"),
        (True, "deny", Way.PUBLIC, Status.PASS, "selected"),
        (False, "Allow", Way.NONE, Status.FAIL, "disabled"),
        (False, "Deny", Way.UNINTENDED, Status.NOT_APPLICABLE, "way-unintended"),
        (False, "Deny", Way.PRIVATE, Status.NOT_APPLICABLE, "way-private"),
        (True, "Deny", Way.SERVICE_ENDPOINT, Status.NOT_APPLICABLE, "way-service-endpoint"),
        (True, "Allow", Way.UNKNOWN, Status.UNKNOWN, "denied"),
    ],
)
def test_it_matters_on_the_public_way_only(
    registry: Registry, show: Show, public: bool | None, action: str | None, way: Way, status: Status, reason: str
) -> None:
    verdict = evaluate(replace(registry, public_access=public, default_action=action), (path(way),))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert show(CHECK, verdict)


def test_no_way_at_all_is_definite_and_can_be_opened(registry: Registry) -> None:
    verdict = evaluate(replace(registry, public_access=False), (path(Way.NONE),))
    assert verdict.certainty is Certainty.DEFINITE
    assert [fix.key for fix in verdict.fixes] == ["open-to-selected-networks"]


def test_a_pass_waits_for_the_way_of_every_subnet(registry: Registry) -> None:
    verdict = evaluate(registry, (path(), path(Way.UNKNOWN, OTHER, ("gpu",))))
    assert verdict.missing == MissingPermission(DENIED.action, DENIED.scope, "Reader")
    assert "gpu" in verdict.evidence[-1].value


def test_no_nodes(registry: Registry, show: Show) -> None:
    verdict = evaluate(registry, ())
    assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "way-of-nobody")
    assert show(CHECK, verdict)


def test_what_a_permission_would_show_is_asked_for_first(registry: Registry) -> None:
    late = replace(path(Way.UNKNOWN, OTHER), why=Unavailable(Trouble.TIMEOUT))
    assert evaluate(registry, (late, path(Way.UNKNOWN))).missing is not None
