"""What an Azure Firewall lets the nodes reach: one hand-made world per finding, and the rule that each fix makes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from firewall_case import Case, Show
from made_rules import rule_collection_of, rule_group_of, with_collection_of
from traffic_world import (
    BLOBS,
    DATA,
    DEFAULT,
    FIREWALL,
    FIREWALL_ADDRESS,
    LOGIN,
    NODES,
    POLICY,
    SPOKE,
    TrafficWorld,
    application,
    collection,
    group,
    items,
    network,
)

from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Known, Missing
from core.facts.firewalls import FirewallPolicy, RuleGroup, RuleKind
from core.facts.items import Items
from core.facts.networks import NodeSubnet, ServiceEndpoint
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.facts.routing import HopKind, NextHop, Route
from core.model import Certainty, Status, Symptom, Verdict

BASE = POLICY.replace("afwp-hub", "afwp-base")
IP_GROUP = POLICY.replace("firewallPolicies/afwp-hub", "ipGroups/ig-nodes")
REFUSED = Denied("Microsoft.Network/firewallPolicies/read", POLICY)


@pytest.fixture
def case(cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> Case:
    return Case(cluster, registry, choice, show)


def found(verdict: Verdict) -> tuple[Status, str, Certainty | None]:
    return verdict.status, verdict.reason, verdict.certainty


def shown(verdict: Verdict, label: str) -> list[str]:
    return [item.value for item in verdict.evidence if item.label == label]


def allow(*hosts: str) -> RuleGroup:
    return group(collection(application(*hosts)))


def test_everything_is_allowed(case: Case) -> None:
    assert found(case.public(allow(LOGIN, BLOBS))) == (Status.PASS, "allowed", None)
    assert case.public(group(collection(network("AzureContainerRegistry", "Storage")))).reason == "allowed"
    assert case.private(allow(LOGIN, DATA)).reason == "allowed"
    assert case.private(group(collection(network("10.0.2.4", "10.0.2.5")))).reason == "allowed"


def test_layers_are_blocked_though_the_login_server_is_not(case: Case) -> None:
    verdict = case.public(allow(LOGIN, "login.microsoftonline.com"))
    assert found(verdict) == (Status.FAIL, "layers-blocked", Certainty.DEFINITE)
    assert verdict.values["hosts"] == BLOBS
    assert [fix.key for fix in verdict.fixes] == ["firewall-allow-hosts", "layers-from-data-endpoints"]
    assert case.private(allow(LOGIN)).reason == "layers-blocked"
    assert case.private(group(collection(network("10.0.2.5")))).reason == "layers-blocked"
    assert case.public(group(collection(network("AzureContainerRegistry")))).reason == "layers-blocked"


def test_layers_alone_through_the_firewall_say_nothing_of_the_login_server(case: Case) -> None:
    past = {"service_endpoints": (ServiceEndpoint("Microsoft.ContainerRegistry"),)}
    verdict = case.public(allow("*.contoso.com"), subnet=past)
    assert (verdict.reason, verdict.values["hosts"]) == ("not-allowed", BLOBS)


def test_dedicated_data_endpoints_are_the_place_of_layers(case: Case) -> None:
    case.registry = replace(case.registry, data_endpoint_enabled=True, data_endpoint_hosts=(DATA,))
    verdict = case.public(allow(LOGIN, BLOBS))
    assert (verdict.reason, verdict.values["hosts"]) == ("layers-blocked", DATA)
    assert [fix.key for fix in verdict.fixes] == ["firewall-allow-hosts"]
    assert case.public(allow("*.azurecr.io")).reason == "allowed"


def test_a_basic_registry_has_no_data_endpoints_to_advise(case: Case) -> None:
    case.registry = replace(case.registry, sku="Basic")
    assert [fix.key for fix in case.public(allow(LOGIN)).fixes] == ["firewall-allow-hosts"]


def test_nothing_is_allowed(case: Case) -> None:
    verdict = case.public(
        allow("*.contoso.com"), group(collection(application(host_tags=("AzureKubernetesService",))))
    )
    assert found(verdict) == (Status.FAIL, "not-allowed", Certainty.DEFINITE)
    assert shown(verdict, "rule-to-add") == [f"afw-hub | Allow | 10.10.0.0/22 -> {LOGIN}, {BLOBS} | Https 443"]
    assert found(case.private())[:2] == (Status.FAIL, "not-allowed")


def test_the_kubernetes_tag_has_the_place_of_tokens_and_nothing_else(case: Case) -> None:
    tag = group(collection(application(host_tags=("AzureKubernetesService",))), priority=400, name="aks")
    assert case.public(allow(LOGIN, BLOBS), tag, app_id="app-1").reason == "allowed"
    verdict = case.public(allow(LOGIN, BLOBS), app_id="app-1")
    assert found(verdict) == (Status.FAIL, "tokens-blocked", Certainty.DEFINITE)
    assert verdict.values["hosts"] == "login.microsoftonline.com"


def test_a_rule_denies(case: Case) -> None:
    deny = group(
        collection(network("AzureContainerRegistry", name="no-acr"), action="Deny"), priority=200, name="deny"
    )
    verdict = case.public(allow(LOGIN, BLOBS), deny)
    assert found(verdict) == (Status.FAIL, "rule-denies", Certainty.DEFINITE)
    assert verdict.values["rule"] == "rules > no-acr"


def test_a_network_rule_opens_the_services_of_the_registrys_region_only(case: Case) -> None:
    deny = collection(network("AzureContainerRegistry", "Storage"), action="Deny")
    fix = case.public(group(deny, priority=200)).fixes[0]
    assert fix.key == "firewall-allow-addresses"
    assert fix.values["destinations"] == "AzureContainerRegistry.westeurope,Storage.westeurope"


@pytest.mark.parametrize("kind", ["network", "application", "default"])
@pytest.mark.parametrize("way", ["public", "private"])
def test_the_fix_makes_a_rule_that_counts(case: Case, way: str, kind: str) -> None:
    judge = case.public if way == "public" else case.private
    tags = ("AzureContainerRegistry", "Storage") if way == "public" else ("10.0.2.0/24",)
    rules = {
        "network": collection(network(*tags), action="Deny"),
        "application": collection(application("*"), action="Deny"),
        "default": collection(application("*.contoso.com")),
    }[kind]
    groups = (group(rules, priority=200, name="allow-contosoreg"), group(rules, priority=199, name="other"))
    verdict = judge(*groups)
    assert verdict.status is Status.FAIL
    for fix in verdict.fixes:
        if fix.key.startswith("firewall-allow"):
            made = rule_group_of(fix)
            assert made.name not in {own.name for own in groups}
            assert made.priority not in {own.priority for own in groups}
            assert judge(*groups, made).reason == "allowed", fix.key
    keys = [fix.key for fix in verdict.fixes if fix.key != "layers-from-data-endpoints"]
    expected = ["firewall-allow-addresses"] if kind == "network" else ["firewall-allow-hosts"]
    if way == "private" and kind != "network":
        expected.append("firewall-allow-addresses")
    assert keys == expected


def test_the_rule_is_narrow(case: Case) -> None:
    verdict = case.private(allow(LOGIN))
    (rule,) = json.loads(verdict.fixes[0].values["body"])["properties"]["ruleCollections"][0]["rules"]
    assert (rule["targetFqdns"], rule["sourceAddresses"]) == ([DATA], ["10.10.0.0/22"])
    assert rule["protocols"] == [{"protocolType": "Https", "port": 443}]
    (rule,) = json.loads(verdict.fixes[1].values["body"])["properties"]["ruleCollections"][0]["rules"]
    assert (rule["destinationAddresses"], rule["destinationPorts"]) == (["10.0.2.4"], ["443"])


def test_what_a_base_policy_denies_is_allowed_there(case: Case) -> None:
    deny = group(collection(application("*.azurecr.io"), action="Deny"), priority=500, policy=BASE)
    base = FirewallPolicy(BASE, "afwp-base", "rg-net", "s", (deny,))
    verdict = case.public(allow(LOGIN, BLOBS), policy={"base": Known(base)})
    assert verdict.reason == "rule-denies"
    (fix,) = verdict.fixes
    assert (fix.values["policy_id"], fix.values["policy_name"], fix.values["priority"]) == (BASE, "afwp-base", "499")
    repaired = replace(base, groups=(deny, rule_group_of(fix, BASE)))
    assert case.public(allow(LOGIN, BLOBS), policy={"base": Known(repaired)}).reason == "allowed"


def test_a_base_policy_that_only_leaves_it_out_is_left_alone(case: Case) -> None:
    base = FirewallPolicy(BASE, "afwp-base", "rg-net", "s", ())
    assert case.public(policy={"base": Known(base)}).fixes[0].values["policy_name"] == "afwp-hub"


@pytest.mark.parametrize("kind", ["network", "application"])
@pytest.mark.parametrize("taken", [(100,), (100, 101, 102)])
def test_before_the_first_group_nothing_comes_but_a_collection_in_it(
    case: Case, kind: str, taken: tuple[int, ...]
) -> None:
    rule = network("AzureContainerRegistry") if kind == "network" else application("*.azurecr.io")
    harmless = collection(application("*.games.example"), action="Deny", priority=199, name="allow-contosoreg")
    last = group(collection(rule, action="Deny", priority=200, name="block"), harmless, priority=taken[-1])
    others = tuple(group(allow(BLOBS).collections[0], priority=n, name=str(n)) for n in taken[:-1])
    later = group(collection(rule, action="Deny", priority=100), priority=400, name="later")
    groups = (later, *others, last, allow(BLOBS))
    fix = case.public(*groups).fixes[0]
    made = "addresses" if kind == "network" else "hosts"
    assert (fix.key, fix.values["rule_group_name"]) == (f"firewall-allow-{made}-in-group", last.name)
    assert (fix.values["priority"], fix.values["collection_name"]) == ("198", "allow-contosoreg-2")
    assert fix.values["group_priority"] == str(taken[-1])
    assert case.public(*with_collection_of(fix, groups)).reason == "allowed"


def test_a_denying_application_rule_leaves_network_rules_any_place(case: Case) -> None:
    deny = group(collection(application("*"), action="Deny", priority=100), priority=100)
    fixes = case.private(deny).fixes
    assert [fix.key for fix in fixes] == ["firewall-change-deny", "firewall-allow-addresses"]
    assert case.private(deny, rule_group_of(fixes[1])).reason == "allowed"


def test_without_room_before_it_the_deny_itself_has_to_change(case: Case) -> None:
    deny = group(collection(application("*.azurecr.io"), action="Deny", priority=100), priority=100)
    assert [fix.key for fix in case.public(deny, allow(BLOBS)).fixes] == ["firewall-change-deny"]
    classic = RuleGroup("classic", 0, (collection(application(LOGIN), action="Deny", priority=100),))
    verdict = case.public(firewall={"policy": None, "groups": (classic,)})
    assert "classic-firewall-change-deny" in [fix.key for fix in verdict.fixes]


def test_classic_rules(case: Case) -> None:
    own = RuleGroup("classic", 0, (collection(application(LOGIN), priority=300, name="allow-contosoreg"),))
    verdict = case.public(firewall={"policy": None, "groups": (own,)})
    assert found(verdict) == (Status.FAIL, "layers-blocked", Certainty.DEFINITE)
    fix = verdict.fixes[0]
    assert (fix.key, fix.values["firewall_id"]) == ("classic-firewall-allow-hosts", FIREWALL)
    body = json.loads(fix.values["body"])
    made = rule_collection_of({"name": body["name"], **body["properties"]})
    assert (made.name, made.priority) == ("allow-contosoreg-2", 400)
    repaired = replace(own, collections=(*own.collections, made))
    assert case.public(firewall={"policy": None, "groups": (repaired,)}).reason == "allowed"
    deny = replace(own, collections=(collection(network("*"), action="Deny", priority=200),))
    verdict = case.private(firewall={"policy": None, "groups": (deny,)})
    (fix,) = verdict.fixes
    body = json.loads(fix.values["body"])
    made = rule_collection_of({"name": body["name"], **body["properties"]})
    repaired = replace(deny, collections=(*deny.collections, made))
    assert (fix.key, made.kind) == ("classic-firewall-allow-addresses", RuleKind.NETWORK)
    assert case.private(firewall={"policy": None, "groups": (repaired,)}).reason == "allowed"


def test_rules_that_leave_a_part_of_the_nodes_out(case: Case) -> None:
    half = group(collection(application(LOGIN, BLOBS, sources=("10.10.0.0/23",))))
    assert found(case.public(half)) == (Status.FAIL, "some-nodes", Certainty.LIKELY)


def test_packets_to_ipv4_addresses_come_from_ipv4_addresses(case: Case) -> None:
    dual = TrafficWorld(routes=(DEFAULT,), groups=(allow(LOGIN, BLOBS),))
    spoke = dual.facts(case.cluster, case.registry, case.choice)["networks"].value.get(SPOKE).value
    nodes = replace(spoke.subnets[0], prefixes=("10.10.0.0/22", "fd10::/64"))
    dual.spoke = {"subnets": (nodes,)}
    assert case.judged(dual).reason == "allowed"
    dual.groups = ()
    assert case.judged(dual).fixes[0].values["sources"] == "10.10.0.0/22"


def test_what_depends_on_addresses_is_a_warning(case: Case) -> None:
    unsure = group(collection(network("20.50.0.0/16"), action="Deny"), collection(application(LOGIN, BLOBS)))
    assert found(case.public(unsure)) == (Status.WARNING, "depends-on-addresses", None)
    maybe = group(collection(application(LOGIN, urls=("weumanaged1.blob.core.windows.net/*",))))
    assert case.public(maybe).reason == "depends-on-addresses"


def test_the_address_in_the_text_settles_a_range(case: Case) -> None:
    deny = group(collection(network("20.50.0.0/16"), action="Deny"), collection(application(LOGIN, BLOBS)))
    told = replace(case.choice, symptom=Symptom("TIMEOUT_443", address="20.50.3.4"))
    assert found(case.public(deny, choice=told)) == (Status.FAIL, "rule-denies", Certainty.DEFINITE)
    other = replace(case.choice, symptom=Symptom("TIMEOUT_443", address="20.99.3.4"))
    assert case.public(deny, choice=other).reason == "depends-on-addresses"


def test_a_route_that_may_lead_elsewhere_makes_nothing_sure(case: Case) -> None:
    routes = (DEFAULT, Route("part", "20.0.0.0/8", "Internet"))
    verdict = case.judged(TrafficWorld(routes=routes, groups=(allow("*.contoso.com"),)))
    assert found(verdict) == (Status.WARNING, "depends-on-addresses", None)
    assert case.judged(TrafficWorld(routes=routes, groups=(allow("*"),))).reason == "allowed"


def test_threat_intelligence_is_only_mentioned(case: Case) -> None:
    verdict = case.public(allow(LOGIN, BLOBS), policy={"threat_intel_mode": "Deny"})
    assert (verdict.reason, shown(verdict, "threat-intelligence")) == ("allowed", ["afw-hub: Deny"])


def test_the_storage_account_in_the_text_is_the_one_that_counts(case: Case) -> None:
    text = 'failed to do request: Get "https://weumanaged42.blob.core.windows.net/x": EOF'
    told = replace(case.choice, symptom=Symptom("BLOB_NET", excerpt=text))
    assert case.public(allow(LOGIN, "weumanaged1.blob.core.windows.net"), choice=told).reason == "layers-blocked"
    assert case.public(allow(LOGIN, "weumanaged42.blob.core.windows.net"), choice=told).reason == "allowed"


@pytest.mark.parametrize("outcome", [REFUSED, Missing(POLICY)])
def test_a_policy_that_cannot_be_read(case: Case, outcome: Denied | Missing) -> None:
    verdict = case.public(firewall={"policy": outcome})
    assert verdict.status is Status.UNKNOWN
    assert shown(verdict, "rule-to-add") == [f"afw-hub | Allow | 10.10.0.0/22 -> {LOGIN}, {BLOBS} | Https 443"]
    assert (verdict.missing is not None) is isinstance(outcome, Denied)


def test_a_hidden_base_policy_and_a_hidden_ip_group_leave_it_open(case: Case) -> None:
    assert case.public(allow(LOGIN, BLOBS), policy={"base": REFUSED}).reason == "denied"
    by_group = replace(application(LOGIN, BLOBS, sources=()), source_group_ids=(IP_GROUP,))
    hidden = {"ip_groups": Items({IP_GROUP.lower(): REFUSED})}
    assert case.public(group(collection(by_group)), firewall=hidden).reason == "denied"
    first = collection(application("*"), priority=100)
    assert case.public(group(first, collection(by_group)), firewall=hidden).reason == "allowed"


@pytest.mark.parametrize("fact", ["networks", "route_tables", "next_hops", "firewalls"])
def test_what_cannot_be_read_is_not_guessed(case: Case, fact: str) -> None:
    verdict = case.public(allow(LOGIN, BLOBS), overrides={fact: REFUSED})
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")


def test_a_certain_fail_stays_one_whatever_else_is_hidden(case: Case) -> None:
    world = TrafficWorld(routes=(DEFAULT,), groups=(allow(LOGIN),))
    elsewhere = NodePath(NodeSubnet(f"{SPOKE}x/subnets/y", f"{SPOKE}x", ("far",)), Way.PUBLIC, world.path().hosts)
    world.overrides = {"node_paths": (world.path(), elsewhere)}
    assert case.judged(world).reason == "layers-blocked"
    world.groups = (allow(LOGIN, BLOBS),)
    assert case.judged(world).status is Status.UNKNOWN


def test_without_a_firewall_on_the_way_there_is_nothing_to_ask(case: Case) -> None:
    assert case.judged(TrafficWorld()).reason == "no-firewall"
    assert case.judged(TrafficWorld(Way.PRIVATE, routes=(DEFAULT,))).reason == "no-firewall"
    hop = {"next_hops": items({FIREWALL_ADDRESS: NextHop(FIREWALL_ADDRESS, HopKind.APPLIANCE, forwards=True)})}
    assert case.public(overrides=hop).reason == "no-firewall"
    unseen = case.public(
        overrides={"next_hops": items({FIREWALL_ADDRESS: NextHop(FIREWALL_ADDRESS, HopKind.NOT_SEEN)})}
    )
    assert (unseen.status, unseen.reason) == (Status.NOT_APPLICABLE, "next-hop-not-seen")
    assert unseen.values["hop_address"] == FIREWALL_ADDRESS
    assert case.judged(TrafficWorld(Way.NONE, routes=(DEFAULT,))).status is Status.NOT_APPLICABLE


def test_two_subnets_get_one_rule_for_both(case: Case) -> None:
    world = TrafficWorld(routes=(DEFAULT,), groups=(allow(LOGIN),))
    facts = world.facts(case.cluster, case.registry, case.choice)
    spoke = facts["networks"].value.get(SPOKE).value
    subnets = tuple(replace(own, route_table_id=spoke.subnets[0].route_table_id) for own in spoke.subnets)
    world.spoke = {"subnets": subnets}
    other = NodePath(NodeSubnet(f"{SPOKE}/subnets/snet-usr", SPOKE, ("gpu",)), Way.PUBLIC, world.path().hosts)
    world.overrides = {"node_paths": (world.path(NODES), other)}
    verdict = case.judged(world)
    assert verdict.values["pools"] == "sys, usr, gpu"
    assert verdict.fixes[0].values["sources"] == "10.10.0.0/22,10.10.8.0/24"


def test_answers_that_miss_the_firewall_are_worth_a_look_where_the_text_fits(case: Case) -> None:
    by_address = group(collection(network("10.0.2.0/24")))
    told = replace(case.choice, symptom=Symptom("TLS_TIMEOUT"))
    assert case.private(by_address).reason == "allowed"
    assert found(case.private(by_address, choice=told)) == (Status.WARNING, "answers-go-another-way", None)
    assert case.private(allow(LOGIN, DATA), choice=told).reason == "allowed"
    for ranges, reason in (
        (("255.255.255.255/32",), "allowed"),
        (("IANAPrivateRanges",), "answers-go-another-way"),
        (("0.0.0.0/0",), "answers-go-another-way"),
        (("10.99.0.0/16",), "allowed"),
    ):
        policy = {"snat_private_ranges": ranges}
        assert case.private(by_address, choice=told, policy=policy).reason == reason, ranges


def test_dns_servers_behind_the_firewall(case: Case) -> None:
    """Only where the text speaks of names, and only if every server of the network is out of reach."""
    told = replace(
        case.choice, symptom=Symptom("DNS_FAIL", excerpt="lookup contosoreg.azurecr.io on 10.77.0.4:53: i/o timeout")
    )
    world = TrafficWorld(routes=(DEFAULT,), groups=(allow(LOGIN, BLOBS),), spoke={"dns_servers": ("10.77.0.4",)})
    world.overrides = {"node_paths": (replace(world.path(), custom_dns=True),)}
    for choice in (case.choice, replace(case.choice, symptom=Symptom("TIMEOUT_443"))):
        world.choice = choice
        assert case.judged(world).reason == "allowed"
    world.choice = told
    verdict = case.judged(world)
    assert found(verdict) == (Status.FAIL, "names-blocked", Certainty.DEFINITE)
    assert shown(verdict, "rule-to-add") == ["afw-hub | Allow | 10.10.0.0/22 -> 10.77.0.4 | UDP 53"]
    (fix,) = verdict.fixes
    made = rule_group_of(fix)
    (rule,) = made.collections[0].rules
    assert (fix.key, rule.protocols, rule.ports) == ("firewall-allow-addresses", ("UDP",), ("53",))
    world.groups = (*world.groups, made)
    assert case.judged(world).reason == "allowed"
    world.groups = (allow(LOGIN, BLOBS),)
    world.spoke = {"dns_servers": ("10.77.0.4", "10.0.9.4")}
    assert case.judged(world).reason == "allowed", "the other server is in the hub, past the firewall"
