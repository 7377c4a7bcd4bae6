from __future__ import annotations

from typing import Any

import pytest

from core.facts.fact import Denied, Fact, Known
from core.facts.roles import CallerPermissions, PermissionBlock
from core.fixes.quoting import MissingValue
from core.fixes.render import render
from core.model import Fix, FixRef, Risk
from core.texts import load

SUB = "11111111-1111-1111-1111-111111111111"
GROUP = f"/subscriptions/{SUB}/resourceGroups/rg-app"
CLUSTER = f"/subscriptions/{SUB}/resourcegroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
REGISTRY = f"/subscriptions/{SUB}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
START = FixRef(
    "start-cluster",
    {"cluster_id": CLUSTER, "cluster_name": "aks-app", "cluster_group": "rg-app", "cluster_subscription": SUB},
)
READER = PermissionBlock(("*/read",))
OWNER = PermissionBlock(("*",))
CONTRIBUTOR = PermissionBlock(("*",), ("Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"))
DELEGATE = PermissionBlock(("Microsoft.Authorization/roleAssignments/write", "*/read"))


def permissions(scope: str, *blocks: PermissionBlock) -> dict[str, Fact[Any]]:
    return {"cluster_permissions": Known(CallerPermissions(scope, blocks))}


def rendered(ref: FixRef, facts: dict[str, Fact[Any]]) -> Fix:
    return render(ref, load(), facts)


def test_a_fix_is_complete() -> None:
    assert rendered(START, permissions(CLUSTER, OWNER)) == Fix(
        key="start-cluster",
        title="Start aks-app",
        changes="Starts the control plane and all nodes of aks-app, which costs what they cost. "
        "Workloads come back by themselves.",
        risk=Risk.NONE,
        permission="Microsoft.ContainerService/managedClusters/start/action",
        scope=CLUSTER,
        you_may_apply=True,
        azure_cli=(f"az aks start --resource-group rg-app --name aks-app --subscription {SUB}",),
        powershell=(
            f"Set-AzContext -Subscription '{SUB}'",
            "Start-AzAksCluster -ResourceGroupName rg-app -Name aks-app",
        ),
        portal=("Open Kubernetes services, then aks-app.", "Choose Start on the Overview page."),
        docs="https://learn.microsoft.com/azure/aks/start-stop-cluster",
        wait_minutes=10,
    )


@pytest.mark.parametrize(
    ("scope", "blocks", "may"),
    [
        (CLUSTER, (OWNER,), True),
        (CLUSTER.upper(), (CONTRIBUTOR,), True),
        (CLUSTER, (READER,), False),
        (CLUSTER, (), False),
        (CLUSTER, (READER, CONTRIBUTOR), True),
        (f"/subscriptions/{SUB}", (OWNER,), True),
        (f"/subscriptions/{SUB}", (READER,), None),
        (f"{CLUSTER}/agentPools/sys", (OWNER,), None),
        (REGISTRY, (OWNER,), None),
    ],
)
def test_whether_you_may_apply_it(scope: str, blocks: tuple[PermissionBlock, ...], may: bool | None) -> None:
    fix = rendered(START, permissions(scope, *blocks))
    assert fix.you_may_apply is may
    assert (fix.ask is None) == (may is True)


def test_refused_permissions_leave_it_open() -> None:
    facts: dict[str, Fact[Any]] = {"cluster_permissions": Denied("a/read", CLUSTER)}
    assert rendered(START, facts).you_may_apply is None
    assert rendered(START, {}).you_may_apply is None


def test_what_needs_no_right_may_be_done_by_everybody() -> None:
    fix = rendered(FixRef("sign-in-to-tenant", {"tenant_id": "<tenant-id>"}), {})
    assert fix.you_may_apply is True
    assert fix.ask is None
    assert fix.azure_cli == ("az login --tenant '<tenant-id>'",)


def test_the_message_to_send_says_what_why_how_and_with_which_right() -> None:
    assert rendered(START, permissions(CLUSTER, READER)).ask == (
        "Could you please do this for me: Start aks-app, because the cluster is stopped, so that nothing can run or "
        "pull there. Starts the control plane and all nodes of aks-app, which costs what they cost. "
        "Workloads come back by themselves.\n\n"
        f"How:\naz aks start --resource-group rg-app --name aks-app --subscription {SUB}\n\n"
        f"It takes one of these roles on {CLUSTER}: Azure Kubernetes Service Contributor Role, Contributor, Owner "
        "(permission Microsoft.ContainerService/managedClusters/start/action)."
    )


