from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.network.addresses import Range
from core.network.intervals import Intervals, common, intervals, merged, node_addresses, size, without

ranges = st.lists(
    st.tuples(st.sampled_from((4, 6)), st.integers(0, 30), st.integers(0, 8)).map(
        lambda parts: Range(parts[0], parts[1], parts[1] + parts[2])
    ),
    max_size=5,
).map(merged)


def points(ranges_: Intervals) -> set[tuple[int, int]]:
    return {(own.version, point) for own in ranges_ for point in range(own.first, own.last + 1)}


@given(ranges, ranges)
def test_sets_of_ranges_are_sets(one: Intervals, other: Intervals) -> None:
    assert points(common(one, other)) == points(one) & points(other)
    assert points(without(one, other)) == points(one) - points(other)
    assert size(one) == len(points(one))
    assert merged(one) == one


def test_every_spelling_is_read_and_nonsense_left_out() -> None:
    assert intervals(["10.0.0.0/31", "10.0.0.2-10.0.0.3", "AzureCloud", ""]) == intervals(["10.0.0.0/30"])
    assert [own.version for own in intervals(["*"])] == [4, 6]


def test_machines_never_have_the_addresses_that_azure_keeps() -> None:
    assert node_addresses(["10.10.0.0/22"]) == intervals(["10.10.0.4-10.10.3.254"])
    assert node_addresses(["fd00::/64"]) == intervals(["fd00::/64"])
    assert node_addresses(["10.0.0.1/32", "nonsense"]) == intervals(["10.0.0.1"])
