"""One diagnosis of a world, measured: time, processor time, requests, and which of them waited for which."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.azure.transport import WatchedTransport
from core.cancel import CancelToken
from core.checks.check import Check
from core.collect.table import providers
from core.engine.walk import Walk
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.fixes.render import render
from core.model import CheckResult, Requests, Verdict
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World
from core.session import CHECKS, cloud_names
from core.texts import load
from core.tree import TREE

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Run:
    """One diagnosis. All times are in seconds.

    `processor` is the processor time of the program alone, without what the simulated Azure took to answer;
    `evaluators` is the part of it that each check took, by its id. `rounds` says how many requests each fact sent one
    after another.
    """

    seconds: float
    processor: float
    evaluators: Mapping[str, float]
    requests: Requests
    rounds: Mapping[str, int]
    results: Mapping[str, CheckResult]


class MeteredTransport(WatchedTransport):
    """Calls `count` before every request, and sums up the processor time that its answers take to be made."""

    def __init__(self, inner: PracticeTransport, azure: Azure, count: Callable[[], None]) -> None:
        super().__init__(inner, azure.cancel, azure.cloud.token_hosts)
        self._count = count
        self._adding = threading.Lock()
        self.answering = 0.0

    def send_within(self, request: Any, bounds: Any, **kwargs: Any) -> Any:
        """Count one request and send it."""
        self._count()
        began = time.thread_time()
        try:
            return super().send_within(request, bounds, **kwargs)
        finally:
            with self._adding:
                self.answering += time.thread_time() - began


class MeteredAzure(Azure):
    """Counts, for each fact, the requests that it sends one after another.

    What is asked at the same time counts as the longest of it, fan-outs inside of fan-outs included.
    """

    def __init__(self, world: World, transport: PracticeTransport) -> None:
        super().__init__(AZURE_PUBLIC, PracticeCredential(world), transport, CancelToken())
        self.rounds: dict[str, int] = {}
        self.metered = MeteredTransport(transport, self, lambda: self._count(1))
        self.transport = self.metered
        self._thread = threading.local()

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Count a fan-out as its longest item."""

        def counted(item: T) -> tuple[R, int]:
            self._thread.depth = 0
            return fn(item), self._depth()

        found = super().map(counted, items)
        self._count(max((depth for _, depth in found), default=0))
        return [result for result, _ in found]

    def _count(self, rounds: int) -> None:
        self._thread.depth = self._depth() + rounds
        name = threading.current_thread().name
        if name.startswith("fact-"):
            self.rounds[name.removeprefix("fact-")] = self._thread.depth

    def _depth(self) -> int:
        return int(getattr(self._thread, "depth", 0))


def run(world: World, choice: Choice, latency: float = 0.0) -> Run:
    """Diagnose a world once; every answer of the simulated Azure takes `latency` seconds."""
    transport = PracticeTransport(Simulator(world, latency=latency))
    azure = MeteredAzure(world, transport)
    texts = load()
    given: dict[str, Fact[Any]] = {
        "choice": Known(choice),
        "cloud": Known(cloud_names(AZURE_PUBLIC)),
        "now": Known(world.now),
    }
    evaluators: dict[str, float] = {}
    walk = Walk(
        TREE,
        {id_: _timed(check, evaluators) for id_, check in CHECKS.items()},
        providers(azure),
        given,
        lambda ref, facts: render(ref, texts, facts),
        lambda _event: None,
        azure.cancel,
    )
    processor, began = time.process_time(), time.perf_counter()
    results = walk.run(TREE.entry)
    seconds = time.perf_counter() - began
    processor = time.process_time() - processor - azure.metered.answering
    requests = azure.transport.requests()
    azure.close()
    transport.close()
    return Run(seconds, processor, evaluators, requests, azure.rounds, results)


def longest_chain(rounds: Mapping[str, int]) -> int:
    """Give the longest chain of requests that had to wait for each other.

    A fact waits for the facts that it needs; one that only a late check needs waits for the verdicts that lead there.
    """
    needs = {fact: provider.needs for fact, provider in providers(_NOBODY).items()}
    early = _closure(
        (need.fact for check in TREE.checks() if check not in TREE.late for need in CHECKS[check].needs), needs
    )
    leading = {edge.source for edge in TREE.edges if edge.target in TREE.late}

    def depth(fact: str) -> int:
        before = [depth(need) for need in needs.get(fact, ())]
        if fact not in early:
            before.append(gate)
        return rounds.get(fact, 0) + max(before, default=0)

    gate = max(depth(need.fact) for check in leading for need in CHECKS[check].needs)
    return max(depth(fact) for fact in needs)


def _timed(check: Check, evaluators: dict[str, float]) -> Check:
    """Give a check that notes the processor time of its evaluator."""

    @wraps(check.evaluate)
    def evaluate(**facts: Any) -> Verdict:
        began = time.thread_time()
        try:
            return check.evaluate(**facts)
        finally:
            evaluators[check.id] = time.thread_time() - began

    return replace(check, evaluate=evaluate)


def _closure(facts: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    todo = list(facts)
    while todo:
        fact = todo.pop()
        if fact not in found:
            found.add(fact)
            todo += needs.get(fact, ())
    return found


_NOBODY: Any = None
"""Stands for the connection where providers are only asked what they need."""
