"""Where an arrow key leads in the chart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from gui.chart.geometry import Rect


class Direction(Enum):
    """An arrow key, as a step in x and y."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


def neighbour(rects: Mapping[str, Rect], current: str, direction: Direction) -> str | None:
    """Give the nearest item on that side, None at the edge.

    What lies straight ahead is nearer than what lies aside: sideways distance counts three times.
    """
    here = rects[current].middle
    dx, dy = direction.value
    best: tuple[int, str] | None = None
    for name, rect in rects.items():
        x, y = rect.middle.x - here.x, rect.middle.y - here.y
        ahead, aside = (x * dx, abs(y)) if dx else (y * dy, abs(x))
        if ahead <= 0 or name == current:
            continue
        distance = ahead + 3 * aside
        if best is None or distance < best[0]:
            best = (distance, name)
    return None if best is None else best[1]
