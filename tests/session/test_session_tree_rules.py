"""Rules of the real tree, seen in whole runs: what makes what pointless, what is late, what is optional."""

from __future__ import annotations

import pytest
from session_worlds import open_world, result_of

from core.model import Outcome, Status
from core.practice.call_faults import CallFault, Trouble
from core.practice.faults import revoke, set_value
from core.tree import NEEDS_BOTH

ROLE, KUBELET, HEALTH = "identity.acrpull-role", "identity.kubelet-exists", "registry.health"
PERMISSIONS = "context.caller-permissions"


def test_a_role_that_a_deleted_identity_lacks_is_no_cause() -> None:
    opened = open_world("kubelet-identity-deleted")
    revoke(opened.world, principal="kubelet", role="AcrPull")
    report = opened.diagnose()
    role = result_of(report, ROLE)
    assert (role.verdict.status, role.moot) == (Status.FAIL, KUBELET)
    assert report.conclusion.causes == (KUBELET,)


def test_a_registry_that_is_being_deleted_leaves_nothing_to_ask() -> None:
    opened = open_world("role-missing")
    set_value(opened.world, resource="registry", path="properties.provisioningState", value="Deleting")
    report = opened.diagnose()
    assert result_of(report, HEALTH).verdict.reason == "deleting"
    not_run = {result.check for result in report.results if result.verdict.status is Status.NOT_RUN}
    assert not_run == set(NEEDS_BOTH)


def test_not_knowing_what_the_reader_may_do_leaves_the_answer_as_it_is() -> None:
    opened = open_world("healthy-public", [CallFault(Trouble.DENY, "*/microsoft.authorization/permissions?*")])
    report = opened.diagnose()
    unknown = [result.check for result in report.results if result.verdict.status is Status.UNKNOWN]
    assert unknown == [PERMISSIONS]
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND


@pytest.mark.parametrize(("scenario", "asked"), [("healthy-public", False), ("role-on-control-plane-identity", True)])
def test_the_directory_is_asked_for_names_only_where_a_role_is_missing(scenario: str, asked: bool) -> None:
    opened = open_world(scenario)
    opened.diagnose()
    assert opened.simulator.log
    assert any("/getbyids" in request.url.lower() for request in opened.simulator.log) is asked
