"""Whether machines run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.checks.check import Check
from core.checks.cluster.nodes_ready import CHECK, evaluate
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Fact, Known, Missing
from core.facts.identities import NodeGroup, NodeIdentities
from core.model import Status, Verdict

Show = Callable[[Check, Verdict], str]
DENIED = Denied("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read", "/x")
RUNNING = NodeGroup("usr", "aks-usr-vmss", ())
IDLE = replace(RUNNING, idle_instances=(("aks-usr-vmss_1", "deallocated"), ("aks-usr-vmss_2", "failed")))


@pytest.mark.parametrize(
    ("found", "status", "reason"),
    [
        (Known(NodeIdentities((RUNNING,), Known(True))), Status.PASS, "running"),
        (Known(NodeIdentities((IDLE,), Known(True))), Status.WARNING, "not-running"),
        (Known(NodeIdentities((IDLE,), DENIED)), Status.WARNING, "not-running"),
        (Known(NodeIdentities((RUNNING,), DENIED)), Status.UNKNOWN, "denied"),
        (Known(NodeIdentities((), Known(True))), Status.NOT_APPLICABLE, "no-machines"),
        (Missing("x"), Status.NOT_APPLICABLE, "no-machines"),
        (DENIED, Status.UNKNOWN, "denied"),
    ],
)
def test_machines(cluster: Cluster, show: Show, found: Fact[NodeIdentities], status: Status, reason: str) -> None:
    verdict = evaluate(cluster, found)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert show(CHECK, verdict)


def test_the_machines_are_named(cluster: Cluster) -> None:
    verdict = evaluate(cluster, Known(NodeIdentities((RUNNING, IDLE), Known(True))))
    assert verdict.values == {"count": "2", "pools": "usr"}
    assert [one.value for one in verdict.evidence] == ["aks-usr-vmss_1 | deallocated", "aks-usr-vmss_2 | failed"]


def test_a_stopped_cluster_has_none(cluster: Cluster, show: Show) -> None:
    verdict = evaluate(replace(cluster, power_state="Stopped"), DENIED)
    assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "stopped")
    assert show(CHECK, verdict)
