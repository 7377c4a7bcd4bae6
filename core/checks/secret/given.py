"""What the checks of the pull secret share: which secret it is, the login that counts, and what to do about it."""

from __future__ import annotations

from core.checks.fix_values import LOGIN_SERVER, names_registry, registry_values, told_image_values
from core.checks.identity.evidence import moment
from core.checks.identity.role import grant_fixes
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.meant_secret import MeantSecret, host_and_path, meant_secret
from core.facts.pull_secret import Login, PullSecret
from core.facts.registry import Registry
from core.model import Evidence, FixRef, Status, Verdict

REFUSED_LOGIN = frozenset({"OAUTH_401", "UNAUTH"})
"""Kinds of texts that say that credentials reached the registry and were refused."""

_UNNAMED = "<secret-name>"


def meant_of(choice: Choice, registry: Fact[Registry]) -> MeantSecret | None:
    """Give the pull secret that a choice is about; which registry it has to be for may not be known."""
    return meant_secret(choice, registry.value if isinstance(registry, Known) else None)


def no_secret() -> Verdict:
    """Say that nothing is known of any pull secret."""
    return Verdict(Status.NOT_APPLICABLE, "no-secret")


def name_of(meant: MeantSecret) -> str:
    """Give the name of the secret, for sentences."""
    if meant.secret is not None and meant.secret.name:
        return meant.secret.name
    return meant.names[0] if meant.names else _UNNAMED


def shown(secret: PullSecret, login: Login | None = None) -> tuple[Evidence, ...]:
    """Show a secret by all that is no secret of it."""
    parts = (
        ("secret", secret.name),
        ("namespace", secret.namespace),
        ("secret-type", secret.type),
        ("created", moment(secret.made_at) if secret.made_at else None),
        ("secret-server", login.server if login else None),
        ("secret-user", login.username if login else None),
    )
    return tuple(Evidence(label, value) for label, value in parts if value)


def server_of(choice: Choice, registry: Fact[Registry], meant: MeantSecret) -> str:
    """Give the registry's login server; where it cannot be read, as the image tells it, or else the secret."""
    if isinstance(registry, Known):
        return registry.value.login_server
    name = choice.registry_id.name
    told = told_image_values(choice, name)["login_server"]
    if told != LOGIN_SERVER or meant.secret is None:
        return told
    hosts = {host_and_path(login.server)[0] for login in meant.secret.logins}
    named = [host for host in hosts if names_registry(host, name)]
    return named[0] if len(named) == 1 else LOGIN_SERVER


def recreate(meant: MeantSecret, login_server: str, username: str = "") -> FixRef:
    """Ask for the fix that makes the secret anew; the password is for the user to fill in."""
    return FixRef("recreate-pull-secret", recreate_values(meant, login_server, username))


def recreate_values(meant: MeantSecret, login_server: str, username: str = "") -> dict[str, str]:
    """Give the values of every fix that ends with a new secret."""
    own = meant.secret.namespace if meant.secret else None
    return {
        "secret_name": name_of(meant),
        "namespace": meant.namespace or own or "<namespace>",
        "login_server": login_server,
        "username": username or "<user-name>",
    }


def grant_instead(registry: Registry, cluster: Fact[Cluster], puller: Fact[Puller | None]) -> tuple[FixRef, ...]:
    """Ask for the role that makes a pull secret needless, where the nodes have an identity that can hold it."""
    if not isinstance(cluster, Known) or not isinstance(puller, Known) or puller.value is None:
        return ()
    if not puller.value.managed_identity:
        return ()
    return grant_fixes(registry, cluster.value, puller.value.object_id, puller.value.name)[:1]


def token_values(meant: MeantSecret, registry: Registry, token: str, repository: str | None) -> dict[str, str]:
    """Give the values of fixes about a token of the registry."""
    return {
        **registry_values(registry),
        **recreate_values(meant, registry.login_server, token),
        "token": token,
        "repository": repository or "<repository>",
    }
