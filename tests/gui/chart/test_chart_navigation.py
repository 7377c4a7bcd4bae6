"""Where an arrow key leads."""

import pytest

from gui.chart.geometry import Rect
from gui.chart.navigation import Direction, neighbour

CARDS = {
    "a1": Rect(0, 0, 100, 50),
    "a2": Rect(0, 60, 100, 50),
    "a3": Rect(0, 120, 100, 50),
    "b1": Rect(120, 0, 100, 50),
    "b2": Rect(120, 60, 100, 50),
    "c1": Rect(240, 0, 100, 50),
    "fold": Rect(120, 180, 100, 40),
}


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [
        ("a1", Direction.DOWN, "a2"),
        ("a2", Direction.UP, "a1"),
        ("a1", Direction.UP, None),
        ("a1", Direction.LEFT, None),
        ("a2", Direction.RIGHT, "b2"),
        ("b1", Direction.RIGHT, "c1"),
        ("c1", Direction.LEFT, "b1"),
        ("a3", Direction.RIGHT, "fold"),
        ("b2", Direction.DOWN, "fold"),
        ("fold", Direction.UP, "b2"),
        ("c1", Direction.RIGHT, None),
    ],
)
def test_an_arrow_leads_to_the_nearest_card_on_that_side(start: str, direction: Direction, end: str | None) -> None:
    assert neighbour(CARDS, start, direction) == end


def test_every_card_can_be_reached_with_arrows() -> None:
    reached, ahead = set(), ["a1"]
    while ahead:
        card = ahead.pop()
        if card not in reached:
            reached.add(card)
            ahead += [found for step in Direction if (found := neighbour(CARDS, card, step)) is not None]
    assert reached == set(CARDS)
