"""The key that a registry is encrypted with, and the identity that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.registry import cmk
from core.facts.fact import Fact, Known, Missing, Trouble, Unavailable
from core.facts.identities import ManagedIdentity
from core.facts.registry import Encryption, Registry, RegistryIdentity
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Certainty, Status, Verdict

Show = Callable[[Check, Verdict], str]
ELSEWHERE = "22222222-2222-2222-2222-222222222222"
HERE = "11111111-1111-1111-1111-111111111111"
ID = f"/subscriptions/{HERE}/resourcegroups/rg-reg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-key"
GONE = Missing(ID)
THERE = Known(ManagedIdentity(ID, "id-key", "principal", "CLIENT", None))
NONE: Fact[ManagedIdentity | None] = Known(None)
KEY = "https://kv.vault.azure.net/keys/k"
NO_SUBSCRIPTIONS: Fact[Subscriptions] = DENIED


def encrypted(registry: Registry, identity: str | None, holds: RegistryIdentity | None) -> Registry:
    return replace(registry, encryption=Encryption(KEY, identity), identity=holds)


@pytest.mark.parametrize(
    ("wanted", "identity", "found", "status", "reason"),
    [
        ("system", RegistryIdentity("p", {}), NONE, Status.PASS, "identity-there"),
        ("system", RegistryIdentity("p", {ID: None}), NONE, Status.PASS, "identity-there"),
        ("system", RegistryIdentity(None, {ID: "c"}), NONE, Status.FAIL, "system-identity-gone"),
        ("System", None, NONE, Status.FAIL, "system-identity-gone"),
        ("CLIENT", RegistryIdentity(None, {"/i": None, ID: "client"}), THERE, Status.PASS, "identity-there"),
        ("client", RegistryIdentity("p", {ID: "other"}), NONE, Status.FAIL, "identity-gone"),
        ("client", RegistryIdentity("p", {}), NONE, Status.FAIL, "identity-gone"),
        ("client", RegistryIdentity("p", {ID: None}), NONE, Status.UNKNOWN, "identities-not-told"),
        (None, RegistryIdentity("p", {}), NONE, Status.UNKNOWN, "identity-not-told"),
        ("client", RegistryIdentity("p", {ID: "client"}), GONE, Status.FAIL, "identity-deleted"),
        (
            "client",
            RegistryIdentity("p", {ID: "client"}),
            Known(ManagedIdentity(ID, "id-key", "principal", "new", None)),
            Status.FAIL,
            "identity-made-again",
        ),
        (
            "client",
            RegistryIdentity("p", {ID: "client"}),
            Known(ManagedIdentity(ID, "id-key", None, None, None)),
            Status.PASS,
            "identity-there",
        ),
        ("client", RegistryIdentity("p", {ID: "client"}), DENIED, Status.UNKNOWN, "denied"),
        (
            "client",
            RegistryIdentity("p", {ID: "client"}),
            Unavailable(Trouble.THROTTLED),
            Status.UNKNOWN,
            "unavailable-throttled",
        ),
    ],
)
def test_the_identity_for_the_key(
    registry: Registry,
    show: Show,
    wanted: str | None,
    identity: RegistryIdentity | None,
    found: Fact[ManagedIdentity | None],
    status: Status,
    reason: str,
) -> None:
    verdict = cmk.evaluate(encrypted(registry, wanted, identity), found, NO_SUBSCRIPTIONS)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert bool(verdict.fixes) is (status is Status.FAIL)
    assert show(cmk.CHECK, verdict)


def test_a_key_of_azures_takes_no_identity(registry: Registry, show: Show) -> None:
    verdict = cmk.evaluate(registry, DENIED, NO_SUBSCRIPTIONS)
    assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "azures-key")
    assert show(cmk.CHECK, verdict)


def test_what_is_out_of_sight_is_not_gone(registry: Registry, show: Show) -> None:
    id_ = ID.replace(HERE, ELSEWHERE)
    with_key = encrypted(registry, "client", RegistryIdentity(None, {id_: "client"}))
    for seen in (NO_SUBSCRIPTIONS, Known(Subscriptions({}))):
        verdict = cmk.evaluate(with_key, Missing(id_), seen)
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "identity-hidden")
        assert verdict.missing is not None
        assert verdict.missing.scope == f"/subscriptions/{ELSEWHERE}"
        assert show(cmk.CHECK, verdict)
    listed = Known(Subscriptions({ELSEWHERE: Subscription(ELSEWHERE, "Elsewhere", "Enabled", None)}))
    verdict = cmk.evaluate(with_key, Missing(id_), listed)
    assert verdict.reason == "identity-deleted"
    assert verdict.fixes[0].values["identity_subscription"] == ELSEWHERE


def test_a_refusal_names_the_permission_and_shows_what_is_known(registry: Registry) -> None:
    with_key = encrypted(registry, "client", RegistryIdentity(None, {ID: "client"}))
    verdict = cmk.evaluate(with_key, DENIED, NO_SUBSCRIPTIONS)
    assert verdict.missing is not None
    assert verdict.missing.action == DENIED.action
    assert {"encryption-key", "key-identity", "registry-identity"} <= {one.label for one in verdict.evidence}
