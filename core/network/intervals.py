"""Sets of addresses as sorted ranges: what a rule takes of a subnet, and what it leaves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from core.network.addresses import Range, meet, parse

T = TypeVar("T")

Intervals = tuple[Range, ...]
"""Ranges that do not touch each other's addresses, sorted."""


def intervals(texts: Iterable[str]) -> Intervals:
    """Read addresses, CIDR ranges and ranges "a-b"; "*" is everything, and what is no range is left out."""
    found: list[Range] = []
    for text in texts:
        if text.strip() == "*":
            found += _EVERYTHING
        elif (own := parse(text)) is not None:
            found.append(own)
    return merged(found)


def merged(ranges: Iterable[Range]) -> Intervals:
    """Sort ranges and join those that overlap or touch."""
    done: list[Range] = []
    for own in sorted(ranges):
        last = done[-1] if done else None
        if last is not None and own.version == last.version and own.first <= last.last + 1:
            done[-1] = Range(own.version, last.first, max(last.last, own.last))
        else:
            done.append(own)
    return tuple(done)


def common(one: Intervals, other: Intervals) -> Intervals:
    """Give the addresses that are in both sets."""
    found: list[Range] = []
    for right in other:
        for left in one[meeting(one, right, key=_itself)]:
            found.append(Range(left.version, max(left.first, right.first), min(left.last, right.last)))
    return merged(found)


def without(one: Intervals, other: Intervals) -> Intervals:
    """Give the addresses of the first set that are not in the second."""
    rest = list(one)
    for gone in other:
        touched = meeting(rest, gone, key=_itself)
        rest[touched] = [piece for own in rest[touched] for piece in cut(own, gone) if piece.size > 0]
    return tuple(rest)


def node_addresses(prefixes: Iterable[str]) -> Intervals:
    """Give the addresses that machines of a subnet can have: Azure keeps the first four and the last of IPv4.

    https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
    """
    found = []
    for own in map(parse, prefixes):
        if own is not None:
            kept = own.version == 4 and own.size >= 8
            found.append(Range(own.version, own.first + 4, own.last - 1) if kept else own)
    return merged(found)


def size(ranges: Intervals) -> int:
    """Count the addresses."""
    return sum(own.size for own in ranges)


def meeting(things: Sequence[T], other: Range, key: Callable[[T], Range]) -> slice:
    """Say where those of some things stand whose range has an address in common with another one.

    `key` gives the range of a thing; they are sorted by it, and none has an address of another's.
    """
    start = bisect_left(things, Range(other.version, other.first, -1), key=key)
    if start and meet(key(things[start - 1]), other):
        start -= 1
    return slice(start, bisect_left(things, Range(other.version, other.last + 1, -1), start, key=key))


def cut(own: Range, gone: Range) -> tuple[Range, Range]:
    """Give what is left of a range before and after another one that it meets; of size 0 or less where nothing is."""
    return Range(own.version, own.first, gone.first - 1), Range(own.version, gone.last + 1, own.last)


def _itself(own: Range) -> Range:
    return own


_EVERYTHING = (Range(4, 0, 2**32 - 1), Range(6, 0, 2**128 - 1))
