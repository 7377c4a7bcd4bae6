"""Names for what the command line's fixtures give."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from core.practice.server import Server
from core.practice.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
Served = tuple[Server, Simulator, dict[str, str]]
