from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.checks.check import Check
from core.checks.cluster import node_resource_group, power_state, provisioning_state
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.identities import NodeIdentities
from core.facts.subscriptions import Subscriptions
from core.model import Certainty, Evidence, MissingPermission, Status, Verdict

Show = Callable[[Check, Verdict], str]
READ = Known(NodeIdentities((), Known(True)))


@pytest.mark.parametrize(
    ("state", "status", "reason", "fixes"),
    [
        ("Running", Status.PASS, "running", []),
        ("running", Status.PASS, "running", []),
        (None, Status.PASS, "not-told", []),
        ("Stopped", Status.FAIL, "stopped", ["start-cluster"]),
        ("STOPPED", Status.FAIL, "stopped", ["start-cluster"]),
        ("Hibernated", Status.UNKNOWN, "unfamiliar", []),
    ],
)
def test_power_state(
    cluster: Cluster,
    choice: Choice,
    subscriptions: Subscriptions,
    show: Show,
    state: str | None,
    status: Status,
    reason: str,
    fixes: list[str],
) -> None:
    verdict = power_state.evaluate(choice, Known(replace(cluster, power_state=state)), Known(subscriptions))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert [fix.key for fix in verdict.fixes] == fixes
    assert show(power_state.CHECK, verdict)


def test_power_state_not_told_shows_what_is_known(
    choice: Choice, cluster: Cluster, subscriptions: Subscriptions
) -> None:
    verdict = power_state.evaluate(choice, Known(replace(cluster, power_state=None)), Known(subscriptions))
    assert verdict.evidence == (Evidence("provisioning-state", "Succeeded"),)


@pytest.mark.parametrize(
    ("outcome", "status", "reason", "fixes"),
    [
        (Missing("x"), Status.FAIL, "missing", ["find-cluster"]),
        (Denied("Microsoft.ContainerService/managedClusters/read", "/x"), Status.UNKNOWN, "denied", []),
        (Unavailable(Trouble.WRONG_TENANT, tenant_id="t2"), Status.UNKNOWN, "unavailable-wrong-tenant", []),
        (Unavailable(Trouble.THROTTLED), Status.UNKNOWN, "unavailable-throttled", []),
    ],
)
def test_a_cluster_that_could_not_be_read(
    choice: Choice,
    subscriptions: Subscriptions,
    show: Show,
    outcome: Fact[Cluster],
    status: Status,
    reason: str,
    fixes: list[str],
) -> None:
    verdict = power_state.evaluate(choice, outcome, Known(subscriptions))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert [fix.key for fix in verdict.fixes] == fixes
    assert Evidence("cluster", choice.cluster_id.text) in verdict.evidence
    assert show(power_state.CHECK, verdict)


def test_a_cluster_missing_in_a_subscription_out_of_sight_proves_nothing(choice: Choice, show: Show) -> None:
    verdict = power_state.evaluate(choice, Missing("x"), Known(Subscriptions({})))
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "hidden")
    assert show(power_state.CHECK, verdict)
    assert power_state.evaluate(choice, Missing("x"), Unavailable(Trouble.TIMEOUT)).status is Status.FAIL


def test_old_answers_tell_by_the_pools_that_a_cluster_is_stopped(
    choice: Choice, cluster: Cluster, subscriptions: Subscriptions, show: Show
) -> None:
    asleep = replace(
        cluster,
        power_state=None,
        agent_pools=(pool("sys", power_state="Stopped"), pool("usr", power_state="stopped")),
    )
    verdict = power_state.evaluate(choice, Known(asleep), Known(subscriptions))
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "stopped", Certainty.DEFINITE)
    assert verdict.evidence == (Evidence("node-pool", "sys: Stopped"), Evidence("node-pool", "usr: stopped"))
    assert [fix.key for fix in verdict.fixes] == ["start-cluster"]
    assert show(power_state.CHECK, verdict)
    assert provisioning_state.evaluate(asleep).status is Status.PASS
    half = replace(asleep, agent_pools=(pool("sys"), pool("usr", power_state="Stopped")))
    assert power_state.evaluate(choice, Known(half), Known(subscriptions)).reason == "not-told"
    bare = replace(asleep, agent_pools=())
    assert power_state.evaluate(choice, Known(bare), Known(subscriptions)).reason == "not-told"


@pytest.mark.parametrize(
    ("state", "status", "reason", "fixes"),
    [
        ("Succeeded", Status.PASS, "succeeded", []),
        (None, Status.UNKNOWN, "not-told", []),
        ("Updating", Status.WARNING, "busy", []),
        ("Upgrading", Status.WARNING, "busy", []),
        ("UpgradingNodeImageVersion", Status.WARNING, "busy", []),
        ("Starting", Status.WARNING, "busy", []),
        ("Stopping", Status.WARNING, "busy", []),
        ("Creating", Status.WARNING, "busy", []),
        ("Failed", Status.WARNING, "failed", ["reconcile-cluster"]),
        ("canceled", Status.WARNING, "canceled", ["reconcile-cluster"]),
        ("Deleting", Status.FAIL, "deleting", ["replace-cluster"]),
    ],
)
def test_provisioning_state(
    cluster: Cluster, show: Show, state: str | None, status: Status, reason: str, fixes: list[str]
) -> None:
    verdict = provisioning_state.evaluate(replace(cluster, provisioning_state=state))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert [fix.key for fix in verdict.fixes] == fixes
    assert show(provisioning_state.CHECK, verdict)


