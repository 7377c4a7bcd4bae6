"""How the work grows with the world: the same world at a hundredth, a tenth and all of a size."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from bench.large_worlds import LARGE, Large
from bench.run import Run, longest_chain, run
from core.facts.choice import Choice
from core.facts.resource_id import ResourceId
from core.practice.names import scope

PARTS = (100, 10, 1)
RUNS = 3


def measure() -> Iterator[str]:
    """Give one line for each world and size, and by which factors the last tenfold growth let the work grow."""
    yield f"Growth: medians of {RUNS} runs of each size in turn, without latency; all times but the wall's are of the"
    yield "program's own processor time, what the simulated Azure takes is left out"
    yield f"{'':40} {'how many':>8} {'wall':>9} {'program':>10} {'evaluators':>10} requests chain  longest evaluator"
    for name, large in LARGE.items():
        runs = _runs(large)
        for count, same in runs.items():
            last = same[-1]
            longest = max(last.evaluators, key=last.evaluators.__getitem__)
            yield (
                f"{large.what:40} {count:8} {_wall(same) * 1000:6.0f} ms {_processor(same) * 1000:7.0f} ms "
                f"{_evaluators(same) * 1000:7.1f} ms {last.requests.count:8} {longest_chain(last.rounds):5}  "
                f"{longest} {last.evaluators[longest] * 1000:.1f} ms"
            )
        small, whole = list(runs.values())[-2:]
        yield (
            f"{name + ': ten times as many take':49} {_wall(whole) / _wall(small):5.1f} x "
            f"{_processor(whole) / _processor(small):8.1f} x {_evaluators(whole) / _evaluators(small):8.1f} x "
            f"{whole[-1].requests.count / small[-1].requests.count:6.1f} x"
        )


def choice_of(large: Large) -> Choice:
    """Give what is picked in a large world."""
    return Choice(
        cluster_id=ResourceId.parse(scope("cluster")),
        registry_id=ResourceId.parse(scope("registry")),
        image=large.image,
        namespace="shop",
    )


def _runs(large: Large) -> dict[int, list[Run]]:
    worlds = {max(1, large.size // part): large.build(max(1, large.size // part)) for part in PARTS}
    found: dict[int, list[Run]] = {count: [] for count in worlds}
    for _ in range(RUNS):
        for count, world in worlds.items():
            found[count].append(run(world, choice_of(large)))
    return found


def _wall(runs: list[Run]) -> float:
    return statistics.median(one.seconds for one in runs)


def _processor(runs: list[Run]) -> float:
    return statistics.median(one.processor for one in runs)


def _evaluators(runs: list[Run]) -> float:
    return statistics.median(sum(one.evaluators.values()) for one in runs)
