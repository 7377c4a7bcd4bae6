"""Which of several logins a pull gets in with: a node tries all that fit an image until one is let in.

https://kubernetes.io/docs/concepts/containers/images/#config-json
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.checks.secret import acr_token, admin_account, scope_map, sp_credential
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.pull_secret import AccountKind
from core.facts.registry import Registry
from core.facts.secret_login import SecretLogin
from core.facts.subscriptions import Subscriptions
from core.model import Evidence, MissingPermission, Status, Verdict

_BEST_FIRST: Mapping[Status, int] = {
    Status.PASS: 0,
    Status.NOT_APPLICABLE: 0,
    Status.WARNING: 1,
    Status.UNKNOWN: 2,
    Status.FAIL: 3,
}


def better_login(
    choice: Choice,
    registry: Registry,
    now: datetime,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    subscriptions: Fact[Subscriptions],
    logins: tuple[SecretLogin, ...],
) -> Verdict | None:
    """Give the verdict on a later login that makes the first one's faults harmless, or may; None without one.

    Where every login is refused, the first one stays the one that is meant.
    """
    if not logins:
        return None
    judged = [_judged(login, choice, registry, now, cluster, puller, subscriptions) for login in logins]
    at = min(range(len(logins)), key=lambda index: _BEST_FIRST[judged[index][0]])
    (first, _), (status, missing) = judged[0], judged[at]
    works = _BEST_FIRST[status] == 0
    if at == 0 or status is Status.FAIL or not (works or first is Status.FAIL):
        return None
    best = logins[at]
    values = {
        "username": best.account.username,
        "server": best.server,
        "first": logins[0].account.username,
        "first_server": logins[0].server,
        "registry_name": registry.name,
    }
    evidence = tuple(
        evidence
        for login in (best, logins[0])
        for evidence in (
            Evidence("secret-server", login.server),
            Evidence("secret-user", login.account.username),
        )
    )
    if works:
        return Verdict(Status.PASS, "another-login", values=values, evidence=evidence)
    return Verdict(status, "another-open", values=values, evidence=evidence, missing=missing)


def _judged(
    login: SecretLogin,
    choice: Choice,
    registry: Registry,
    now: datetime,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    subscriptions: Fact[Subscriptions],
) -> tuple[Status, MissingPermission | None]:
    """Give the worst of what the checks of an account's kind say of it, and what they lacked to say more."""
    account = login.account
    match account.kind:
        case AccountKind.SHORT_LIVED:
            return Status.FAIL, None
        case AccountKind.SERVICE_PRINCIPAL:
            verdict = sp_credential.evaluate(
                choice,
                registry,
                now,
                cluster,
                subscriptions,
                account,
                login.service_principal,
                login.application,
                login.assignments,
                login.definitions,
            )
        case AccountKind.ADMIN:
            verdict = admin_account.evaluate(
                choice, registry, cluster, puller, account, login.comparison, login.regenerated
            )
        case AccountKind.TOKEN:
            token = acr_token.evaluate(choice, registry, now, account, login.token)
            reach = scope_map.evaluate(choice, registry, account, login.token, login.scope_map)
            verdict = max(token, reach, key=lambda one: _BEST_FIRST[one.status])
    return verdict.status, verdict.missing
