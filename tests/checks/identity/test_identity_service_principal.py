"""The service principal: whether it is there, enabled, and has a password that works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from identity_world import (
    APP_ID,
    APPLICATION,
    GRAPH_REFUSED,
    HEALTHY,
    HEALTHY_SP,
    OLD_NAME,
    OTHER_TENANT,
    PRINCIPAL,
    SP_UNSEEN,
    Case,
    ask,
    password,
    prove,
    symptom,
)

from core.checks.identity import sp_credential, sp_exists
from core.facts.fact import Missing, Trouble, Unavailable
from core.facts.identities import PasswordCredential
from core.model import Certainty, Status

PASS, WARNING, FAIL, UNKNOWN, NA = Status.PASS, Status.WARNING, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
DEFINITE, LIKELY = Certainty.DEFINITE, Certainty.LIKELY
EXISTS, SECRET = sp_exists.CHECK, sp_credential.CHECK
RESET = ("reset-credential",)


def sp(**changes: Any) -> dict[str, Any]:
    return {**HEALTHY_SP, "service_principal": replace(PRINCIPAL, **changes)}


def app(*passwords: PasswordCredential, **changes: Any) -> dict[str, Any]:
    return {**HEALTHY_SP, "application": replace(APPLICATION, passwords=passwords, **changes)}


CASES = [
    Case(EXISTS, HEALTHY_SP, PASS, "exists", shows=("aks-app-sp", APP_ID)),
    Case(
        EXISTS,
        {**HEALTHY_SP, "service_principal": Missing(APP_ID)},
        FAIL,
        "gone",
        DEFINITE,
        (APP_ID,),
        ("replace-service-principal", "move-to-managed-identity"),
    ),
    Case(
        EXISTS,
        sp(enabled=False),
        FAIL,
        "disabled",
        DEFINITE,
        fixes=("enable-service-principal", "move-to-managed-identity"),
    ),
    Case(EXISTS, OLD_NAME, UNKNOWN, "not-an-application-id", shows=("az ad sp show --id http://clitest000002",)),
    Case(SECRET, OLD_NAME, UNKNOWN, "application-not-found", shows=("http://clitest000002",)),
    Case(EXISTS, SP_UNSEEN, UNKNOWN, "denied", shows=("az ad sp show --id",)),
    Case(EXISTS, HEALTHY, NA, "managed-identity"),
    Case(EXISTS, {**HEALTHY_SP, "service_principal": None}, NA, "managed-identity"),
    Case(SECRET, HEALTHY_SP, PASS, "valid", shows=("2027-06-12",)),
    Case(SECRET, app(password(None)), PASS, "valid", shows=("further notice",)),
    Case(SECRET, app(password(31)), PASS, "valid"),
    Case(SECRET, {**app(password(200)), "choice": symptom("OAUTH_401")}, PASS, "valid"),
    Case(SECRET, app(password(-1), password(-300)), FAIL, "expired", DEFINITE, ("2026-11-23",), RESET),
    Case(SECRET, app(password(0)), FAIL, "expired", DEFINITE, fixes=RESET),
    Case(SECRET, app(certificates=2), FAIL, "no-password", DEFINITE, ("2",), RESET),
    Case(SECRET, app(password(300, starts=2)), FAIL, "no-password", DEFINITE, fixes=RESET),
    Case(
        SECRET,
        {**app(password(-1)), "service_principal": Unavailable(Trouble.TIMEOUT)},
        FAIL,
        "expired",
        LIKELY,
        fixes=RESET,
    ),
    Case(
        SECRET, {**sp(passwords=(password(200),)), "application": replace(APPLICATION, passwords=())}, PASS, "valid"
    ),
    Case(SECRET, app(password(29)), WARNING, "expires-soon", shows=("29",), fixes=RESET),
    Case(SECRET, app(password(200), password(29)), PASS, "valid"),
    Case(SECRET, app(password(None), password(10)), PASS, "valid"),
    Case(SECRET, app(password(-1), password(200)), WARNING, "some-expired", fixes=RESET),
    Case(SECRET, app(password(-1), password(10)), WARNING, "some-expired", fixes=RESET),
    Case(
        SECRET,
        {**app(password(-1), password(200)), "choice": symptom("OAUTH_401")},
        FAIL,
        "cluster-holds-the-expired-one",
        LIKELY,
        fixes=RESET,
    ),
    Case(
        SECRET,
        {**app(password(200)), "choice": symptom("SP_BADSECRET")},
        FAIL,
        "cluster-holds-a-bad-one",
        LIKELY,
        fixes=RESET,
    ),
    Case(
        SECRET,
        {**app(password(-1), password(200)), "choice": symptom("SP_EXPIRED")},
        FAIL,
        "cluster-holds-the-expired-one",
        LIKELY,
        shows=("2026-11-23",),
        fixes=RESET,
    ),
    *(
        Case(
            SECRET,
            {**app(password(-1), password(365, starts=-minutes / 1440)), "choice": symptom(kind)},
            status,
            reason,
            certainty,
            fixes=RESET,
        )
        for kind, minutes, status, reason, certainty in (
            ("OAUTH_401", 59, WARNING, "renewed-just-now", None),
            ("SP_BADSECRET", 59, WARNING, "renewed-just-now", None),
            ("OAUTH_401", 61, FAIL, "cluster-holds-the-expired-one", LIKELY),
            ("SP_EXPIRED", 61, FAIL, "cluster-holds-the-expired-one", LIKELY),
            ("ANON_401", 59, WARNING, "some-expired", None),
        )
    ),
    Case(
        SECRET,
        {**sp(home_tenant_id=OTHER_TENANT), "application": Missing(APP_ID)},
        UNKNOWN,
        "application-elsewhere",
        shows=(OTHER_TENANT, "az ad app credential list"),
    ),
    Case(SECRET, {**SP_UNSEEN, "application": None}, UNKNOWN, "application-not-found"),
    Case(SECRET, SP_UNSEEN, UNKNOWN, "denied", shows=("az ad app credential list",)),
    Case(SECRET, {**SP_UNSEEN, "application": Missing(APP_ID)}, UNKNOWN, "missing-resource"),
    Case(SECRET, {**HEALTHY, "application": GRAPH_REFUSED}, NA, "managed-identity"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_service_principal(case: Case, show: Any) -> None:
    verdict = ask(case.check, case.world)
    prove(case, verdict)
    assert show(case.check, verdict)