def test_a_right_outside_azure_is_named_as_such() -> None:
    fix = rendered(
        FixRef("set-image", {"image": "contosoreg.azurecr.io/web:1", "namespace": "<namespace>"}),
        permissions(CLUSTER, OWNER),
    )
    assert fix.you_may_apply is None
    assert fix.kubectl == (
        "kubectl set image 'deployment/<deployment>' '<container>=contosoreg.azurecr.io/web:1' "
        "--namespace '<namespace>'",
    )
    assert fix.ask is not None
    assert fix.ask.endswith("It takes the permission “patch deployments.apps” on namespace <namespace>.")


GRANT = FixRef("grant-reader", {"scope": REGISTRY, "subscription": SUB})


@pytest.mark.parametrize(
    ("block", "may", "limited"), [(OWNER, True, False), (DELEGATE, True, True), (CONTRIBUTOR, False, False)]
)
def test_a_right_to_grant_that_may_be_limited_says_so(block: PermissionBlock, may: bool, limited: bool) -> None:
    fix = rendered(GRANT, permissions(REGISTRY, block))
    assert fix.you_may_apply is may
    assert ("may be limited to certain roles" in fix.changes) is limited


def test_a_name_that_cannot_be_one_costs_the_commands_and_says_so() -> None:
    values = {**START.values, "cluster_name": "aks'; reboot #\n\x1b[0m"}
    fix = rendered(FixRef("start-cluster", values), permissions(CLUSTER, READER))
    assert fix.azure_cli == fix.powershell == fix.kubectl == ()
    assert "No command is shown. The value for cluster_name" in fix.changes
    assert fix.title == "Start aks'; reboot # [0m"
    assert fix.ask is not None
    assert "Open Kubernetes services" in fix.ask
    assert "az aks" not in fix.ask


def test_braces_in_a_name_are_no_placeholders() -> None:
    fix = rendered(FixRef("start-cluster", {**START.values, "cluster_name": "{cluster_id}"}), {})
    assert fix.title == "Start {cluster_id}"


def test_a_value_that_the_check_forgot_is_a_fault() -> None:
    with pytest.raises(MissingValue, match="cluster_name"):
        rendered(FixRef("start-cluster", {"cluster_id": CLUSTER}), {})


def test_what_has_to_be_done_in_several_places_has_its_commands_for_each() -> None:
    fix = rendered(FixRef("start-node-pool", {**START.values, "pool": "usr"}, ({"pool": "usr"}, {"pool": "sys"})), {})
    command = "az aks nodepool start --resource-group rg-app --cluster-name aks-app --nodepool-name"
    assert fix.azure_cli == tuple(f"{command} {pool} --subscription {SUB}" for pool in ("usr", "sys"))


