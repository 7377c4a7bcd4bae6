"""What the chart and the list show: lanes of cards, which of them are folded, and which edges are lit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from core.texts import Texts
from core.tree_shape import Lane
from gui.viewmodel.run_state import Phase, RunState
from gui.viewmodel.state import State
from gui.viewmodel.words import TABLE, state_word

SETTLED = {State.PASS, State.NOT_APPLICABLE, State.NOT_RUN}
"""States of checks that nobody needs to look at."""


@dataclass(frozen=True, slots=True)
class CardView:
    """One check as it is drawn.

    `note` says why a dimmed card is not needed, `summary` what was found; both may be empty. `on_path` is true on
    the way from the symptom to the first cause.
    """

    check: str
    title: str
    state: State
    word: str
    dimmed: bool
    note: str
    summary: str
    on_path: bool
    is_cause: bool
    selected: bool


@dataclass(frozen=True, slots=True)
class LaneView:
    """One branch. A folded lane is one card that shows `state` and `count`; `can_fold` says whether it may be one."""

    key: str
    title: str
    cards: tuple[CardView, ...]
    can_fold: bool
    folded: bool
    state: State
    count: str


@dataclass(frozen=True, slots=True)
class EdgeView:
    """From one check to the next; `taken` once the walk went along it, `on_path` on the way to the first cause."""

    source: str
    target: str
    taken: bool
    on_path: bool


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything the chart draws. `entry` is the check that every branch comes from."""

    symptom: str
    entry: str
    lanes: tuple[LaneView, ...]
    edges: tuple[EdgeView, ...]
    path: tuple[str, ...]


def chart_view(
    run: RunState, texts: Texts, symptom: str, selected: str | None, wishes: Mapping[str, bool], room: int
) -> ChartView:
    """Make the chart of a run.

    `wishes` holds the lanes that the person folded (true) or unfolded (false); `room` is the number of open lanes
    that stand side by side: beyond it, lanes in which all is well fold too, those farthest down the pull first.
    """
    path = run.path()
    lanes = [_lane(lane, run, texts, path, selected) for lane in run.tree.lanes]
    folded = _folded(lanes, wishes, room)
    steps = set(pairwise(path))
    if symptom:
        symptom = texts.fill(TABLE, "symptom", "pill", values={"symptom": symptom})
    else:
        symptom = texts.get(TABLE, "symptom", "none")
    return ChartView(
        symptom=symptom,
        entry=run.tree.entry,
        lanes=tuple(replace(lane, folded=lane.key in folded) for lane in lanes),
        edges=tuple(
            EdgeView(
                edge.source,
                edge.target,
                taken=run.came_from.get(edge.target) == edge.source,
                on_path=(edge.source, edge.target) in steps,
            )
            for edge in run.tree.edges
        ),
        path=path,
    )


def card_view(run: RunState, texts: Texts, check: str, path: tuple[str, ...], selected: str | None) -> CardView:
    """Make one card."""
    state = run.state(check)
    result = run.results.get(check)
    shown = result if result is not None and state not in {State.WAITING, State.RUNNING} else None
    moot = shown is not None and shown.moot is not None
    summary = "" if shown is None else texts.summary(check, shown.verdict)
    note = ""
    if shown is not None and shown.moot is not None and not state.is_quiet:
        note = texts.fill(TABLE, "card", "moot", values={"by": texts.title(shown.moot)})
    elif shown is not None and state.is_quiet:
        note = summary
    return CardView(
        check=check,
        title=texts.title(check),
        state=state,
        word=state_word(texts, state),
        dimmed=state.is_quiet or moot,
        note=note,
        summary=summary,
        on_path=check in path,
        is_cause=check in run.causes,
        selected=check == selected,
    )


def _lane(lane: Lane, run: RunState, texts: Texts, path: tuple[str, ...], selected: str | None) -> LaneView:
    cards = tuple(card_view(run, texts, check, path, selected) for check in lane.checks)
    states = {run.last_state(check) for check in lane.checks}
    on_path = run.last_path()
    known = run.phase is Phase.FINISHED or run.is_partial
    can_fold = known and states <= SETTLED and not any(check in on_path for check in lane.checks)
    if State.PASS in states:
        state, key = State.PASS, "all-ok"
    elif states == {State.NOT_RUN}:
        state, key = State.NOT_RUN, "not-run"
    else:
        state, key = State.NOT_APPLICABLE, "not-needed"
    count = texts.fill(TABLE, "lane", key, values={"n": str(len(cards))}) if can_fold else ""
    return LaneView(lane.key, texts.get("lanes", lane.key), cards, can_fold, False, state, count)


def _folded(lanes: list[LaneView], wishes: Mapping[str, bool], room: int) -> set[str]:
    """Say which lanes fold: those the person folded, those nobody needs, and those that are well and have no room."""
    foldable = [lane for lane in lanes if lane.can_fold]
    folded = {lane.key for lane in foldable if wishes.get(lane.key, lane.state is not State.PASS)}
    if len(folded) == len(lanes) and not wishes:
        folded.clear()
    for lane in reversed(foldable):
        if len(lanes) - len(folded) <= room:
            break
        if lane.key not in wishes and lane.state is State.PASS:
            folded.add(lane.key)
    return folded
