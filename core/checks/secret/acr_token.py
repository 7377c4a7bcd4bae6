"""Is the registry token that the pull secret signs in with enabled, and has it a password that counts?

https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions
"""

from __future__ import annotations

from datetime import UTC, datetime

from core.checks.check import Check
from core.checks.identity.evidence import end, moment
from core.checks.secret.given import REFUSED_LOGIN, no_secret, token_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, Missing
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AccountKind, PullAccount, RegistryToken, TokenPassword
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_PASSWORDS = ("password1", "password2")
"""What the two passwords of a token are called."""

_NEVER = datetime.max.replace(tzinfo=UTC)


def evaluate(
    choice: Choice,
    registry: Registry,
    now: datetime,
    pull_account: PullAccount | None,
    registry_token: Fact[RegistryToken | None],
) -> Verdict:
    """Look at the token and at how long its passwords live; Azure never tells them."""
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    if pull_account is None or pull_account.kind is not AccountKind.TOKEN:
        return Verdict(Status.NOT_APPLICABLE, "no-token")
    name = pull_account.username
    values = {"token": name, "registry_name": registry.name}
    fix_values = token_values(meant, registry, name, repository_in(choice, registry))
    if isinstance(registry_token, Missing):
        return Verdict(
            Status.FAIL,
            "gone",
            Certainty.DEFINITE,
            values=values,
            evidence=(Evidence("secret-user", name),),
            fixes=(FixRef("make-registry-token", fix_values),),
        )
    if not isinstance(registry_token, Known):
        return unknown(registry_token, (Evidence("secret-user", name),))
    token = registry_token.value
    if token is None:
        return Verdict(Status.NOT_APPLICABLE, "no-token")
    evidence = (
        Evidence("registry-token", f"{token.name} | {'enabled' if token.enabled else 'disabled'} | {token.id}"),
        *(_shown(password, now) for password in token.passwords),
    )
    if not token.enabled:
        enable = (FixRef("enable-registry-token", fix_values),)
        return Verdict(Status.FAIL, "disabled", Certainty.DEFINITE, values=values, evidence=evidence, fixes=enable)
    renew = FixRef("renew-token-password", {**fix_values, "password_name": _to_renew(token.passwords, now)})
    valid = [password for password in token.passwords if password.ends is None or password.ends > now]
    if not valid:
        reason = "expired" if token.passwords else "no-password"
        ended = max((password.ends for password in token.passwords if password.ends), default=None)
        values = {**values, "ended": moment(ended)}
        return Verdict(Status.FAIL, reason, Certainty.DEFINITE, values=values, evidence=evidence, fixes=(renew,))
    newer = _made_later(valid, pull_account.made_at)
    if newer and choice.symptom is not None and choice.symptom.kind in REFUSED_LOGIN:
        return Verdict(Status.FAIL, "replaced", Certainty.LIKELY, values=values, evidence=evidence, fixes=(renew,))
    if newer:
        return Verdict(Status.WARNING, "newer-than-secret", values=values, evidence=evidence, fixes=(renew,))
    if len(valid) < len(token.passwords):
        return Verdict(Status.WARNING, "one-expired", values=values, evidence=evidence, fixes=(renew,))
    return Verdict(Status.PASS, "valid", values=values, evidence=evidence)


def _to_renew(passwords: tuple[TokenPassword, ...], now: datetime) -> str:
    """Name a password that has expired or is not there, so that nobody misses it; else the one that ends first."""
    ends = {password.name: password.ends or _NEVER for password in passwords}
    return min(_PASSWORDS, key=lambda name: ends.get(name, now))


def _made_later(valid: list[TokenPassword], secret_made: datetime | None) -> bool:
    """Say whether the secret is older than every password that counts, so that it can hold none of them."""
    if secret_made is None:
        return False
    return all(password.made_at is not None and password.made_at > secret_made for password in valid)


def _shown(password: TokenPassword, now: datetime) -> Evidence:
    valid = password.ends is None or password.ends > now
    label = "password-valid" if valid else "password-not-valid"
    return Evidence(label, f"{password.name} | {moment(password.made_at)} to {end(password.ends)}")


CHECK = Check("secret.acr-token", Branch.SECRET, evaluate)
