"""Is the pull secret for the registry that the image comes from?

https://learn.microsoft.com/azure/container-registry/container-registry-auth-kubernetes
"""

from __future__ import annotations

from collections.abc import Mapping

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.image.host import place
from core.checks.secret.given import name_of, no_secret, recreate, shown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.image_name import split
from core.facts.meant_secret import host_and_path, login_at, meant_secret, serves
from core.facts.pull_secret import Login
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, Status, Verdict

_DOCKER_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com")
_REASONS: Mapping[str, str] = {
    "hash-missing": "hash-missing",
    "hash-wrong": "hash-missing",
    "suffix-typo": "misspelt",
    "misspelt": "misspelt",
    "bare-name": "misspelt",
    "privatelink": "misspelt",
    "data-endpoint": "misspelt",
    "docker-hub": "docker-hub",
    "other-path": "other-path",
    "other-registry": "other-registry",
}
"""What the host of a login is, in the words of this check; whatever is not here is another registry."""


def evaluate(choice: Choice, cloud: CloudNames, registry: Registry) -> Verdict:
    """Compare the servers in the secret with the registry's login server.

    A secret for another registry is no fault where the pod names more of them, of which one may be for this.
    """
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    secret = meant.secret
    if secret is None or not secret.logins:
        return Verdict(Status.NOT_APPLICABLE, "no-logins", values={"secret": name_of(meant)})
    login = login_at(secret, choice, registry)
    values = {"secret": name_of(meant), "login_server": registry.login_server}
    if login is not None:
        return Verdict(Status.PASS, "same", values={**values, "server": login.server}, evidence=shown(secret, login))
    kinds = {login: _kind(login, registry, cloud) for login in secret.logins}
    order = list(_REASONS)
    worst = min(secret.logins, key=lambda login: order.index(kinds[login]))
    if meant.unseen:
        return Verdict(
            Status.UNKNOWN,
            "others-not-given",
            values={**values, "server": worst.server, "others": ", ".join(meant.unseen)},
            evidence=(*shown(secret, worst), *few(Evidence("secret", name) for name in meant.unseen)),
        )
    return Verdict(
        Status.FAIL,
        _REASONS[kinds[worst]],
        Certainty.DEFINITE,
        values={**values, "server": worst.server},
        evidence=(
            *shown(secret, worst),
            *few(Evidence("secret-server", other.server) for other in secret.logins if other is not worst),
            Evidence("login-server", registry.login_server),
        ),
        fixes=(recreate(meant, registry.login_server, worst.username),),
    )


def _kind(login: Login, registry: Registry, cloud: CloudNames) -> str:
    if serves(login.server, registry.login_server):
        return "other-path"
    host, _ = host_and_path(login.server)
    if not host:
        return "other-registry"
    if host in _DOCKER_HUB:
        return "docker-hub"
    found = place(split(f"{host}/a/b"), registry, cloud).reason
    return found if found in _REASONS else "other-registry"


CHECK = Check("secret.server-match", Branch.SECRET, evaluate)
