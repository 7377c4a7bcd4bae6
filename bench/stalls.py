"""How long the window does not answer: the longest gap between two turns of its event loop."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

RUNS = 3
PARTS = (
    "start and warm-up, the Azure clients imported",
    "opening practice and listing",
    "a diagnosis at 50 ms latency",
)


def measure() -> Iterator[str]:
    """Give the longest stall of each part, over some runs."""
    found = [_one_run() for _ in range(RUNS)]
    yield f"The event loop's longest stall, median and worst of {RUNS} runs"
    for place, part in enumerate(PARTS):
        stalls = [run[place] for run in found]
        yield f"{part:48} {statistics.median(stalls) * 1000:5.0f} ms  worst {max(stalls) * 1000:5.0f} ms"


def _one_run() -> list[float]:
    command = [sys.executable, "-m", "bench.probes.stalls"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [float(word) for word in done.stdout.split()[-len(PARTS) :]]
