"""Whether an image goes with the nodes, on facts alone: processor, operating system, Windows version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from image_facts import ARM, DENIED, IMAGE, LINUX, NO_SIZES, REPOSITORY, manifest

from core.checks.image import platform, windows_version
from core.checks.image.node_platforms import Fit, PoolPlatform, architecture_of, fit, pool_of_node
from core.facts.cluster import AgentPool
from core.facts.fact import Known
from core.facts.image import Platform, VmSizes
from core.model import Branch, Certainty, Status, Symptom

MIXED = ("Standard_D4s_v5", "Standard_D4ps_v5")


def pool(name, size="Standard_D4s_v5", **more):
    return AgentPool(
        name, "VirtualMachineScaleSets", "User", **{"count": 2, "vm_size": size, "os_type": "Linux", **more}
    )


class TestPlatform:
    def judge(self, choice, registry, cluster, pools, *platforms, sizes=NO_SIZES):
        cluster = replace(cluster, agent_pools=tuple(pools))
        return platform.evaluate(choice, Known(registry), Known(cluster), REPOSITORY, manifest(*platforms), sizes)

    @pytest.mark.parametrize(
        ("pools", "platforms", "status", "reason"),
        [
            ([pool("a")], [LINUX], Status.PASS, "fits"),
            ([pool("a", "standard_d4pds_v5")], [LINUX], Status.FAIL, "no-pool"),
            ([pool("a"), pool("b", "Standard_D4ps_v5")], [LINUX, ARM], Status.PASS, "fits"),
            ([pool("a"), pool("b", "Standard_D4ps_v5")], [LINUX], Status.WARNING, "some-pools"),
            ([pool("a"), pool("b", "Standard_D4ps_v5", power_state="Stopped")], [LINUX], Status.PASS, "fits"),
            ([pool("a"), pool("b", "Standard_D4ps_v5", count=0)], [LINUX], Status.PASS, "fits"),
            ([pool("a", count=0)], [ARM], Status.NOT_APPLICABLE, "without-nodes"),
            ([pool("a", "Standard_D4ps_v5")], [Platform("linux", "arm", "v7")], Status.WARNING, "arm-variant"),
            ([pool("a")], [Platform("linux", "386")], Status.PASS, "fits"),
            ([pool("a")], [Platform("windows", "amd64")], Status.FAIL, "no-pool"),
            ([pool("a", None)], [LINUX], Status.UNKNOWN, "pool-not-told"),
            ([pool("a", None, machine_sizes=("Standard_D4s_v5",))], [LINUX], Status.PASS, "fits"),
            (
                [pool("a", None, machine_sizes=("Standard_D4s_v5", "Standard_D4ps_v5"))],
                [LINUX],
                Status.FAIL,
                "no-pool",
            ),
            ([pool("a")], [], Status.NOT_APPLICABLE, "no-platform"),
        ],
    )
    def test_pools_are_held_against_the_image(
        self, choice, registry, cluster, show, pools, platforms, status, reason
    ):
        verdict = self.judge(choice, registry, cluster, pools, *platforms)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(platform.CHECK, verdict)

    def test_azures_list_is_better_than_the_name(self, choice, registry, cluster):
        sizes = Known(VmSizes({"standard_d4s_v5": "arm64"}))
        assert self.judge(choice, registry, cluster, [pool("a")], LINUX, sizes=sizes).reason == "no-pool"
        assert self.judge(choice, registry, cluster, [pool("a")], LINUX, sizes=DENIED).reason == "fits"

    @pytest.mark.parametrize(
        ("node", "status", "reason", "certainty"),
        [
            ("aks-arm-12345678-vmss000001", Status.FAIL, "target-pool", Certainty.DEFINITE),
            ("aks-usr-12345678-vmss000001", Status.PASS, "target-fits", None),
            ("somebodys-node", Status.FAIL, "some-pools", Certainty.LIKELY),
            (None, Status.FAIL, "some-pools", Certainty.LIKELY),
        ],
    )
    def test_the_pods_node_decides(self, choice, registry, cluster, show, node, status, reason, certainty):
        failing = replace(choice, symptom=Symptom("NO_PLATFORM", node=node))
        pools = [pool("usr"), pool("arm", "Standard_D4ps_v5")]
        verdict = self.judge(failing, registry, cluster, pools, LINUX)
        assert (verdict.status, verdict.reason, verdict.certainty) == (status, reason, certainty)
        show(platform.CHECK, verdict)

    def test_the_check_tool_is_no_image_of_a_pod(self, choice, registry, cluster):
        tool = Symptom(
            "EXEC_FORMAT", Branch.NODE, "exec /canipull: exec format error", node="aks-arm-12345678-vmss000001"
        )
        pools = [pool("usr"), pool("arm", "Standard_D4ps_v5")]
        for symptom, status in ((tool, Status.WARNING), (replace(tool, branch=Branch.IMAGE), Status.FAIL)):
            verdict = self.judge(replace(choice, symptom=symptom), registry, cluster, pools, LINUX)
            assert verdict.status is status

    @pytest.mark.parametrize(
        ("sku", "status"), [("Windows2019", Status.WARNING), ("Windows2022", Status.FAIL), (None, Status.FAIL)]
    )
    def test_the_build_of_windows_is_another_checks_question(self, choice, registry, cluster, sku, status):
        failing = replace(choice, symptom=Symptom("NO_PLATFORM"))
        pools = [pool("usr"), pool("win", os_type="Windows", os_sku=sku)]
        verdict = self.judge(failing, registry, cluster, pools, WINDOWS)
        assert (verdict.status, verdict.reason) == (status, "some-pools")

    def test_nodes_that_are_made_on_demand_may_be_of_any_kind(self, choice, registry, cluster, show):
        automatic = replace(cluster, node_provisioning_mode="Auto")
        verdict = self.judge(choice, registry, automatic, [pool("a")], LINUX)
        assert (verdict.status, verdict.reason) == (Status.WARNING, "nodes-to-come")
        show(platform.CHECK, verdict)
        assert self.judge(choice, registry, automatic, [pool("a")], LINUX, ARM).status is Status.PASS
        assert self.judge(choice, registry, automatic, [pool("a")], ARM).certainty is Certainty.LIKELY

    def test_the_narrowest_way_out_comes_first(self, choice, registry, cluster):
        some = self.judge(choice, registry, cluster, [pool("a"), pool("b", "Standard_D4ps_v5")], LINUX)
        assert [one.key for one in some.fixes] == ["pin-platform", "build-for-platforms"]
        assert some.fixes[1].values["build_platforms"] == "linux/amd64,linux/arm64"
        assert '"kubernetes.io/arch":"amd64"' in some.fixes[0].values["body"]
        none = self.judge(choice, registry, cluster, [pool("a")], ARM)
        assert [one.key for one in none.fixes] == ["build-for-platform", "add-node-pool"]
        assert none.fixes[0].values["platform"] == "linux/amd64"
        assert none.fixes[1].values["size"] == "Standard_D4ps_v5"

    def test_a_new_build_is_for_all_nodes_that_are_there(self, choice, registry, cluster):
        both = [pool("a"), pool("b", "Standard_D4ps_v5")]
        windows = self.judge(choice, registry, cluster, both, WINDOWS)
        assert [one.key for one in windows.fixes] == ["add-windows-pool", "build-for-platforms"]
        assert windows.fixes[1].values["build_platforms"] == "linux/amd64,linux/arm64"
        old = self.judge(choice, registry, cluster, both, Platform("linux", "386"))
        assert old.fixes[1].values["build_platforms"] == "linux/386,linux/arm64"
        unlike = self.judge(choice, registry, cluster, [pool("a", None, machine_sizes=MIXED)], LINUX)
        assert unlike.fixes[0].values["build_platforms"] == "linux/amd64,linux/arm64"

    @pytest.mark.parametrize(
        ("size", "processor"),
        [
            ("Standard_D4s_v5", "amd64"),
            ("standard_d4pds_v5", "arm64"),
            ("Standard_E64-16ps_v6", "arm64"),
            ("Standard_B2pts_v2", "arm64"),
            ("Standard_B2ms", "amd64"),
            ("Standard_DS2_v2", "amd64"),
            ("something-else", ""),
        ],
    )
    def test_names_of_sizes_tell_arm_processors(self, size, processor):
        assert architecture_of(size, VmSizes({})) == processor

    def test_a_node_is_of_the_pool_with_the_longest_name_that_fits(self):
        assert pool_of_node("aks-usr-1-vmss0", ["us", "usr"]) == "usr"
        assert pool_of_node("akswin22000001", ["win", "win22"]) == "win22"
        assert pool_of_node("node-1", ["usr"]) is None

    def test_machines_that_differ_count_by_the_worst(self):
        assert fit([LINUX], PoolPlatform("a", "linux", ("amd64", "arm64"))) is Fit.NO
        assert fit([LINUX], PoolPlatform("a", "linux", ("amd64", ""))) is Fit.UNKNOWN


WINDOWS = Platform("windows", "amd64", "", "10.0.20348.2527")


def windows(version):
    return manifest(Platform("windows", "amd64", "", version))


class TestWindowsVersion:
    @pytest.mark.parametrize(
        ("skus", "found", "status", "reason"),
        [
            (["Windows2022"], windows("10.0.20348.2527"), Status.PASS, "same-build"),
            (["windows2019"], windows("10.0.20348.2527"), Status.FAIL, "other-build"),
            (["Windows2022", "Windows2025"], windows("10.0.20348.2527"), Status.WARNING, "some-pools"),
            (["WindowsAnnual"], windows("10.0.20348.2527"), Status.UNKNOWN, "version-not-told"),
            (["Windows2022"], windows(""), Status.UNKNOWN, "version-not-told"),
            ([], windows("10.0.20348.2527"), Status.FAIL, "no-windows-pool"),
            (["Windows2022"], IMAGE, Status.NOT_APPLICABLE, "not-windows"),
            (["Windows2022"], DENIED, Status.UNKNOWN, "denied"),
        ],
    )
    def test_builds_are_compared(self, choice, registry, cluster, show, skus, found, status, reason):
        pools = [pool(f"win{place}", os_type="Windows", os_sku=sku) for place, sku in enumerate(skus)]
        cluster = replace(cluster, agent_pools=(pool("sys"), *pools))
        verdict = windows_version.evaluate(choice, Known(registry), Known(cluster), REPOSITORY, found)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(windows_version.CHECK, verdict)

    def judge(self, choice, registry, cluster, skus, *platforms):
        pools = [pool(f"win{place}", os_type="Windows", os_sku=sku) for place, sku in enumerate(skus)]
        cluster = replace(cluster, agent_pools=(pool("sys"), *pools))
        return windows_version.evaluate(choice, Known(registry), Known(cluster), REPOSITORY, manifest(*platforms))

    @pytest.mark.parametrize(
        ("skus", "kind", "status", "reason"),
        [
            ([], None, Status.NOT_APPLICABLE, "no-windows-nodes"),
            ([], "NO_PLATFORM", Status.NOT_APPLICABLE, "no-windows-nodes"),
            (["Windows2019"], None, Status.WARNING, "windows-nodes-unfit"),
            (["Windows2019"], "NO_PLATFORM", Status.FAIL, "other-build"),
            (["Windows2022"], "NO_PLATFORM", Status.PASS, "same-build"),
        ],
    )
    def test_an_image_for_linux_as_well_runs_there(self, choice, registry, cluster, show, skus, kind, status, reason):
        told = replace(choice, symptom=Symptom(kind) if kind else None)
        verdict = self.judge(told, registry, cluster, skus, LINUX, WINDOWS)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(windows_version.CHECK, verdict)

    @pytest.mark.parametrize(
        ("kind", "node", "status", "reason"),
        [
            ("NO_PLATFORM", None, Status.FAIL, "some-pools"),
            ("NO_PLATFORM", "akswin0000001", Status.FAIL, "some-pools"),
            ("NO_PLATFORM", "akswin1000001", Status.PASS, "same-build"),
            ("NO_PLATFORM", "akswin2000001", Status.UNKNOWN, "version-not-told"),
            ("ANON_401", "akswin0000001", Status.FAIL, "some-pools"),
            ("ANON_401", None, Status.WARNING, "some-pools"),
        ],
    )
    def test_a_text_about_the_platform_means_the_pool_of_another_build(
        self, choice, registry, cluster, show, kind, node, status, reason
    ):
        told = replace(choice, symptom=Symptom(kind, node=node))
        skus = ["Windows2019", "Windows2022", *(["WindowsAnnual"] if node == "akswin2000001" else [])]
        verdict = self.judge(told, registry, cluster, skus, WINDOWS)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(windows_version.CHECK, verdict)
        for fix in verdict.fixes:
            assert fix.key == "pin-windows-build"
            assert '"node.kubernetes.io/windows-build":"10.0.20348"' in fix.values["body"]

    def test_the_new_pool_has_the_images_windows(self, choice, registry, cluster):
        verdict = windows_version.evaluate(
            choice, Known(registry), Known(replace(cluster, agent_pools=())), REPOSITORY, windows("10.0.17763.5458")
        )
        assert verdict.fixes[0].values["os_sku"] == "Windows2019"
        assert verdict.fixes[0].values["pool"] == "win19"
