"""Much of the same takes no longer than a moment: the window reads a text while it is pasted."""

from __future__ import annotations

import time

import pytest

from core.symptoms import classify

SIZE = 300_000
MOST_SECONDS = 1.5


@pytest.mark.parametrize(
    "piece",
    ["lookup ", "lookup\n", "\\", ", rpc error: ", '{"kind":"Event","involvedObject":{"kind":"Pod"'],
    ids=["words", "lines", "backslashes", "elements", "objects"],
)
def test_repetition_is_read_in_a_moment(piece: str) -> None:
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        classify(text)
        best = min(best, time.process_time() - start)
    assert best < MOST_SECONDS
