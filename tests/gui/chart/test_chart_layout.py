"""Where the cards stand: golden texts for whole charts, and rules that hold in every width."""

from itertools import pairwise
from pathlib import Path

import pytest
from example_run import TREE, events, result, results, role_missing, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Status
from gui.chart.geometry import Point, Rect
from gui.chart.layout import Layout, Metrics, lay_out, room_for
from gui.chart.routes import Line, LineKind
from gui.viewmodel.banner import Subject
from gui.viewmodel.chart import ChartView
from gui.viewmodel.diagnosis import Diagnosis

GOLDEN = Path(__file__).parents[2] / "data" / "gui" / "chart"
LETTER = 6


def wrapped(text: str, width: int) -> int:
    """Count the lines of a text in letters that are all equally wide."""
    lines, left = 1, width
    for word in text.split():
        needed = LETTER * (len(word) + 1)
        if needed > left and left < width:
            lines, left = lines + 1, width
        left -= needed
    return lines


METRICS = Metrics(lines=wrapped, width=lambda text: LETTER * len(text), title_line=15, word_line=14, header_line=14)


def page(all_results=None, titles: dict[str, str] | None = None) -> Diagnosis:
    page = Diagnosis(texts(titles), TREE)
    page.begin(Subject("aks-app", "contosoreg"), "401, no usable credentials", "", practice=False)
    for event in events(all_results) if all_results is not None else ():
        page.handle(event)
    return page


def chart(width: int, all_results=None) -> ChartView:
    return page(all_results).chart(room_for(width))


SP_CLUSTER = results(
    result("sp.exists", Status.FAIL),
    result("identity.present", Status.NOT_APPLICABLE, reason="not-on-path"),
    result("identity.attached", Status.NOT_APPLICABLE, reason="not-on-path"),
)
STORIES = {
    "before-746": (746, None),
    "role-missing-746": (746, role_missing()),
    "role-missing-520": (520, role_missing()),
    "service-principal-746": (746, SP_CLUSTER),
    "registry-gone-746": (746, results(result("image.registry", Status.FAIL))),
    "healthy-1328": (1328, results()),
}


def as_text(layout: Layout) -> str:
    """Write a layout down."""

    def rect(r: Rect) -> str:
        return f"{r.x},{r.y} {r.width}x{r.height}"

    lines = [f"chart {layout.width}x{layout.height}", f"pill {rect(layout.pill)}"]
    lines += [f"lane {lane.key} {rect(lane.rect)} header {rect(lane.header)}" for lane in layout.lanes]
    lines += [f"card {check} {rect(r)}" for check, r in layout.cards.items()]
    lines += [f"fold {key} {rect(r)}" for key, r in layout.folds.items()]
    lines += [f"{line.kind} " + " ".join(f"{p.x},{p.y}" for p in line.points) for line in layout.lines]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("story", STORIES)
def test_the_whole_chart_is_as_it_was_approved(story: str) -> None:
    width, all_results = STORIES[story]
    drawn = as_text(lay_out(chart(width, all_results), width, METRICS))
    assert drawn == (GOLDEN / f"{story}.txt").read_text("utf-8")


def overlap(one: Rect, other: Rect) -> bool:
    """Say whether two rectangles share any place."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def crosses(line: Line, rect: Rect) -> bool:
    """Say whether a line runs through the inside of a rectangle."""
    inner = Rect(rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2)
    return any(
        overlap(inner, Rect(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x) + 1, abs(a.y - b.y) + 1))
        for a, b in pairwise(line.points)
    )


folding = st.dictionaries(st.sampled_from([lane.key for lane in TREE.lanes]), st.booleans())
outcomes = st.lists(
    st.tuples(st.sampled_from(TREE.checks()), st.sampled_from([Status.PASS, Status.FAIL, Status.NOT_APPLICABLE])),
    max_size=6,
)


@settings(max_examples=60)
@given(width=st.integers(200, 2200), wishes=folding, changed=outcomes)
def test_in_every_width_nothing_overlaps_and_no_line_runs_through_a_card(width: int, wishes, changed) -> None:
    shown = page(results(*(result(check, status) for check, status in changed)))
    for lane, folded in wishes.items():
        shown.set_folded(lane, folded)
    view = shown.chart(room_for(width))
    layout = lay_out(view, width, METRICS)
    boxes = [*layout.cards.values(), *layout.folds.values()]
    for number, box in enumerate(boxes):
        assert not any(overlap(box, other) for other in boxes[number + 1 :])
        assert not overlap(box, layout.pill)
        assert box.right <= layout.width
        assert box.bottom <= layout.height
        assert not any(crosses(line, box) for line in layout.lines)
    assert layout.width <= max(width, 188)
    for line in layout.lines:
        assert all(a.x == b.x or a.y == b.y for a, b in pairwise(line.points))
    assert set(layout.cards) | {c.check for lane in view.lanes if lane.folded for c in lane.cards} == set(
        TREE.checks()
    )


def test_the_thick_line_is_one_from_the_symptom_to_the_cause() -> None:
    layout = lay_out(chart(746, role_missing()), 746, METRICS)
    ends = [(line.points[0], line.points[-1]) for line in layout.lines if line.kind is LineKind.PATH]
    touched = [layout.cards[check] for check in ("identity.kind", "identity.present", "role.mode", "role.granted")]
    assert len(ends) == len(touched)
    assert ends[0][0] == Point(layout.pill.right, layout.pill.middle.y)
    for (_start, end), card in zip(ends[1:], touched[1:], strict=True):
        assert overlap(Rect(card.x, card.y, card.width + 1, card.height + 1), Rect(end.x, end.y, 1, 1))
    kinds = [line.kind for line in layout.lines]
    assert kinds == sorted(kinds, key=list(LineKind).index), "the path is drawn over the other lines"


def test_a_lane_that_folds_leaves_the_others_where_they_were() -> None:
    before = lay_out(chart(746), 746, METRICS)
    after = lay_out(chart(746, role_missing()), 746, METRICS)
    assert set(before.cards) - set(after.cards) == {"sp.exists"}
    assert all(after.cards[check] == before.cards[check] for check in after.cards)


def test_titles_take_two_lines_at_most() -> None:
    long = dict.fromkeys(TREE.checks(), "Zugriffsberechtigung der Kubelet-Identität ist ordnungsgemäß eingerichtet")
    layout = lay_out(page(titles=long).chart(4), 746, METRICS)
    assert {card.height for card in layout.cards.values()} == {2 * 15 + 14 + 8}


def test_a_long_symptom_stays_in_the_chart() -> None:
    shown = page()
    shown.begin(Subject("a", "b"), "x" * 300, "", practice=False)
    layout = lay_out(shown.chart(4), 746, METRICS)
    assert layout.pill.right <= 746
