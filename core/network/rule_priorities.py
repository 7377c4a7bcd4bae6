"""Where in a network security group a new rule goes, so that it is asked before the rules that it is to overrule.

https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

FIRST, LAST = 100, 4096
"""The priorities that rules of one's own may have; the lower number is asked first."""


class NoRoom(Exception):
    """The group has no free priority left that would do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Priorities for new rules, and where blocking rules have to move for them: old and new number of each.

    `moves` are empty where there is room before the blocking rules. Where there is none, there are no more moves than
    new rules, and they are to be carried out in turn: a new rule may take the place that was just left.
    """

    priorities: tuple[int, ...]
    moves: tuple[tuple[int, int], ...] = ()


def places(taken: frozenset[int], blocking: Iterable[int], denying: Iterable[int], count: int) -> Places:
    """Find places for `count` new rules before all `blocking` ones: the closest before them that are free.

    Where there are none, `denying` rules move, all of the group's from the first blocking one on: behind it may stand
    others that would block as well.

    Raises NoRoom.
    """
    end = min(min(blocking, default=LAST + 1), LAST + 1)
    before = tuple(islice((number for number in range(end - 1, FIRST - 1, -1) if number not in taken), count))
    if len(before) == count:
        return Places(before)
    movable = sorted(number for number in set(denying) if end <= number <= LAST)
    usable = (number for number in range(FIRST, LAST + 1) if number not in taken or number in movable)
    chosen = tuple(islice(usable, count))
    if len(chosen) < count:
        raise NoRoom
    leaving = [number for number in movable if number <= max(chosen)]
    after = [number for number in range(max(chosen) + 1, LAST + 1) if number not in taken]
    if len(after) < len(leaving):
        raise NoRoom
    return Places(chosen, tuple(zip(leaving, after, strict=False)))
