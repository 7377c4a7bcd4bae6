"""From the start of a process to its first painted window, against a bare PySide6 window."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

RUNS = 7


def measure() -> Iterator[str]:
    """Give the medians of both, their ratio pair by pair, and when the first page can be used."""
    pairs = [(times("bench.probes.bare_window"), times("bench.probes.first_paint")) for _ in range(RUNS + 1)][1:]
    ratios = sorted(ours[0] / bare[0] for bare, ours in pairs)
    yield f"Process start to first painted window, medians of {RUNS} runs in turn, after one to warm up"
    yield f"bare PySide6 window          {_median(bare[0] for bare, _ in pairs)}"
    yield f"the wizard's window          {_median(ours[0] for _, ours in pairs)}"
    yield f"ratio                        {statistics.median(ratios):5.2f}  (from {ratios[0]:.2f} to {ratios[-1]:.2f})"
    yield f"its first page can be used   {_median(ours[1] for _, ours in pairs)}"


def times(module: str) -> list[float]:
    """Give the seconds from starting a process to each of the moments that it tells of."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", module], capture_output=True, text=True, timeout=60, check=True)
    return [float(word) - began for word in done.stdout.split()]


def _median(seconds: Iterator[float]) -> str:
    return f"{statistics.median(seconds) * 1000:5.0f} ms"
