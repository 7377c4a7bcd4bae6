"""Runs all measurements, or those that are named: diagnosis, scale, start, stalls."""

from __future__ import annotations

import os
import platform
import sys

from bench import diagnosis, scale, stalls, start

PARTS = {
    "diagnosis": diagnosis.measure,
    "scale": scale.measure,
    "start": start.measure,
    "stalls": stalls.measure,
}


def main(words: list[str]) -> int:
    """Print what was measured; 64 for a name that is no measurement."""
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(PARTS)}", file=sys.stderr)
        return 64
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    )
    for name in words or PARTS:
        print()
        for line in PARTS[name]():
            print(line, flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
