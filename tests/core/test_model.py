"""A verdict holds its own rule: only what failed is certain, and it always is."""

from __future__ import annotations

import pytest

from core.model import Certainty, Status, Verdict


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
