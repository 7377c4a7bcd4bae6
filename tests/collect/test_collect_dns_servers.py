"""What the custom DNS servers of the nodes' networks are."""

from __future__ import annotations

import pytest
from collect_answers import SUBSCRIPTION, body, connect, refused
from collect_networks import FIREWALL, HUB, SIDE, SPOKE, firewall, items, listed, network, network_id

from core.collect.dns_servers import READ_RESOLVERS, dns_servers
from core.facts.fact import Denied, Known, Trouble, Unavailable
from core.facts.firewalls import FirewallPolicy
from core.facts.items import Items
from core.facts.private_dns import DnsServer, ServerKind
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscription, Subscriptions
from core.practice.http import json_response

SEEN = Known(Subscriptions({SUBSCRIPTION: Subscription(SUBSCRIPTION, "s", "Enabled", None)}))
RESOLVER = body("dnsResolvers", "dns-resolver-inbound-crud-01")["value"][0]
ROW = {"id": RESOLVER["id"], "configurations": RESOLVER["properties"]["ipConfigurations"]}
NOWHERE = {"data": []}


def here(*servers):
    return items(network(peers=[(HUB, ["10.0.0.0/16"])], dns=servers))


def read(networks, answer=NOWHERE, *, seen=SEEN, lists=None, firewalls=None):
    azure, answers = connect({"POST /resources?": answer})
    return dns_servers(azure, networks, seen, lists or Items(), firewalls or Items()), answers


def policy(*, proxy, servers=()):
    return Known(FirewallPolicy("p", "p", "g", "s", (), dns_proxy=proxy, dns_servers=servers))


def test_azures_own_dns_is_asked_nothing_about():
    found, answers = read(here("168.63.129.16"))
    assert found == Items({"168.63.129.16": Known(DnsServer("168.63.129.16", ServerKind.AZURE))})
    assert read(here())[0] == Items()
    assert answers.asked == []


def test_a_firewall_with_and_without_its_proxy():
    for settings, kind in (
        ({"policy": policy(proxy=True), "dns_proxy": False}, ServerKind.FIREWALL),
        ({"policy": policy(proxy=False), "dns_proxy": True}, ServerKind.FIREWALL_WITHOUT_PROXY),
        ({"dns_proxy": True}, ServerKind.FIREWALL),
        ({}, ServerKind.FIREWALL_WITHOUT_PROXY),
    ):
        one = firewall(**settings)
        found, answers = read(here("10.0.1.4"), lists=listed(one), firewalls=items(one))
        assert found.get("10.0.1.4") == Known(DnsServer("10.0.1.4", kind, HUB, FIREWALL))
        assert answers.asked == []


def test_a_firewall_whose_policy_is_refused_is_not_known():
    one = firewall(policy=Denied("x/read", "/p"))
    found, _ = read(here("10.0.1.4"), lists=listed(one), firewalls=items(one))
    assert found.get("10.0.1.4") == Denied("x/read", "/p")


def test_the_servers_behind_a_firewall_are_classified_too():
    one = firewall(policy=policy(proxy=True, servers=("10.0.0.7", "168.63.129.16")))
    found, _ = read(here("10.0.1.4"), lists=listed(one), firewalls=items(one))
    assert found.get("10.0.0.7") == Known(DnsServer("10.0.0.7", ServerKind.MACHINE, HUB))
    assert set(found.by_id) == {"10.0.1.4", "10.0.0.7"}


def test_a_resolver_and_a_machine():
    found, answers = read(here("10.0.0.4", "10.0.0.5", "10.10.0.5"), {"data": [ROW]})
    resolving = RESOLVER["properties"]["ipConfigurations"][0]["subnet"]["id"].partition("/subnets/")[0]
    assert found.get("10.0.0.4") == Known(DnsServer("10.0.0.4", ServerKind.RESOLVER, resolving, RESOLVER["id"]))
    assert found.get("10.0.0.5") == Known(DnsServer("10.0.0.5", ServerKind.MACHINE, HUB))
    assert found.get("10.10.0.5") == Known(DnsServer("10.10.0.5", ServerKind.MACHINE, SPOKE))
    assert len(answers.asked) == 1


