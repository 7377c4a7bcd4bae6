"""The lines between the cards: from the symptom along one bar into the branches, and from check to check.

Inside a lane a line runs straight down to the next card, or in the lane's left margin past the cards between. From
lane to lane it runs in the gutters, and above the lanes where others stand between. Lines lie under the cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gui.chart.geometry import Point, Rect
from gui.viewmodel.chart import ChartView, EdgeView


class LineKind(StrEnum):
    """How a line is drawn: not gone along, gone along, or on the way to the cause."""

    IDLE = "idle"
    TAKEN = "taken"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline with right angles."""

    kind: LineKind
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the things stand that lines connect.

    `bus` is the y of the bar that the branches hang on, `top` that of the lanes in the first row. A folded lane has
    no rectangle. `channel` is how far inside a lane its margin's line runs.
    """

    pill: Rect
    bus: int
    entry: str
    cards: Mapping[str, Rect]
    lanes: Mapping[str, Rect | None]
    lane_of: Mapping[str, str]
    top: int
    gutter: int
    channel: int

    def lane(self, check: str) -> Rect:
        """Give the rectangle of the open lane in which a check stands."""
        rect = self.lanes[self.lane_of[check]]
        if rect is None:
            raise ValueError(f"{check} stands in a folded lane")
        return rect

    def is_first(self, check: str) -> bool:
        """Say whether a card is the first one under the bar in its column."""
        lane = self.lane(check)
        above = (rect.y for other, rect in self.cards.items() if self.lane(other) == lane)
        return lane.y == self.top and self.cards[check].y == min(above)


def route(chart: ChartView, places: Places) -> tuple[Line, ...]:
    """Give all lines, those to be drawn last at the end: idle ones, taken ones, the path."""
    lines = list(_entry_lines(chart, places))
    inside = {
        edge.target
        for edge in chart.edges
        if edge.source in places.cards
        and edge.target in places.cards
        and places.lane_of[edge.source] == places.lane_of[edge.target]
    }
    for edge in chart.edges:
        if edge.source not in places.cards or edge.target not in places.cards:
            continue
        same_lane = places.lane_of[edge.source] == places.lane_of[edge.target]
        if edge.source == places.entry and not same_lane:
            continue
        if same_lane or edge.taken or edge.on_path or edge.target not in inside:
            lines.append(Line(_kind(edge), _between(edge.source, edge.target, places)))
    order = list(LineKind)
    return tuple(sorted(lines, key=lambda line: order.index(line.kind)))


def _kind(edge: EdgeView) -> LineKind:
    if edge.on_path:
        return LineKind.PATH
    return LineKind.TAKEN if edge.taken else LineKind.IDLE


def _entry_lines(chart: ChartView, places: Places) -> Iterator[Line]:
    """Give the lines from the symptom into the branches: the first check of each is led to by the entry."""
    kinds: dict[str, LineKind] = {}
    if places.entry in places.cards:
        has_results = any(edge.taken for edge in chart.edges)
        kinds[places.entry] = LineKind.TAKEN if has_results else LineKind.IDLE
    for edge in chart.edges:
        leaves_lane = places.lane_of[edge.target] != places.lane_of[places.entry]
        if edge.source == places.entry and edge.target in places.cards and leaves_lane:
            kinds[edge.target] = _kind(edge)
    start = _path_start(chart.path, places)
    if start is not None:
        kinds[start] = LineKind.PATH
    for check, kind in kinds.items():
        yield Line(kind, _from_pill(check, places))


def _path_start(path: tuple[str, ...], places: Places) -> str | None:
    """Give the first card that the path is drawn to: not the entry, where the path leaves its lane at once."""
    if not path:
        return None
    leaves_at_once = len(path) > 1 and places.lane_of[path[0]] != places.lane_of[path[1]]
    return path[1] if path[0] == places.entry and leaves_at_once else path[0]


def _from_pill(check: str, places: Places) -> tuple[Point, ...]:
    lane, card = places.lane(check), places.cards[check]
    first = places.is_first(check)
    x = card.middle.x if first else lane.x - places.gutter // 2
    end = (Point(x, lane.y),) if first else (Point(x, card.middle.y), Point(card.x, card.middle.y))
    if x > places.pill.right:
        return (Point(places.pill.right, places.pill.middle.y), Point(x, places.pill.middle.y), *end)
    start = max(x, places.pill.x + places.pill.height // 2)
    if start == x:
        return (Point(x, places.pill.bottom), *end)
    return (Point(start, places.pill.bottom), Point(start, places.bus), Point(x, places.bus), *end)


def _between(source: str, target: str, places: Places) -> tuple[Point, ...]:
    """Give the line from one card to another."""
    a, b = places.cards[source], places.cards[target]
    from_lane, to_lane = places.lane(source), places.lane(target)
    if from_lane.x == to_lane.x:
        return _in_column(source, target, places)
    if from_lane.right + places.gutter == to_lane.x:
        return _elbow(Point(a.right, a.middle.y), Point(b.x, b.middle.y), from_lane.right + places.gutter // 2)
    if to_lane.right + places.gutter == from_lane.x:
        return _elbow(Point(a.x, a.middle.y), Point(b.right, b.middle.y), to_lane.right + places.gutter // 2)
    to_right = to_lane.x > from_lane.x
    out = from_lane.right + places.gutter // 2 if to_right else from_lane.x - places.gutter // 2
    into = to_lane.x - places.gutter // 2 if to_right else to_lane.right + places.gutter // 2
    over = places.top - 5
    return (
        Point(a.right if to_right else a.x, a.middle.y),
        Point(out, a.middle.y),
        Point(out, over),
        Point(into, over),
        Point(into, b.middle.y),
        Point(b.x if to_right else b.right, b.middle.y),
    )


def _in_column(source: str, target: str, places: Places) -> tuple[Point, ...]:
    a, b = places.cards[source], places.cards[target]
    between = any(
        rect.x == a.x and min(a.bottom, b.bottom) <= rect.y < max(a.y, b.y)
        for check, rect in places.cards.items()
        if check not in {source, target}
    )
    if not between and places.lane(source) == places.lane(target) and a.bottom <= b.y:
        return (Point(a.middle.x, a.bottom), Point(b.middle.x, b.y))
    x = a.x - places.channel
    return (
        Point(a.x, a.y + 2 * a.height // 3),
        Point(x, a.y + 2 * a.height // 3),
        Point(x, b.y + b.height // 3),
        Point(b.x, b.y + b.height // 3),
    )


def _elbow(start: Point, end: Point, x: int) -> tuple[Point, ...]:
    return (start, Point(x, start.y), Point(x, end.y), end)
