"""What to ask for stands in every report for people: a sentence, and a message that can be sent."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from scenario_reports import NAMES, report_of

from core.model import MissingPermission, Report, Status
from core.report import render
from core.report.wording import permissions_to_ask_for
from core.texts import load

FORMATS = ("text", "markdown", "html")
GREETING = "Could you give me this role there, or look for me?"
DENIED = report_of("reader-without-role-list")
SCOPE = "/subscriptions/s/resourceGroups/rg-app"


def lacking(report: Report, *missing: MissingPermission) -> Report:
    """The report with its first results not checked for want of these permissions, and no others."""
    results = [replace(one, verdict=replace(one.verdict, missing=None)) for one in report.results]
    for number, one in enumerate(missing):
        verdict = replace(results[number].verdict, status=Status.UNKNOWN, certainty=None, missing=one)
        results[number] = replace(results[number], verdict=verdict)
    return replace(report, results=tuple(results))


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_each_role_on_a_scope_is_asked_for_once(name: str, format_: str) -> None:
    report = report_of(name)
    missing = [result.verdict.missing for result in report.results if result.verdict.missing is not None]
    shown = unescape(render(report, format_, load()))
    assert shown.count(GREETING) == len({(one.role, one.scope.lower()) for one in missing})
    for one in missing:
        for part in (one.action, f"Scope: {one.scope}", f"A role that grants it: {one.role}"):
            assert part.lower() in shown.lower()


def test_there_is_a_scenario_that_asks() -> None:
    assert GREETING in render(DENIED, "text", load())


@pytest.mark.parametrize("format_", FORMATS)
def test_another_role_or_scope_is_asked_for_apart_and_another_action_is_not(format_: str) -> None:
    report = lacking(
        DENIED,
        MissingPermission("a/read", SCOPE, "Reader"),
        MissingPermission("b/read", SCOPE.upper(), "Reader"),
        MissingPermission("a/read", SCOPE, "Reader"),
        MissingPermission("a/read", SCOPE, "Contributor"),
        MissingPermission("a/read", "/subscriptions/s", "Reader"),
        MissingPermission("a/read", "/subscriptions/t", "Reader", ("/subscriptions/u",)),
    )
    shown = render(report, format_, load())
    assert shown.count(GREETING) == 4
    assert shown.count("Scope: /subscriptions/t, /subscriptions/u") == 1
    assert shown.count("Action: a/read, b/read\n") == 1
    assert shown.count("With the role Contributor there, this can be checked.") == 1


def test_what_is_asked_for_is_told_with_the_finding_that_lacks_it_first() -> None:
    one, other = MissingPermission("a/read", SCOPE, "Reader"), MissingPermission("a/read", "/", "Reader")
    report = lacking(DENIED, one, other)
    asked = permissions_to_ask_for(report, load())
    assert [missing for found in asked.values() for missing in found] == [one, other]
    assert set(asked) <= {result.check for result in report.results[:2]}
