"""Does something explicitly deny the cluster?

https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity.permission import Denial, denial, right_to_pull
from core.checks.unread import missing_of, unknown
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.registry import Registry
from core.facts.roles import DenyAssignment, DenyAssignments
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(registry: Registry, puller: Fact[Puller | None], deny_assignments: DenyAssignments) -> Verdict:
    """Look for a deny assignment that takes the puller's right to pull away; deny beats allow."""
    names = {"registry_name": registry.name}
    right = right_to_pull(registry)
    if not deny_assignments.items:
        return Verdict(Status.PASS, "none", values=names)
    if not isinstance(puller, Known):
        return unknown(puller, tuple(_shown(deny) for deny in deny_assignments.items))
    if puller.value is None:
        return Verdict(Status.NOT_APPLICABLE, "no-kubelet-identity", values=names)
    values = {**names, "puller": puller.value.name}
    groups = deny_assignments.puller_groups.value if isinstance(deny_assignments.puller_groups, Known) else None
    judged = [
        (deny, denial(right, registry.id, puller.value.object_id, groups, deny)) for deny in deny_assignments.items
    ]
    denying = [deny for deny, result in judged if result is Denial.YES]
    if denying:
        return Verdict(
            Status.FAIL,
            "denied-to-pull",
            Certainty.DEFINITE,
            values={**values, "deny": denying[0].name},
            evidence=(
                Evidence("puller", f"{puller.value.name} | object id {puller.value.object_id}"),
                Evidence("needed-permission", right.action),
                *(_shown(deny) for deny in denying),
            ),
            fixes=(_review(registry, puller.value, denying[0]),),
        )
    open_ones = [deny for deny, result in judged if result is Denial.DEPENDS_ON_GROUPS]
    if open_ones:
        return Verdict(
            Status.UNKNOWN,
            "depends-on-groups",
            values={**values, "deny": open_ones[0].name},
            evidence=tuple(_shown(deny) for deny in open_ones),
            missing=missing_of(deny_assignments.puller_groups),
        )
    return Verdict(
        Status.PASS, "does-not-apply", values=values, evidence=tuple(_shown(deny) for deny in deny_assignments.items)
    )


def _review(registry: Registry, puller: Puller, deny: DenyAssignment) -> FixRef:
    values = {
        **registry_values(registry),
        "deny": deny.name,
        "puller": puller.name,
        "principal_id": puller.object_id,
    }
    return FixRef("review-deny-assignment", values)


def _shown(deny: DenyAssignment) -> Evidence:
    protected = "system-protected" if deny.system_protected else "not system-protected"
    return Evidence("deny-assignment", f"{deny.name} | {deny.scope} | {protected} | {deny.id}")


CHECK = Check("identity.deny-assignments", Branch.IDENTITY, evaluate)
