"""Where new rules go: before what they are to overrule, in places that are free when their turn comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.network.rule_priorities import FIRST, LAST, NoRoom, places

NUMBERS = st.integers(FIRST, FIRST + 12)


def test_the_closest_free_place_before_the_rule_that_denies() -> None:
    assert places(frozenset({100, 199, 200}), [200], [200], 2).priorities == (198, 197)
    assert places(frozenset({100, 200}), [200], [200], 1).moves == ()


def test_before_the_default_rules_comes_the_last_number_of_ones_own() -> None:
    assert places(frozenset({4096}), [65500], [], 1).priorities == (4095,)


def test_the_first_of_several_rules_that_deny_counts() -> None:
    assert places(frozenset({150, 300}), [300, 150], [150, 300], 1).priorities == (149,)


def test_a_rule_at_the_very_first_priority_makes_room() -> None:
    found = places(frozenset({100, 101}), [100], [100], 1)
    assert found.priorities == (100,)
    assert found.moves == ((100, 102),)


def test_a_full_group_has_no_room() -> None:
    with pytest.raises(NoRoom):
        places(frozenset(range(FIRST, LAST + 1)), [FIRST], [FIRST], 1)


def test_what_denies_behind_the_first_one_moves_along() -> None:
    found = places(frozenset({100, 101, 102}), [100], [100, 101], 2)
    assert found.priorities == (100, 101)
    assert found.moves == ((100, 103), (101, 104))


@given(taken=st.frozensets(NUMBERS, min_size=1), data=st.data(), count=st.integers(1, 4))
def test_what_is_done_in_turn_works(taken: frozenset[int], data: st.DataObject, count: int) -> None:
    """No two rules ever have one number, nothing else moves, and all new rules come before all that may block."""
    denying = set(data.draw(st.lists(st.sampled_from(sorted(taken)), min_size=1, unique=True)))
    first = data.draw(st.sampled_from(sorted(denying)))
    may_block = {number for number in denying if number >= first}
    others = set(taken) - may_block
    found = places(taken, [first], denying, count)
    assert len(found.priorities) == count
    assert len(found.moves) <= count
    now = set(taken)
    for turn, priority in enumerate(found.priorities):
        if turn < len(found.moves):
            old, new = found.moves[turn]
            assert old in may_block
            assert new not in now
            now = now - {old} | {new}
            may_block = may_block - {old} | {new}
        assert priority not in now
        assert FIRST <= priority <= LAST
        now.add(priority)
    assert max(found.priorities) < min(may_block)
    assert others <= now
