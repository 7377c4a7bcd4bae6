"""A healthy private world, and a way to ask checks about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from private_world import PrivateWorld

from core.checks.check import Check
from core.model import Verdict


@pytest.fixture
def world() -> PrivateWorld:
    return PrivateWorld()


@pytest.fixture
def ask(world: PrivateWorld, show: Callable[[Check, Verdict], str]) -> Callable[[Check], Verdict]:
    """Ask a check of this world, and prove that its answer can be shown."""

    def asked(check: Check) -> Verdict:
        verdict = world.judge(check)
        assert show(check, verdict)
        return verdict

    return asked
