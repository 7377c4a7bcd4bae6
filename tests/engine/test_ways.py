"""A way to the credentials that is known to be open makes what failed on the other a warning; nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.cancel import CancelToken
from core.checks.check import Check
from core.engine.walk import FIX_FACTS, Walk
from core.engine.ways import hardened, softened
from core.facts.fact import Known
from core.model import Branch, Certainty, CheckFinished, CheckResult, Event, Fix, FixRef, Risk, Status, Verdict
from core.texts import load
from core.tree import TREE
from core.tree_shape import ALWAYS, Edge, Lane, Tree, Way

PASS = Verdict(Status.PASS, "fine")
FAIL = Verdict(Status.FAIL, "broken", Certainty.LIKELY)
UNKNOWN = Verdict(Status.UNKNOWN, "denied")
NONE = Verdict(Status.NOT_APPLICABLE, "none")
WARN = Verdict(Status.WARNING, "old")
SHAPE = Tree(
    entry="start",
    lanes=(Lane("one", ("start", "role", "nodes", "secret", "token")),),
    edges=tuple(Edge("start", name, on=ALWAYS) for name in ("role", "nodes", "secret", "token")),
    moots=(),
    ways=(
        Way(("role", "nodes"), proofs=(("role",),), harmless={"nodes": ("ends-soon",)}),
        Way(("secret", "token"), proofs=(("secret", "token"),)),
    ),
)


def results(**verdicts: Verdict) -> dict[str, CheckResult]:
    given = {"start": PASS, "role": PASS, "nodes": PASS, "secret": NONE, "token": NONE, **verdicts}
    return {name: CheckResult(name, verdict) for name, verdict in given.items()}


@pytest.mark.parametrize(
    ("verdicts", "changed"),
    [
        ({}, {}),
        ({"secret": FAIL}, {"secret": "role"}),
        ({"secret": FAIL, "token": FAIL}, {"secret": "role", "token": "role"}),
        ({"role": FAIL, "secret": PASS, "token": PASS}, {"role": "secret"}),
        ({"role": FAIL, "nodes": FAIL, "secret": PASS, "token": PASS}, {"role": "secret", "nodes": "secret"}),
        ({"role": FAIL, "secret": FAIL}, {}),
        ({"role": FAIL}, {}),
        ({"role": FAIL, "secret": PASS}, {}),
        ({"role": FAIL, "secret": PASS, "token": UNKNOWN}, {}),
        ({"role": FAIL, "secret": PASS, "token": WARN}, {}),
        ({"role": UNKNOWN, "secret": FAIL}, {}),
        ({"nodes": UNKNOWN, "secret": FAIL}, {}),
        ({"nodes": WARN, "secret": FAIL}, {}),
        ({"nodes": FAIL, "secret": FAIL}, {}),
        ({"nodes": replace(WARN, reason="ends-soon"), "secret": FAIL}, {"secret": "role"}),
        ({"role": NONE, "secret": FAIL}, {}),
        ({"start": FAIL}, {}),
    ],
)
def test_what_softens_what(verdicts: dict[str, Verdict], changed: dict[str, str]) -> None:
    found = softened(SHAPE, results(**verdicts))
    assert {check: result.softened_by for check, result in found.items()} == changed
    assert {result.verdict.status for result in found.values()} <= {Status.WARNING}


@pytest.mark.parametrize(("reason", "changed"), [("on", {"role", "secret"}), ("off", set())])
def test_a_pass_that_says_something_else_proves_nothing(reason: str, changed: set[str]) -> None:
    open_door = replace(SHAPE, ways=(*SHAPE.ways, Way((), proofs=(("start",),), saying={"start": "on"})))
    found = softened(open_door, results(start=Verdict(Status.PASS, reason), role=FAIL, secret=FAIL))
    assert set(found) == changed


def test_a_way_with_a_hole_in_it_is_not_open() -> None:
    missing = results(secret=FAIL)
    del missing["nodes"]
    assert softened(SHAPE, missing) == {}
    moot = results(secret=FAIL)
    moot["role"] = replace(moot["role"], moot="start")
    assert softened(SHAPE, moot) == {}


def test_a_softened_result_can_be_taken_back() -> None:
    before = CheckResult("secret", FAIL, fixes=(Fix("f", "f", "", Risk.NONE, "", ""),), duration_ms=7)
    after = softened(SHAPE, {**results(), "secret": before})["secret"]
    assert (after.verdict.status, after.verdict.certainty, after.fixes) == (Status.WARNING, None, before.fixes)
    assert hardened(after) == before
    assert hardened(before) is before


def walk(
    verdicts: Mapping[str, Verdict], before: Mapping[str, CheckResult] | None = None
) -> tuple[Walk, list[Event]]:
    def check(name: str) -> Check:
        def evaluate() -> Verdict:
            return verdicts.get(name, PASS)

        return Check(name, Branch.CLUSTER, evaluate)

    def render(ref: FixRef, facts: Mapping[str, Any]) -> Fix:
        return Fix(ref.key, ref.key, "", Risk.NONE, "", "")

    events: list[Event] = []
    facts = {name: Known(None) for name in FIX_FACTS}
    checks = {name: check(name) for name in SHAPE.checks()}
    return Walk(SHAPE, checks, {}, facts, render, events.append, CancelToken(), before), events


def finished(events: list[Event], check: str) -> list[tuple[str, str | None]]:
    return [
        (event.result.verdict.status.value, event.result.softened_by)
        for event in events
        if isinstance(event, CheckFinished) and event.result.check == check
    ]


def test_the_walk_tells_a_softened_result_a_second_time() -> None:
    started, events = walk({"secret": FAIL})
    found = started.run("start")
    assert finished(events, "secret") == [("fail", None), ("warning", "role")]
    assert finished(events, "role") == [("pass", None)]
    assert found["secret"].softened_by == "role"
    assert list(found) == list(SHAPE.checks())


def test_a_second_look_at_one_way_is_told_of_the_other() -> None:
    first, _ = walk({"role": FAIL, "secret": FAIL})
    before = first.run("start")
    assert {before[name].verdict.status for name in ("role", "secret")} == {Status.FAIL}
    again, events = walk({}, {name: result for name, result in before.items() if name != "role"})
    found = again.run("role", {"role"})
    assert finished(events, "secret") == [("warning", "role")]
    assert set(found) == {"role", "secret"}
    back, events = walk({"role": FAIL}, {**before, **found, "role": before["role"]})
    again_failed = back.run("role", {"role"})
    assert finished(events, "secret") == [("fail", None)]
    assert again_failed["secret"].verdict == before["secret"].verdict


def test_the_ways_of_the_tree_are_whole() -> None:
    node, secret, anonymous = TREE.ways
    lanes = {lane.key: lane.checks for lane in TREE.lanes}
    own = {*lanes["identity"], *lanes["service-principal"], *lanes["permission"]} - {"identity.kind"}
    assert set(node.checks) == own
    assert set(secret.checks) == set(lanes["secret"])
    assert anonymous.checks == (), "a repository that is missing is missing whatever the nodes may"
    for way in TREE.ways:
        proving = {check for proof in way.proofs for check in proof}
        assert proving <= set(way.checks or TREE.checks())
        assert set(way.saying) <= proving
        assert set(way.harmless) <= set(way.checks)


def test_every_harmless_reason_is_a_warning_of_its_check() -> None:
    reasons = load().table("checks")
    for way in TREE.ways:
        for check, names in way.harmless.items():
            assert set(names) <= set(reasons[check]["reasons"])
        for check, reason in way.saying.items():
            assert reason in reasons[check]["reasons"]
