"""A healthy cluster and registry as plain facts, and a way to ask one check about a changed copy of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.checks.check import Check
from core.facts.choice import Choice
from core.facts.cluster import AddonIdentity, AgentPool, Cluster, ControlPlaneIdentity, KubeletIdentity
from core.facts.fact import Denied, Fact, Known, Missing, Unavailable
from core.facts.identities import (
    Application,
    DirectoryNames,
    ManagedIdentity,
    NodeGroup,
    NodeIdentities,
    PasswordCredential,
    Puller,
    ServicePrincipal,
)
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.roles import (
    DenyAssignment,
    DenyAssignments,
    PermissionBlock,
    RoleAssignment,
    RoleAssignments,
    RoleDefinition,
    RoleDefinitions,
)
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Certainty, Status, Symptom, Verdict

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TENANT, OTHER_TENANT = "aaaaaaaa-0000-0000-0000-00000000000a", "bbbbbbbb-0000-0000-0000-00000000000b"
SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
IN = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
CLUSTER_ID = f"{IN}/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
REGISTRY_ID = f"{IN}/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
NODE_GROUP = "MC_rg-app_aks-app_westeurope"
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
IDENTITY = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{NODE_GROUP}/{IDENTITIES}/aks-app-agentpool"
MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/contoso"

KUBELET, CLIENT = "c0000000-0000-0000-0000-000000000001", "c0000000-0000-0000-0000-0000000000c1"
CONTROL_PLANE, ADDON = "c0000000-0000-0000-0000-000000000002", "c0000000-0000-0000-0000-000000000003"
NEIGHBOUR, GROUP, STRANGER = (f"c0000000-0000-0000-0000-00000000000{n}" for n in (4, 5, 6))
SP, APP_ID, APP_OBJECT = (f"d0000000-0000-0000-0000-00000000000{n}" for n in (1, 2, 3))

PULL = "Microsoft.ContainerRegistry/registries/pull/read"
CONTENT = "Microsoft.ContainerRegistry/registries/repositories/content/read"
METADATA = "Microsoft.ContainerRegistry/registries/repositories/metadata/read"


def role(name: str, *blocks: PermissionBlock, custom: bool = False) -> RoleDefinition:
    return RoleDefinition(f"role-{name}".lower().replace(" ", "-"), name, custom, blocks)


ACRPULL = role("AcrPull", PermissionBlock((PULL,)))
OWNER = role("Owner", PermissionBlock(("*",)))
READER = role("Reader", PermissionBlock(("*/read",)))
REPOSITORY_READER = role("Container Registry Repository Reader", PermissionBlock(data_actions=(CONTENT, METADATA)))
ACRDELETE = role("AcrDelete", PermissionBlock(("Microsoft.ContainerRegistry/registries/artifacts/delete",)))
WILDCARD = role("Registry readers", PermissionBlock(("Microsoft.ContainerRegistry/*/read",)), custom=True)
CUSTOM = role("Pullers", PermissionBlock((PULL,)), custom=True)
ALL_BUT_PULL = role("All but pull", PermissionBlock(("*",), (PULL,)), custom=True)
ROLES = (ACRPULL, OWNER, READER, REPOSITORY_READER, ACRDELETE, WILDCARD, CUSTOM, ALL_BUT_PULL)
DEFINITIONS = RoleDefinitions({item.guid: Known(item) for item in ROLES})


def grant(
    role: RoleDefinition,
    principal: str = KUBELET,
    scope: str = REGISTRY_ID,
    minutes: float = 100_000,
    condition: str | None = None,
    kind: str | None = "ServicePrincipal",
    version: str | None = None,
) -> RoleAssignment:
    """An assignment that is `minutes` old."""
    written = NOW - timedelta(minutes=minutes)
    id_ = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{role.guid}-{principal}"
    return RoleAssignment(id_, scope, role.guid, principal, kind, condition, version, written, written)


def assigned(
    *mine: RoleAssignment,
    others: tuple[RoleAssignment, ...] = (),
    groups_expanded: bool = True,
    definitions: RoleDefinitions = DEFINITIONS,
) -> dict[str, Any]:
    """The three facts about roles: what the puller has, and what others have."""
    return {
        "puller_assignments": RoleAssignments(mine, groups_expanded),
        "registry_assignments": RoleAssignments((*mine, *others)),
        "role_definitions": definitions,
    }


def unreadable(*roles: RoleDefinition) -> RoleDefinitions:
    """All roles, of which some may not be read."""
    refused = {item.guid: Denied("Microsoft.Authorization/roleDefinitions/read", REGISTRY_ID) for item in roles}
    return RoleDefinitions({**DEFINITIONS.by_guid, **refused})


CLUSTER = Cluster(
    id=CLUSTER_ID,
    name="aks-app",
    resource_group="rg-app",
    subscription_id=SUBSCRIPTION,
    location="westeurope",
    power_state="Running",
    provisioning_state="Succeeded",
    provisioning_error=None,
    kubernetes_version="1.33.2",
    node_resource_group=NODE_GROUP,
    node_resource_group_restriction=None,
    tenant_id=TENANT,
    control_plane_identities=(ControlPlaneIdentity(CONTROL_PLANE),),
    kubelet_identity=KubeletIdentity(KUBELET, CLIENT, IDENTITY),
    service_principal_client_id=None,
    addon_identities=(AddonIdentity("azurepolicy", ADDON),),
    agent_pools=(
        AgentPool(
            "sys", "VirtualMachineScaleSets", count=2, node_image_version="AKSUbuntu-2204gen2containerd-202611.01.0"
        ),
        AgentPool(
            "usr", "VirtualMachineScaleSets", count=0, node_image_version="AKSUbuntu-2204gen2containerd-202611.01.0"
        ),
    ),
)
SP_CLUSTER = replace(
    CLUSTER,
    tenant_id=None,
    control_plane_identities=(),
    kubelet_identity=None,
    service_principal_client_id=APP_ID,
    addon_identities=(),
)
REGISTRY = Registry(
    id=REGISTRY_ID,
    name="contosoreg",
    resource_group="rg-reg",
    subscription_id=SUBSCRIPTION,
    location="westeurope",
    sku="Premium",
    login_server="contosoreg.azurecr.io",
    provisioning_state="Succeeded",
    status_message=None,
    created_on=NOW - timedelta(days=400),
    abac=False,
    arm_audience_enabled=True,
    anonymous_pull_enabled=False,
)
ABAC = replace(REGISTRY, abac=True)
CHOICE = Choice(
    ResourceId.parse(CLUSTER_ID), ResourceId.parse(REGISTRY_ID), image="contosoreg.azurecr.io/web/api:1.4.2"
)


def password(days: float | None, starts: float = -100, name: str | None = "rbac") -> PasswordCredential:
    """A password that ends in `days` and began `starts` days from now."""
    ends = None if days is None else NOW + timedelta(days=days)
    return PasswordCredential(f"key-{days}", NOW + timedelta(days=starts), ends, name)


PRINCIPAL = ServicePrincipal(SP, APP_ID, "aks-app-sp", True, TENANT, "Application")
APPLICATION = Application(APP_OBJECT, APP_ID, (password(200),))

HEALTHY: Mapping[str, Any] = {
    "now": NOW,
    "choice": CHOICE,
    "cluster": CLUSTER,
    "registry": REGISTRY,
    "subscriptions": Subscriptions({SUBSCRIPTION: Subscription(SUBSCRIPTION, "Contoso", "Enabled", TENANT)}),
    "kubelet_managed_identity": ManagedIdentity(IDENTITY, "aks-app-agentpool", KUBELET, CLIENT, TENANT),
    "service_principal": None,
    "application": None,
    "puller": Puller(KUBELET, "aks-app-agentpool", CLIENT, True, IDENTITY),
    "node_identities": NodeIdentities(
        (
            NodeGroup("sys", "aks-sys-1-vmss", (IDENTITY.replace("resourcegroups", "resourceGroups"),)),
            NodeGroup("usr", "aks-usr-1-vmss", (IDENTITY.upper(), f"{IDENTITY}-addon")),
        ),
        Known(True),
    ),
    **assigned(grant(ACRPULL)),
    "deny_assignments": DenyAssignments((), Known(frozenset())),
    "node_group_identities": (ManagedIdentity(f"{IDENTITY}-2", "aks-app-neighbour", NEIGHBOUR, None, TENANT),),
    "directory_names": DirectoryNames({KUBELET: "aks-app-agentpool"}),
}
"""A managed-identity cluster that pulls from a registry with registry permissions."""

HEALTHY_ABAC: Mapping[str, Any] = {**HEALTHY, "registry": ABAC, **assigned(grant(REPOSITORY_READER))}

HEALTHY_SP: Mapping[str, Any] = {
    **HEALTHY,
    "cluster": SP_CLUSTER,
    "kubelet_managed_identity": None,
    "service_principal": PRINCIPAL,
    "application": APPLICATION,
    "puller": Puller(SP, "aks-app-sp", APP_ID, False),
    **assigned(grant(ACRPULL, SP)),
}

GRAPH_REFUSED = Denied("Application.Read.All", "Microsoft Entra ID", "Directory Readers")
SP_UNSEEN: Mapping[str, Any] = {
    **HEALTHY_SP,
    "service_principal": GRAPH_REFUSED,
    "application": GRAPH_REFUSED,
    "puller": GRAPH_REFUSED,
    "puller_assignments": GRAPH_REFUSED,
}
"""A service-principal cluster, seen by somebody whom the directory tells nothing."""

APP_NAME = "http://clitest000002"
OLD_NAME: Mapping[str, Any] = {
    **HEALTHY_SP,
    "cluster": replace(SP_CLUSTER, service_principal_client_id=APP_NAME),
    "service_principal": Missing(APP_NAME),
    "application": Missing(APP_NAME),
    "puller": Missing(APP_NAME),
    "puller_assignments": Missing(APP_NAME),
}
"""A cluster that was made with a name of its service principal: that the directory knows no such id says nothing."""

NO_KUBELET: Mapping[str, Any] = {
    **HEALTHY,
    "cluster": replace(CLUSTER, kubelet_identity=None),
    "kubelet_managed_identity": None,
    "puller": None,
    **assigned(),
}


def symptom(kind: str, **parts: Any) -> Choice:
    """The choice with a pasted text of this kind."""
    return replace(CHOICE, symptom=Symptom(kind, **parts))


def deny(**changes: Any) -> DenyAssignment:
    """A deny assignment on the registry that forbids everybody everything."""
    everything = PermissionBlock(("*",), (), ("*",), ())
    return replace(
        DenyAssignment(
            id=f"{REGISTRY_ID}/providers/Microsoft.Authorization/denyAssignments/1",
            name="stack-lock",
            scope=REGISTRY_ID,
            blocks=(everything,),
            principals=frozenset({"00000000-0000-0000-0000-000000000000"}),
            excluded_principals=frozenset(),
            not_for_child_scopes=False,
            system_protected=True,
        ),
        **changes,
    )


@dataclass(frozen=True)
class Case:
    """A check, the facts to ask it with, and what it must say. `shows` are pieces of its evidence or values."""

    check: Check
    world: Mapping[str, Any]
    status: Status
    reason: str
    certainty: Certainty | None = None
    shows: tuple[str, ...] = ()
    fixes: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.check.id}-{self.reason}"


def _outcome(value: Any) -> Fact[Any]:
    return value if isinstance(value, Known | Denied | Missing | Unavailable) else Known(value)


def ask(check: Check, world: Mapping[str, Any], **changes: Any) -> Verdict:
    """Ask a check as the engine does: outcomes where it wants them, values elsewhere."""
    facts = {need.fact: _outcome({**world, **changes}[need.fact]) for need in check.needs}
    arguments = {need.fact: facts[need.fact] if need.raw else facts[need.fact].value for need in check.needs}
    return check.evaluate(**arguments)


def prove(case: Case, verdict: Verdict) -> None:
    """Compare a verdict with what a case wants, the order of the fixes included."""
    assert (verdict.status, verdict.reason, verdict.certainty) == (case.status, case.reason, case.certainty)
    said = " ".join((*verdict.values.values(), *(item.value for item in verdict.evidence)))
    for piece in case.shows:
        assert piece in said
    if case.fixes or verdict.status in (Status.FAIL, Status.PASS):
        assert tuple(ref.key for ref in verdict.fixes) == case.fixes
