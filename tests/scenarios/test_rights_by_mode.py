"""The rights that a fix takes, on a registry of either permission mode."""

from __future__ import annotations

import pytest

from core.cancel import CancelToken
from core.session import practice_session, scenario_choice

REGISTRIES = "Microsoft.ContainerRegistry/registries"


@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("image-locked", f"{REGISTRIES}/push/write"),
        ("abac-image-locked", f"{REGISTRIES}/repositories/metadata/write"),
    ],
)
def test_a_lock_is_taken_off_with_the_right_that_counts_there(name: str, permission: str) -> None:
    session, scenario = practice_session(name)
    try:
        report = session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()
    (locked,) = (result for result in report.results if result.check == "image.locked")
    assert locked.fixes[0].permission == permission
    assert locked.fixes[0].you_may_apply
