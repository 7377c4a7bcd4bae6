"""From the start of a process to its first painted window, against a bare PySide6 window."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

RUNS = 7


def measure() -> Iterator[str]:
    """Give the medians of both, and their ratio pair by pair."""
    pairs = [
        (first_paint("bench.probes.bare_window"), first_paint("bench.probes.first_paint")) for _ in range(RUNS + 1)
    ]
    pairs = pairs[1:]
    bare = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    ratios = sorted(pair[1] / pair[0] for pair in pairs)
    yield f"Process start to first painted window, medians of {RUNS} runs in turn, after one to warm up"
    yield f"bare PySide6 window  {bare * 1000:5.0f} ms"
    yield f"the wizard           {ours * 1000:5.0f} ms"
    yield f"ratio                {statistics.median(ratios):5.2f}  (from {ratios[0]:.2f} to {ratios[-1]:.2f})"


def first_paint(module: str) -> float:
    """Give the seconds from starting a process to the first paint that it tells of."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", module], capture_output=True, text=True, timeout=60, check=True)
    return float(done.stdout.split()[-1]) - began
