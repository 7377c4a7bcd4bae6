"""A fresh healthy world for every test, the simulator over it, and the real SDK clients over that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

import core.azure  # noqa: F401 - quiets the log of the SDK, whose clients these tests use, as the program does
from core.practice.base import base_public
from core.practice.simulator import Simulator
from core.practice.world import World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW


@pytest.fixture
def world(clock: Callable[[], datetime]) -> World:
    return base_public(clock)


@pytest.fixture
def simulator(world: World) -> Iterator[Simulator]:
    """The simulator over the world; an address that it does not know fails the test."""
    made = Simulator(world)
    yield made
    assert not made.unknown
