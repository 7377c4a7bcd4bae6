"""What only a preview tells of a registry."""

from __future__ import annotations

import copy

import pytest
from collect_answers import REGISTRY_ID, body, choice, connect

from core.collect.registry_extras import registry_extras
from core.facts.registry import NetworkRule

SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"


def read(rules):
    answer = copy.deepcopy(body("registries", "network-rule-02"))
    answer["properties"]["networkRuleSet"]["virtualNetworkRules"] = rules
    azure, _ = connect({"GET /registries/": answer})
    return registry_extras(azure, choice(registry_id=REGISTRY_ID)).network_rules


@pytest.mark.parametrize("key", ["id", "virtualNetworkSubnetResourceId"])
def test_a_rule_for_a_subnet_in_the_words_of_old_and_new_versions(key):
    """The second is what the Azure CLI 2.91.0 sends, in api-version 2026-09-01-preview."""
    assert read([{key: SUBNET, "action": "Allow"}, {key: SUBNET}]) == (
        NetworkRule(SUBNET, "Allow"),
        NetworkRule(SUBNET, "Allow"),
    )


def test_rules_that_name_nothing():
    assert read([{"action": "Allow"}]) == ()
    assert read([]) == ()
