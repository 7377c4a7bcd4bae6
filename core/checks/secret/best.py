"""Which of several logins a pull gets in with: a node tries all that fit an image until one is let in.

https://kubernetes.io/docs/concepts/containers/images/#config-json
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from core.checks.secret import acr_token, admin_account, scope_map, sp_credential
from core.checks.secret.short_lived import short_lived
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.meant_secret import MeantSecret
from core.facts.pull_secret import AccountKind
from core.facts.registry import Registry
from core.facts.secret_login import SecretLogin
from core.facts.subscriptions import Subscriptions
from core.model import Evidence, Status, Verdict

_BEST_FIRST: Mapping[Status, int] = {
    Status.PASS: 0,
    Status.WARNING: 1,
    Status.UNKNOWN: 2,
    Status.NOT_APPLICABLE: 2,
    Status.FAIL: 3,
}


def better_login(
    choice: Choice,
    registry: Registry,
    meant: MeantSecret,
    now: datetime,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    subscriptions: Fact[Subscriptions],
    logins: tuple[SecretLogin, ...],
) -> Verdict | None:
    """Give the verdict on a later login that makes the first one's faults harmless, or may; None without one.

    Where every login is refused, the first one stays the one that is meant, unless the pod names a secret that was
    not given and no text says that the pull failed. What could not be read of a login is shown, though it may not
    matter.
    """
    if not logins:
        return None
    judged = [_judged(login, choice, registry, meant, now, cluster, puller, subscriptions) for login in logins]
    at = min(range(len(logins)), key=lambda index: _BEST_FIRST[judged[index].status])
    found, best = judged[at], logins[at]
    works = found.status is Status.PASS
    unseen = found.status is Status.FAIL and bool(meant.unseen) and choice.symptom is None
    if not unseen and (at == 0 or found.status is Status.FAIL or not (works or judged[0].status is Status.FAIL)):
        return None
    values = {
        "others": ", ".join(meant.unseen),
        "username": best.account.username,
        "server": best.server,
        "first": logins[0].account.username,
        "first_server": logins[0].server,
        "registry_name": registry.name,
    }
    unread = (index for index in range(1, len(logins)) if index != at and judged[index].status is Status.UNKNOWN)
    evidence = tuple(entry for index in (at, 0, *unread) for entry in _shown(logins[index], judged[index]))
    if unseen:
        return Verdict(Status.UNKNOWN, "others-not-given", values=values, evidence=_shown(logins[0], judged[0]))
    if works:
        return Verdict(Status.PASS, "another-login", values=values, evidence=evidence)
    return Verdict(found.status, "another-open", values=values, evidence=evidence, missing=found.missing)


def _shown(login: SecretLogin, verdict: Verdict) -> tuple[Evidence, ...]:
    """Name a login and, where it could not be judged, what was not read of it."""
    named = (Evidence("secret-server", login.server), Evidence("secret-user", login.account.username))
    if verdict.status is not Status.UNKNOWN:
        return named
    return (*named, *(entry for entry in verdict.evidence if entry not in named))


def _judged(
    login: SecretLogin,
    choice: Choice,
    registry: Registry,
    meant: MeantSecret,
    now: datetime,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    subscriptions: Fact[Subscriptions],
) -> Verdict:
    """Give the worst of what the checks of an account's kind say of it."""
    account = login.account
    match account.kind:
        case AccountKind.SHORT_LIVED:
            return short_lived(choice, registry, meant, cluster, puller, account)
        case AccountKind.SERVICE_PRINCIPAL:
            return sp_credential.evaluate(
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
            return admin_account.evaluate(
                choice, registry, cluster, puller, account, login.comparison, login.regenerated
            )
        case AccountKind.TOKEN:
            token = acr_token.evaluate(choice, registry, now, account, login.token)
            reach = scope_map.evaluate(choice, registry, account, login.token, login.scope_map)
            worst = max(token, reach, key=lambda one: _BEST_FIRST[one.status])
            # Which repository is pulled is not known, and so it is open whether the token reaches it.
            return replace(worst, status=Status.UNKNOWN) if worst.status is Status.NOT_APPLICABLE else worst
