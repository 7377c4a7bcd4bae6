"""What is known of every login that a node tries for an image, where there are several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.azure.clients import Azure
from core.collect import registry_tokens
from core.collect.asking import outcome_of
from core.collect.directory import application_of, service_principal_of
from core.collect.pull_accounts import accounts_of
from core.collect.roles import assignments_of, with_roles_of
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.identities import Application, ServicePrincipal
from core.facts.pull_secret import AccountKind, AdminComparison, PullAccount, RegistryToken, ScopeMap
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.facts.secret_login import SecretLogin

MOST_LOGINS = 5
"""How many of the logins that fit are looked at."""


def secret_logins(
    azure: Azure,
    choice: Choice,
    now: datetime,
    registry: Registry,
    pull_account: PullAccount | None,
    registry_token: Fact[RegistryToken | None],
    token_scope_map: Fact[ScopeMap | None],
    admin_comparison: Fact[AdminComparison | None],
    admin_regenerated: Fact[datetime | None],
    secret_service_principal: Fact[ServicePrincipal | None],
    secret_application: Fact[Application | None],
    secret_assignments: Fact[RoleAssignments],
    secret_role_definitions: Fact[RoleDefinitions],
    registry_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
) -> tuple[SecretLogin, ...]:
    """Read what there is to know of each login, the first one first; nothing is asked where there is only one."""
    tried = accounts_of(choice, registry)[:MOST_LOGINS]
    if pull_account is None or len(tried) < 2 or tried[0][1] != pull_account:
        return ()
    first = SecretLogin(
        tried[0][0],
        pull_account,
        registry_token,
        token_scope_map,
        admin_comparison,
        admin_regenerated,
        secret_service_principal,
        secret_application,
        secret_assignments,
        secret_role_definitions,
    )
    found = [first]
    for server, account in tried[1:]:
        found.append(
            _read(azure, choice, now, registry, server, account, found, registry_assignments, role_definitions)
        )
    return tuple(found)


def _read(
    azure: Azure,
    choice: Choice,
    now: datetime,
    registry: Registry,
    server: str,
    account: PullAccount,
    before: Sequence[SecretLogin],
    everybody: Fact[RoleAssignments],
    roles: Fact[RoleDefinitions],
) -> SecretLogin:
    """Read a later login; what is known of the same account, but for its password, is not asked again."""
    comparison = outcome_of(lambda: registry_tokens.admin_comparison(azure, choice, registry, account))
    for one in before:
        if one.account.kind is account.kind and one.account.username.lower() == account.username.lower():
            return replace(one, server=server, account=account, comparison=comparison)
    token = outcome_of(lambda: registry_tokens.registry_token(azure, choice, account))
    principal: Fact[ServicePrincipal | None] = Known(None)
    application: Fact[Application | None] = Known(None)
    assignments: Fact[RoleAssignments] = Known(RoleAssignments(()))
    definitions = roles
    if account.kind is AccountKind.SERVICE_PRINCIPAL:
        principal = outcome_of(lambda: service_principal_of(azure, account.username))
        application = outcome_of(lambda: application_of(azure, account.username))
        assignments = _held(azure, choice, principal, everybody)
        if isinstance(roles, Known) and isinstance(assignments, Known):
            definitions = outcome_of(lambda: with_roles_of(azure, choice, roles.value, assignments))
    return SecretLogin(
        server,
        account,
        token,
        _scope_map(azure, choice, token, before),
        comparison,
        outcome_of(lambda: registry_tokens.admin_regenerated(azure, choice, now, account)),
        principal,
        application,
        assignments,
        definitions,
    )


def _scope_map(
    azure: Azure, choice: Choice, token: Fact[RegistryToken | None], before: Sequence[SecretLogin]
) -> Fact[ScopeMap | None]:
    if not isinstance(token, Known):
        return token
    own = token.value.scope_map_id if token.value else None
    for one in before:
        if own and isinstance(one.token, Known) and one.token.value and one.token.value.scope_map_id == own:
            return one.scope_map
    return outcome_of(lambda: registry_tokens.token_scope_map(azure, choice, token.value))


def _held(
    azure: Azure, choice: Choice, principal: Fact[ServicePrincipal | None], everybody: Fact[RoleAssignments]
) -> Fact[RoleAssignments]:
    if not isinstance(principal, Known):
        return principal
    if principal.value is None:
        return Known(RoleAssignments(()))
    object_id = principal.value.object_id
    return outcome_of(lambda: assignments_of(azure, choice, object_id, everybody))
