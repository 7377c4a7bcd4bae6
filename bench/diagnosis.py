"""How near a diagnosis comes to the limit that latency sets: the longest chain of requests that wait for another."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.azure.transport import WatchedTransport
from core.cancel import CancelToken
from core.collect.table import providers
from core.engine.walk import Walk
from core.facts.fact import Fact, Known
from core.fixes.render import render
from core.model import Requests
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World
from core.session import CHECKS, cloud_names, scenario_choice
from core.texts import load
from core.tree import TREE

T = TypeVar("T")
R = TypeVar("R")

LATENCIES = (0.0, 0.05, 0.15)
"""Seconds that every simulated answer takes."""
SCENARIOS = ("healthy-public", "role-on-control-plane-identity", "sp-expired", "identity-missing-on-one-pool")
RUNS = 5


@dataclass(frozen=True)
class Run:
    """One diagnosis: wall seconds, what the network did, and how many requests each fact sent one after another."""

    seconds: float
    requests: Requests
    rounds: Mapping[str, int]


class CountingTransport(WatchedTransport):
    """Calls `count` before every request."""

    def __init__(self, inner: PracticeTransport, azure: Azure, count: Callable[[], None]) -> None:
        super().__init__(inner, azure.cancel, azure.cloud.token_hosts)
        self._count = count

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Count one request and send it."""
        self._count()
        return super().send(request, **kwargs)


class CountingAzure(Azure):
    """Counts, for each fact, the requests that it sends one after another; a fan-out counts as one."""

    def __init__(self, world: World, transport: PracticeTransport) -> None:
        super().__init__(AZURE_PUBLIC, PracticeCredential(world), transport, CancelToken())
        self.rounds: Counter[str] = Counter()
        self.transport = CountingTransport(transport, self, self._count)

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Count a fan-out as one round, unless there is nothing to do."""
        todo = list(items)
        if todo:
            self._count()
        return super().map(fn, todo)

    def _count(self) -> None:
        name = threading.current_thread().name
        if name.startswith("fact-"):
            self.rounds[name.removeprefix("fact-")] += 1


def measure() -> Iterator[str]:
    """Give one line for each scenario and latency."""
    yield "Diagnosis: median of wall times, against the longest chain of dependent requests × latency"
    yield f"{'scenario':32} {'latency':>8} {'wall':>9} requests repeated chain {'limit':>9}  ratio"
    for name in SCENARIOS:
        chain = longest_chain(one_run(name, 0.0).rounds)
        for latency in LATENCIES:
            runs = [one_run(name, latency) for _ in range(RUNS)]
            wall = statistics.median(run.seconds for run in runs)
            limit = chain * latency
            ratio = f"{wall / limit:6.2f}" if limit else "     –"
            requests = runs[-1].requests
            yield (
                f"{name:32} {latency * 1000:5.0f} ms {wall * 1000:6.0f} ms {requests.count:8} {requests.repeated:8} "
                f"{chain:5} {limit * 1000:6.0f} ms {ratio}"
            )


def one_run(name: str, latency: float) -> Run:
    """Diagnose a scenario once."""
    scenario = load_scenario(name)
    world = build(scenario)
    transport = PracticeTransport(Simulator(world, latency=latency))
    azure = CountingAzure(world, transport)
    texts = load()
    given: dict[str, Fact[Any]] = {
        "choice": Known(scenario_choice(scenario)),
        "cloud": Known(cloud_names(AZURE_PUBLIC)),
        "now": Known(world.now),
    }
    walk = Walk(
        TREE,
        CHECKS,
        providers(azure),
        given,
        lambda ref, facts: render(ref, texts, facts),
        lambda _event: None,
        azure.cancel,
    )
    began = time.perf_counter()
    walk.run(TREE.entry)
    seconds = time.perf_counter() - began
    requests = azure.transport.requests()
    azure.close()
    transport.close()
    return Run(seconds, requests, azure.rounds)


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
