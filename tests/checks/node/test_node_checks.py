"""What only the pasted text can tell about a node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.image import pull_policy
from core.checks.node import disk_space, pull_qps
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Known
from core.model import Certainty, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
NODE = "aks-usr-90358548-vmss000001"


def saying(choice: Choice, kind: str, node: str | None = NODE) -> Choice:
    return replace(choice, symptom=Symptom(kind, excerpt="as it was pasted", node=node))


def test_a_kubelet_that_holds_back(choice: Choice, show: Show) -> None:
    verdict = pull_qps.evaluate(saying(choice, "PULL_QPS"))
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert "No permission is missing" in show(pull_qps.CHECK, verdict)
    for other in (choice, saying(choice, "RATE_429")):
        assert pull_qps.evaluate(other).status is Status.NOT_APPLICABLE
    assert show(pull_qps.CHECK, pull_qps.evaluate(choice))


def test_a_disk_that_is_full(choice: Choice, cluster: Cluster, show: Show) -> None:
    pools = (
        AgentPool("sys", "VirtualMachineScaleSets", os_disk_gb=128, os_disk_type="Managed"),
        AgentPool("usr", "VirtualMachineScaleSets", os_disk_gb=30, os_disk_type="Ephemeral"),
    )
    known = Known(replace(cluster, agent_pools=pools))
    verdict = disk_space.evaluate(saying(choice, "NO_SPACE"), known)
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert [one.value for one in verdict.evidence] == [NODE, "usr | 30 GB Ephemeral"]
    assert [fix.key for fix in verdict.fixes] == ["clean-images", "add-pool-with-disk"]
    assert show(disk_space.CHECK, verdict)
    assert len(disk_space.evaluate(saying(choice, "NO_SPACE", node=None), known).evidence) == 2
    windows = disk_space.evaluate(saying(choice, "NO_SPACE", node="akssys000001"), known)
    assert windows.evidence[-1].value == "sys | 128 GB Managed"
    assert disk_space.evaluate(choice, known).status is Status.NOT_APPLICABLE
    assert show(disk_space.CHECK, disk_space.evaluate(choice, known))


def test_a_cluster_out_of_sight_is_no_excuse(choice: Choice, show: Show) -> None:
    verdict = disk_space.evaluate(saying(choice, "NO_SPACE"), DENIED)
    assert verdict.status is Status.FAIL
    assert [fix.key for fix in verdict.fixes] == ["free-node-disk"]
    assert show(disk_space.CHECK, verdict)


def test_a_pod_that_forbids_to_pull(choice: Choice, show: Show) -> None:
    verdict = pull_policy.evaluate(saying(choice, "NEVER_PULL"))
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
    assert show(pull_policy.CHECK, verdict)
    assert pull_policy.evaluate(choice).status is Status.NOT_APPLICABLE
    assert show(pull_policy.CHECK, pull_policy.evaluate(choice))


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("contosoreg.azurecr.io/web/api", Status.WARNING),
        ("contosoreg.azurecr.io/web/api:latest", Status.WARNING),
        ("contosoreg.azurecr.io/web/api:1.4.2", Status.NOT_APPLICABLE),
        (f"contosoreg.azurecr.io/web/api:latest@sha256:{'a' * 64}", Status.NOT_APPLICABLE),
        (None, Status.NOT_APPLICABLE),
    ],
)
def test_an_image_that_is_asked_for_every_time(choice: Choice, show: Show, image: str | None, status: Status) -> None:
    verdict = pull_policy.evaluate(replace(saying(choice, "PULL_QPS"), image=image))
    assert verdict.status is status
    assert show(pull_policy.CHECK, verdict)
