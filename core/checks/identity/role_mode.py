"""Does the registry still honour AcrPull?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity import evidence
from core.checks.identity.permission import LEGACY_PULL, Holdings, holdings
from core.checks.identity.role import Standing, grant_fixes, missing_to_read_roles, standing
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    cluster: Cluster,
    registry: Registry,
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
) -> Verdict:
    """Look for a puller whose roles the registry's permission mode ignores."""
    names = {"registry_name": registry.name}
    if not registry.abac:
        mode = Evidence("permission-mode", "RBAC Registry Permissions")
        return Verdict(Status.PASS, "registry-permissions", values=names, evidence=(mode,))
    mode = Evidence("permission-mode", "RBAC Registry + ABAC Repository Permissions")
    at = standing(Known(registry), puller, puller_assignments, role_definitions)
    if at is None:
        return Verdict(Status.PASS, "repository-permissions", values=names, evidence=(mode,))
    if not isinstance(at, Standing):
        return unknown(at, (mode,))
    shown: tuple[Evidence, ...] = (mode, at.who)
    if at.held.grants:
        granting = evidence.granting(at.held.grants, registry.id)
        return Verdict(Status.PASS, "repository-role-held", values=at.values, evidence=(*shown, *granting))
    ignored = _ignored(at, puller_assignments)
    if not ignored.grants and at.unread_role is not None:
        return unknown(at.unread_role, shown)
    if not ignored.grants:
        return Verdict(Status.PASS, "repository-permissions", values=names, evidence=shown)
    shown = (*shown, *evidence.granting(ignored.grants, registry.id))
    roles = ", ".join(dict.fromkeys(grant.role.name for grant in ignored.grants))
    if not at.held.complete:
        return Verdict(
            Status.UNKNOWN,
            "roles-not-all-seen",
            values={**at.values, "roles": roles},
            evidence=shown,
            missing=missing_to_read_roles(at),
        )
    revert = FixRef("revert-role-mode", registry_values(registry))
    needless = registry.anonymous_pull_enabled
    return Verdict(
        Status.WARNING if needless else Status.FAIL,
        "abac-ignores-role-but-anonymous" if needless else "abac-ignores-role",
        None if needless else Certainty.DEFINITE,
        values={**at.values, "roles": roles},
        evidence=shown,
        fixes=(*grant_fixes(registry, cluster, at.puller.object_id, at.puller.name), revert),
    )


def _ignored(at: Standing, assignments: Fact[RoleAssignments]) -> Holdings:
    """Give what the puller holds that would let it pull, were the registry in the other mode."""
    listed = assignments.value if isinstance(assignments, Known) else RoleAssignments(())
    return holdings(LEGACY_PULL, at.registry.id, at.puller.object_id, listed, at.definitions)


CHECK = Check("identity.role-mode", Branch.IDENTITY, evaluate)
