"""Checking one step again, after Azure has changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from session_worlds import Opened, open_world, result_of, told

from core.cancel import CancelToken
from core.model import CheckFinished, Event, Outcome, RunFinished, RunStarted, Status
from core.practice import faults
from core.practice.world import World
from core.tree import TREE


def grant_the_role(world: World) -> None:
    faults.grant(world, principal="kubelet", role="AcrPull", scope="registry", minutes_ago=600)


def attach_the_identity(world: World) -> None:
    sets = [body for key, body in world.resources.items() if key.endswith("vmss") and "/mc_rg-app_" in key]
    carried = next(body["identity"] for body in sets if body.get("identity"))
    for body in sets:
        body["identity"] = carried


def start_the_cluster(world: World) -> None:
    cluster = next(body for body in world.resources.values() if body["name"] == "aks-app")
    cluster["properties"]["powerState"] = {"code": "Running"}
    for pool in cluster["properties"]["agentPoolProfiles"]:
        pool["powerState"] = {"code": "Running"}


@pytest.mark.parametrize(
    ("scenario", "check", "mend"),
    [
        ("role-missing", "identity.acrpull-role", grant_the_role),
        ("identity-missing-on-one-pool", "identity.node-assignment", attach_the_identity),
        ("cluster-stopped", "cluster.power-state", start_the_cluster),
    ],
)
def test_what_was_mended_passes_when_it_is_checked_again(
    scenario: str, check: str, mend: Callable[[World], None]
) -> None:
    opened = open_world(scenario)
    before = opened.diagnose()
    assert before.conclusion.causes == (check,)
    still = opened.check_again(before, check)
    assert still.conclusion == before.conclusion
    mend(opened.world)
    after = opened.check_again(before, check)
    assert result_of(after, check).verdict.status is Status.PASS
    assert result_of(after, check).fixes == ()
    assert after.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert after.conclusion.causes == ()
    assert after.notes == ()
    assert [result.check for result in after.results] == list(TREE.checks())
    assert opened.diagnose().conclusion.causes == ()


def test_results_that_do_not_hang_on_the_step_stay_as_they_were() -> None:
    opened = open_world("role-and-identity-missing")
    before = opened.diagnose()
    grant_the_role(opened.world)
    attach_the_identity(opened.world)
    after = opened.check_again(before, "identity.acrpull-role")
    asked = TREE.below("identity.acrpull-role")
    assert after.conclusion.causes == ("identity.node-assignment",)
    for old, new in zip(before.results, after.results, strict=True):
        if new.check not in asked:
            assert new is old
    assert result_of(after, "identity.role-conditions").verdict.status is Status.PASS
    last = opened.check_again(after, "identity.node-assignment")
    assert last.conclusion.outcome is Outcome.NO_CAUSE_FOUND


def test_only_the_step_and_what_hangs_on_it_is_told_and_read() -> None:
    opened = open_world("role-missing")
    before = opened.diagnose()
    asked_before = len(opened.simulator.log)
    after = opened.check_again(before, "identity.acrpull-role")
    asked = TREE.below("identity.acrpull-role")
    assert isinstance(opened.events[0], RunStarted)
    assert set(opened.events[0].checks) == asked
    assert opened.events[-1] == RunFinished(after)
    assert {check for kind, check in told(opened.events) if check} <= asked
    fresh = [request.url for request in opened.simulator.log[asked_before:]]
    assert any("roleassignments" in url.lower() for url in fresh)
    assert not [url for url in fresh if "virtualmachinescalesets" in url.lower()]
    assert after.requests.count == len(fresh)


def test_a_step_whose_failure_gated_others_brings_the_whole_tree() -> None:
    opened = open_world("healthy-public")
    registry = dict(opened.world.resource(str(opened.choice.registry_id)) or {})
    roles = dict(opened.world.role_assignments)
    opened.world.remove_resource(str(opened.choice.registry_id))
    before = opened.diagnose()
    assert before.conclusion.causes == ("registry.health",)
    assert result_of(before, "identity.acrpull-role").verdict.status is Status.NOT_RUN
    assert before.registry.name == "contosoreg"
    opened.world.add_resource(registry)
    opened.world.role_assignments.update(roles)
    after = opened.check_again(before, "registry.health")
    assert result_of(after, "identity.acrpull-role").verdict.status is Status.PASS
    assert after.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert after.registry.detail == "contosoreg.azurecr.io"
    assert isinstance(opened.events[0], RunStarted)
    assert opened.events[0].checks == TREE.checks()


def test_what_got_worse_is_told_too() -> None:
    opened = open_world("healthy-public")
    before = opened.diagnose()
    faults.revoke(opened.world, principal="kubelet", role="AcrPull")
    after = opened.check_again(before, "identity.acrpull-role")
    assert after.conclusion.causes == ("identity.acrpull-role",)
    assert result_of(after, "identity.wrong-principal").verdict.status is not Status.NOT_APPLICABLE
    assert result_of(after, "identity.role-conditions").moot == "identity.acrpull-role"


def test_a_step_below_a_failure_keeps_being_moot() -> None:
    opened = open_world("cross-tenant-lighthouse")
    before = opened.diagnose()
    assert before.conclusion.causes == ("identity.cross-tenant",)
    moot = [result.check for result in before.results if result.moot == "identity.cross-tenant"]
    assert "identity.acrpull-role" in moot
    after = opened.check_again(before, "identity.acrpull-role")
    assert after.conclusion == before.conclusion
    assert result_of(after, "identity.acrpull-role").moot == "identity.cross-tenant"


def test_a_report_keeps_its_names_when_the_step_reads_neither_resource() -> None:
    opened: Opened = open_world("stale-instances")
    before = opened.diagnose()
    after = opened.check_again(before, "image.reference")
    assert (after.cluster, after.registry) == (before.cluster, before.registry)
    assert after.image == before.image


def test_a_cancelled_second_look_loses_nothing() -> None:
    opened = open_world("role-and-identity-missing")
    before = opened.diagnose()
    cancel = CancelToken()
    cancel.cancel()
    events: list[Event] = []
    after = opened.session.check_again(opened.choice, before, "identity.node-assignment", events.append, cancel)
    assert after.cancelled
    assert after.results == before.results
    assert after.conclusion.causes == before.conclusion.causes
    told = {event.result.check: event.result for event in events if isinstance(event, CheckFinished)}
    assert told["identity.node-assignment"] == result_of(before, "identity.node-assignment")
