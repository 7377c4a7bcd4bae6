"""Whether a rule means a destination: sometimes that cannot be told, and then it is not guessed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from core.network.intervals import Intervals, common, without


class Match(StrEnum):
    """What is known of a rule and a destination; `MAYBE` where it takes addresses that Azure does not tell."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def any_of(matches: Iterable[Match]) -> Match:
    """Give the surest of several ways to be meant, `NO` without any."""
    best = Match.NO
    for match in matches:
        if match is Match.YES:
            return Match.YES
        if match is Match.MAYBE:
            best = Match.MAYBE
    return best


def meant(within: Intervals, ranges: Intervals) -> Match:
    """Say whether ranges of addresses mean what has one address of others, nobody knows which."""
    if not common(within, ranges):
        return Match.NO
    return Match.MAYBE if without(within, ranges) else Match.YES


def both(one: Match, other: Match) -> Match:
    """Give the outcome where two conditions have to hold."""
    if Match.NO in (one, other):
        return Match.NO
    return Match.MAYBE if Match.MAYBE in (one, other) else Match.YES
