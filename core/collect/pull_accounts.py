"""Who the pod's pull secret signs in as, and what the directory and the registry's roles say of that.

What the cluster's own service principal is asked for is not asked again where the secret holds the same one.
"""

from __future__ import annotations

from typing import TypeVar

from core.azure.clients import Azure
from core.collect.asking import NotRead
from core.collect.directory import application_of, service_principal_of
from core.collect.roles import assignments_of, with_roles_of
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Application, Puller, ServicePrincipal
from core.facts.meant_secret import account_kind, login_at, logins_for, meant_secret
from core.facts.pull_secret import AccountKind, Login, PullAccount, PullSecret
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions

T = TypeVar("T")


def pull_account(_azure: Azure, choice: Choice, registry: Registry) -> PullAccount | None:
    """Say who the pull secret signs in as at the picked registry; None without such a login."""
    meant = meant_secret(choice, registry)
    if meant is None or meant.secret is None:
        return None
    login = login_at(meant.secret, choice, registry)
    return None if login is None or not login.username else _account(login, meant.secret, registry)


def accounts_of(choice: Choice, registry: Registry) -> tuple[tuple[str, PullAccount], ...]:
    """Give every account that a node signs in as for the picked image, in its order, each with its login's server."""
    meant = meant_secret(choice, registry)
    if meant is None or meant.secret is None:
        return ()
    repository = repository_in(choice, registry)
    found: dict[tuple[str, bytes | None], tuple[str, PullAccount]] = {}
    for secret in (meant.secret, *meant.others):
        for login in logins_for(secret, registry, repository):
            if login.username and login.flaw is None:
                account = (login.server, _account(login, secret, registry))
                found.setdefault((login.username, login.fingerprint), account)
    return tuple(found.values())


def _account(login: Login, secret: PullSecret, registry: Registry) -> PullAccount:
    kind = account_kind(login.username, registry)
    return PullAccount(login.username, kind, secret.made_at, login.fingerprint)


def secret_service_principal(
    azure: Azure,
    cluster: Fact[Cluster],
    pull_account: PullAccount | None,
    service_principal: Fact[ServicePrincipal | None],
) -> ServicePrincipal | None:
    """Look up the service principal that the pull secret names; None where it names none."""
    app_id = _app_id(pull_account)
    if app_id is None:
        return None
    if _is_of(cluster, app_id):
        return _again(service_principal)
    return service_principal_of(azure, app_id)


def secret_application(
    azure: Azure,
    cluster: Fact[Cluster],
    pull_account: PullAccount | None,
    application: Fact[Application | None],
) -> Application | None:
    """Look up the app registration that the pull secret names; None where it names none."""
    app_id = _app_id(pull_account)
    if app_id is None:
        return None
    if _is_of(cluster, app_id):
        return _again(application)
    return application_of(azure, app_id)


def secret_assignments(
    azure: Azure,
    choice: Choice,
    secret_service_principal: ServicePrincipal | None,
    registry_assignments: Fact[RoleAssignments],
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
) -> RoleAssignments:
    """List what the pull secret's service principal holds at the registry; nothing is asked without one."""
    if secret_service_principal is None:
        return RoleAssignments(())
    object_id = secret_service_principal.object_id
    if isinstance(puller, Known) and puller.value and puller.value.object_id.lower() == object_id.lower():
        return _again(puller_assignments)
    return assignments_of(azure, choice, object_id, registry_assignments)


def secret_role_definitions(
    azure: Azure, choice: Choice, role_definitions: RoleDefinitions, secret_assignments: RoleAssignments
) -> RoleDefinitions:
    """Add the roles that only the pull secret's service principal has."""
    return with_roles_of(azure, choice, role_definitions, Known(secret_assignments))


def _app_id(account: PullAccount | None) -> str | None:
    return account.username if account and account.kind is AccountKind.SERVICE_PRINCIPAL else None


def _is_of(cluster: Fact[Cluster], app_id: str) -> bool:
    """Say whether the cluster signs in by the same application."""
    own = cluster.value.service_principal_client_id if isinstance(cluster, Known) else None
    return own is not None and own.lower() == app_id.lower()


def _again(outcome: Fact[T]) -> T:
    """Give what is known already, or raise NotRead for the reason that it is not."""
    if isinstance(outcome, Known):
        return outcome.value
    raise NotRead(outcome)
