"""The one evaluation behind identity.acrpull-role and identity.sp-role: may the puller pull from the registry?

A permission that comes through a group, from a management group or by a broad role such as Contributor passes: once
Azure honours it, pulls work by it as well as by AcrPull, and a warning on a working cluster would lead away from what
is wrong. How long such a permission takes is the question of identity.role-propagation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.checks.fix_values import cluster_values, registry_values
from core.checks.identity import evidence
from core.checks.identity.permission import Grant, Holdings, Right, holders, holdings, right_to_pull, unread_roles
from core.checks.unread import missing_of
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, NotKnown
from core.facts.identities import Puller
from core.facts.registry import Registry
from core.facts.roles import RoleAssignment, RoleAssignments, RoleDefinitions
from core.model import Certainty, Evidence, FixRef, MissingPermission, Status, Verdict

_NEVER_GROUPS = frozenset({"user", "serviceprincipal", "device"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The puller at the registry: what a pull takes there, and what the puller holds."""

    registry: Registry
    puller: Puller
    right: Right
    held: Holdings
    definitions: RoleDefinitions
    groups_refused: NotKnown | None = None

    @property
    def values(self) -> dict[str, str]:
        """The names that the texts of a verdict are filled with."""
        return {"puller": self.puller.name, "registry_name": self.registry.name}

    @property
    def unread_role(self) -> NotKnown | None:
        """Why a role that the puller holds could not be read; None where all could."""
        outcomes = (self.definitions.by_guid.get(item.role_guid.lower()) for item in self.held.unread)
        return next((one for one in outcomes if one is not None and not isinstance(one, Known)), None)

    @property
    def who(self) -> Evidence:
        """Who pulls, by name and object id."""
        return Evidence("puller", f"{self.puller.name} | object id {self.puller.object_id}")


def standing(
    registry: Fact[Registry],
    puller: Fact[Puller | None],
    assignments: Fact[RoleAssignments],
    definitions: Fact[RoleDefinitions],
) -> Standing | NotKnown | None:
    """Put the facts together, or give the one that is not known; None where the cluster has no puller."""
    if not isinstance(puller, Known):
        return puller
    if puller.value is None:
        return None
    if not isinstance(registry, Known):
        return registry
    if not isinstance(assignments, Known):
        return assignments
    if not isinstance(definitions, Known):
        return definitions
    right = right_to_pull(registry.value)
    held = holdings(right, registry.value.id, puller.value.object_id, assignments.value, definitions.value)
    return Standing(registry.value, puller.value, right, held, definitions.value, assignments.value.groups_refused)


def grant_fixes(registry: Registry, cluster: Cluster, principal_id: str, name: str) -> tuple[FixRef, ...]:
    """Ask for the grants that let a principal pull, narrowest first; attaching knows nothing of repository roles."""
    values = {**registry_values(registry), **cluster_values(cluster), "principal_id": principal_id, "puller": name}
    if registry.abac:
        return (FixRef("grant-repository-reader", values),)
    return (FixRef("grant-acrpull", values), FixRef("attach-acr", values))


def judge(at: Standing, cluster: Cluster, everybody: Fact[RoleAssignments]) -> Verdict:
    """Say whether the puller holds a role that lets it pull; conditions and ages are other checks' questions."""
    held, registry_id = at.held, at.registry.id
    shown: tuple[Evidence, ...] = (at.who, Evidence("needed-permission", at.right.action))
    sound = [grant for grant in held.grants if not grant.wildcard]
    if sound:
        return _granted(at, sound, (*shown, *evidence.granting(held.grants, registry_id)))
    if held.grants:
        return Verdict(
            Status.WARNING,
            "wildcard-only",
            values={**at.values, "role": held.grants[0].role.name, "action": at.right.action},
            evidence=(*shown, *evidence.granting(held.grants, registry_id)),
            fixes=grant_fixes(at.registry, cluster, at.puller.object_id, at.puller.name),
        )
    shown = (*shown, *evidence.not_granting(held, registry_id, at.puller.object_id))
    if held.unread:
        return Verdict(
            Status.UNKNOWN,
            "role-not-readable",
            values={**at.values, "count": str(len(held.unread))},
            evidence=shown,
            missing=missing_to_read_roles(at),
        )
    if not held.groups_expanded:
        groups = _possible_groups(at, everybody)
        if groups is None or groups:
            return Verdict(
                Status.UNKNOWN,
                "groups-not-readable",
                values=at.values,
                evidence=(*shown, *_held_by_others(groups or (), registry_id)),
                missing=missing_of(at.groups_refused),
            )
    return _no_role(at, cluster, (*shown, *_others(at, everybody)))


