"""The contributor's commands start modules that are there."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def started_modules() -> list[str]:
    """Give the words that follow a "-m" in the lists of dev.py."""
    found = []
    for node in ast.walk(ast.parse((ROOT / "dev.py").read_text("utf-8"))):
        if isinstance(node, ast.List):
            words = [word.value if isinstance(word, ast.Constant) else None for word in node.elts]
            found += [word for flag, word in pairwise(words) if flag == "-m"]
    return [word for word in found if isinstance(word, str)]


def test_every_module_that_is_started_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    modules = started_modules()
    assert {"pytest", "bench", "closed_loop", "gui.app", "pull_doctor"} <= set(modules)
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def test_a_measurement_that_is_not_there_is_a_wrong_word() -> None:
    command = [sys.executable, "-m", "bench", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 64
    assert "nonsense" in done.stderr
