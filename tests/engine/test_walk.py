"""The walk over small trees whose checks and facts are made here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from core.cancel import Cancelled, CancelToken
from core.checks.check import Check
from core.engine.fact_store import UnknownFact
from core.engine.walk import FIX_FACTS, Walk
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.provider import Provider
from core.model import (
    Branch,
    Certainty,
    CheckFinished,
    CheckResult,
    CheckStarted,
    Event,
    Fix,
    FixRef,
    Risk,
    Status,
    Verdict,
)
from core.tree_shape import FAILED, Edge, Lane, Moot, Tree

PASS = Verdict(Status.PASS, "fine")
FAIL = Verdict(Status.FAIL, "broken", Certainty.DEFINITE)
PERMISSIONS = {name: Known(None) for name in FIX_FACTS}


def tree(*edges: Edge, late: frozenset[str] = frozenset(), moots: tuple[Moot, ...] = ()) -> Tree:
    names = tuple(dict.fromkeys(name for edge in edges for name in (edge.source, edge.target)))
    return Tree(entry=names[0], lanes=(Lane("one", names),), edges=edges, moots=moots, late=late)


def check(name: str, evaluate: Callable[..., Verdict]) -> tuple[str, Check]:
    return name, Check(name, Branch.CLUSTER, evaluate)


def answers(verdict: Verdict) -> Callable[..., Verdict]:
    def evaluate() -> Verdict:
        return verdict

    return evaluate


def provider(name: str, fetch: Callable[..., Fact[Any]], *needs: str, raw: tuple[str, ...] = ()) -> Provider:
    return Provider(name, needs, frozenset(raw), fetch)


def render(ref: FixRef, facts: Mapping[str, Fact[Any]]) -> Fix:
    return Fix(ref.key, f"{ref.key} {len(facts)}", "", Risk.NONE, "", "")


def walk(
    tree_: Tree,
    checks: Mapping[str, Check],
    *providers: Provider,
    given: Mapping[str, Fact[Any]] | None = None,
    cancel: CancelToken | None = None,
    before: Mapping[str, CheckResult] | None = None,
) -> tuple[Walk, list[Event]]:
    events: list[Event] = []
    table = {provider.fact: provider for provider in providers}
    facts = {**PERMISSIONS, **(given or {})}
    return Walk(tree_, checks, table, facts, render, events.append, cancel or CancelToken(), before), events


def statuses(results: Mapping[str, CheckResult]) -> dict[str, tuple[str, str | None]]:
    return {name: (result.verdict.status.value, result.moot) for name, result in results.items()}


def test_a_failure_ends_its_branch_and_says_so() -> None:
    shape = tree(Edge("a", "b"), Edge("b", "c"))
    results = walk(shape, dict([check("a", answers(PASS)), check("b", answers(FAIL)), check("c", answers(PASS))]))[
        0
    ].run("a")
    assert statuses(results) == {"a": ("pass", None), "b": ("fail", None), "c": ("not-run", "b")}
    assert results["c"].verdict.values == {"by": "b"}


def test_what_hangs_on_a_check_that_was_not_asked_names_the_first_failure() -> None:
    shape = tree(Edge("a", "b"), Edge("b", "c"), Edge("c", "d"))
    names = {name: check(name, answers(FAIL if name == "a" else PASS))[1] for name in "abcd"}
    results = walk(shape, names)[0].run("a")
    assert {results[name].moot for name in "bcd"} == {"a"}


def test_a_branch_for_failures_is_not_needed_after_a_pass() -> None:
    shape = tree(Edge("a", "b", on=FAILED), Edge("b", "c"))
    names = {name: check(name, answers(PASS))[1] for name in "abc"}
    results = walk(shape, names)[0].run("a")
    assert statuses(results) == {"a": ("pass", None), "b": ("not-applicable", None), "c": ("not-applicable", None)}
    assert results["c"].verdict.values == {"by": "a"}


def test_an_edge_with_reasons_is_followed_for_those_alone() -> None:
    shape = tree(Edge("a", "b", reasons=frozenset({"fine"})), Edge("a", "c", reasons=frozenset({"other"})))
    names = {name: check(name, answers(PASS))[1] for name in "abc"}
    assert statuses(walk(shape, names)[0].run("a"))["b"] == ("pass", None)
    assert statuses(walk(shape, names)[0].run("a"))["c"] == ("not-applicable", None)


def test_each_fact_is_fetched_once_and_waits_for_what_it_needs() -> None:
    calls: list[str] = []

    def first() -> Fact[int]:
        calls.append("first")
        return Known(1)

    def second(first: int) -> Fact[int]:
        calls.append("second")
        return Known(first + 1)

    def wants_both(first: int, second: int) -> Verdict:
        return PASS if (first, second) == (1, 2) else FAIL

    shape = tree(Edge("a", "b"))
    names = dict([check("a", wants_both), check("b", wants_both)])
    results = walk(shape, names, provider("first", first), provider("second", second, "first"))[0].run("a")
    assert calls == ["first", "second"]
    assert statuses(results) == {"a": ("pass", None), "b": ("pass", None)}


def test_independent_facts_are_fetched_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=10)

    def one() -> Fact[int]:
        together.wait()
        return Known(1)

    def evaluate(left: int, right: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b"))
    names = dict([check("a", evaluate), check("b", answers(PASS))])
    results = walk(shape, names, provider("left", one), provider("right", one))[0].run("a")
    assert results["a"].verdict.status is Status.PASS


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Denied("x/read", "/subscriptions/s"), "denied"),
        (Missing("/subscriptions/s/x"), "missing-resource"),
        (Unavailable(Trouble.TIMEOUT, "40 s"), "unavailable-timeout"),
    ],
)
def test_what_could_not_be_read_is_unknown_here_and_in_what_needs_it(outcome: Fact[int], reason: str) -> None:
    def derived(source: int) -> Fact[int]:
        raise AssertionError("never called without its source")

    def evaluate(derived: int) -> Verdict:
        raise AssertionError("never called without its fact")

    shape = tree(Edge("a", "b"))
    names = dict([check("a", evaluate), check("b", answers(PASS))])
    facts = (provider("source", lambda: outcome), provider("derived", derived, "source"))
    results = walk(shape, names, *facts)[0].run("a")
    assert (results["a"].verdict.status, results["a"].verdict.reason) == (Status.UNKNOWN, reason)
    assert (results["a"].verdict.missing is not None) == isinstance(outcome, Denied)
    assert results["b"].verdict.status is Status.PASS


def test_a_check_may_judge_a_missing_thing_itself() -> None:
    def evaluate(thing: Fact[int]) -> Verdict:
        return FAIL if isinstance(thing, Missing) else PASS

    shape = tree(Edge("a", "b"))
    names = dict([check("a", evaluate), check("b", answers(PASS))])
    results = walk(shape, names, provider("thing", lambda: Missing("x")))[0].run("a")
    assert results["a"].verdict.status is Status.FAIL


def test_a_fault_in_a_check_costs_that_check_alone_and_leaks_nothing() -> None:
    def evaluate() -> Verdict:
        raise ValueError("password=Hunter2Hunter2")

    shape = tree(Edge("a", "b"))
    results = walk(shape, dict([check("a", evaluate), check("b", answers(PASS))]))[0].run("a")
    assert results["a"].verdict.reason == "unavailable-fault"
    assert results["a"].fault is not None
    assert "ValueError" in results["a"].fault
    assert "Hunter2" not in repr(results["a"])
    assert results["b"].verdict.status is Status.PASS


def test_a_fault_in_a_collector_costs_its_checks_alone() -> None:
    def broken() -> Fact[int]:
        raise KeyError("client_secret=abcdefghijkl")

    def evaluate(thing: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b"))
    names = dict([check("a", evaluate), check("b", answers(PASS))])
    results = walk(shape, names, provider("thing", broken))[0].run("a")
    assert results["a"].verdict.reason == "unavailable-fault"
    assert "abcdefghijkl" not in repr(results["a"])
    assert results["a"].fault is not None
    assert results["b"].verdict.status is Status.PASS


def test_a_pointless_check_is_still_shown_unless_it_must_not_run() -> None:
    moots = (Moot("a", ("b",)), Moot("a", ("c",), run=False))
    shape = tree(Edge("a", "b", on=FAILED), Edge("a", "c", on=FAILED), moots=moots)
    names = dict([check("a", answers(FAIL)), check("b", answers(FAIL)), check("c", answers(FAIL))])
    results = walk(shape, names)[0].run("a")
    assert statuses(results) == {"a": ("fail", None), "b": ("fail", "a"), "c": ("not-run", "a")}


def test_what_a_later_failure_makes_pointless_is_told_again() -> None:
    gate = threading.Event()

    def slow() -> Fact[int]:
        gate.wait(10)
        return Known(1)

    def evaluate(slow: int) -> Verdict:
        return FAIL

    shape = tree(Edge("a", "b"), Edge("a", "c"), moots=(Moot("c", ("b",)),))
    names = dict([check("a", answers(PASS)), check("b", answers(FAIL)), check("c", evaluate)])
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, CheckFinished) and event.result.check == "b":
            gate.set()

    table = {"slow": provider("slow", slow)}
    results = Walk(shape, names, table, PERMISSIONS, render, listen, CancelToken()).run("a")
    told = [event.result.moot for event in events if isinstance(event, CheckFinished) and event.result.check == "b"]
    assert told == [None, "c"]
    assert results["b"].moot == "c"


def test_a_reason_can_be_what_makes_others_pointless() -> None:
    shape = tree(Edge("a", "b", on=FAILED), moots=(Moot("a", ("b",), reasons=frozenset({"another"})),))
    names = dict([check("a", answers(FAIL)), check("b", answers(FAIL))])
    assert walk(shape, names)[0].run("a")["b"].moot is None


def test_the_facts_of_a_late_check_are_fetched_only_when_it_is_reached() -> None:
    calls: list[str] = []

    def fetch() -> Fact[int]:
        calls.append("fetched")
        return Known(1)

    def evaluate(thing: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b", on=FAILED), late=frozenset({"b"}))
    for verdict, expected in ((PASS, []), (FAIL, ["fetched"])):
        calls.clear()
        names = dict([check("a", answers(verdict)), check("b", evaluate)])
        walk(shape, names, provider("thing", fetch))[0].run("a")
        assert calls == expected


def test_a_cancel_ends_the_walk_at_once_and_keeps_what_is_known() -> None:
    cancel = CancelToken()
    release = threading.Event()

    def hangs() -> Fact[int]:
        release.wait(30)
        raise Cancelled

    def evaluate(thing: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b"), Edge("b", "c"))
    names = dict([check("a", answers(PASS)), check("b", evaluate), check("c", answers(PASS))])
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if event == CheckStarted("b"):
            cancel.cancel()

    table = {"thing": provider("thing", hangs)}
    results = Walk(shape, names, table, PERMISSIONS, render, listen, cancel).run("a")
    release.set()
    assert results["a"].verdict.status is Status.PASS
    assert [results[name].verdict.reason for name in "bc"] == ["cancelled", "cancelled"]
    for thread in threading.enumerate():
        if thread.name == "fact-thing":
            thread.join(10)
    assert events[-1] == CheckFinished(results["c"], None)


def test_a_check_that_is_judged_while_the_cancel_comes_has_no_result() -> None:
    cancel = CancelToken()

    def evaluate() -> Verdict:
        cancel.cancel()
        return FAIL

    names = dict([check("a", evaluate), check("b", answers(PASS))])
    run, events = walk(tree(Edge("a", "b", on=FAILED)), names, cancel=cancel)
    results = run.run("a")
    assert [result.verdict.reason for result in results.values()] == ["cancelled", "cancelled"]
    assert [event for event in events if isinstance(event, CheckStarted)] == [CheckStarted("a")]
    assert [event.result.check for event in events if isinstance(event, CheckFinished)] == ["a", "b"]


def test_a_fix_is_rendered_with_what_the_user_may_do() -> None:
    verdict = Verdict(Status.FAIL, "broken", Certainty.DEFINITE, fixes=(FixRef("mend"),))
    shape = tree(Edge("a", "b"))
    results = walk(shape, dict([check("a", answers(verdict)), check("b", answers(PASS))]))[0].run("a")
    assert [fix.title for fix in results["a"].fixes] == ["mend 2"]


def test_a_part_of_the_tree_can_be_walked_with_the_rest_as_it_was() -> None:
    moots = (Moot("a", ("c",)),)
    shape = tree(Edge("a", "b"), Edge("b", "c"), moots=moots)
    names = dict([check("a", answers(PASS)), check("b", answers(PASS)), check("c", answers(FAIL))])
    before = {"a": CheckResult("a", FAIL)}
    results = walk(shape, names, before=before)[0].run("b", shape.below("b"))
    assert statuses(results) == {"b": ("pass", None), "c": ("fail", "a")}


def test_a_fact_that_nobody_provides_is_refused() -> None:
    def evaluate(nobody: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b"))
    with pytest.raises(UnknownFact, match="nobody"):
        walk(shape, dict([check("a", evaluate), check("b", answers(PASS))]))[0].run("a")


def test_events_begin_each_check_before_they_end_it() -> None:
    shape = tree(Edge("a", "b"), Edge("b", "c"))
    names = {name: check(name, answers(PASS))[1] for name in "abc"}
    runner, events = walk(shape, names)
    runner.run("a")
    told = [
        (type(event).__name__, event.check if isinstance(event, CheckStarted) else event.result.check)
        for event in events
        if isinstance(event, CheckStarted | CheckFinished)
    ]
    assert told == [(kind, name) for name in "abc" for kind in ("CheckStarted", "CheckFinished")]


def test_a_failure_does_not_gate_what_a_pass_would_not_have_reached_either() -> None:
    shape = tree(Edge("a", "b", on=frozenset({Status.NOT_APPLICABLE})))
    results = walk(shape, dict([check("a", answers(FAIL)), check("b", answers(PASS))]))[0].run("a")
    assert statuses(results) == {"a": ("fail", None), "b": ("not-applicable", None)}


def test_nothing_is_fetched_any_more_once_the_walk_is_over() -> None:
    gate = threading.Event()
    fetched: list[str] = []

    def first() -> Fact[int]:
        gate.wait(10)
        return Known(1)

    def second(first: int) -> Fact[int]:
        fetched.append("second")
        return Known(2)

    def evaluate(second: int) -> Verdict:
        return PASS

    shape = tree(Edge("a", "b"))
    names = dict([check("a", answers(FAIL)), check("b", evaluate)])
    walk(shape, names, provider("first", first), provider("second", second, "first"))[0].run("a")
    gate.set()
    for thread in threading.enumerate():
        if thread.name.startswith("fact-"):
            thread.join(10)
    assert fetched == []
