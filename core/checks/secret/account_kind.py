"""What does the pull secret sign in as?

https://learn.microsoft.com/azure/container-registry/container-registry-authentication
"""

from __future__ import annotations

from datetime import datetime

from core.checks.check import Check
from core.checks.fix_values import token_name
from core.checks.identity.evidence import moment
from core.checks.secret.best import better_login
from core.checks.secret.given import grant_instead, no_secret, token_values
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AccountKind, PullAccount
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.facts.secret_login import SecretLogin
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


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
    better = better_login(choice, registry, now, cluster, puller, subscriptions, secret_logins)
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
    age = (Evidence("created", moment(pull_account.made_at)),) if pull_account.made_at else ()
    name = token_name(choice.cluster_id.name, meant.namespace or "<namespace>")
    token = token_values(meant, registry, name, repository_in(choice, registry))
    return Verdict(
        Status.FAIL,
        "short-lived",
        Certainty.DEFINITE,
        values=values,
        evidence=(*evidence, *age),
        fixes=(*grant_instead(registry, cluster, puller), FixRef("make-registry-token", token)),
    )


CHECK = Check("secret.account-kind", Branch.SECRET, evaluate)
