"""A fix as it is shown: what it changes, how risky, who may, how long, and the ways to apply it."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Fix, Risk
from core.texts import Texts
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE


@dataclass(frozen=True, slots=True)
class TabView:
    """One way to apply a fix. Steps of a `is_command` tab are commands to copy, else sentences to follow."""

    key: str
    title: str
    steps: tuple[str, ...]
    is_command: bool


@dataclass(frozen=True, slots=True)
class FixView:
    """A fix.

    `risk` is empty where it does nothing else. `may_state` is `PASS`, `WARNING` or `UNKNOWN`, for `may`: whether
    the signed-in user may apply it. `ask` is the message for somebody who may, `wait` how long it takes (or "").
    """

    title: str
    changes: str
    risk: str
    may_state: State
    may: str
    ask: str | None
    wait: str
    tabs: tuple[TabView, ...]
    docs: str


def fix_view(fix: Fix, texts: Texts) -> FixView:
    """Make what is shown of a fix."""
    may_state, key = {
        True: (State.PASS, "yes"),
        False: (State.WARNING, "no"),
        None: (State.UNKNOWN, "unknown"),
    }[fix.you_may_apply]
    return FixView(
        title=fix.title,
        changes=fix.changes,
        risk="" if fix.risk is Risk.NONE else texts.get("words", "risk", fix.risk.value),
        may_state=may_state,
        may=texts.fill(TABLE, "detail", "may", key, values={"permission": fix.permission}) if fix.permission else "",
        ask=fix.ask,
        wait=_wait(fix.wait_minutes, texts),
        tabs=tuple(
            TabView(key, texts.get(TABLE, "detail", "tabs", key), steps, is_command)
            for key, steps, is_command in (
                ("azure-cli", fix.azure_cli, True),
                ("powershell", fix.powershell, True),
                ("kubectl", fix.kubectl, True),
                ("portal", fix.portal, False),
            )
            if steps
        ),
        docs=fix.docs,
    )


def _wait(minutes: int, texts: Texts) -> str:
    if minutes <= 0:
        return ""
    if minutes == 1:
        return texts.get(TABLE, "detail", "wait", "minute")
    return texts.fill(TABLE, "detail", "wait", "minutes", values={"n": str(minutes)})
