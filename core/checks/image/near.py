"""How far one name is from another: the ground of every "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

NEAR = 2
"""The most slips of a finger between two names that may still be the same one meant."""

_LONGEST = 128


def distance(one: str, other: str) -> int:
    """Count the letters to add, drop or change to get from one text to the other (Levenshtein), ignoring case.

    Texts are compared up to 128 characters.
    """
    one, other = one.lower()[:_LONGEST], other.lower()[:_LONGEST]
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, counterpart in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != counterpart))
    return row[-1]


def nearest(name: str, candidates: Iterable[str], limit: int = NEAR) -> str | None:
    """Give the candidate closest to a name, at most `limit` letters away, the alphabetically first of equals."""
    ranked = sorted((distance(name, candidate), candidate) for candidate in candidates)
    return ranked[0][1] if ranked and ranked[0][0] <= limit else None
