"""No file that people write is longer than can be read in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
SOURCES = ("core", "gui", "bench", "closed_loop", "tests")
WRITTEN_AS_DATA = ("resources/fixes", "resources/scenarios", "resources/texts", "closed_loop")
"""Folders of TOML files that are written by hand; what is recorded from elsewhere is as long as it is."""


def written() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for folder in SOURCES:
        yield from (ROOT / folder).rglob("*.py")
    for folder in WRITTEN_AS_DATA:
        yield from (ROOT / folder).rglob("*.toml")


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    lines = {file.relative_to(ROOT): len(file.read_text("utf-8").splitlines()) for file in written()}
    assert {file.parts[0] for file in lines} >= {*SOURCES, "resources", "dev.py"}
    assert [f"{file}: {count}" for file, count in lines.items() if count > MOST_LINES] == []
