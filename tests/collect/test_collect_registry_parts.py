"""What belongs to a registry: cache rules, their credentials, how full it is."""

from __future__ import annotations

import pytest
from collect_answers import REGISTRY_ID, body, connect

from core.collect.asking import NotRead
from core.collect.registries import to_registry
from core.collect.registry_parts import cache_rules, credential_sets, registry_usages
from core.facts.fact import Trouble
from core.facts.registry_parts import CacheRule, CredentialSet, RegistryUsage

REGISTRY = to_registry({"id": REGISTRY_ID, "properties": {"loginServer": "contosoreg.azurecr.io"}})
SET = f"{REGISTRY_ID}/credentialSets/hub"
RULES = [
    {
        "id": f"{REGISTRY_ID}/cacheRules/hub",
        "name": "hub",
        "properties": {
            "sourceRepository": "docker.io/library/*",
            "targetRepository": "hub/*",
            "credentialSetResourceId": SET,
            "provisioningState": "Succeeded",
        },
    },
    {
        "id": f"{REGISTRY_ID}/cacheRules/mcr",
        "properties": {"sourceRepository": "mcr.microsoft.com/*", "targetRepository": "aks-managed-repository/*"},
    },
]
SECRET = "https://kv.vault.azure.net/secrets/password"


def credential(status, code=None, message=None):
    health = {"status": status, "errorCode": code, "errorMessage": message}
    return {"name": "Credential1", "passwordSecretIdentifier": SECRET, "credentialHealth": health}


def read_rules(values):
    azure, answers = connect({"GET /cacherules": {"value": values}})
    return cache_rules(azure, REGISTRY), answers


def test_cache_rules():
    found, answers = read_rules(RULES)
    assert found == (
        CacheRule(RULES[0]["id"], "hub", "docker.io/library/*", "hub/*", SET, "Succeeded"),
        CacheRule(RULES[1]["id"], "mcr", "mcr.microsoft.com/*", "aks-managed-repository/*"),
    )
    assert answers.urls()[0].partition("?")[0].endswith(f"{REGISTRY_ID[1:]}/cacheRules")


def test_a_rule_without_a_target_is_no_answer():
    with pytest.raises(NotRead) as caught:
        read_rules([{"id": "/x", "properties": {"sourceRepository": "docker.io/*"}}])
    assert caught.value.outcome.trouble is Trouble.BAD_ANSWER


def test_credentials_are_asked_only_where_a_rule_has_some():
    azure, answers = connect({})
    assert credential_sets(azure, REGISTRY, read_rules(RULES[1:])[0]) == ()
    assert answers.asked == []


@pytest.mark.parametrize(
    ("credentials", "problems"),
    [
        ([credential("Healthy")], ()),
        ([credential("Unhealthy", "Unauthorized", "No such user.")], ("Unauthorized: No such user.",)),
        ([credential("Healthy"), credential("unhealthy")], ("Unhealthy",)),
        ([{"name": "Credential1"}], ()),
        ([], ()),
    ],
)
def test_credentials_and_what_azure_finds_wrong_with_them(credentials, problems):
    answer = {"id": SET, "name": "hub", "properties": {"loginServer": "docker.io", "authCredentials": credentials}}
    azure, _ = connect({"GET /credentialsets": {"value": [answer]}})
    (found,) = credential_sets(azure, REGISTRY, read_rules(RULES)[0])
    assert found == CredentialSet(SET, "hub", "docker.io", problems)
    assert "vault" not in repr(found)


def test_the_recorded_usages():
    azure, _ = connect({"GET /listusages": body("registries-listUsages", "create-webhook-01")})
    assert registry_usages(azure, REGISTRY) == (
        RegistryUsage("Size", 0, 107374182400),
        RegistryUsage("Webhooks", 1, 10),
    )


def test_a_usage_without_a_limit_is_left_out():
    azure, _ = connect({"GET /listusages": {"value": [{"name": "Size", "currentValue": 5}]}})
    assert registry_usages(azure, REGISTRY) == ()