def missing_to_read_roles(at: Standing) -> MissingPermission | None:
    """Give what would let the signed-in user read the puller's roles, None where it is no permission that lacks."""
    outcomes = (at.definitions.by_guid.get(item.role_guid.lower()) for item in at.held.unread)
    return next((missing for missing in map(missing_of, outcomes) if missing), None)


def _granted(at: Standing, sound: list[Grant], shown: tuple[Evidence, ...]) -> Verdict:
    best = min(sound, key=lambda grant: (grant.via_group, not grant.dedicated))
    scope = evidence.scope_in_words(best.assignment.scope, at.registry.id)
    values = {**at.values, "role": best.role.name, "scope": scope}
    if best.via_group:
        return Verdict(Status.PASS, "granted-through-group", values=values, evidence=shown)
    if not best.dedicated:
        return Verdict(Status.PASS, "granted-broadly", values=values, evidence=shown)
    return Verdict(Status.PASS, "granted", values=values, evidence=shown)


def _no_role(at: Standing, cluster: Cluster, shown: tuple[Evidence, ...]) -> Verdict:
    return no_role(at.registry, cluster, at.values, shown, at.puller.object_id, at.puller.name)


def no_role(
    registry: Registry,
    cluster: Cluster,
    values: Mapping[str, str],
    shown: tuple[Evidence, ...],
    principal: str,
    name: str,
) -> Verdict:
    """Say that a principal holds no role that lets it pull, and what to give it.

    A registry with anonymous pull on lets everybody pull what exists, so that a role is not what is missing.
    https://learn.microsoft.com/azure/container-registry/anonymous-pull-access
    """
    fixes = grant_fixes(registry, cluster, principal, name)
    if registry.anonymous_pull_enabled:
        return Verdict(Status.WARNING, "no-role-but-anonymous", values=values, evidence=shown, fixes=fixes)
    reason = "no-repository-role" if registry.abac else "no-role"
    return Verdict(Status.FAIL, reason, Certainty.DEFINITE, values=values, evidence=shown, fixes=fixes)


def _possible_groups(at: Standing, everybody: Fact[RoleAssignments]) -> tuple[Grant, ...] | None:
    """Give the granting assignments that may belong to a group of the puller; None where that cannot be seen."""
    if not isinstance(everybody, Known) or unread_roles(everybody.value, at.definitions, _may_be_group):
        return None
    return tuple(
        grant
        for grant in holders(at.right, at.registry.id, everybody.value, at.definitions)
        if _may_be_group(grant.assignment)
    )


def _may_be_group(assignment: RoleAssignment) -> bool:
    return (assignment.principal_type or "").lower() not in _NEVER_GROUPS


def _others(at: Standing, everybody: Fact[RoleAssignments]) -> tuple[Evidence, ...]:
    """Show who else was given a role made for registries; Owners and Readers of everything would only distract."""
    if not isinstance(everybody, Known):
        return ()
    others = [
        grant
        for grant in holders(at.right, at.registry.id, everybody.value, at.definitions)
        if grant.dedicated and grant.assignment.principal_id.lower() != at.puller.object_id.lower()
    ]
    return _held_by_others(others, at.registry.id)


def _held_by_others(grants: Iterable[Grant], registry_id: str) -> tuple[Evidence, ...]:
    return evidence.few(Evidence("other-holder", holder_in_words(grant, registry_id, {})) for grant in grants)


def holder_in_words(grant: Grant, registry_id: str, names: Mapping[str, str]) -> str:
    """Put somebody's grant on one line; `names` are display names by lower-cased object id."""
    principal = grant.assignment.principal_id
    name = names.get(principal.lower())
    kind = grant.assignment.principal_type or "principal"
    holder = f"{name} ({kind} {principal})" if name else f"{kind} {principal}"
    return evidence.assignment_in_words(grant.assignment, grant.role.name, registry_id, holder)
