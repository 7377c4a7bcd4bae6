"""Text reports as people read them, kept in tests/data/reports; run this file to write them anew after a change."""

from __future__ import annotations

import re
from pathlib import Path

from scenario_reports import report_of

from core.report import render
from core.texts import load

FOLDER = Path(__file__).resolve().parents[1] / "data" / "reports"
GOLDEN = (
    "invalid-image-name",
    "reader-without-role-list",
    "role-and-identity-missing",
    "role-missing-operator-contributor",
    "sp-expired",
)


def neutral_report(name: str) -> str:
    """The text report of a scenario, with the times and durations of this run taken out."""
    text = render(report_of(name), "text", load())
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "(time)", text)
    return re.sub(r"\d+\.\d s$", "(seconds)", text, flags=re.MULTILINE)


if __name__ == "__main__":
    for each in GOLDEN:
        (FOLDER / f"{each}.txt").write_text(neutral_report(each), "utf-8")
