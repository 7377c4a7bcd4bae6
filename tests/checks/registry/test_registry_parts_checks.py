"""Cache and anonymous pull of a registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.registry import anonymous_pull, artifact_cache
from core.facts.choice import Choice
from core.facts.fact import Known
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule, CredentialSet
from core.model import Status, Verdict

Show = Callable[[Check, Verdict], str]
RULE = CacheRule("/r", "hub", "docker.io/library/*", "web/*", "/registries/contosoreg/credentialSets/HUB")
HUB = CredentialSet("/registries/contosoreg/credentialsets/hub", "hub", "docker.io")


@pytest.mark.parametrize(
    ("on", "status", "reason"),
    [(True, Status.PASS, "on"), (False, Status.PASS, "off"), (None, Status.NOT_APPLICABLE, "not-offered")],
)
def test_anonymous_pull_is_no_fault(
    registry: Registry, show: Show, on: bool | None, status: Status, reason: str
) -> None:
    verdict = anonymous_pull.evaluate(replace(registry, anonymous_pull_enabled=on))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert show(anonymous_pull.CHECK, verdict)


def test_no_rule_for_the_repository(choice: Choice, registry: Registry, show: Show) -> None:
    for image, rules in (
        (choice.image, ()),
        (choice.image, (replace(RULE, target="webs/*"), replace(RULE, target="web"))),
        (None, (RULE,)),
        ("other.azurecr.io/web/api:1", (RULE,)),
    ):
        verdict = artifact_cache.evaluate(replace(choice, image=image), registry, rules, Known((HUB,)))
        assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "no-rule")
        assert show(artifact_cache.CHECK, verdict)


def test_credentials_of_a_rule(choice: Choice, registry: Registry, show: Show) -> None:
    sick = replace(HUB, problems=("Unauthorized: The credentials are invalid.",))
    for sets, status, reason in (
        ((HUB,), Status.PASS, "healthy"),
        ((sick,), Status.WARNING, "unhealthy"),
        ((), Status.WARNING, "credentials-gone"),
    ):
        verdict = artifact_cache.evaluate(choice, registry, (RULE,), Known(sets))
        assert (verdict.status, verdict.reason) == (status, reason)
        assert show(artifact_cache.CHECK, verdict)


def test_a_rule_without_credentials_asks_for_none(choice: Choice, registry: Registry, show: Show) -> None:
    open_rule = replace(RULE, credential_set_id=None)
    verdict = artifact_cache.evaluate(choice, registry, (open_rule,), DENIED)
    assert (verdict.status, verdict.reason) == (Status.PASS, "without-credentials")
    assert show(artifact_cache.CHECK, verdict)
    assert artifact_cache.evaluate(choice, registry, (RULE,), DENIED).missing is not None


def test_the_nearest_rule_counts(choice: Choice, registry: Registry) -> None:
    nearer = replace(RULE, name="api", target="web/api", credential_set_id=None)
    verdict = artifact_cache.evaluate(choice, registry, (RULE, nearer), Known(()))
    assert verdict.values["rule"] == "api"
