"""Is the cluster's identity allowed to pull from this registry?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.identity.role import Standing, judge, standing
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.model import Branch, Status, Verdict


def evaluate(
    cluster: Cluster,
    registry: Fact[Registry],
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    registry_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
) -> Verdict:
    """Look for a role of the kubelet identity that gives what a pull takes."""
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values={"cluster_name": cluster.name})
    at = standing(registry, puller, puller_assignments, role_definitions)
    if at is None:
        return Verdict(Status.NOT_APPLICABLE, "no-kubelet-identity", values={"cluster_name": cluster.name})
    if not isinstance(at, Standing):
        return unknown(at)
    return judge(at, cluster, registry_assignments)


CHECK = Check("identity.acrpull-role", Branch.IDENTITY, evaluate)
