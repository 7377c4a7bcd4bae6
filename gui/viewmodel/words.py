"""Words that several parts of the diagnose page share."""

from __future__ import annotations

from core.texts import Texts
from gui.viewmodel.state import State

TABLE = "window_chart"


def state_word(texts: Texts, state: State) -> str:
    """Give the word of a state. A fault of the program has a word that no finding has."""
    if state is State.FAULT:
        return texts.get(TABLE, "states", state.value)
    return texts.get("words", "status", state.value)


def counted(texts: Texts, key: str, n: int) -> str:
    """Say how many of something there are, in singular or plural."""
    return texts.fill(TABLE, "counts", key, "one" if n == 1 else "many", values={"n": str(n)})


def seconds_text(texts: Texts, seconds: float) -> str:
    """Write a duration: one decimal while it is short, none when it is long."""
    shown = f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}"
    return texts.fill(TABLE, "banner", "seconds", values={"seconds": shown})


def one_line(text: str) -> str:
    """Put a text on one line, for the places that have only one."""
    return " ".join(text.split())
