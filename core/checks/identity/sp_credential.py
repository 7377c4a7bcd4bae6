"""Has the service principal's password expired?

AKS signs in with a client secret, so certificates do not help. Azure never tells which secret the cluster holds.
https://learn.microsoft.com/azure/aks/update-credentials
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.identity.directory import is_application_id, password_command
from core.checks.identity.evidence import end, moment
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.identities import Application, PasswordCredential, ServicePrincipal
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SOON = timedelta(days=30)
JUST_NOW = timedelta(hours=1)
"""How long a new password may take from the directory to all nodes, which are replaced on the way."""

_EXPIRED = "SP_EXPIRED"
_BAD_SECRET = frozenset({_EXPIRED, "SP_BADSECRET"})
_REFUSED_CREDENTIALS = "OAUTH_401"


def evaluate(
    cluster: Cluster,
    choice: Choice,
    now: datetime,
    service_principal: Fact[ServicePrincipal | None],
    application: Fact[Application | None],
) -> Verdict:
    """Weigh the ends of all passwords, on the application and, from old times, on the service principal itself."""
    app_id = cluster.service_principal_client_id
    if app_id is None:
        return Verdict(Status.NOT_APPLICABLE, "managed-identity", values={"cluster_name": cluster.name})
    values = {"cluster_name": cluster.name, "app_id": app_id}
    principal = service_principal.value if isinstance(service_principal, Known) else None
    found = application.value if isinstance(application, Known) else None
    if found is None:
        return _no_application(application, principal, values)
    passwords = (*found.passwords, *(principal.passwords if principal else ()))
    valid = [password for password in passwords if is_valid(password, now)]
    ended = [password for password in passwords if password.ends and password.ends <= now]
    shown = (
        Evidence("application-id", app_id),
        *_listed(passwords, now),
        *((Evidence("certificates", str(found.certificates)),) if found.certificates else ()),
    )
    values = {**values, "ended": moment(_last(ended)), "ends": end(_last(valid))}
    fixes = (FixRef("reset-credential", {**cluster_values(cluster), "app_id": app_id}),)
    kind = choice.symptom.kind if choice.symptom else ""
    if not valid:
        certainty = Certainty.DEFINITE if isinstance(service_principal, Known) else Certainty.LIKELY
        reason = "expired" if ended else "no-password"
        return Verdict(Status.FAIL, reason, certainty, values=values, evidence=shown, fixes=fixes)
    refused = kind in _BAD_SECRET or (ended and kind == _REFUSED_CREDENTIALS)
    newest = max((password.starts for password in valid if password.starts), default=None)
    if refused and newest is not None and now - newest < JUST_NOW:
        made = {**values, "made": moment(newest)}
        return Verdict(Status.WARNING, "renewed-just-now", values=made, evidence=shown, fixes=fixes)
    if ended and kind in (_EXPIRED, _REFUSED_CREDENTIALS):
        return Verdict(
            Status.FAIL, "cluster-holds-the-expired-one", Certainty.LIKELY, values=values, evidence=shown, fixes=fixes
        )
    if kind in _BAD_SECRET:
        return Verdict(
            Status.FAIL, "cluster-holds-a-bad-one", Certainty.LIKELY, values=values, evidence=shown, fixes=fixes
        )
    if ended:
        return Verdict(Status.WARNING, "some-expired", values=values, evidence=shown, fixes=fixes)
    last = _last(valid)
    if last is not None and last - now < SOON:
        days = {**values, "days": str(max(0, (last - now).days))}
        return Verdict(Status.WARNING, "expires-soon", values=days, evidence=shown, fixes=fixes)
    return Verdict(Status.PASS, "valid", values=values, evidence=shown)


def is_valid(password: PasswordCredential, now: datetime) -> bool:
    """Say whether a password can be used at a moment; one without an end does not expire."""
    return (password.starts is None or password.starts <= now) and (password.ends is None or password.ends > now)


def _no_application(
    application: Fact[Application | None], principal: ServicePrincipal | None, values: dict[str, str]
) -> Verdict:
    """A service principal without an application in this directory belongs to an application elsewhere."""
    command = password_command(values["app_id"])
    absent = isinstance(application, Known | Missing)
    if absent and principal is not None:
        home = principal.home_tenant_id or "not told"
        return Verdict(
            Status.UNKNOWN,
            "application-elsewhere",
            values={**values, "home": home},
            evidence=(Evidence("application-id", values["app_id"]), Evidence("home-directory", home), command),
        )
    if isinstance(application, Known) or (absent and not is_application_id(values["app_id"])):
        return Verdict(Status.UNKNOWN, "application-not-found", values=values, evidence=(command,))
    outcome: NotKnown = application
    return unknown(outcome, (command,))


def _last(passwords: Iterable[PasswordCredential]) -> datetime | None:
    """Give the latest end; None where there is no password, or one that never ends."""
    ends = [password.ends for password in passwords]
    return max((end for end in ends if end), default=None) if None not in ends else None


def _listed(passwords: Iterable[PasswordCredential], now: datetime) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            "password-valid" if is_valid(password, now) else "password-not-valid",
            f"{password.display_name or 'unnamed'} | {moment(password.starts)} to {end(password.ends)}"
            f" | key id {password.key_id}",
        )
        for password in passwords
    )


CHECK = Check("identity.sp-credential", Branch.IDENTITY, evaluate)
