"""The kubelet identity: whether it is there, the same as ever, on the nodes, and understood by the registry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from identity_world import (
    APP_ID,
    CLUSTER,
    HEALTHY,
    HEALTHY_SP,
    IDENTITY,
    IN,
    KUBELET,
    NEIGHBOUR,
    NO_KUBELET,
    REGISTRY,
    REGISTRY_ID,
    SUBSCRIPTION,
    TENANT,
    Case,
    ask,
    prove,
    symptom,
)

from core.checks.identity import (
    arm_audience,
    kind,
    kubelet_exists,
    kubelet_present,
    node_assignment,
    node_image_current,
)
from core.facts.cluster import AgentPool, ControlPlaneIdentity, KubeletIdentity
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.identities import ManagedIdentity, NodeGroup, NodeIdentities
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Certainty, Status
from core.texts import load

PASS, WARNING, FAIL, UNKNOWN, NA = Status.PASS, Status.WARNING, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
DEFINITE, LIKELY = Certainty.DEFINITE, Certainty.LIKELY

KIND, PRESENT, EXISTS = kind.CHECK, kubelet_present.CHECK, kubelet_exists.CHECK
ATTACHED, CURRENT, AUDIENCE = node_assignment.CHECK, node_image_current.CHECK, arm_audience.CHECK

OWN_IDENTITY = f"{IN}/rg-ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/kubelet"
OWN_CLUSTER = replace(
    CLUSTER,
    kubelet_identity=KubeletIdentity(KUBELET, None, OWN_IDENTITY),
    control_plane_identities=(ControlPlaneIdentity("x", f"{OWN_IDENTITY}-control"),),
)
FAR = "22222222" + SUBSCRIPTION[8:]
FAR_IDENTITY = OWN_IDENTITY.replace(SUBSCRIPTION, FAR)


def cluster(**changes: Any) -> dict[str, Any]:
    return {**HEALTHY, "cluster": replace(CLUSTER, **changes)}


def found(principal: str | None) -> ManagedIdentity:
    return ManagedIdentity(IDENTITY, "aks-app-agentpool", principal, None, TENANT)


def nodes(*groups: NodeGroup, instances: Any = None) -> dict[str, Any]:
    both = replace(CLUSTER, agent_pools=(POOL_SYS, POOL_USR))
    return {**HEALTHY, "cluster": both, "node_identities": NodeIdentities(groups, instances or Known(True))}


def pools(*made: AgentPool) -> dict[str, Any]:
    return cluster(agent_pools=made)


POOL_SYS, POOL_USR = (AgentPool(name, "VirtualMachineScaleSets", count=2) for name in ("sys", "usr"))
SYS = NodeGroup("sys", "aks-sys-1-vmss", (IDENTITY,))
USR = NodeGroup("usr", "aks-usr-1-vmss", (IDENTITY,))
BARE = NodeGroup("usr", "aks-usr-1-vmss", (f"{IDENTITY}-addon",))


def audience(enabled: bool | None, *made: AgentPool, **changes: Any) -> dict[str, Any]:
    changed = {"agent_pools": made, **changes} if made else changes
    return {**cluster(**changed), "registry": replace(REGISTRY, arm_audience_enabled=enabled)}


def pool(version: str | None = None, image: str | None = None) -> AgentPool:
    return AgentPool("sys", "VirtualMachineScaleSets", kubernetes_version=version, node_image_version=image)


CASES = [
    Case(KIND, HEALTHY, PASS, "managed-identity", shows=(KUBELET, IDENTITY, "system-assigned")),
    Case(KIND, NO_KUBELET, PASS, "managed-identity"),
    Case(
        KIND,
        cluster(bootstrap_artifact_source="Cache", bootstrap_registry_id=REGISTRY_ID),
        PASS,
        "managed-identity",
        shows=(REGISTRY_ID,),
    ),
    Case(KIND, HEALTHY_SP, PASS, "service-principal", shows=(APP_ID,)),
    Case(PRESENT, HEALTHY, PASS, "present"),
    Case(PRESENT, NO_KUBELET, FAIL, "none", LIKELY, ("aks-app-agentpool",), ("make-kubelet-identity",)),
    Case(
        PRESENT,
        cluster(kubelet_identity=KubeletIdentity(None, None, IDENTITY), provisioning_state="Failed"),
        FAIL,
        "none",
        LIKELY,
        fixes=("make-kubelet-identity",),
    ),
    Case(PRESENT, cluster(kubelet_identity=None, provisioning_state="Creating"), UNKNOWN, "not-yet"),
    Case(PRESENT, HEALTHY_SP, NA, "service-principal"),
    Case(EXISTS, HEALTHY, PASS, "exists"),
    Case(EXISTS, {**HEALTHY, "kubelet_managed_identity": found(KUBELET.upper())}, PASS, "exists"),
    Case(EXISTS, {**HEALTHY, "kubelet_managed_identity": found(None)}, PASS, "exists"),
    Case(
        EXISTS,
        {**HEALTHY, "kubelet_managed_identity": Missing(IDENTITY)},
        FAIL,
        "deleted",
        DEFINITE,
        (IDENTITY,),
        ("reconcile-identity",),
    ),
    Case(
        EXISTS,
        {**HEALTHY, "cluster": OWN_CLUSTER, "kubelet_managed_identity": Missing(OWN_IDENTITY)},
        FAIL,
        "deleted",
        DEFINITE,
        fixes=("recreate-kubelet-identity",),
    ),
    Case(
        EXISTS,
        {
            **cluster(kubelet_identity=KubeletIdentity(KUBELET, None, FAR_IDENTITY)),
            "kubelet_managed_identity": Missing(FAR_IDENTITY),
        },
        UNKNOWN,
        "hidden",
        shows=(FAR_IDENTITY,),
    ),
    Case(
        EXISTS,
        {
            **cluster(kubelet_identity=KubeletIdentity(KUBELET, None, FAR_IDENTITY)),
            "kubelet_managed_identity": Missing(FAR_IDENTITY),
            "subscriptions": Subscriptions({FAR: Subscription(FAR, "Far", "Enabled", TENANT)}),
        },
        FAIL,
        "deleted",
        DEFINITE,
        fixes=("recreate-kubelet-identity",),
    ),
    Case(
        EXISTS,
        {
            **cluster(kubelet_identity=KubeletIdentity(KUBELET, None, "odd")),
            "kubelet_managed_identity": Missing("odd"),
        },
        UNKNOWN,
        "hidden",
    ),
    Case(
        EXISTS,
        {**HEALTHY, "kubelet_managed_identity": found(NEIGHBOUR)},
        FAIL,
        "recreated",
        DEFINITE,
        (NEIGHBOUR,),
        ("reconcile-identity",),
    ),
    Case(EXISTS, cluster(kubelet_identity=KubeletIdentity(KUBELET, None, None)), UNKNOWN, "no-resource-id"),
    Case(
        EXISTS,
        {**HEALTHY, "kubelet_managed_identity": Denied("x/read", IDENTITY)},
        UNKNOWN,
        "denied",
        None,
        (IDENTITY,),
    ),
    Case(EXISTS, NO_KUBELET, NA, "no-kubelet-identity"),
    Case(EXISTS, HEALTHY_SP, NA, "service-principal"),
    Case(ATTACHED, HEALTHY, PASS, "attached", shows=("aks-usr-1-vmss",)),
    Case(ATTACHED, nodes(SYS, USR, instances=Denied("x/read", IN)), UNKNOWN, "denied", shows=("aks-usr-1-vmss", IN)),
    Case(ATTACHED, nodes(SYS, USR, instances=Missing("/far/vmss")), PASS, "attached", shows=("/far/vmss",)),
    Case(ATTACHED, nodes(SYS, USR, instances=Unavailable(Trouble.SERVER)), UNKNOWN, "unavailable-server"),
    Case(
        ATTACHED,
        nodes(SYS, BARE, instances=Denied("x/read", IN)),
        FAIL,
        "missing-on-pools",
        DEFINITE,
        fixes=("reconcile-identity",),
    ),
    Case(ATTACHED, nodes(SYS, BARE), FAIL, "missing-on-pools", DEFINITE, ("usr",), ("reconcile-identity",)),
    Case(ATTACHED, nodes(BARE), FAIL, "missing-everywhere", DEFINITE, fixes=("reconcile-identity",)),
    Case(
        ATTACHED,
        {**nodes(SYS, BARE), "cluster": replace(CLUSTER, agent_pools=(POOL_SYS, replace(POOL_USR, count=0)))},
        WARNING,
        "missing-on-empty-pools",
        None,
        ("usr",),
        ("reconcile-identity",),
    ),
    Case(
        ATTACHED,
        {
            **nodes(SYS, BARE, instances=Denied("x/read", IN)),
            "cluster": replace(CLUSTER, agent_pools=(POOL_SYS, replace(POOL_USR, power_state="Stopped"))),
        },
        UNKNOWN,
        "denied",
    ),
    Case(
        ATTACHED,
        {**nodes(BARE), "cluster": replace(CLUSTER, agent_pools=(replace(POOL_USR, count=0),))},
        FAIL,
        "missing-everywhere",
        DEFINITE,
        fixes=("reconcile-identity",),
    ),
    Case(
        ATTACHED,
        nodes(SYS, replace(USR, stale_instances=("1", "3"))),
        WARNING,
        "stale-instances",
        shows=("1, 3",),
        fixes=("upgrade-node-image",),
    ),
    Case(ATTACHED, nodes(SYS), UNKNOWN, "machines-not-found", shows=("usr",)),
    Case(
        ATTACHED,
        {**nodes(), "cluster": replace(CLUSTER, agent_pools=(AgentPool("vms", "VirtualMachines"),))},
        NA,
        "no-machines",
    ),
    Case(
        ATTACHED,
        {**nodes(), "cluster": replace(CLUSTER, agent_pools=(AgentPool("old", "AvailabilitySet", count=0),))},
        NA,
        "no-machines",
    ),
    Case(
        ATTACHED,
        {**nodes(), "cluster": replace(CLUSTER, agent_pools=(AgentPool("old", "AvailabilitySet", count=2),))},
        UNKNOWN,
        "machines-not-found",
    ),
    Case(ATTACHED, {**HEALTHY, "node_identities": Denied("x/read", IN)}, UNKNOWN, "denied", shows=(IDENTITY,)),
    Case(ATTACHED, NO_KUBELET, NA, "no-kubelet-identity"),
    Case(ATTACHED, {**HEALTHY_SP, "node_identities": Unavailable(Trouble.SERVER)}, NA, "service-principal"),
    Case(CURRENT, HEALTHY, PASS, "no-sign"),
    Case(CURRENT, {**HEALTHY, "choice": symptom("ANON_401")}, PASS, "no-sign"),
    Case(
        CURRENT,
        {**HEALTHY, "choice": symptom("OAUTH_401")},
        WARNING,
        "old-credentials-possible",
        shows=("202611.01.0",),
        fixes=("upgrade-node-image",) * 2,
    ),
    Case(
        CURRENT,
        {**HEALTHY, "choice": symptom("SP_EXPIRED")},
        WARNING,
        "nodes-use-service-principal",
        fixes=("upgrade-node-image",) * 2,
    ),
    Case(CURRENT, {**HEALTHY_SP, "choice": symptom("OAUTH_401")}, NA, "service-principal"),
    Case(AUDIENCE, HEALTHY, PASS, "accepted"),
    Case(AUDIENCE, audience(None), PASS, "not-reported"),
    Case(AUDIENCE, audience(False), PASS, "nodes-current", shows=("disabled", "1.33.2")),
    Case(
        AUDIENCE,
        audience(False, kubernetes_version="1.29.9"),
        FAIL,
        "nodes-too-old",
        LIKELY,
        ("sys, usr",),
        ("enable-arm-audience", "upgrade-cluster"),
    ),
    Case(
        AUDIENCE,
        audience(False, pool("1.31.1", "AKSUbuntu-2204gen2containerd-202503.20.0")),
        FAIL,
        "nodes-too-old",
        LIKELY,
        fixes=("enable-arm-audience", "upgrade-node-images"),
    ),
    Case(
        AUDIENCE,
        audience(False, pool("1.31.1", "AKSUbuntu-1804gen2containerd-2021.06.19")),
        FAIL,
        "nodes-too-old",
        LIKELY,
        fixes=("enable-arm-audience", "upgrade-node-images"),
    ),
    Case(
        AUDIENCE,
        audience(False, pool("1.31.1", "AKSUbuntu-2204gen2containerd-202503.21.0")),
        WARNING,
        "nodes-may-be-too-old",
        fixes=("enable-arm-audience",),
    ),
    Case(AUDIENCE, audience(False, pool(None, "odd"), kubernetes_version=None), WARNING, "nodes-may-be-too-old"),
    Case(AUDIENCE, audience(False, agent_pools=()), WARNING, "nodes-may-be-too-old"),
    Case(
        AUDIENCE,
        audience(False, bootstrap_artifact_source="Cache", bootstrap_registry_id=REGISTRY_ID.lower()),
        FAIL,
        "bootstrap-cache",
        LIKELY,
        fixes=("enable-arm-audience",),
    ),
    Case(
        AUDIENCE,
        audience(False, bootstrap_artifact_source="Cache", bootstrap_registry_id="/x"),
        PASS,
        "nodes-current",
    ),
    Case(
        AUDIENCE,
        {**HEALTHY_SP, "registry": replace(REGISTRY, arm_audience_enabled=False)},
        NA,
        "service-principal",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_identity_of_the_nodes(case: Case, show: Any) -> None:
    verdict = ask(case.check, case.world)
    prove(case, verdict)
    assert show(case.check, verdict)


def test_refused_instances_name_the_permission() -> None:
    action = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read"
    missing = ask(ATTACHED, nodes(SYS, USR, instances=Denied(action, IN))).missing
    assert missing is not None
    assert (missing.action, missing.scope) == (action, IN)


def test_credentials_that_only_a_text_tells_of_are_worth_a_headline() -> None:
    texts = load()
    for kind_of_text in ("OAUTH_401", "SP_EXPIRED"):
        verdict = ask(CURRENT, {**HEALTHY, "choice": symptom(kind_of_text)})
        assert texts.has_headline(CURRENT.id, verdict.reason)


def test_an_identity_of_the_owner_is_pointed_at_again() -> None:
    world = {**HEALTHY, "cluster": OWN_CLUSTER, "kubelet_managed_identity": Missing(OWN_IDENTITY)}
    values = ask(EXISTS, world).fixes[0].values
    assert (values["identity_group"], values["identity_name"]) == ("rg-ids", "kubelet")
    assert values["control_plane_identity_id"] == f"{OWN_IDENTITY}-control"
    without = {**world, "cluster": replace(OWN_CLUSTER, control_plane_identities=())}
    assert ask(EXISTS, without).fixes[0].values["control_plane_identity_id"] == "<control-plane-identity-id>"
