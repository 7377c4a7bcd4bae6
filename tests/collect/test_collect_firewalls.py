"""Azure Firewalls: lists, policies with what they inherit, rules and IP groups."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from collect_answers import bodies, body, connect, refused
from collect_networks import (
    FIREWALL,
    HUB,
    HUB_GROUP,
    HUB_SUBSCRIPTION,
    NODE_NETWORKS,
    POLICY,
    PUBLIC,
    SPOKE,
    firewall,
    items,
    listed,
    network,
    network_id,
)

from core.collect.firewall_lists import IN_HUBS, READ_FIREWALLS, firewall_lists, to_listed_firewall
from core.collect.firewall_rules import to_rule_group
from core.collect.firewalls import MOST_LEVELS, READ_POLICIES, firewalls
from core.collect.ip_groups import MOST_SINGLY
from core.collect.next_hops import next_hops
from core.facts.fact import Denied, Known, Missing, Unavailable
from core.facts.firewalls import RuleKind
from core.facts.items import Items
from core.facts.routing import HopKind
from core.facts.subscriptions import Subscription, Subscriptions
from core.practice.http import arm_error

RECORDED = bodies("azureFirewalls")
IP_GROUP = network_id("ipGroups", "nodes")
BASE = network_id("firewallPolicies", "base", HUB_GROUP)
ADDRESS = {"id": PUBLIC, "properties": {"ipAddress": "20.1.1.1"}}
NO_RULES = {"value": []}
HERE = items(network(peers=[(HUB, ["10.0.0.0/16"])]))


def policy_body(id_, **properties):
    return {"id": id_, "name": id_.rpartition("/")[2], "properties": properties}


def read(routes, firewall_list=None, **facts):
    azure, answers = connect(
        {"GET /publicipaddresses/": ADDRESS, "GET /rulecollectiongroups?": NO_RULES, **routes},
    )
    found = firewalls(
        azure,
        **({"node_networks": HERE, "hop_addresses": ("10.0.1.4",), "exit_networks": ()} | facts),
        firewall_lists=firewall_list or listed(firewall()),
    )
    return found, answers


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_firewall_is_read(name):
    answer = RECORDED[name]
    properties = answer["properties"]
    found = to_listed_firewall(answer)
    assert (found.firewall.id, found.firewall.name) == (answer["id"], answer["name"])
    assert found.firewall.threat_intel_mode == properties.get("threatIntelMode")
    rules = [
        rule["name"]
        for key in ("networkRuleCollections", "applicationRuleCollections")
        for collection in properties.get(key, ())
        for rule in collection["properties"]["rules"]
    ]
    assert [rule.name for group in found.firewall.groups for one in group.collections for rule in one.rules] == rules
    assert found.policy_id == properties.get("firewallPolicy", {}).get("id")
    assert not found.firewall.dns_proxy


def test_addresses_and_network_of_a_recorded_firewall():
    found = to_listed_firewall(RECORDED["networking-firewall-20250301-01"])
    assert found.firewall.private_addresses == ("10.0.0.4",)
    assert found.firewall.network_id.endswith("/virtualNetworks/asotest-vn-eciblk")
    assert [one.rpartition("/")[2] for one in found.public_address_ids] == ["asotest-publicip-kssiyc"]
    assert found.policy_id.endswith("/firewallPolicies/asotest-firewallpolicy-bskimy")


def test_classic_rules_stand_in_one_group():
    (group,) = to_listed_firewall(RECORDED["azure-firewall-rules-with-ipgroups-01"]).firewall.groups
    network_rules, application_rules = group.collections
    assert (network_rules.kind, application_rules.kind) == (RuleKind.NETWORK, RuleKind.APPLICATION)
    assert (network_rules.name, network_rules.priority, network_rules.action) == ("rc1", 10000, "Allow")
    first = network_rules.rules[0]
    assert (first.protocols, first.ports) == (("UDP", "TCP", "ICMP"), ("80",))
    assert [id_.rpartition("/")[2] for id_ in (*first.source_group_ids, *first.destination_group_ids)] == [
        "sourceipgroup",
        "destinationipgroup",
    ]
    assert network_rules.rules[1].sources == ("10.0.0.1", "111.2.0.0/24")
    assert application_rules.rules[0].protocols == ("http:80", "https:8080")
    assert application_rules.rules[0].hosts == ("www.bing.com",)


def test_a_classic_dns_proxy():
    answer = copy.deepcopy(RECORDED["azure-firewall-threat-intel-whitelist-01"])
    answer["properties"]["additionalProperties"]["Network.DNS.EnableProxy"] = "True"
    assert to_listed_firewall(answer).firewall.dns_proxy


def test_a_firewall_in_a_virtual_hub():
    properties = {
        "hubIPAddresses": {"privateIPAddress": "10.9.0.4", "publicIPs": {"addresses": [{"address": "1.2.3.4"}]}}
    }
    found = to_listed_firewall({"id": FIREWALL, "properties": properties}).firewall
    assert (found.private_addresses, found.public_addresses, found.network_id) == (
        ("10.9.0.4",),
        Known(("1.2.3.4",)),
        None,
    )


def test_recorded_rules_of_a_policy():
    group = to_rule_group(body("ruleCollectionGroups", "azure-firewall-policy-rules-with-fqdns-02"), POLICY)
    assert (group.name, group.priority, group.policy_id) == ("myclirulecollectiongroup", 10000, POLICY)
    (collection,) = group.collections
    assert (collection.name, collection.kind, collection.action) == ("filter-collection-1", RuleKind.NETWORK, "Allow")
    assert [(rule.name, rule.hosts, rule.ports) for rule in collection.rules] == [
        ("network-rule", ("www.bing.com",), ("12003", "12004")),
        ("network-rule-2", ("www.google.com",), ("12003", "12004")),
    ]
    (collection,) = to_rule_group(body("ruleCollectionGroups", "azure-policy-rcg-draft-01"), POLICY).collections
    assert collection.kind is RuleKind.APPLICATION
    first = collection.rules[0]
    assert (first.protocols, first.host_tags) == (("http:12800", "https:12801"), ("AzureBackup", "HDInsight"))
    assert first.urls == ("www.google.com", "www.bing.com")


def test_firewalls_are_listed_where_the_nodes_and_the_holders_of_addresses_are():
    azure, answers = connect({"GET /azurefirewalls?": {"value": [RECORDED["networking-firewall-20250301-01"]]}})
    found = firewall_lists(azure, NODE_NETWORKS, ("10.99.0.4",), (), Known(Subscriptions({})))
    assert sorted(found.by_id) == sorted({SPOKE.split("/")[2], HUB_SUBSCRIPTION})
    assert len(answers.asked) == 2
    azure, answers = connect({})
    assert firewall_lists(azure, HERE, (), (), Known(Subscriptions({}))) == Items()
    assert answers.asked == []


def test_a_policy_with_what_it_inherits_and_the_ip_groups_of_both():
    rule = {"ruleType": "NetworkRule", "sourceIpGroups": [IP_GROUP], "destinationIpGroups": [IP_GROUP.upper()]}
    collection = {"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [rule]}
    groups = {"value": [{"id": "g", "name": "g", "properties": {"priority": 1, "ruleCollections": [collection]}}]}
    routes = {
        "GET /firewallpolicies/policy?": policy_body(
            POLICY,
            basePolicy={"id": BASE},
            dnsSettings={"enableProxy": True, "servers": ["10.0.0.4"]},
            snat={"privateRanges": ["10.0.0.0/8"]},
            threatIntelWhitelist={"fqdns": ["*.azurecr.io"]},
            threatIntelMode="Deny",
        ),
        "GET /firewallpolicies/base?": policy_body(BASE),
        "GET /base/rulecollectiongroups?": groups,
        "GET /ipgroups/": body("ipGroups", "azure-firewall-policy-rules-with-fqdns-01"),
    }
    found, answers = read(routes)
    one = found.get(FIREWALL).value
    policy = one.policy.value
    assert (policy.id, policy.dns_proxy, policy.dns_servers) == (POLICY, True, ("10.0.0.4",))
    assert policy.snat_private_ranges == ("10.0.0.0/8",)
    assert policy.threat_intel_mode == "Deny"
    assert policy.base.value.groups[0].policy_id == BASE
    assert one.ip_groups == Items({IP_GROUP.lower(): Known(("10.0.0.0", "10.0.0.1"))})
    assert one.public_addresses == Known(("20.1.1.1", "20.1.1.1"))
    assert len(answers.asked) == len(set(answers.urls())) == 6


def test_recorded_policies_are_read():
    for answer in bodies("firewallPolicies").values():
        policy = read({"GET /firewallpolicies/policy?": answer})[0].get(FIREWALL).value.policy.value
        assert (policy.id, policy.name) == (answer["id"], answer["name"])
        assert policy.threat_intel_mode == answer["properties"]["threatIntelMode"]
        assert policy.dns_proxy is answer["properties"].get("dnsSettings", {}).get("enableProxy", False)
        assert policy.base is None


def test_policies_that_inherit_from_each_other_come_to_an_end():
    routes = {
        "GET /firewallpolicies/policy?": policy_body(POLICY, basePolicy={"id": BASE}),
        "GET /firewallpolicies/base?": policy_body(BASE, basePolicy={"id": POLICY.upper()}),
    }
    policy = read(routes)[0].get(FIREWALL).value.policy.value
    assert isinstance(policy.base.value.base, Unavailable)
    chain = {
        f"GET /firewallpolicies/p{number}?": policy_body(
            f"{POLICY}{number}", basePolicy={"id": f"{BASE[:-4]}p{number + 1}"}
        )
        for number in range(20)
    }
    found, answers = read(chain, listed(firewall(), policy=f"{BASE[:-4]}p0", public=()))
    assert isinstance(found.get(FIREWALL).value.policy, Known)
    assert len(answers.asked) == 2 * MOST_LEVELS


@pytest.mark.parametrize("route", ["GET /firewallpolicies/policy?", "GET /rulecollectiongroups?"])
def test_a_refused_policy_stands_inside_of_the_firewall(route):
    routes = {"GET /firewallpolicies/policy?": policy_body(POLICY)} | {route: refused(READ_POLICIES, POLICY)}
    one = read(routes)[0].get(FIREWALL).value
    assert one.policy == Denied(READ_POLICIES, POLICY)
    assert isinstance(one.public_addresses, Known)


def test_a_refused_address_leaves_the_policy_known():
    routes = {
        "GET /firewallpolicies/policy?": policy_body(POLICY),
        "GET /publicipaddresses/": arm_error(404, "ResourceNotFound", "Gone."),
    }
    one = read(routes)[0].get(FIREWALL).value
    assert one.public_addresses == Missing(PUBLIC)
    assert isinstance(one.policy, Known)


def test_only_firewalls_that_the_nodes_meet_are_read():
    other = replace(firewall("10.0.1.9"), id=f"{FIREWALL}2")
    routes = {"GET /firewallpolicies/policy?": policy_body(POLICY)}
    found, _ = read(routes, listed(firewall(), other))
    assert list(found.by_id) == [FIREWALL.lower()]
    dns = items(network(peers=[(HUB, ["10.0.0.0/16"])], dns=["10.0.1.9"]))
    found, _ = read(routes, listed(firewall(), other), node_networks=dns, hop_addresses=())
    assert list(found.by_id) == [f"{FIREWALL}2".lower()]


def test_five_thousand_rules():
    rules = [{"name": str(number), "ruleType": "NetworkRule", "destinationPorts": ["443"]} for number in range(5000)]
    collection = {"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": rules}
    groups = {"value": [{"id": "g", "name": "g", "properties": {"ruleCollections": [collection]}}]}
    routes = {"GET /firewallpolicies/policy?": policy_body(POLICY), "GET /rulecollectiongroups?": groups}
    (group,) = read(routes)[0].get(FIREWALL).value.policy.value.groups
    assert len(group.collections[0].rules) == 5000


@pytest.mark.parametrize("visible", [True, False])
def test_many_ip_groups_are_listed_and_read_one_by_one_where_the_list_is_refused(visible):
    ids = [network_id("ipGroups", f"group-{number}") for number in range(MOST_SINGLY + 1)]
    rule = {"ruleType": "NetworkRule", "sourceIpGroups": ids}
    collection = {"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [rule]}
    bodies_there = [{"id": id_, "properties": {"ipAddresses": ["10.0.0.0/24"]}} for id_ in ids]
    found, answers = read(
        {
            "GET /firewallpolicies/": policy_body(POLICY),
            "GET /rulecollectiongroups?": {"value": [{"properties": {"ruleCollections": [collection]}}]},
            "GET /ipgroups?": {"value": bodies_there[1:]} if visible else refused("Microsoft.Network/ipGroups/read"),
            "GET /ipgroups/": bodies_there[0],
        }
    )
    groups = found.get(FIREWALL).value.ip_groups
    assert set(groups.by_id) == {id_.lower() for id_ in ids}
    assert set(groups.by_id.values()) == {Known(("10.0.0.0/24",))}
    asked = [url for url in answers.urls() if "/ipgroups" in url.lower()]
    assert len(asked) == (2 if visible else 1 + len(ids))


HUB_NETWORK = network_id("virtualNetworks", "HV_hub1_5e0c", "/subscriptions/m/resourceGroups/RG_hub1_5e0c")
ATTACHED = items(network(peers=[(HUB_NETWORK, ["10.40.0.0/23"]), (HUB, ["10.0.0.0/16"])]))
VISIBLE = Known(Subscriptions({"s1": Subscription("s1", "Hubs", "Enabled", None)}))


def hub_firewall(name, hub, address="10.40.0.132"):
    """A row of Resource Graph; one in a virtual hub tells its addresses itself."""
    properties = {
        "hubIPAddresses": {"privateIPAddress": address, "publicIPs": {"addresses": [{"address": "20.9.9.9"}]}}
    }
    if hub is not None:
        properties["virtualHub"] = {"id": network_id("virtualHubs", hub, HUB_GROUP)}
    return {"id": network_id("azureFirewalls", name, HUB_GROUP), "name": name, "properties": properties}


def look_for(rows, *hops, networks=ATTACHED, dns=(), visible=VISIBLE):
    """The lists, and how often Resource Graph was asked."""
    answer = rows if not isinstance(rows, list) else {"totalRecords": len(rows), "count": len(rows), "data": rows}
    azure, answers = connect({"POST /resources?": answer, "GET /azurefirewalls?": {"value": []}})
    found = firewall_lists(azure, networks, hops, (), visible)
    return found, sum("/microsoft.resourcegraph/" in one.url.lower() for one in answers.asked)


def test_the_firewall_of_a_virtual_hub_is_found_in_whichever_subscription_it_stands():
    rows = [hub_firewall("fw1", "hub1"), hub_firewall("fw2", "hub1", "10.40.0.133"), hub_firewall("no", None)]
    found, asked = look_for(rows, "10.40.0.132")
    (one,) = found.get(IN_HUBS).value
    assert (one.firewall.name, one.firewall.public_addresses, asked) == ("fw1", Known(("20.9.9.9",)), 1)
    hop = next_hops(connect({})[0], ATTACHED, ("10.40.0.132",), found).get("10.40.0.132")
    assert (hop.value.kind, hop.value.resource_id) == (HopKind.FIREWALL, one.firewall.id)
    attached = items(network(peers=[(HUB_NETWORK, [])]))
    assert look_for(rows, "10.40.0.132", networks=attached)[1] == 1
    servers = items(network(peers=[(HUB_NETWORK, ["10.40.0.0/23"])], dns=["10.40.0.132"]))
    assert len(look_for(rows, networks=servers)[0].get(IN_HUBS).value) == 1


def test_of_two_firewalls_with_one_address_the_one_of_the_peered_hub_counts_or_none():
    twins = [hub_firewall("fw1", "hub1"), hub_firewall("fw2", "hub2")]
    found, _ = look_for(twins, "10.40.0.132")
    assert [one.firewall.name for one in found.get(IN_HUBS).value] == ["fw1"]
    found, _ = look_for([*twins, hub_firewall("fw3", "hub1")], "10.40.0.132")
    assert found.get(IN_HUBS) == Known(())


def test_hubs_are_not_asked_for_where_no_hub_is_in_reach():
    for hops, networks in ((("10.0.1.4",), ATTACHED), (("10.99.0.4",), HERE), ((), ATTACHED)):
        found, asked = look_for([], *hops, networks=networks)
        assert (IN_HUBS in found.by_id, asked) == (False, 0)


def test_hubs_that_may_not_be_asked_for_leave_the_hop_open():
    found, _ = look_for(refused(READ_FIREWALLS, "/subscriptions/h"), "10.40.0.132")
    denied = Denied(READ_FIREWALLS, "/subscriptions/h")
    assert found.get(IN_HUBS) == denied
    assert next_hops(connect({})[0], ATTACHED, ("10.40.0.132",), found).get("10.40.0.132") == denied
    assert look_for([], "10.40.0.132", visible=denied)[0].get(IN_HUBS) == denied


def test_a_network_that_nodes_may_leave_through_has_its_firewalls_read():
    azure, answers = connect({"GET /azurefirewalls?": {"value": []}})
    found = firewall_lists(azure, HERE, (), (HUB,), Known(Subscriptions({})))
    assert HUB_SUBSCRIPTION in found.by_id
    assert len(answers.asked) == len(found.by_id)
    inside, _ = read({"GET /firewallpolicies/policy?": policy_body(POLICY)}, hop_addresses=(), exit_networks=(HUB,))
    assert list(inside.by_id) == [FIREWALL.lower()]
    beside, _ = read({}, hop_addresses=(), exit_networks=(SPOKE,))
    assert beside == Items()
