"""Security groups, security admin rules and service tags."""

from __future__ import annotations

import pytest
from collect_answers import bodies, body, connect, refused
from collect_networks import (
    NODE_NETWORKS,
    NSG,
    SIDE,
    SPOKE,
    WHERE,
    endpoint,
    firewall,
    items,
    network,
    network_id,
    security_group,
)

from core.collect.admin_rules import LIST_ADMIN_RULES, admin_rules, to_admin_rule
from core.collect.clusters import to_cluster
from core.collect.security_groups import security_groups, to_security_group
from core.collect.service_tags import is_public_range, service_tags
from core.facts.fact import Denied, Known, Missing, Unavailable
from core.facts.firewalls import FirewallRule, RuleCollection, RuleGroup, RuleKind
from core.facts.items import Items
from core.facts.networks import ScaleSet
from core.practice.http import arm_error

GROUPS = {
    f"{name}-{number}": one
    for name, answer in bodies("networkSecurityGroups").items()
    for number, one in enumerate(answer.get("value", [answer]))
}
CONFIGURATION = network_id("networkManagers", "avnm") + "/securityAdminConfigurations/base"
CLUSTER = to_cluster(body("managedClusters", "msi-01"))


@pytest.mark.parametrize("name", GROUPS)
def test_a_recorded_security_group_is_read(name):
    answer = GROUPS[name]
    properties = answer["properties"]
    found = to_security_group(answer)
    assert (found.id, found.name) == (answer["id"], answer["name"])
    written = properties["securityRules"] + properties["defaultSecurityRules"]
    assert [rule.default for rule in found.rules] == [False] * len(properties["securityRules"]) + [True] * 6
    for rule, one in zip(found.rules, written, strict=True):
        settings = one["properties"]
        assert (rule.name, rule.priority, rule.direction, rule.access, rule.protocol) == (
            one["name"],
            settings["priority"],
            settings["direction"],
            settings["access"],
            settings["protocol"],
        )
        for found_texts, key in (
            (rule.sources, "sourceAddressPrefix"),
            (rule.destinations, "destinationAddressPrefix"),
            (rule.destination_ports, "destinationPortRange"),
            (rule.source_ports, "sourcePortRange"),
        ):
            plural = f"{key}es" if key.endswith("Prefix") else f"{key}s"
            single = [settings[key]] if settings.get(key) else []
            assert list(found_texts) == single + (settings.get(plural) or [])


def test_rules_for_application_security_groups():
    properties = {
        "sourceApplicationSecurityGroups": [{"id": "a"}],
        "destinationApplicationSecurityGroups": [{"id": "b"}, {}],
    }
    (rule,) = to_security_group({"id": NSG, "properties": {"securityRules": [{"properties": properties}]}}).rules
    assert (rule.source_group_ids, rule.destination_group_ids) == (("a",), ("b",))


def test_groups_of_subnets_endpoints_and_interfaces_are_read_once():
    own, theirs = network_id("networkSecurityGroups", "nic"), network_id("networkSecurityGroups", "pe")
    azure, answers = connect({"GET /networksecuritygroups/": refused("x/read", "/g")})
    subnets = items(network(SIDE, subnets=[(f"{SIDE}/subnets/pe", {"security_group_id": theirs})]))
    machines = Known((ScaleSet("a", "a", (), security_group_ids=(own, NSG.upper())), ScaleSet("b", "b", ())))
    found = security_groups(azure, WHERE, NODE_NETWORKS, subnets, Known(items(endpoint())), machines)
    assert set(found.by_id) == {NSG.lower(), own.lower(), theirs.lower()}
    assert set(found.by_id.values()) == {Denied("x/read", "/g")}
    assert len(answers.asked) == 3
    azure, answers = connect({"GET /networksecuritygroups/": refused("x/read", "/g")})
    assert set(security_groups(azure, WHERE, NODE_NETWORKS, subnets, Missing("x"), Missing("y")).by_id) == {
        NSG.lower()
    }


RULE = {
    "id": f"{CONFIGURATION}/ruleCollections/all/rules/no-internet",
    "kind": "Custom",
    "properties": {
        "protocol": "Any",
        "sources": [{"addressPrefix": "10.0.0.0/8", "addressPrefixType": "IPPrefix"}],
        "destinations": [{"addressPrefix": "Internet", "addressPrefixType": "ServiceTag"}],
        "sourcePortRanges": ["0-65535"],
        "destinationPortRanges": ["443"],
        "access": "Deny",
        "priority": 7,
        "direction": "Outbound",
    },
}


