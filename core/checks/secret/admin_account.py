"""Is the registry's admin account on, and is its password the one in the pull secret?

https://learn.microsoft.com/azure/container-registry/container-registry-authentication#admin-account
"""

from __future__ import annotations

from datetime import datetime

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity.evidence import moment
from core.checks.secret.given import REFUSED_LOGIN, grant_instead, no_secret, recreate_values
from core.checks.unread import missing_of, unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import Puller
from core.facts.meant_secret import meant_secret
from core.facts.pull_secret import AccountKind, AdminComparison, PullAccount
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Registry,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    pull_account: PullAccount | None,
    admin_comparison: Fact[AdminComparison | None],
    admin_regenerated: Fact[datetime | None],
) -> Verdict:
    """Ask whether the account is on, then whether the passwords are equal, and without leave for that, how old."""
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    if pull_account is None or pull_account.kind is not AccountKind.ADMIN:
        return Verdict(Status.NOT_APPLICABLE, "no-admin")
    renewed = admin_regenerated.value if isinstance(admin_regenerated, Known) else None
    values = {"registry_name": registry.name, "renewed": moment(renewed), "made": moment(pull_account.made_at)}
    evidence = (
        Evidence("secret-user", pull_account.username),
        *((Evidence("password-regenerated", moment(renewed)),) if renewed else ()),
        *((Evidence("created", moment(pull_account.made_at)),) if pull_account.made_at else ()),
    )
    instead = grant_instead(registry, cluster, puller)
    fix_values = {**registry_values(registry), **recreate_values(meant, registry.login_server, registry.name)}
    renew = FixRef("copy-admin-password", fix_values)
    if registry.admin_user_enabled is False:
        enable = FixRef("enable-admin-account", fix_values)
        return Verdict(
            Status.FAIL,
            "disabled",
            Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(*instead, enable, renew),
        )
    if isinstance(admin_comparison, Known) and admin_comparison.value is not None:
        if admin_comparison.value.matches:
            matching = {**values, "which": admin_comparison.value.matches}
            return Verdict(Status.PASS, "current", values=matching, evidence=evidence)
        return Verdict(
            Status.FAIL,
            "matches-neither",
            Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(*instead, renew),
        )
    if renewed is not None and pull_account.made_at is not None and renewed > pull_account.made_at:
        refused = choice.symptom is not None and choice.symptom.kind in REFUSED_LOGIN
        certainty = Certainty.LIKELY if refused else Certainty.POSSIBLE
        return Verdict(
            Status.FAIL, "regenerated-since", certainty, values=values, evidence=evidence, fixes=(*instead, renew)
        )
    if not isinstance(admin_comparison, Known):
        return unknown(admin_comparison, evidence)
    lacking = missing_of(admin_regenerated)
    return Verdict(Status.UNKNOWN, "not-compared", values=values, evidence=evidence, missing=lacking, fixes=(renew,))


CHECK = Check("secret.admin-account", Branch.SECRET, evaluate)
