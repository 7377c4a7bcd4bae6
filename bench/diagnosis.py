"""How near a diagnosis comes to the limit that latency sets: the longest chain of requests that wait for another."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from bench.run import Run, longest_chain, run
from core.practice.scenario import build, load_scenario
from core.session import scenario_choice

LATENCIES = (0.0, 0.05, 0.15)
"""Seconds that every simulated answer takes."""
SCENARIOS = (
    "healthy-public",
    "healthy-private",
    "healthy-firewall",
    "role-on-control-plane-identity",
    "sp-expired",
    "identity-missing-on-one-pool",
)
RUNS = 5


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
    return run(build(scenario), scenario_choice(scenario), latency)
