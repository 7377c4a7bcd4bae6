"""Does a condition on the role exclude this repository?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity import evidence
from core.checks.identity.condition import Effect, with_repository
from core.checks.identity.permission import Grant
from core.checks.identity.repository import effect_of
from core.checks.identity.role import Standing, standing
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.image_name import is_repository
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Registry,
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
) -> Verdict:
    """Weigh the conditions of the granting assignments against the image's repository."""
    at = standing(Known(registry), puller, puller_assignments, role_definitions)
    if at is not None and not isinstance(at, Standing):
        return unknown(at)
    if at is not None and not at.held.grants and at.unread_role is not None:
        return unknown(at.unread_role)
    if at is None or not at.held.grants:
        return Verdict(Status.NOT_APPLICABLE, "no-grant", values={"registry_name": registry.name})
    repository = repository_in(choice, registry)
    shown = (
        Evidence("repository", repository or "not known"),
        *evidence.granting(at.held.grants, registry.id),
    )
    values = {**at.values, "repository": repository or ""}
    effects = [effect_of(grant, registry, repository) for grant in at.held.grants]
    if Effect.ALLOWS in effects:
        conditioned = at.held.grants[effects.index(Effect.ALLOWS)].assignment.condition
        if conditioned:
            return Verdict(Status.PASS, "satisfied", values=values, evidence=shown)
        return Verdict(Status.PASS, "unconditioned", values=values, evidence=shown)
    if Effect.NEEDS_REPOSITORY in effects:
        return Verdict(Status.WARNING, "repository-not-known", values=values, evidence=shown)
    if Effect.NOT_UNDERSTOOD in effects:
        if not registry.abac:
            return Verdict(Status.WARNING, "not-for-this-mode", values=values, evidence=shown)
        return Verdict(Status.WARNING, "not-understood", values=values, evidence=shown)
    return Verdict(
        Status.FAIL,
        "repository-excluded",
        Certainty.DEFINITE if at.held.complete else Certainty.LIKELY,
        values={**values, "role": at.held.grants[0].role.name},
        evidence=shown,
        fixes=_ways_to_include(at.held.grants[0], repository or "", registry),
    )


def _ways_to_include(grant: Grant, repository: str, registry: Registry) -> tuple[FixRef, ...]:
    """Offer the narrow way first; a name that no repository can have does not get into a condition."""
    assignment = grant.assignment
    values = {
        **registry_values(registry),
        "assignment_id": assignment.id,
        "assignment_name": assignment.id.rpartition("/")[2],
        "principal_id": assignment.principal_id,
        "principal_type": assignment.principal_type or "ServicePrincipal",
        "role_name": grant.role.name,
        "role_guid": assignment.role_guid,
        "scope": assignment.scope,
        "repository": repository,
    }
    drop = FixRef("drop-condition", values)
    if not is_repository(repository):
        return (drop,)
    wider = with_repository(assignment.condition or "", repository)
    return (FixRef("widen-condition", {**values, "condition": wider}), drop)


CHECK = Check("identity.role-conditions", Branch.IDENTITY, evaluate)
