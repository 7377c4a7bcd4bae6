"""Healthy facts to start from, and the proof that a verdict can be shown: its sentences, labels and fixes exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from core.checks.check import Check
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import AgentPool, Cluster, KubeletIdentity
from core.facts.fact import Known
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.roles import CallerPermissions, PermissionBlock
from core.facts.subscriptions import Subscription, Subscriptions
from core.fixes.quoting import fields_of
from core.fixes.render import render
from core.model import FixRef, Status, Verdict
from core.texts import load

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
CLUSTER_ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-app/providers"
    "/Microsoft.ContainerService/managedClusters/aks-app"
)
REGISTRY_ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
)

Show = Callable[[Check, Verdict], str]


@pytest.fixture(autouse=True)
def every_fix_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every verdict that a test gets to its fixes: the catalogue has them, and no value is missing."""
    asked: dict[tuple[str, frozenset[str]], FixRef] = {}
    refuse = Verdict.__post_init__

    def collect(verdict: Verdict) -> None:
        refuse(verdict)
        asked.update({(ref.key, frozenset(ref.values)): ref for ref in verdict.fixes})

    monkeypatch.setattr(Verdict, "__post_init__", collect)
    yield
    for ref in asked.values():
        render(ref, load(), {})


@pytest.fixture
def choice() -> Choice:
    return Choice(
        ResourceId.parse(CLUSTER_ID), ResourceId.parse(REGISTRY_ID), image="contosoreg.azurecr.io/web/api:1.4.2"
    )


@pytest.fixture
def cloud() -> CloudNames:
    return CloudNames("AzureCloud", "azurecr.io", ("azurecr.us", "azurecr.cn"))


@pytest.fixture
def subscriptions() -> Subscriptions:
    return Subscriptions({SUBSCRIPTION: Subscription(SUBSCRIPTION, "Contoso", "Enabled", "tenant-contoso")})


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(
        id=CLUSTER_ID,
        name="aks-app",
        resource_group="rg-app",
        subscription_id=SUBSCRIPTION,
        location="westeurope",
        power_state="Running",
        provisioning_state="Succeeded",
        provisioning_error=None,
        kubernetes_version="1.33.2",
        node_resource_group="MC_rg-app_aks-app_westeurope",
        node_resource_group_restriction=None,
        tenant_id="tenant-contoso",
        control_plane_identities=(),
        kubelet_identity=KubeletIdentity("object-1", "client-1", None),
        service_principal_client_id=None,
        addon_identities=(),
        agent_pools=(
            AgentPool("sys", "VirtualMachineScaleSets", "System", count=2, provisioning_state="Succeeded"),
            AgentPool("vms", "VirtualMachines", "User", count=None, provisioning_state="Succeeded"),
        ),
    )


@pytest.fixture
def registry() -> Registry:
    return Registry(
        id=REGISTRY_ID,
        name="contosoreg",
        resource_group="rg-reg",
        subscription_id=SUBSCRIPTION,
        location="westeurope",
        sku="Premium",
        login_server="contosoreg.azurecr.io",
        provisioning_state="Succeeded",
        status_message=None,
        created_on=datetime(2024, 5, 1, tzinfo=UTC),
        abac=False,
        arm_audience_enabled=True,
        anonymous_pull_enabled=False,
    )


@pytest.fixture
def show() -> Show:
    """Show a verdict as the program would: every sentence, label and fix has to be there. Gives the summary."""
    texts = load()
    reader = {
        "cluster_permissions": Known(CallerPermissions(CLUSTER_ID, (PermissionBlock(("*/read",)),))),
        "registry_permissions": Known(CallerPermissions(REGISTRY_ID, (PermissionBlock(("*/read",)),))),
    }
    names = {"cluster": "aks-app", "registry": "contosoreg", "image": "contosoreg.azurecr.io/web/api:1.4.2"}

    def shown(check: Check, verdict: Verdict) -> str:
        assert texts.title(check.id)
        if verdict.status is Status.FAIL:
            assert texts.headline(check.id, verdict, names)
        for evidence in verdict.evidence:
            assert texts.label(evidence.label)
            assert evidence.value
        for ref in verdict.fixes:
            fix = render(ref, texts, reader)
            assert fix.azure_cli or fix.powershell or fix.kubectl or fix.portal
            assert not fields_of("".join((fix.title, fix.changes, *fix.portal, fix.ask or "")))
        return texts.summary(check.id, verdict)

    return shown
