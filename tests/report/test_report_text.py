"""The text report, as it is read in a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from golden_reports import FOLDER, GOLDEN, neutral_report
from scenario_reports import NAMES, report_of

from core.model import CheckResult, Report, Risk, Status
from core.report import render
from core.report.wording import findings
from core.texts import load


@pytest.mark.parametrize("name", GOLDEN)
def test_a_report_reads_as_it_was_approved(name: str) -> None:
    """A change of a sentence shows here; `python tests/report/golden_reports.py` writes the files anew."""
    assert neutral_report(name) == (FOLDER / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_a_finding_stands_there_twice(name: str) -> None:
    report = report_of(name)
    texts = load()
    firsts = [group[0] for group in findings(report, texts)]
    said = [(texts.summary(first.check, first.verdict), first.moot) for first in firsts]
    assert len(said) == len(set(said))
    told = {result.check for group in findings(report, texts) for result in group}
    wanted = {Status.FAIL, Status.UNKNOWN, Status.WARNING}
    assert told == {result.check for result in report.results if result.verdict.status in wanted}


@pytest.mark.parametrize("name", NAMES)
def test_causes_come_first_and_in_their_order(name: str) -> None:
    report = report_of(name)
    told = [group[0].check for group in findings(report, load())]
    assert tuple(told[: len(report.conclusion.causes)]) == report.conclusion.causes


def test_causes_are_told_in_the_order_of_the_answer() -> None:
    report = report_of("role-and-identity-missing")
    turned = replace(report, conclusion=replace(report.conclusion, causes=report.conclusion.causes[::-1]))
    assert [group[0].check for group in findings(turned, load())] == list(turned.conclusion.causes)


def changed_fix(report: Report, **changes: object) -> Report:
    def with_changes(result: CheckResult) -> CheckResult:
        return replace(result, fixes=tuple(replace(fix, **changes) for fix in result.fixes))  # type: ignore[arg-type]

    return replace(report, results=tuple(with_changes(result) for result in report.results))


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_a_fix_says_its_risk_who_may_and_how_long_it_takes(format_: str) -> None:
    report = report_of("role-missing")
    texts = load()
    for changes, sentence in (
        ({"risk": Risk.WIDENS_ACCESS}, "Risk: widens access."),
        ({"risk": Risk.DISRUPTIVE}, "Risk: disruptive."),
        ({"you_may_apply": True}, "You have the right to do this."),
        ({"you_may_apply": False}, "You may not do this yourself: it takes"),
        ({"you_may_apply": None}, "Whether you may do this could not be found out: it takes"),
        ({"wait_minutes": 10}, "Takes up to 10 minutes to work."),
        ({"wait_minutes": 1}, "Takes up to a minute to work."),
        ({"ask": "Could you please?\n\nThank you."}, "Could you please?"),
    ):
        assert sentence in render(changed_fix(report, **changes), format_, texts)
    quiet = render(changed_fix(report, risk=Risk.NONE, wait_minutes=0, permission=""), format_, texts)
    for word in ("Risk:", "Takes up to", "You have the right", "You may not"):
        assert word not in quiet


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_a_finding_that_another_makes_moot_says_so(format_: str) -> None:
    report = report_of("role-missing")
    results = tuple(
        replace(result, moot="identity.cross-tenant") if result.check == "identity.acrpull-role" else result
        for result in report.results
    )
    sentence = "Does not matter while “Both are in one directory” is not right."
    assert sentence in render(replace(report, results=results), format_, load())
    assert sentence not in render(report, format_, load())


def test_the_counts_add_up() -> None:
    report = report_of("registry-deleted")
    second_line = render(report, "text", load()).splitlines()[2]
    assert sum(int(part.split()[0]) for part in second_line.split(" · ")[:-1]) == len(report.results)
    assert "not run" in second_line
