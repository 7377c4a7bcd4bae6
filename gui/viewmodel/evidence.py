"""What was seen, taken apart for the eye: names first, then what is told of them, full ids, and what is long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.model import Evidence
from core.texts import Texts

BETWEEN = " | "
"""What checks put between the parts of one value."""
DOT = "·"
HARD_BLANK, JOINER = "\u00a0", "\u2060"
"""Keep what is beside them on one line of the screen; a plain blank and nothing in what is copied."""
LONG = 70
"""Characters from which on something that is told, a condition say, is no longer read in a narrow column."""
COMMAND_LABEL = "command-to-ask"
GUID = re.compile(r"\b([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{8}([0-9a-f]{4})\b", re.IGNORECASE)
RESOURCE_ID = re.compile(r"(?<![^\s(“])/(?:subscriptions|providers)/\S*/(?P<name>[^\s/]*[^\s/.,;:)”])", re.IGNORECASE)
IN_NAME = re.compile(r"(?<=\w)-(?=\w)")
WITH_PLACE = re.compile(r"(?P<name>\S.*?) \((?P<place>/[^()\s]+)\)")


class PartKind(StrEnum):
    """How a part is shown: the name, what is told of it, an id, something long, a text with a caret, or a command."""

    NAME = "name"
    DETAIL = "detail"
    ID = "id"
    LONG = "long"
    MARKED = "marked"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a value: `shown` on the screen, `whole` where it is copied."""

    kind: PartKind
    shown: str
    whole: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One thing that was seen: its label, its value in one piece, and the value's parts in the order of reading."""

    label: str
    value: str
    parts: tuple[PartView, ...]


def evidence_view(evidence: Evidence, texts: Texts) -> EvidenceView:
    """Take one value apart."""
    return EvidenceView(texts.label(evidence.label), evidence.value, tuple(_parts(evidence)))


def _parts(evidence: Evidence) -> Iterator[PartView]:
    value = evidence.value
    if evidence.label == COMMAND_LABEL:
        yield PartView(PartKind.COMMAND, value, value)
        return
    if value.partition("\n")[2].strip() == "^":
        yield PartView(PartKind.MARKED, value, value)
        return
    placed = WITH_PLACE.fullmatch(value)
    pieces = [placed["name"], placed["place"]] if placed else value.split(BETWEEN)
    ids = [piece for piece in pieces if piece.startswith("/")]
    words = [piece for piece in pieces if not piece.startswith("/")]
    told = [piece for piece in words[1:] if len(piece) <= LONG]
    if words:
        yield PartView(PartKind.NAME, words[0], words[0])
    if told:
        yield PartView(PartKind.DETAIL, short_guids(f"{HARD_BLANK}{DOT} ".join(told)), f" {DOT} ".join(told))
    for identity in ids:
        yield PartView(PartKind.ID, identity, identity)
    for piece in words[1:]:
        if len(piece) > LONG:
            yield PartView(PartKind.LONG, piece, piece)


def unbroken_names(text: str) -> str:
    """Keep names with hyphens in them on one line of the screen."""
    return IN_NAME.sub(f"-{JOINER}", text)


def short_guids(text: str) -> str:
    """Show of each GUID its ends, which stay on one line."""
    return GUID.sub(lambda found: f"{found[1]}{JOINER}…{JOINER}{found[2]}", text)


def short_ids(text: str) -> str:
    """Show of each resource id in a sentence what it is called, on the line where its sign stands."""
    return RESOURCE_ID.sub(rf"…/{JOINER}\g<name>", text)
