from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks.image.near import distance, nearest

words = st.text("abc", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("contosoreg", "ContosoReg", 0),
        ("contosoreg", "contosorg", 1),
        ("contosoreg", "contosregg", 2),
        ("abc", "", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_distance(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


@given(words, words, words)
def test_distance_is_a_metric(one: str, other: str, third: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


def test_nearest_takes_the_closest_within_the_limit() -> None:
    assert nearest("contosorg", ["fabrikam", "contosoreg", "contosoregs"]) == "contosoreg"
    assert nearest("contosorg", ["fabrikam"]) is None
    assert nearest("contosorg", []) is None
    assert nearest("aab", ["aaa", "aac", "aaa"]) == "aaa"
