"""Texts written for one rule, one carrier, one tool or one trap each; every row of the table has one."""

from __future__ import annotations

from typing import Any

import pytest
from symptom_corpus import FIELDS, OWN

from core.symptoms import classify
from core.symptoms.kinds import KINDS


@pytest.mark.parametrize("entry", OWN, ids=lambda entry: entry["id"])
def test_text_is_read_as_written_down(entry: dict[str, Any]) -> None:
    symptom = classify(entry["text"])
    assert symptom.kind == entry["kind"]
    for field, attribute in FIELDS.items():
        if field in entry:
            assert getattr(symptom, attribute) == entry[field], field


def test_every_row_of_the_table_has_a_text() -> None:
    rows = {entry["id"]: entry["kind"] for entry in OWN if entry["id"].startswith("row-")}
    assert rows == {f"row-{kind.row:02}": kind.id for kind in KINDS.values()}
