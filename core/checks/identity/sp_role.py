"""Is the cluster's service principal allowed to pull from this registry?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.identity.directory import is_application_id, role_list_command
from core.checks.identity.evidence import few
from core.checks.identity.home import in_two_directories
from core.checks.identity.permission import holders, right_to_pull, unread_roles
from core.checks.identity.role import Standing, holder_in_words, judge, no_role, standing
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.identities import Puller
from core.facts.registry import Registry
from core.facts.roles import RoleAssignment, RoleAssignments, RoleDefinitions
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Evidence, Status, Verdict

OBJECT_ID_TO_FILL = "<service-principal-object-id>"


def evaluate(
    cluster: Cluster,
    registry: Fact[Registry],
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    registry_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
    subscriptions: Fact[Subscriptions],
) -> Verdict:
    """Look for a role of the service principal that gives what a pull takes.

    In another directory the application has another service principal, whose roles cannot be seen from here.
    """
    app_id = cluster.service_principal_client_id
    at = standing(registry, puller, puller_assignments, role_definitions)
    if app_id is None or at is None:
        return Verdict(Status.NOT_APPLICABLE, "managed-identity", values={"cluster_name": cluster.name})
    if isinstance(at, Standing):
        verdict = judge(at, cluster, registry_assignments)
        if verdict.status is not Status.FAIL:
            return verdict
        elsewhere = in_two_directories(cluster, at.registry, subscriptions)
        shown = (role_list_command(app_id, at.registry.id), *verdict.evidence)
        if elsewhere is True:
            return Verdict(Status.UNKNOWN, "other-directory", values=at.values, evidence=shown)
        return verdict if elsewhere is False else unknown(elsewhere, shown)
    if not isinstance(registry, Known):
        return unknown(at)
    command = role_list_command(app_id, registry.value.id)
    if (
        not isinstance(puller, Known)
        and not (isinstance(puller, Missing) and is_application_id(app_id))
        and isinstance(registry_assignments, Known)
        and isinstance(role_definitions, Known)
    ):
        return _unidentified(
            puller, cluster, app_id, registry.value, command, registry_assignments.value, role_definitions.value
        )
    return _not_found(at, cluster, app_id, (command,))


def _unidentified(
    puller: NotKnown,
    cluster: Cluster,
    app_id: str,
    registry: Registry,
    command: Evidence,
    everybody: RoleAssignments,
    definitions: RoleDefinitions,
) -> Verdict:
    """Judge without knowing the object id: where nobody but users may pull, this service principal may not either."""
    right = right_to_pull(registry)
    candidates = [item for item in holders(right, registry.id, everybody, definitions) if _may_be_it(item.assignment)]
    shown = few(Evidence("other-holder", holder_in_words(grant, registry.id, {})) for grant in candidates)
    if candidates or unread_roles(everybody, definitions, _may_be_it):
        return _not_found(puller, cluster, app_id, (command, *shown))
    known = (
        Evidence("puller", f"application id {app_id}"),
        Evidence("needed-permission", right.action),
        command,
    )
    values = {"puller": app_id, "registry_name": registry.name}
    return no_role(registry, cluster, values, known, OBJECT_ID_TO_FILL, app_id)


def _not_found(outcome: NotKnown, cluster: Cluster, app_id: str, shown: tuple[Evidence, ...]) -> Verdict:
    """Say why the service principal is not known; that the directory has no such id says nothing where it is none."""
    if isinstance(outcome, Missing) and not is_application_id(app_id):
        values = {"cluster_name": cluster.name, "app_id": app_id}
        return Verdict(Status.UNKNOWN, "not-an-application-id", values=values, evidence=shown)
    return unknown(outcome, shown)


def _may_be_it(assignment: RoleAssignment) -> bool:
    return (assignment.principal_type or "").lower() != "user"


CHECK = Check("identity.sp-role", Branch.IDENTITY, evaluate)
