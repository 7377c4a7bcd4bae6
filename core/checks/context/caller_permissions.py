"""May the signed-in user see everything that this diagnosis needs, and apply its fixes?

https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.unread import unknown
from core.facts.actions import allowed
from core.facts.fact import Fact, Known
from core.facts.resource_id import ResourceId
from core.facts.roles import CallerPermissions
from core.model import Branch, Evidence, FixRef, Status, Verdict

CLUSTER_READS = ("Microsoft.ContainerService/managedClusters/read",)
REGISTRY_READS = (
    "Microsoft.ContainerRegistry/registries/read",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleDefinitions/read",
    "Microsoft.Authorization/denyAssignments/read",
)
CLUSTER_FIX = "Microsoft.ContainerService/managedClusters/write"
REGISTRY_FIX = "Microsoft.Authorization/roleAssignments/write"


def evaluate(cluster_permissions: Fact[CallerPermissions], registry_permissions: Fact[CallerPermissions]) -> Verdict:
    """Compare the user's permissions with the reads of this diagnosis; what they may fix is told, not judged."""
    if not isinstance(cluster_permissions, Known):
        return unknown(cluster_permissions)
    if not isinstance(registry_permissions, Known):
        return unknown(registry_permissions)
    on_cluster, on_registry = cluster_permissions.value, registry_permissions.value
    may_fix = [_told(on_registry, REGISTRY_FIX), _told(on_cluster, CLUSTER_FIX)]
    blind = [(on_cluster.scope, action) for action in CLUSTER_READS if not allowed(on_cluster.blocks, action)]
    blind += [(on_registry.scope, action) for action in REGISTRY_READS if not allowed(on_registry.blocks, action)]
    if blind:
        scopes = dict.fromkeys(scope for scope, _ in blind)
        return Verdict(
            Status.WARNING,
            "blind-spots",
            values={"actions": ", ".join(action for _, action in blind)},
            evidence=(*may_fix, *(Evidence("missing-permission", f"{action} ({scope})") for scope, action in blind)),
            fixes=tuple(_grant_reader(scope) for scope in scopes),
        )
    both = allowed(on_registry.blocks, REGISTRY_FIX) and allowed(on_cluster.blocks, CLUSTER_FIX)
    return Verdict(Status.PASS, "sees-and-fixes" if both else "sees", evidence=tuple(may_fix))


def _grant_reader(scope: str) -> FixRef:
    return FixRef("grant-reader", {"scope": scope, "subscription": ResourceId.parse(scope).subscription_id})


def _told(permissions: CallerPermissions, action: str) -> Evidence:
    label = "you-may" if allowed(permissions.blocks, action) else "you-may-not"
    return Evidence(label, f"{action} ({permissions.scope})")


CHECK = Check("context.caller-permissions", Branch.CLUSTER, evaluate)