def test_other_networks_are_searched_for_what_the_nodes_networks_do_not_hold():
    rows = {"data": [{"id": SIDE, "prefixes": ["10.50.0.0/16"]}, {"id": f"{SIDE}2", "prefixes": ["10.60.0.0/16"]}]}
    rows["data"].append({"id": f"{SIDE}3", "prefixes": ["10.60.0.0/16"]})
    found, answers = read(here("10.50.0.4", "10.60.0.4", "8.8.8.8"), rows)
    assert found.get("10.50.0.4") == Known(DnsServer("10.50.0.4", ServerKind.MACHINE, SIDE))
    assert found.get("10.60.0.4") == Known(DnsServer("10.60.0.4", ServerKind.OUTSIDE))
    assert found.get("8.8.8.8") == Known(DnsServer("8.8.8.8", ServerKind.OUTSIDE))
    assert len(answers.asked) == 2


def test_without_resource_graph_only_the_known_networks_count():
    denied = refused(READ_RESOLVERS, "/subscriptions")
    found, _ = read(here("10.0.0.5", "10.50.0.4"), denied)
    assert found.get("10.0.0.5") == Known(DnsServer("10.0.0.5", ServerKind.MACHINE, HUB))
    assert found.get("10.50.0.4") == Denied(READ_RESOLVERS, f"/subscriptions/{SUBSCRIPTION}")
    unread = Unavailable(Trouble.SERVER)
    found, answers = read(here("10.50.0.4"), seen=unread)
    assert found.get("10.50.0.4") == unread
    assert answers.asked == []


@pytest.mark.parametrize("scope", ["/subscriptions", "/", "/providers/Microsoft.ResourceGraph", ""])
def test_a_refused_query_names_subscriptions_where_a_role_can_be_given(scope):
    two = Known(Subscriptions({id_: Subscription(id_, id_, "Enabled", None) for id_ in ("s-1", "s-2")}))
    wordless = json_response({"error": {"code": "Forbidden", "message": "No."}}, 403)
    found, _ = read(here("10.50.0.4"), refused(READ_RESOLVERS, scope) if scope else wordless, seen=two)
    outcome = found.get("10.50.0.4")
    assert isinstance(outcome, Denied)
    assert (outcome.scope, outcome.also) == ("/subscriptions/s-1", ("/subscriptions/s-2",))


@pytest.mark.parametrize(
    "scope", ["/subscriptions/s-2/resourceGroups/g", "/providers/Microsoft.Management/managementGroups/landing-zones"]
)
def test_where_azure_says_where_a_role_is_lacking_that_is_named(scope):
    found, _ = read(here("10.50.0.4"), refused(READ_RESOLVERS, scope))
    assert found.get("10.50.0.4") == Denied(READ_RESOLVERS, scope)


def test_a_server_of_another_network_with_the_same_address_is_not_the_firewall():
    elsewhere = firewall(at=network_id("virtualNetworks", "other"))
    found, _ = read(here("10.0.1.4"), lists=listed(elsewhere), firewalls=items(elsewhere))
    assert found.get("10.0.1.4") == Known(DnsServer("10.0.1.4", ServerKind.MACHINE, HUB))


def test_a_server_is_in_doubt_where_the_firewalls_of_its_subscription_could_not_be_listed():
    subscription = ResourceId.parse(HUB).subscription_id
    refusal = Denied("Microsoft.Network/azureFirewalls/read", f"/subscriptions/{subscription}")
    found, _ = read(here("10.0.0.5"), lists=Items({subscription.lower(): refusal}))
    assert found.get("10.0.0.5") == Known(DnsServer("10.0.0.5", ServerKind.MACHINE, HUB, unseen=refusal))