def test_an_admin_rule_and_where_it_comes_from():
    found = to_admin_rule(RULE)
    assert (found.configuration_id, found.manager) == (CONFIGURATION, "avnm")
    rule = found.rule
    assert (rule.name, rule.priority, rule.direction, rule.access) == ("no-internet", 7, "Outbound", "Deny")
    assert (rule.protocol, rule.sources, rule.destinations) == ("*", ("10.0.0.0/8",), ("Internet",))
    assert (rule.destination_ports, rule.default) == (("443",), False)
    default = to_admin_rule(RULE | {"kind": "Default", "properties": {"protocol": "Tcp"}}).rule
    assert (default.default, default.protocol, default.sources, default.destination_ports) == (
        True,
        "Tcp",
        ("*",),
        ("*",),
    )


def rules(answer):
    azure, answers = connect({"POST /listnetworkmanagereffectivesecurityadminrules?": answer})
    return admin_rules(azure, NODE_NETWORKS, Items({SIDE.lower(): Denied("x", "y")})), answers


def test_admin_rules_of_all_pages_and_networks():
    azure, answers = connect({})
    answers.route("POST /spoke/list", [{"value": [RULE], "skipToken": "more"}, {"value": [RULE]}])
    answers.route("POST /side/list", refused(LIST_ADMIN_RULES, SIDE))
    found = admin_rules(azure, NODE_NETWORKS, Items({SIDE.lower(): Denied("x", "y")}))
    assert len(found.get(SPOKE).value) == 2
    assert found.get(SIDE) == Denied(LIST_ADMIN_RULES, SIDE.lower(), "Network Contributor")
    assert b'"skipToken": "more"' in [one for one in answers.asked if "spoke" in one.url.lower()][1].body


@pytest.mark.parametrize(
    "answer",
    [
        arm_error(404, "InvalidResourceType", "None."),
        arm_error(400, "NoRegisteredProviderFound", "None."),
        arm_error(409, "MissingSubscriptionRegistration", "None."),
    ],
)
def test_without_network_managers_there_are_no_rules(answer):
    found, _ = rules(answer)
    assert found.by_id == {SPOKE.lower(): Known(()), SIDE.lower(): Known(())}


def test_a_network_that_is_not_found_is_not_one_without_rules():
    found, _ = rules(arm_error(404, "ResourceNotFound", "Not found."))
    assert {type(one) for one in found.by_id.values()} == {Missing}


def test_other_errors_are_no_empty_list():
    for answer in (arm_error(400, "BadRequest", "No."), {"value": [], "skipToken": "again"}):
        found, _ = rules(answer)
        assert {type(one) for one in found.by_id.values()} == {Unavailable}


TAGS = {
    "id": "t",
    "values": [
        {"name": "AzureContainerRegistry.WestEurope", "properties": {"addressPrefixes": ["20.61.0.0/24"]}},
        {"name": "AzureCloud", "properties": {"addressPrefixes": ["20.0.0.0/8"]}},
        {"name": "Storage", "properties": {"addressPrefixes": ["20.60.0.0/24"]}},
    ],
}


def tags(*, groups=(), firewalls=()):
    azure, answers = connect({"GET /servicetags?": TAGS})
    found = service_tags(azure, CLUSTER, Known(items(*groups)), Known(Items()), Known(items(*firewalls)))
    return found, answers


@pytest.mark.parametrize(
    ("direction", "destination", "needed"),
    [
        ("Outbound", "20.61.0.0/16", True),
        ("Outbound", "2603:1020::/48", True),
        ("Inbound", "20.61.0.0/16", False),
        ("Outbound", "Internet", False),
        ("Outbound", "10.0.0.0/8", False),
        ("Outbound", "0.0.0.0/0", False),
        ("Outbound", "168.63.129.16", False),
        ("Outbound", "AzureContainerRegistry.WestEurope", False),
    ],
)
def test_tags_are_read_only_where_a_rule_names_ranges_of_the_internet(direction, destination, needed):
    found, answers = tags(groups=[security_group((direction, destination))])
    assert bool(answers.asked) is needed
    assert set(found) == ({"AzureContainerRegistry.WestEurope", "Storage"} if needed else set())


def test_ranges_in_firewall_rules_and_their_ip_groups_count():
    def with_rule(**fields):
        rule = FirewallRule("r", RuleKind.NETWORK, ("TCP",), **fields)
        return (RuleGroup("g", 1, (RuleCollection("c", 1, "Allow", RuleKind.NETWORK, (rule,)),)),)

    ranges = Items({"g": Known(("20.61.0.0/16",))})
    assert tags(firewalls=[firewall(groups=with_rule(destinations=("20.61.0.0/16",)))])[0]
    assert tags(firewalls=[firewall(groups=with_rule(destination_group_ids=("g",)), ip_groups=ranges)])[0]
    assert not tags(firewalls=[firewall(groups=with_rule(destinations=("10.0.0.0/8",)))])[0]
    assert not is_public_range("::/0")
