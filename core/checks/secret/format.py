"""Can a node read the pull secret?

https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
"""

from __future__ import annotations

from collections.abc import Mapping

from core.checks.check import Check
from core.checks.secret.given import meant_of, name_of, no_secret, recreate, server_of, shown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.meant_secret import login_at
from core.facts.pull_secret import Flaw, Login, PullSecret
from core.facts.registry import Registry
from core.model import Branch, Certainty, Status, Verdict

_REASONS: Mapping[Flaw, str] = {
    Flaw.WRONG_TYPE: "wrong-type",
    Flaw.NO_DATA: "no-data",
    Flaw.NOT_BASE64: "not-base64",
    Flaw.ENCODED_TWICE: "encoded-twice",
    Flaw.NOT_JSON: "not-json",
    Flaw.NO_SERVERS: "no-servers",
    Flaw.NO_PASSWORD: "no-password",
    Flaw.AUTH_NOT_READABLE: "auth-not-readable",
    Flaw.AUTH_DIFFERS: "auth-differs",
    Flaw.LINE_BREAK: "line-break",
}


def evaluate(choice: Choice, registry: Fact[Registry]) -> Verdict:
    """Look at the whole of the secret, then at the login for the picked registry, or at all where none is for it."""
    meant = meant_of(choice, registry)
    if meant is None:
        return no_secret()
    secret = meant.secret
    if secret is None:
        return Verdict(Status.NOT_APPLICABLE, "not-given", values={"secret": name_of(meant)})
    login = _deciding(secret, choice, registry)
    flaw = secret.flaw or (login.flaw if login else None)
    values = {
        "secret": name_of(meant),
        "type": secret.type or "",
        "server": login.server if login else "",
    }
    evidence = shown(secret, login)
    if flaw is None:
        return Verdict(Status.PASS, "readable", values=values, evidence=evidence)
    return Verdict(
        Status.FAIL,
        _REASONS[flaw],
        Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(recreate(meant, server_of(choice, registry, meant), login.username if login else ""),),
    )


def _deciding(secret: PullSecret, choice: Choice, registry: Fact[Registry]) -> Login | None:
    """Give the login for the picked registry; where there is none, a sound one before one with a flaw."""
    if isinstance(registry, Known):
        login = login_at(secret, choice, registry.value)
        if login is not None:
            return login
    return min(secret.logins, key=lambda login: login.flaw is not None, default=None)


CHECK = Check("secret.format", Branch.SECRET, evaluate)
