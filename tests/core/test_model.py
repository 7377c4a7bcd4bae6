"""A verdict holds its own rule: only what failed is certain, and it always is."""

from __future__ import annotations

import pytest

from core.model import MOST_SCOPES, Certainty, MissingPermission, Status, Verdict


@pytest.mark.parametrize("certainty", list(Certainty))
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FAIL])
def test_what_did_not_fail_has_no_certainty(status: Status, certainty: Certainty) -> None:
    assert Verdict(status, "fine").certainty is None
    with pytest.raises(ValueError, match="certainty belongs to a fail"):
        Verdict(status, "fine", certainty)


def test_a_failure_needs_a_certainty() -> None:
    with pytest.raises(ValueError, match="a fail needs one"):
        Verdict(Status.FAIL, "broken")
    for certainty in Certainty:
        assert Verdict(Status.FAIL, "broken", certainty).certainty is certainty


def test_a_permission_that_is_missing_in_many_places_names_them_up_to_a_limit() -> None:
    def missing(count: int) -> MissingPermission:
        return MissingPermission("a/read", "/0", "Reader", tuple(f"/{n}" for n in range(1, count)))

    assert missing(1).where == "/0"
    assert missing(3).where == "/0, /1, /2"
    assert missing(MOST_SCOPES).where.endswith(f", /{MOST_SCOPES - 1}")
    assert missing(MOST_SCOPES + 5).where.endswith(f", /{MOST_SCOPES - 1} (+5)")
