"""Colours by meaning, for light and dark: the values of the design. Every text pair has a contrast of 4.5 or more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gui.viewmodel.state import State


class Scheme(StrEnum):
    """Which set of colours is in use. In `HIGH_CONTRAST` the system's own palette wins."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


class Shape(StrEnum):
    """The outline of a status icon, so that colour never carries the meaning alone."""

    TICK_CIRCLE = "tick-circle"
    CROSS_OCTAGON = "cross-octagon"
    MARK_TRIANGLE = "mark-triangle"
    QUESTION_DIAMOND = "question-diamond"
    DASHED_CIRCLE = "dashed-circle"
    OPEN_CIRCLE = "open-circle"
    TURNING_CIRCLE = "turning-circle"
    PROMPT_SQUARE = "prompt-square"


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """How a state looks: `ink` for icon, word and outline, `ground` behind them (both #rrggbb), and its shape."""

    ink: str
    ground: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme's colours, all #rrggbb.

    `accent_ground` lies under what is picked, `on_accent` is text on the accent, `on_ink` the mark inside a
    filled status icon, `lane` the ground of a lane, `edge` a line of the tree, `edge_taken` one that was followed.
    """

    scheme: Scheme
    background: str
    card: str
    lane: str
    line: str
    edge: str
    edge_taken: str
    text: str
    secondary: str
    accent: str
    accent_ground: str
    accent_hover: str
    on_accent: str
    on_ink: str
    code: str
    hover: str
    status: Mapping[State, StatusStyle]


SHAPES: Mapping[State, Shape] = {
    State.WAITING: Shape.OPEN_CIRCLE,
    State.RUNNING: Shape.TURNING_CIRCLE,
    State.PASS: Shape.TICK_CIRCLE,
    State.WARNING: Shape.MARK_TRIANGLE,
    State.FAIL: Shape.CROSS_OCTAGON,
    State.UNKNOWN: Shape.QUESTION_DIAMOND,
    State.NOT_APPLICABLE: Shape.DASHED_CIRCLE,
    State.NOT_RUN: Shape.DASHED_CIRCLE,
    State.FAULT: Shape.PROMPT_SQUARE,
}


def _status(**pairs: tuple[str, str]) -> Mapping[State, StatusStyle]:
    """Give each state its pair of ink and ground; the key `quiet` serves the states that nobody need look at."""
    return {state: StatusStyle(*pairs["quiet" if state.is_quiet else state.value], SHAPES[state]) for state in State}


LIGHT = Colours(
    scheme=Scheme.LIGHT,
    background="#f6f7f9",
    card="#ffffff",
    lane="#f6f7f9",
    line="#d9dde3",
    edge="#d9dde3",
    edge_taken="#a3adb7",
    text="#1b1f24",
    secondary="#5c6670",
    accent="#0f6cbd",
    accent_ground="#e8f2fb",
    accent_hover="#0c5a9e",
    on_accent="#ffffff",
    on_ink="#ffffff",
    code="#f3f4f6",
    hover="#f3f4f6",
    status=_status(
        **{"pass": ("#1a7f37", "#e9f6ec")},
        fail=("#c5221f", "#fdecea"),
        warning=("#8a5a00", "#fff4dd"),
        unknown=("#6b3fa0", "#f2ebfa"),
        quiet=("#5f6b76", "#f1f3f5"),
        running=("#0f6cbd", "#e8f2fb"),
        fault=("#1b1f24", "#f1f3f5"),
    ),
)

DARK = Colours(
    scheme=Scheme.DARK,
    background="#16191d",
    card="#1e2227",
    lane="#22272d",
    line="#343a42",
    edge="#343a42",
    edge_taken="#646e79",
    text="#e8eaed",
    secondary="#9aa4ae",
    accent="#5eb0ff",
    accent_ground="#17324a",
    accent_hover="#8ac6ff",
    on_accent="#16191d",
    on_ink="#16191d",
    code="#262b31",
    hover="#262b31",
    status=_status(
        **{"pass": ("#5fd07d", "#15301d")},
        fail=("#ff8a80", "#3f1c1c"),
        warning=("#f5c451", "#3a2d10"),
        unknown=("#c9a5f7", "#2d2140"),
        quiet=("#9aa4ae", "#262b31"),
        running=("#5eb0ff", "#17324a"),
        fault=("#e8eaed", "#262b31"),
    ),
)


def high_contrast(text: str, ground: str, accent: str, on_accent: str) -> Colours:
    """Make the colours of the system's high-contrast palette: shape and word alone tell the states apart."""
    return Colours(
        scheme=Scheme.HIGH_CONTRAST,
        background=ground,
        card=ground,
        lane=ground,
        line=text,
        edge=text,
        edge_taken=text,
        text=text,
        secondary=text,
        accent=accent,
        accent_ground=ground,
        accent_hover=accent,
        on_accent=on_accent,
        on_ink=ground,
        code=ground,
        hover=ground,
        status={state: StatusStyle(text, ground, SHAPES[state]) for state in State},
    )
