"""Where the cards of the chart stand: a pure function of the view, the width and the size of letters.

Lanes stand side by side in columns. When there are more lanes than columns, the tallest have a column each, and the
others stand under the shortest ones, so that a lane that folds later leaves all others where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gui.chart.geometry import Rect
from gui.chart.routes import Line, Places, route
from gui.viewmodel.chart import ChartView, LaneView

PADDING = 14
TOP = 10
BOTTOM = 6
PILL_INDENT = 18
GUTTER = 14
LANE_PADDING = 8
CARD_GAP = 6
CARD_TEXT_LEFT = 34
CARD_TEXT_RIGHT = 6
CARD_PADDING = 4
BAND = 20
"""Height between the symptom and the lanes: room for the line that all branches hang on."""
MIN_LANE = 160
MAX_LANE = 264
MAX_TITLE_LINES = 2
CHEVRON_ROOM = 14


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of letters: `lines(title, width)` counts the lines of a card's title, `width(text)` measures the pill."""

    lines: Callable[[str, int], int]
    width: Callable[[str], int]
    title_line: int
    word_line: int
    header_line: int


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """An open lane: its ground and the line for its name."""

    key: str
    rect: Rect
    header: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole chart. `cards` are by check id, `folds` by lane key; `lines` lie under both."""

    width: int
    height: int
    pill: Rect
    lanes: tuple[PlacedLane, ...]
    cards: Mapping[str, Rect]
    folds: Mapping[str, Rect]
    lines: tuple[Line, ...]


def room_for(width: int) -> int:
    """Say how many open lanes can stand side by side in a chart of this width."""
    return max(1, (width - 2 * PADDING + GUTTER) // (MIN_LANE + GUTTER))


def lay_out(chart: ChartView, width: int, metrics: Metrics) -> Layout:
    """Place everything; nothing is wider than `width` unless one lane alone is."""
    columns = min(room_for(width), max(1, sum(not lane.folded for lane in chart.lanes)))
    lane_width = (width - 2 * PADDING - (columns - 1) * GUTTER) // columns
    lane_width = max(MIN_LANE, min(MAX_LANE, lane_width))
    text_width = lane_width - 2 * LANE_PADDING - CARD_TEXT_LEFT - CARD_TEXT_RIGHT
    titles = (card.title for lane in chart.lanes if not lane.folded for card in lane.cards)
    card_height = _height(titles, text_width, metrics)
    pill_height = metrics.title_line + 14
    total = 2 * PADDING + columns * lane_width + (columns - 1) * GUTTER
    pill = Rect(
        PADDING,
        TOP,
        min(metrics.width(chart.symptom) + 2 * PILL_INDENT, total - 2 * PADDING),
        pill_height,
    )
    fold_height = _height((lane.title for lane in chart.lanes if lane.folded), text_width - CHEVRON_ROOM, metrics)
    header_height = metrics.header_line + 10
    builder = _Builder(lane_width, card_height, fold_height, header_height, pill.bottom + BAND)
    for column, lanes in enumerate(_columns(chart, columns, builder)):
        builder.place(PADDING + column * (lane_width + GUTTER), lanes)
    places = Places(
        pill=pill,
        bus=pill.bottom + BAND // 2 + 2,
        entry=chart.entry,
        cards=builder.cards,
        lanes={lane.key: (placed.rect if (placed := builder.lanes.get(lane.key)) else None) for lane in chart.lanes},
        lane_of={card.check: lane.key for lane in chart.lanes for card in lane.cards},
        top=pill.bottom + BAND,
        gutter=GUTTER,
        channel=LANE_PADDING // 2,
    )
    return Layout(
        width=total,
        height=builder.bottom + BOTTOM,
        pill=pill,
        lanes=tuple(builder.lanes.values()),
        cards=builder.cards,
        folds=builder.folds,
        lines=route(chart, places),
    )


def _height(titles: Iterable[str], text_width: int, metrics: Metrics) -> int:
    """Cards are all as high as the one that needs most, so that rows line up."""
    lines = max((min(metrics.lines(title, text_width), MAX_TITLE_LINES) for title in titles), default=1)
    return lines * metrics.title_line + metrics.word_line + 2 * CARD_PADDING


def _columns(chart: ChartView, columns: int, builder: _Builder) -> list[list[LaneView]]:
    """Share the lanes out over the columns."""
    tallest = sorted((lane for lane in chart.lanes if not lane.folded), key=builder.lane_height, reverse=True)[
        :columns
    ]
    own = [lane for lane in chart.lanes if lane in tallest]
    shared = [[lane] for lane in own] or [[]]
    for lane in chart.lanes:
        if lane not in own:
            heights = [sum(builder.lane_height(stacked) + GUTTER for stacked in stack) for stack in shared]
            shared[heights.index(min(heights))].append(lane)
    return shared


class _Builder:
    """Stacks lanes in a column and keeps where everything came to stand."""

    def __init__(self, lane_width: int, card_height: int, fold_height: int, header_height: int, top: int) -> None:
        self._lane_width = lane_width
        self._card_height = card_height
        self._fold_height = fold_height
        self._header = header_height
        self._top = top
        self.cards: dict[str, Rect] = {}
        self.lanes: dict[str, PlacedLane] = {}
        self.folds: dict[str, Rect] = {}
        self.bottom = top

    def lane_height(self, lane: LaneView) -> int:
        """Give the height of a lane, folded or open."""
        if lane.folded:
            return self._fold_height
        cards = len(lane.cards)
        return self._header + cards * self._card_height + (cards - 1) * CARD_GAP + LANE_PADDING

    def place(self, x: int, lanes: list[LaneView]) -> None:
        """Stack these lanes in the column at `x`."""
        y = self._top
        for lane in lanes:
            height = self.lane_height(lane)
            if lane.folded:
                card_width = self._lane_width - 2 * LANE_PADDING
                self.folds[lane.key] = Rect(x + LANE_PADDING, y, card_width, height)
            else:
                self._place_open(lane, Rect(x, y, self._lane_width, height))
            y += height + GUTTER
        self.bottom = max(self.bottom, y - GUTTER)

    def _place_open(self, lane: LaneView, rect: Rect) -> None:
        left, width = rect.x + LANE_PADDING, rect.width - 2 * LANE_PADDING
        self.lanes[lane.key] = PlacedLane(lane.key, rect, Rect(left, rect.y, width, self._header))
        y = rect.y + self._header
        for card in lane.cards:
            self.cards[card.check] = Rect(left, y, width, self._card_height)
            y += self._card_height + CARD_GAP