def test_a_half_made_cluster_is_offered_the_repair_that_does_not_ask_for_its_identity(cluster: Cluster) -> None:
    """`az aks update` refuses clusters without a kubelet identity; those of a service principal have none to miss."""
    half_made = replace(cluster, provisioning_state="Failed", kubelet_identity=None)
    assert [fix.key for fix in provisioning_state.evaluate(half_made).fixes] == ["make-kubelet-identity"]
    by_principal = replace(half_made, service_principal_client_id="1")
    assert [fix.key for fix in provisioning_state.evaluate(by_principal).fixes] == ["reconcile-cluster"]


def test_the_error_of_the_last_operation_is_shown(cluster: Cluster) -> None:
    failed = replace(cluster, provisioning_state="Failed", provisioning_error="SubnetIsFull: no addresses left")
    assert (
        Evidence("provisioning-error", "SubnetIsFull: no addresses left")
        in provisioning_state.evaluate(failed).evidence
    )


def pool(name: str, **state: object) -> AgentPool:
    healthy = AgentPool(name, "VirtualMachineScaleSets", "User", count=3, power_state="Running")
    return replace(healthy, **{"provisioning_state": "Succeeded", **state})


@pytest.mark.parametrize(
    ("sick", "reason", "fixes"),
    [
        (pool("usr", power_state="Stopped", count=0), "pool-asleep", ["start-node-pool"]),
        (pool("usr", count=0), "pool-asleep", ["scale-node-pool"]),
        (pool("usr", provisioning_state="Failed"), "pool-failed", ["reconcile-cluster"]),
        (pool("usr", provisioning_state="Canceled", count=0), "pool-failed", ["reconcile-cluster"]),
    ],
)
def test_only_the_pool_that_is_not_right_is_named(
    cluster: Cluster, show: Show, sick: AgentPool, reason: str, fixes: list[str]
) -> None:
    verdict = provisioning_state.evaluate(replace(cluster, agent_pools=(pool("sys"), sick)))
    assert (verdict.status, verdict.reason) == (Status.WARNING, reason)
    assert verdict.values["pools"] == "usr"
    assert [fix.key for fix in verdict.fixes] == fixes
    assert show(provisioning_state.CHECK, verdict)


@pytest.mark.parametrize(
    "pools", [(pool("sys", count=0),), (pool("sys", count=0), pool("usr", power_state="Stopped"))]
)
def test_other_pools_are_spoken_of_only_where_there_are_any(
    cluster: Cluster, show: Show, pools: tuple[AgentPool, ...]
) -> None:
    verdict = provisioning_state.evaluate(replace(cluster, agent_pools=pools))
    assert (verdict.status, verdict.reason) == (Status.WARNING, "every-pool-asleep")
    assert "ther pools" not in show(provisioning_state.CHECK, verdict)
    awake = provisioning_state.evaluate(replace(cluster, agent_pools=(*pools, pool("more"))))
    assert awake.reason == "pool-asleep"
    assert "Other pools are not concerned" in show(provisioning_state.CHECK, awake)


def test_a_pool_of_single_machines_tells_no_count(cluster: Cluster) -> None:
    silent = replace(pool("vms"), type="VirtualMachines", mode="System", count=None, power_state=None)
    verdict = provisioning_state.evaluate(replace(cluster, agent_pools=(silent,)))
    assert verdict.status is Status.PASS
    assert verdict.evidence == (Evidence("provisioning-state", "Succeeded"), Evidence("node-pool", "vms: Succeeded"))


def test_the_pools_of_a_stopped_cluster_are_no_news(cluster: Cluster) -> None:
    stopped = replace(cluster, power_state="Stopped", agent_pools=(pool("sys", power_state="Stopped", count=0),))
    assert provisioning_state.evaluate(stopped).status is Status.PASS


@pytest.mark.parametrize(
    ("restriction", "identities", "status", "reason"),
    [
        (None, READ, Status.PASS, "readable"),
        ("Unrestricted", READ, Status.PASS, "readable"),
        ("ReadOnly", READ, Status.PASS, "read-only"),
        (None, Denied("Microsoft.Compute/virtualMachineScaleSets/read", "/s"), Status.UNKNOWN, "denied"),
        (None, Unavailable(Trouble.TIMEOUT), Status.UNKNOWN, "unavailable-timeout"),
        (None, Missing("/s"), Status.FAIL, "gone"),
    ],
)
def test_node_resource_group(
    cluster: Cluster,
    show: Show,
    restriction: str | None,
    identities: Fact[NodeIdentities],
    status: Status,
    reason: str,
) -> None:
    verdict = node_resource_group.evaluate(replace(cluster, node_resource_group_restriction=restriction), identities)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert Evidence("node-resource-group", "MC_rg-app_aks-app_westeurope") in verdict.evidence
    assert [fix.key for fix in verdict.fixes] == (["replace-cluster"] if status is Status.FAIL else [])
    assert show(node_resource_group.CHECK, verdict)


def test_a_refused_node_resource_group_names_the_permission(cluster: Cluster) -> None:
    refused = Denied("Microsoft.Compute/virtualMachineScaleSets/read", "/subscriptions/s/resourceGroups/mc")
    assert node_resource_group.evaluate(cluster, refused).missing == MissingPermission(
        "Microsoft.Compute/virtualMachineScaleSets/read", "/subscriptions/s/resourceGroups/mc", "Reader"
    )


def test_a_cluster_in_creation_may_have_no_node_resource_group_yet(cluster: Cluster, show: Show) -> None:
    verdict = node_resource_group.evaluate(replace(cluster, provisioning_state="Creating"), Missing("/s"))
    assert verdict.status is Status.UNKNOWN
    untold = node_resource_group.evaluate(replace(cluster, node_resource_group=None), READ)
    assert (untold.status, untold.reason) == (Status.UNKNOWN, "not-told")
    assert show(node_resource_group.CHECK, untold)
