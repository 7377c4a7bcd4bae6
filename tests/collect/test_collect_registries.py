"""Registries: every recorded answer through the real client gives the facts that stand in it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest
from collect_answers import bodies, body, choice, connect, raw

from core.collect.asking import NotRead
from core.collect.registries import registry
from core.facts.fact import Trouble
from core.facts.registry import Encryption

REGISTRIES = bodies("registries")


def read(answer):
    azure, answers = connect({"GET /registries/": answer})
    found = registry(azure, choice(registry_id=answer["id"]))
    assert len(answers.asked) == 1
    return found


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_recorded_registry_is_read(name):
    answer = REGISTRIES[name]
    properties = answer["properties"]
    found = read(answer)

    assert (found.id, found.name, found.location) == (answer["id"], answer["name"], answer["location"])
    _, _, subscription, _, group, *_ = answer["id"].split("/")
    assert (found.subscription_id, found.resource_group) == (subscription, group)
    assert found.sku == answer["sku"]["name"]
    assert found.login_server == properties["loginServer"]
    assert found.provisioning_state == properties["provisioningState"]
    assert found.anonymous_pull_enabled is properties.get("anonymousPullEnabled")
    assert found.abac is (properties.get("roleAssignmentMode") == "AbacRepositoryPermissions")
    status = raw(properties, "policies", "azureADAuthenticationAsArmPolicy", "status")
    assert found.arm_audience_enabled is (None if status is None else status == "enabled")
    assert found.tenant_id == raw(answer, "identity", "tenantId")
    assert found.status_message is None
    assert raw(properties, "status") is None


@pytest.mark.parametrize("name", REGISTRIES)
def test_the_day_of_creation_is_read_to_the_second(name):
    written = REGISTRIES[name]["properties"]["creationDate"]
    exact = datetime.strptime(written[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    assert timedelta(0) <= read(REGISTRIES[name]).created_on - exact < timedelta(seconds=1)


def test_seven_fraction_digits():
    found = read(body("registries", "acrcssc-workflow-01"))
    assert found.created_on == datetime(2025, 4, 22, 21, 53, 55, 305048, tzinfo=UTC)


def test_a_login_server_with_a_hash_stays_as_it_is():
    assert read(body("registries", "dnl-hashed-loginserver-01")).login_server == (
        "clireg000002-exfrbuffaye7ceag.azurecr.io"
    )


def test_an_absent_role_assignment_mode_means_legacy():
    modes = {name: raw(answer, "properties", "roleAssignmentMode") for name, answer in REGISTRIES.items()}
    assert None in modes.values()
    assert "LegacyRegistryPermissions" in modes.values()
    legacy = copy.deepcopy(body("registries", "acrcssc-workflow-01"))
    assert read(legacy).abac is False
    legacy["properties"]["roleAssignmentMode"] = "abacREPOSITORYpermissions"
    assert read(legacy).abac is True


def test_an_old_answer_tells_nothing_about_policies():
    found = read(body("registries", "create-webhook-01"))
    assert found.arm_audience_enabled is None
    assert found.anonymous_pull_enabled is None
    assert found.tenant_id is None


def test_a_registry_with_trouble_says_what():
    answer = copy.deepcopy(body("registries", "identity-01"))
    answer["properties"]["provisioningState"] = "Failed"
    answer["properties"]["status"] = {"displayStatus": "Failed", "message": "The key is gone.", "timestamp": "x"}
    answer["properties"]["policies"]["azureADAuthenticationAsArmPolicy"] = {"status": "Disabled"}
    found = read(answer)
    assert found.status_message == "Failed: The key is gone."
    assert found.arm_audience_enabled is False
    assert found.tenant_id == "72f988bf-86f1-41af-91ab-2d7cd011db47"


def test_a_registry_without_a_login_server_is_no_answer():
    answer = copy.deepcopy(body("registries", "identity-01"))
    del answer["properties"]["loginServer"]
    with pytest.raises(NotRead) as refused:
        read(answer)
    assert refused.value.outcome.trouble is Trouble.BAD_ANSWER


@pytest.mark.parametrize("name", REGISTRIES)
def test_what_a_recorded_registry_lets_in(name):
    properties = REGISTRIES[name]["properties"]
    found = read(REGISTRIES[name])
    access = properties.get("publicNetworkAccess")
    assert found.public_access is (None if access is None else access == "Enabled")
    assert found.default_action == raw(properties, "networkRuleSet", "defaultAction")
    assert found.ip_rules == tuple(rule["value"] for rule in raw(properties, "networkRuleSet", "ipRules") or ())
    assert found.data_endpoint_enabled is bool(properties.get("dataEndpointEnabled"))
    assert found.data_endpoint_hosts == tuple(properties.get("dataEndpointHostNames") or ())
    assert found.admin_user_enabled is properties["adminUserEnabled"]
    assert found.quarantine_enabled is False
    assert found.retention_days is None
    assert found.encryption is None
    identity = REGISTRIES[name].get("identity") or {}
    assert (found.identity is None) is (identity.get("principalId") is None)


def test_a_registry_with_a_key_of_its_own():
    answer = copy.deepcopy(body("registries", "identity-02"))
    answer["properties"]["encryption"] = {
        "status": "enabled",
        "keyVaultProperties": {"identity": "a-client-id", "keyIdentifier": "https://vault.example/keys/k"},
    }
    answer["properties"]["policies"]["retentionPolicy"]["status"] = "enabled"
    answer["properties"]["policies"]["quarantinePolicy"]["status"] = "enabled"
    found = read(answer)
    assert found.encryption == Encryption("https://vault.example/keys/k", "a-client-id")
    assert found.identity.principal_id == "ba04ea10-1738-4162-a3c3-ca5da1fe5039"
    assert list(found.identity.client_ids) == list(answer["identity"]["userAssignedIdentities"])
    assert found.retention_days == 7
    assert found.quarantine_enabled


def test_a_rule_that_denies_lets_nobody_in():
    answer = copy.deepcopy(body("registries", "network-rule-03"))
    rules = answer["properties"]["networkRuleSet"]["ipRules"]
    rules += [{"value": "1.2.3.4"}, {"action": "Deny", "value": "5.6.7.8"}, {"action": "Allow"}]
    assert read(answer).ip_rules == ("16.17.18.0/24", "1.2.3.4")
