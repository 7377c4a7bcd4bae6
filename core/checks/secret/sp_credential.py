"""Can the service principal of the pull secret still sign in, and may it pull?

https://learn.microsoft.com/azure/container-registry/container-registry-auth-service-principal
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity.condition import Effect
from core.checks.identity.directory import password_command, service_principal_command
from core.checks.identity.evidence import end, few, granting, moment, not_granting
from core.checks.identity.home import in_two_directories
from core.checks.identity.permission import Holdings, holdings, right_to_pull
from core.checks.identity.repository import effect_of
from core.checks.identity.sp_credential import is_valid
from core.checks.secret.given import REFUSED_LOGIN, no_secret, recreate_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.identities import Application, PasswordCredential, ServicePrincipal
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AccountKind, PullAccount
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_BAD_SECRET = frozenset({"SP_EXPIRED", "SP_BADSECRET"}) | REFUSED_LOGIN


def evaluate(
    choice: Choice,
    registry: Registry,
    now: datetime,
    cluster: Fact[Cluster],
    subscriptions: Fact[Subscriptions],
    pull_account: PullAccount | None,
    secret_service_principal: Fact[ServicePrincipal | None],
    secret_application: Fact[Application | None],
    secret_assignments: Fact[RoleAssignments],
    secret_role_definitions: Fact[RoleDefinitions],
) -> Verdict:
    """Look the principal up, then at its passwords, then at its role: the first that is wrong is the finding."""
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    if pull_account is None or pull_account.kind is not AccountKind.SERVICE_PRINCIPAL:
        return Verdict(Status.NOT_APPLICABLE, "no-service-principal")
    app_id = pull_account.username
    values = {"app_id": app_id, "name": app_id, "registry_name": registry.name}
    recreated = {
        **registry_values(registry),
        **recreate_values(meant, registry.login_server, app_id),
        "app_id": app_id,
    }
    shown: tuple[Evidence, ...] = (Evidence("application-id", app_id),)
    abroad = isinstance(cluster, Known) and in_two_directories(cluster.value, registry, subscriptions)
    if isinstance(secret_service_principal, Missing):
        if abroad is not False:
            return _abroad(abroad, values, shown)
        pull_role = "Container Registry Repository Reader" if registry.abac else "AcrPull"
        fixes = (FixRef("make-secret-principal", {**recreated, "pull_role": pull_role}),)
        return Verdict(Status.FAIL, "gone", Certainty.DEFINITE, values=values, evidence=shown, fixes=fixes)
    if not isinstance(secret_service_principal, Known):
        return unknown(secret_service_principal, (*shown, service_principal_command(app_id)))
    principal = secret_service_principal.value
    if principal is None:
        return Verdict(Status.NOT_APPLICABLE, "no-service-principal")
    values["name"] = principal.display_name
    shown = (
        Evidence("service-principal", f"{principal.display_name} | object id {principal.object_id}"),
        *shown,
    )
    if not principal.enabled:
        fixes = (FixRef("enable-secret-principal", recreated),)
        return Verdict(Status.FAIL, "disabled", Certainty.DEFINITE, values=values, evidence=shown, fixes=fixes)
    found = secret_application.value if isinstance(secret_application, Known) else None
    passwords = (*principal.passwords, *(found.passwords if found else ()))
    shown = (*shown, *few(_in_words(password, now) for password in passwords))
    at_fault = _password(choice, now, pull_account, passwords, secret_application, values, shown, recreated)
    if at_fault is not None and at_fault.status is Status.FAIL:
        return at_fault
    role = _role(
        choice, registry, principal, secret_assignments, secret_role_definitions, values, shown, recreated, abroad
    )
    if at_fault is not None and role.status is Status.PASS:
        return at_fault
    return role


def _password(
    choice: Choice,
    now: datetime,
    account: PullAccount,
    passwords: Sequence[PasswordCredential],
    application: Fact[Application | None],
    values: dict[str, str],
    shown: tuple[Evidence, ...],
    recreated: dict[str, str],
) -> Verdict | None:
    """Give what is wrong with the passwords; None where nothing is."""
    valid = [password for password in passwords if is_valid(password, now)]
    ended = [password for password in passwords if password.ends and password.ends <= now]
    if not valid and (not isinstance(application, Known) or application.value is None):
        command = (*shown, password_command(account.username))
        if isinstance(application, Known | Missing):
            return Verdict(Status.UNKNOWN, "application-elsewhere", values=values, evidence=command)
        return unknown(application, command)
    last = max((password.ends for password in ended if password.ends), default=None)
    values = {**values, "ended": moment(last)}
    fixes = (FixRef("renew-secret-principal", recreated),)
    if not valid:
        reason = "expired" if ended else "no-password"
        return Verdict(Status.FAIL, reason, Certainty.DEFINITE, values=values, evidence=shown, fixes=fixes)
    refused = choice.symptom is not None and choice.symptom.kind in _BAD_SECRET
    made = account.made_at
    newer = made is not None and all(password.starts and password.starts > made for password in valid)
    if refused and (ended or newer):
        reason = "holds-an-expired-one" if ended else "holds-an-old-one"
        return Verdict(Status.FAIL, reason, Certainty.LIKELY, values=values, evidence=shown, fixes=fixes)
    if newer:
        return Verdict(Status.WARNING, "newer-than-secret", values=values, evidence=shown, fixes=fixes)
    if ended:
        return Verdict(Status.WARNING, "some-expired", values=values, evidence=shown, fixes=fixes)
    return None


def _role(
    choice: Choice,
    registry: Registry,
    principal: ServicePrincipal,
    assignments: Fact[RoleAssignments],
    definitions: Fact[RoleDefinitions],
    values: dict[str, str],
    shown: tuple[Evidence, ...],
    recreated: dict[str, str],
    abroad: bool | NotKnown,
) -> Verdict:
    """Say whether a role of the principal lets it pull this repository."""
    if not isinstance(assignments, Known):
        return unknown(assignments, shown)
    if not isinstance(definitions, Known):
        return unknown(definitions, shown)
    right = right_to_pull(registry)
    held = holdings(right, registry.id, principal.object_id, assignments.value, definitions.value)
    repository = repository_in(choice, registry)
    effects = {effect_of(grant, registry, repository) for grant in held.grants if not grant.wildcard}
    shown = (*shown, Evidence("needed-permission", right.action))
    if Effect.ALLOWS in effects:
        evidence = (*shown, *granting(held.grants, registry.id))
        return Verdict(Status.PASS, "may-pull", values=values, evidence=evidence)
    shown = (*shown, *granting(held.grants, registry.id), *not_granting(held, registry.id, principal.object_id))
    if _open(held, effects):
        return Verdict(Status.UNKNOWN, "role-not-known", values=values, evidence=shown)
    if abroad is not False:
        return _abroad(abroad, values, shown)
    fix = "let-principal-read-repositories" if registry.abac else "let-principal-pull"
    granted = {**recreated, "principal_id": principal.object_id, "name": principal.display_name}
    return Verdict(
        Status.FAIL,
        "no-role",
        Certainty.DEFINITE,
        values=values,
        evidence=shown,
        fixes=(FixRef(fix, granted),),
    )


def _abroad(abroad: bool | NotKnown, values: dict[str, str], shown: tuple[Evidence, ...]) -> Verdict:
    """Say that the principal is looked for in another directory than the registry's, or why that is not known."""
    if isinstance(abroad, bool):
        return Verdict(Status.UNKNOWN, "other-directory", values=values, evidence=shown)
    return unknown(abroad, shown)


def _open(held: Holdings, effects: set[Effect]) -> bool:
    """Say whether something that could not be read or understood may still give the right."""
    undecided = effects - {Effect.EXCLUDES} or any(grant.wildcard for grant in held.grants)
    return bool(undecided or held.unread or not held.groups_expanded)


def _in_words(password: PasswordCredential, now: datetime) -> Evidence:
    label = "password-valid" if is_valid(password, now) else "password-not-valid"
    life = f"{moment(password.starts)} to {end(password.ends)}"
    return Evidence(label, f"{password.display_name or 'unnamed'} | {life}")


CHECK = Check("secret.sp-credential", Branch.SECRET, evaluate)