def test_what_has_to_be_done_in_several_places_is_told_for_each() -> None:
    """Who goes by the portal does no less than who runs the commands."""
    zone = {"zone_name": "privatelink.azurecr.io", "zone_resource_group": "rg-dns", "zone_subscription": SUB}
    places = (
        {"record": "contosoreg", "address": "10.0.2.5"},
        {"record": "contosoreg.westeurope.data", "address": "10.0.2.4"},
    )
    values = {**zone, "zone_id": f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"}
    fix = rendered(FixRef("add-record", {**values, **places[0]}, places), {})
    assert [step.partition(":")[2] for step in fix.portal] == [
        "",
        " name contosoreg, type A, IP address 10.0.2.5, then Add.",
        " name contosoreg.westeurope.data, type A, IP address 10.0.2.4, then Add.",
    ]
    assert "10.0.2.5, 10.0.2.4 under contosoreg, contosoreg.westeurope.data to the zone" in fix.changes


def test_what_several_places_have_in_common_is_made_once() -> None:
    zone = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
    places = tuple(
        {"link_name": f"to-{name}", "network_id": f"{GROUP}/networks/{name}"} for name in ("blue", "green")
    )
    common = {
        "endpoint_name": "pe",
        "endpoint_group": "rg-app",
        "endpoint_subscription": SUB,
        "zone_id": zone,
        "zone_name": "privatelink.azurecr.io",
        "zone_config": "privatelink-azurecr-io",
        "group_name": "default",
        "network_name": "blue",
        **places[0],
    }
    fix = rendered(FixRef("create-zone", common, places), {})
    words = [" ".join(line.split()[:5]) for line in fix.azure_cli]
    link = "az network private-dns link vnet"
    assert words == [
        "az network private-dns zone create",
        link,
        link,
        "az network private-endpoint dns-zone-group create",
    ]
    assert [line.split()[0] for line in fix.powershell] == [
        "Set-AzContext",
        "New-AzPrivateDnsZone",
        "New-AzPrivateDnsVirtualNetworkLink",
        "New-AzPrivateDnsVirtualNetworkLink",
        "New-AzPrivateDnsZoneGroup",
    ]
    assert [name in line for name, line in zip(("blue", "green"), fix.powershell[2:4], strict=True)] == [True, True]


def test_the_subscription_is_chosen_before_each_line_that_needs_it() -> None:
    places = tuple(
        {"link_name": f"to-{name}", "old_link": f"old-{name}", "network_id": f"{GROUP}/networks/{name}"}
        for name in ("blue", "green")
    )
    names = "endpoint_name endpoint_group zone_name zone_config zone_resource_group group_name own_zone_group"
    common = {
        **dict.fromkeys((*names.split(), "network_name"), "x"),
        **dict.fromkeys(("endpoint_subscription", "zone_subscription", "own_zone_subscription"), SUB),
        "own_zone_id": GROUP,
        **places[0],
    }
    fix = rendered(FixRef("own-zone", common, places), {})
    moved = ["Remove-AzPrivateDnsVirtualNetworkLink", "Set-AzContext", "New-AzPrivateDnsVirtualNetworkLink"]
    assert [line.split()[0] for line in fix.powershell] == [
        "Set-AzContext",
        "New-AzPrivateDnsZone",
        "Set-AzContext",
        "Set-AzPrivateDnsZoneGroup",
        *("Set-AzContext", *moved),
        *("Set-AzContext", *moved),
    ]


OF_DATA = {
    "registry_id": REGISTRY,
    "registry_name": "contosoreg",
    "registry_group": "rg-reg",
    "registry_subscription": SUB,
    "login_server": "contosoreg.azurecr.io",
    "repository": "web/api",
    "tag": "1.4.2",
    "digest": "sha256:ab",
    "platform": "linux/arm64",
    "platforms": "linux/arm64",
}
NAMESPACE = "Microsoft.ContainerRegistry/registries/"
WRITER = PermissionBlock(
    (), (), (f"{NAMESPACE}repositories/metadata/write", f"{NAMESPACE}repositories/content/write")
)
LISTER = PermissionBlock((), (), (f"{NAMESPACE}catalog/read",))
REPOSITORY_READER = PermissionBlock((), (), (f"{NAMESPACE}repositories/metadata/read",))


def of_data(key: str, mode: str, *blocks: PermissionBlock) -> Fix:
    return rendered(FixRef(key, {**OF_DATA, "permission_mode": mode}), permissions(REGISTRY, *blocks))


@pytest.mark.parametrize(
    ("key", "blocks", "rbac", "abac"),
    [
        ("unlock-repository", (OWNER,), True, False),
        ("unlock-image", (OWNER,), True, False),
        ("unlock-manifest", (CONTRIBUTOR,), True, False),
        ("unlock-manifest", (READER, WRITER), False, True),
        ("list-repositories", (OWNER,), True, False),
        ("list-repositories", (LISTER,), False, True),
        ("show-tags", (READER,), True, False),
        ("show-tags", (REPOSITORY_READER,), False, True),
        ("build-for-platform", (OWNER,), True, False),
        ("build-for-platform", (OWNER, WRITER), True, True),
        ("build-for-platform", (READER, WRITER), False, False),
        ("restore-image", (OWNER,), True, None),
        ("import-image", (OWNER,), True, True),
    ],
)
def test_a_right_to_the_registry_is_none_to_what_it_holds_where_repositories_have_their_own(
    key: str, blocks: tuple[PermissionBlock, ...], rbac: bool | None, abac: bool | None
) -> None:
    assert of_data(key, "rbac", *blocks).you_may_apply is rbac
    assert of_data(key, "rbac-abac", *blocks).you_may_apply is abac


def test_the_message_names_the_right_of_the_registry_s_mode() -> None:
    old, new = (of_data("unlock-repository", mode, READER).ask or "" for mode in ("rbac", "rbac-abac"))
    assert old.endswith(f"AcrPush, Contributor, Owner (permission {NAMESPACE}push/write).")
    roles = "Container Registry Repository Writer, Container Registry Repository Contributor"
    assert new.endswith(f"{roles} (permission {NAMESPACE}repositories/metadata/write).")


def test_a_build_pushes_with_the_right_of_whoever_asks_for_it() -> None:
    (line,) = of_data("build-for-platform", "rbac-abac", OWNER).azure_cli
    assert ' --source-acr-auth-id "[caller]" ' in line
    assert "--source-acr-auth-id" not in of_data("build-for-platform", "rbac", OWNER).azure_cli[0]


def test_a_condition_may_limit_a_right_to_repositories() -> None:
    words = "limited to certain repositories"
    assert words in of_data("unlock-image", "rbac-abac", WRITER).changes
    assert words not in of_data("list-repositories", "rbac-abac", LISTER).changes
    assert words not in of_data("unlock-image", "rbac", OWNER).changes


def test_a_fix_that_depends_on_the_mode_has_to_be_told_it() -> None:
    with pytest.raises(MissingValue, match="permission_mode"):
        rendered(FixRef("unlock-image", OF_DATA), {})
