"""The fixes of every scenario's report: narrow before wide, fit for the registry, and lines that PowerShell reads."""

from __future__ import annotations

import pytest
from powershell_lines import take_apart
from scenario_reports import NAMES, report_of

from core.model import Fix, Report, Risk


def fixes_of(report: Report) -> list[Fix]:
    return [fix for result in report.results for fix in result.fixes]


HARMLESS_BUT_SECOND = {
    "cross-tenant-pull-secret": "a copy of the image has to be made again for every new version",
}
"""Fixes that widen access and come before one that changes nothing else, and why."""


@pytest.mark.parametrize("name", NAMES)
def test_what_lets_more_in_comes_after_what_changes_nothing_else(name: str) -> None:
    """What only looks is no other way, and what interrupts is no better one."""
    for result in report_of(name).results:
        first, *others = result.fixes or (None,)
        if first is not None and first.risk is Risk.WIDENS_ACCESS and first.key not in HARMLESS_BUT_SECOND:
            changing = [other for other in others if not other.permission.endswith("/read")]
            assert not [other.key for other in changing if other.risk is Risk.NONE], first.key


@pytest.mark.parametrize("name", NAMES)
def test_roles_fit_the_permissions_mode_of_the_registry(name: str) -> None:
    """AcrPull counts for nothing where the registry has repository permissions, and attaching gives AcrPull."""
    report = report_of(name)
    modes = {
        one.value for result in report.results for one in result.verdict.evidence if one.label == "permission-mode"
    }
    keys = {fix.key for fix in fixes_of(report)}
    if "RBAC Registry + ABAC Repository Permissions" in modes:
        assert not keys & {"attach-acr", "grant-acrpull", "let-principal-pull"}
    elif modes:
        assert not keys & {"revert-role-mode", "grant-repository-reader", "let-principal-read-repositories"}


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_for_powershell_can_be_read(name: str) -> None:
    for fix in fixes_of(report_of(name)):
        for line in fix.powershell:
            parts = take_apart(line)
            assert parts.commands or parts.changes
