"""What a terminal broke at its width, put together before anything is read: before escapes, quotes and markup.

A terminal breaks a line wherever its width ends, be it inside `\\u0027`, an address or a name, and every line that it
broke has that width. The width is measured on the text as it was copied, where an escape still has the length that
the terminal saw. Lines are joined only where it is proven that lines of that width were broken: a break stands inside
an escape or a word, or several lines in a row end exactly there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.symptoms.join import breaks_a_word, longer_tokens
from core.symptoms.unwrap import starts_record

_NARROWEST, _WIDEST = 40, 400
"""Columns of a terminal; longer lines are what a program wrote."""

_FULL_LINES = 3
"""How many full lines in a row prove a width; fewer can be as long as each other by chance."""

_MOST_WIDTHS = 5
_ESCAPE_HEAD = re.compile(r"\\{1,15}(?:u[0-9a-fA-F]{0,3})?$")
_ESCAPE = re.compile(r"\\{1,15}(?:u[0-9a-fA-F]{4}|[\"'])")
_GOES_ON = re.compile(
    r"(?i:error|fatal|warning|failed|back-off|pulling|pulled|successfully|trying)\b(?! {2})"
    r"|[A-Z][A-Za-z]{2,20}: (?! )"
)
"""How a message may go on as well as begin: what describes an object has wide gaps instead."""


def unwrapped(text: str) -> str:
    """`text` with the lines joined that a terminal broke at its width; as it is where nothing proves a width."""
    lines = text.split("\n")
    if 2 * sum(line.endswith("  ") for line in lines) > len(lines):
        lines = [line.rstrip() for line in lines]
    if max(map(len, lines)) < _NARROWEST:
        return text
    joints = _joints(lines, longer_tokens(text))
    ends = (joints.get(index, "\n") if _goes_on(after) else "\n" for index, after in enumerate(lines[1:]))
    return lines[0] + "".join(end + after for end, after in zip(ends, lines[1:], strict=True))


def _joints(lines: Sequence[str], tokens: frozenset[str]) -> dict[int, str]:
    """What stands between each broken line, by its index, and the next: nothing, or the blank that copying took away.

    Broken are those that are as long as one that was surely broken, with no longer one in between.
    """
    broken = {*_broken_words(lines, tokens), *_rows_of_full_lines(lines)}
    widths = Counter(len(lines[index]) for index in broken)
    stripped = not any(line.endswith(" ") for line in lines)
    joints: dict[int, str] = {}
    for width, _ in widths.most_common(_MOST_WIDTHS):
        if stripped and width + 1 in widths:
            continue
        sure, found = False, dict[int, str]()
        for index, line in enumerate((*lines, "")):
            if len(line) > width or index == len(lines):
                joints |= found if sure else {}
                sure, found = False, {}
            elif len(line) == width:
                found[index] = ""
                sure |= index in broken
            elif stripped and len(line) == width - 1:
                found[index] = " "
    return joints


def _broken_words(lines: Sequence[str], tokens: frozenset[str]) -> Iterator[int]:
    for index, (line, after) in enumerate(pairwise(lines)):
        if not _NARROWEST <= len(line) <= _WIDEST or not after or not _goes_on(after):
            continue
        head = _ESCAPE_HEAD.search(line[-20:])
        in_escape = head is not None and _ESCAPE.match(head.group() + after[:5]) is not None
        if in_escape or (after[0] != " " and breaks_a_word(line, after, tokens)):
            yield index


def _rows_of_full_lines(lines: Sequence[str]) -> Iterator[int]:
    in_a_row = 0
    for index, (line, after) in enumerate(pairwise(lines)):
        plain = after[:1].strip() != "" and "  " not in after and not starts_record(after)
        longer = in_a_row and len(line) != len(lines[index - 1])
        fits = _NARROWEST <= len(line) <= _WIDEST and len(after) <= len(line)
        in_a_row = (0 if longer else in_a_row) + 1 if plain and fits else 0
        if in_a_row >= _FULL_LINES:
            yield index


def _goes_on(line: str) -> bool:
    """Whether a line can be the rest of the one before it."""
    bare = line.lstrip()
    if not bare or not starts_record(bare):
        return bare != ""
    return bare == line and _GOES_ON.match(bare) is not None
