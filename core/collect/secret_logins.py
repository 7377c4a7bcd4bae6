"""What is known of every login that a node tries for an image, where there are several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.azure.clients import Azure
from core.collect import pull_accounts, registry_tokens
from core.collect.asking import outcome_of
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Application, Puller, ServicePrincipal
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AdminComparison, PullAccount, RegistryToken, ScopeMap
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.facts.secret_login import SecretLogin

MOST_LOGINS = 5
"""How many of the logins that fit are looked at."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What has been read already: the cluster's own principal and what it holds, and everybody's roles."""

    cluster: Fact[Cluster]
    service_principal: Fact[ServicePrincipal | None]
    application: Fact[Application | None]
    puller: Fact[Puller | None]
    puller_assignments: Fact[RoleAssignments]
    registry_assignments: Fact[RoleAssignments]
    role_definitions: Fact[RoleDefinitions]


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
    cluster: Fact[Cluster],
    service_principal: Fact[ServicePrincipal | None],
    application: Fact[Application | None],
    puller: Fact[Puller | None],
    puller_assignments: Fact[RoleAssignments],
    registry_assignments: Fact[RoleAssignments],
    role_definitions: Fact[RoleDefinitions],
) -> tuple[SecretLogin, ...]:
    """Give what there is to know of each login, the first one first; only what is not known yet is asked.

    Empty where a single one decides: it stands alone, and the pod names no secret that was not given.
    """
    tried = pull_accounts.accounts_of(choice, registry)[:MOST_LOGINS]
    meant = meant_secret(choice, registry)
    alone = len(tried) < 2 and (meant is None or not meant.unseen)
    if pull_account is None or alone or not tried or tried[0][1] != pull_account:
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
    before = _Before(
        cluster,
        service_principal,
        application,
        puller,
        puller_assignments,
        registry_assignments,
        role_definitions,
    )
    found = [first]
    for server, account in tried[1:]:
        found.append(_read(azure, choice, now, registry, server, account, found, before))
    return tuple(found)


def _read(
    azure: Azure,
    choice: Choice,
    now: datetime,
    registry: Registry,
    server: str,
    account: PullAccount,
    found: Sequence[SecretLogin],
    before: _Before,
) -> SecretLogin:
    """Read a later login; what is known of the same account, but for its password, is not asked again."""
    comparison = outcome_of(lambda: registry_tokens.admin_comparison(azure, choice, registry, account))
    for one in found:
        if one.account.kind is account.kind and one.account.username.lower() == account.username.lower():
            return replace(one, server=server, account=account, comparison=comparison)
    token = outcome_of(lambda: registry_tokens.registry_token(azure, choice, account))
    principal = outcome_of(
        lambda: pull_accounts.secret_service_principal(azure, before.cluster, account, before.service_principal)
    )
    assignments = _held(azure, choice, principal, before)
    return SecretLogin(
        server,
        account,
        token,
        _scope_map(azure, choice, token, found),
        comparison,
        outcome_of(lambda: registry_tokens.admin_regenerated(azure, choice, now, account)),
        principal,
        outcome_of(lambda: pull_accounts.secret_application(azure, before.cluster, account, before.application)),
        assignments,
        _roles(azure, choice, before.role_definitions, assignments),
    )


def _scope_map(
    azure: Azure, choice: Choice, token: Fact[RegistryToken | None], found: Sequence[SecretLogin]
) -> Fact[ScopeMap | None]:
    if not isinstance(token, Known):
        return token
    own = token.value.scope_map_id if token.value else None
    for one in found:
        if own and isinstance(one.token, Known) and one.token.value and one.token.value.scope_map_id == own:
            return one.scope_map
    return outcome_of(lambda: registry_tokens.token_scope_map(azure, choice, token.value))


def _held(
    azure: Azure, choice: Choice, principal: Fact[ServicePrincipal | None], before: _Before
) -> Fact[RoleAssignments]:
    if not isinstance(principal, Known):
        return principal
    return outcome_of(
        lambda: pull_accounts.secret_assignments(
            azure,
            choice,
            principal.value,
            before.registry_assignments,
            before.puller,
            before.puller_assignments,
        )
    )


def _roles(
    azure: Azure, choice: Choice, known: Fact[RoleDefinitions], assignments: Fact[RoleAssignments]
) -> Fact[RoleDefinitions]:
    if not isinstance(known, Known) or not isinstance(assignments, Known):
        return known
    return outcome_of(lambda: pull_accounts.secret_role_definitions(azure, choice, known.value, assignments.value))
