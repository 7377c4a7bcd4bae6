"""Was the permission granted only a moment ago?

https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.checks.check import Check
from core.checks.fix_values import retry_values
from core.checks.identity import evidence
from core.checks.identity.condition import Effect
from core.checks.identity.permission import Grant
from core.checks.identity.repository import effect_of
from core.checks.identity.role import Standing, standing
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.model import Branch, Evidence, FixRef, Status, Verdict

USUALLY = timedelta(minutes=10)
AT_MANAGEMENT_GROUP = timedelta(hours=1)
DATA_ACTION_AT_MANAGEMENT_GROUP = timedelta(hours=12)
THROUGH_GROUP = timedelta(hours=24)


def evaluate(
    choice: Choice,
    cluster: Cluster,
    registry: Registry,
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
    now: datetime,
) -> Verdict:
    """Look for a permission that Azure may not honour everywhere yet."""
    at = standing(Known(registry), puller, puller_assignments, role_definitions)
    if at is not None and not isinstance(at, Standing):
        return unknown(at)
    if at is not None and not at.held.grants and at.unread_role is not None:
        return unknown(at.unread_role)
    if at is None or not at.held.grants:
        return Verdict(Status.NOT_APPLICABLE, "no-grant", values={"registry_name": registry.name})
    shown = evidence.granting(at.held.grants, registry.id)
    repository = repository_in(choice, registry)
    usable = [grant for grant in at.held.grants if effect_of(grant, registry, repository) is not Effect.EXCLUDES]
    first = min(usable or at.held.grants, key=lambda grant: settled_at(at, grant))
    settles = settled_at(at, first)
    if settles <= now:
        return Verdict(Status.PASS, "settled", values=at.values, evidence=shown)
    values = {
        **at.values,
        "role": first.role.name,
        "age": _in_words(now - newest(first)),
        "wait_until": evidence.moment(settles),
    }
    retry = FixRef("retry-pull", retry_values(choice, cluster))
    wait = Evidence("wait-until", values["wait_until"])
    if first.via_group and at.puller.managed_identity:
        return Verdict(Status.WARNING, "new-through-group", values=values, evidence=(wait, *shown), fixes=(retry,))
    if evidence.at_management_group(first.assignment):
        return Verdict(
            Status.WARNING, "new-at-management-group", values=values, evidence=(wait, *shown), fixes=(retry,)
        )
    return Verdict(Status.WARNING, "new", values=values, evidence=(wait, *shown), fixes=(retry,))


def newest(grant: Grant) -> datetime:
    """Give when an assignment was last written; one without times counts as old."""
    times = (grant.assignment.created_on, grant.assignment.updated_on)
    return max((time for time in times if time), default=datetime.min.replace(tzinfo=UTC))


def settled_at(at: Standing, grant: Grant) -> datetime:
    """Give the time by which Azure honours an assignment everywhere.

    Ten minutes are documented for most of them. Managed identities are looked up with their groups only about once
    a day. For management groups the documentation says "longer" and gives hours for data actions in one place.
    """
    wait = USUALLY
    if evidence.at_management_group(grant.assignment):
        wait = DATA_ACTION_AT_MANAGEMENT_GROUP if at.right.data else AT_MANAGEMENT_GROUP
    if grant.via_group and at.puller.managed_identity:
        wait = THROUGH_GROUP
    return newest(grant) + wait


def _in_words(age: timedelta) -> str:
    minutes = max(0, round(age.total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


CHECK = Check("identity.role-propagation", Branch.IDENTITY, evaluate)
