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
from core.facts.fact import Fact, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageSize, Platform, VmSizes
from core.model import Certainty, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
NODE = "aks-usr-90358548-vmss000001"
POOLS = (
    AgentPool("sys", "VirtualMachineScaleSets", vm_size="Standard_D4s_v5", os_disk_gb=128, os_disk_type="Managed"),
    AgentPool(
        "usr",
        "VirtualMachineScaleSets",
        vm_size="Standard_D4ps_v5",
        os_disk_gb=30,
        os_disk_type="Ephemeral",
        kubelet_disk_type="OS",
    ),
)
LINUX, ARM, WINDOWS = Platform("linux", "amd64"), Platform("linux", "arm64"), Platform("windows", "amd64")
NO_SIZES: Fact[tuple[ImageSize, ...]] = Known(())
SIZES: Fact[tuple[ImageSize, ...]] = Known(
    (ImageSize(LINUX, Known(1_340_000_000)), ImageSize(ARM, Known(412_000_000)))
)


def saying(choice: Choice, kind: str, node: str | None = NODE) -> Choice:
    return replace(choice, symptom=Symptom(kind, excerpt="as it was pasted", node=node))


def test_a_kubelet_that_holds_back(choice: Choice, show: Show) -> None:
    verdict = pull_qps.evaluate(saying(choice, "PULL_QPS"))
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert "No permission is missing" in show(pull_qps.CHECK, verdict)
    told = saying(choice, "PULL_QPS")
    named = replace(told, symptom=Symptom("PULL_QPS", namespace="shop"))
    assert [pull_qps.evaluate(one).fixes[0].values["namespace"] for one in (told, named)] == ["<namespace>", "shop"]
    for other in (choice, saying(choice, "RATE_429")):
        assert pull_qps.evaluate(other).status is Status.NOT_APPLICABLE
    assert show(pull_qps.CHECK, pull_qps.evaluate(choice))


def full(
    choice: Choice,
    cluster: Fact[Cluster],
    sizes: Fact[tuple[ImageSize, ...]] = NO_SIZES,
    node: str | None = NODE,
) -> Verdict:
    return disk_space.evaluate(saying(choice, "NO_SPACE", node), cluster, sizes, Known(VmSizes({})))


def test_a_disk_that_is_full(choice: Choice, cluster: Cluster, show: Show) -> None:
    known = Known(replace(cluster, agent_pools=POOLS))
    verdict = full(choice, known)
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert [one.value for one in verdict.evidence] == [NODE, "usr | 30 GB Ephemeral", "usr | OS"]
    assert [fix.key for fix in verdict.fixes] == ["clean-images", "add-pool-with-disk"]
    assert show(disk_space.CHECK, verdict)
    assert [one.label for one in full(choice, known, node=None).evidence] == ["os-disk"] * 2 + ["kubelet-disk"]
    windows = full(choice, known, node="akssys000001")
    assert windows.evidence[-1].value == "sys | 128 GB Managed"
    silent = disk_space.evaluate(choice, known, SIZES, Known(VmSizes({})))
    assert silent.status is Status.NOT_APPLICABLE
    assert show(disk_space.CHECK, silent)


@pytest.mark.parametrize(
    ("sizes", "node", "shown"),
    [
        (SIZES, NODE, ["linux/arm64 | 412 MB"]),
        (SIZES, "akssys000001", ["linux/amd64 | 1.3 GB"]),
        (SIZES, None, ["linux/amd64 | 1.3 GB", "linux/arm64 | 412 MB"]),
        (Known((ImageSize(None, Known(99)),)), NODE, ["1 MB"]),
        (Known((ImageSize(WINDOWS, Known(2_000_000_000)),)), NODE, [f"{WINDOWS} | 2.0 GB"]),
        (Known((ImageSize(ARM, DENIED), ImageSize(LINUX, Known(7_000_000)))), None, ["linux/amd64 | 7 MB"]),
        (NO_SIZES, NODE, []),
        (DENIED, NODE, []),
        (Missing("web/api"), NODE, []),
        (Unavailable(Trouble.WORKSTATION, "not allowed"), NODE, []),
    ],
)
def test_the_size_of_the_image_stands_beside_the_disk_and_changes_nothing(
    choice: Choice,
    cluster: Cluster,
    show: Show,
    sizes: Fact[tuple[ImageSize, ...]],
    node: str | None,
    shown: list[str],
) -> None:
    known = Known(replace(cluster, agent_pools=POOLS))
    verdict, plain = full(choice, known, sizes, node), full(choice, known, node=node)
    assert [one.value for one in verdict.evidence if one.label == "image-size"] == shown
    assert replace(verdict, evidence=plain.evidence) == plain
    assert show(disk_space.CHECK, verdict)


def test_a_cluster_out_of_sight_is_no_excuse(choice: Choice, show: Show) -> None:
    verdict = full(choice, DENIED, SIZES)
    assert verdict.status is Status.FAIL
    assert [fix.key for fix in verdict.fixes] == ["free-node-disk"]
    assert verdict.fixes[0].values["node"] == NODE
    assert full(choice, DENIED, SIZES, None).fixes[0].values["node"] == "<node>"
    assert [one.label for one in verdict.evidence] == ["node", "image-size", "image-size"]
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
