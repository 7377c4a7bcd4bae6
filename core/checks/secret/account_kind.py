"""What does the pull secret sign in as?

https://learn.microsoft.com/azure/container-registry/container-registry-authentication
"""

from __future__ import annotations

from datetime import datetime

from core.checks.check import Check
from core.checks.secret.best import better_login
from core.checks.secret.given import no_secret
from core.checks.secret.short_lived import short_lived
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AccountKind, PullAccount
from core.facts.registry import Registry
from core.facts.secret_login import SecretLogin
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Evidence, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Registry,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    pull_account: PullAccount | None,
    now: datetime,
    subscriptions: Fact[Subscriptions],
    secret_logins: tuple[SecretLogin, ...],
) -> Verdict:
    """Tell a service principal, the admin account, a token of the registry and a token of three hours apart.

    Where several logins fit the image, the first one is meant, unless it is refused and another one is not.
    """
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    if pull_account is None:
        return Verdict(Status.NOT_APPLICABLE, "no-login")
    better = better_login(choice, registry, meant, now, cluster, puller, subscriptions, secret_logins)
    if better is not None:
        return better
    username = pull_account.username
    values = {"username": username, "registry_name": registry.name}
    servers = (Evidence("secret-server", login.server) for login in secret_logins[:1])
    evidence = (*servers, Evidence("secret-user", username))
    if pull_account.kind is AccountKind.SERVICE_PRINCIPAL:
        return Verdict(Status.PASS, "service-principal", values=values, evidence=evidence)
    if pull_account.kind is AccountKind.ADMIN:
        return Verdict(Status.PASS, "admin-account", values=values, evidence=evidence)
    if pull_account.kind is AccountKind.TOKEN:
        return Verdict(Status.PASS, "token", values=values, evidence=evidence)
    return short_lived(choice, registry, meant, cluster, puller, pull_account, evidence)


CHECK = Check("secret.account-kind", Branch.SECRET, evaluate)
