"""Which rule of an Azure Firewall decides, rule by rule of its documentation."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from core.facts.fact import Denied, Known
from core.facts.firewalls import Firewall, FirewallPolicy, FirewallRule, RuleCollection, RuleGroup, RuleKind
from core.facts.items import Items
from core.network.firewall_rules import Decision, Flow, Outcome, decide, read_rules
from core.network.intervals import intervals, node_addresses
from core.network.targets import Serves, Target

LOGIN = Target("contosoreg.azurecr.io", Serves.LOGIN, "westeurope")
DATA = Target("contosoreg.westeurope.data.azurecr.io", Serves.LAYERS, "westeurope")
BLOBS = Target("*.blob.core.windows.net", Serves.LAYERS, "westeurope")
TOKENS = Target("login.microsoftonline.com", Serves.TOKENS)
PRIVATE = replace(LOGIN, addresses=("10.0.2.5",))
NODES = ("10.10.0.0/22",)
POLICY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/child"
IP_GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/ipGroups/ig-nodes"
REFUSED = Denied("Microsoft.Network/ipGroups/read", IP_GROUP)


def app(*hosts: str, sources: tuple[str, ...] = NODES, **more: Any) -> FirewallRule:
    return FirewallRule(
        "app", RuleKind.APPLICATION, more.pop("protocols", ("https:443",)), sources, hosts=hosts, **more
    )


def net(*destinations: str, sources: tuple[str, ...] = NODES, **more: Any) -> FirewallRule:
    ports = more.pop("ports", ("443",))
    return FirewallRule(
        "net",
        RuleKind.NETWORK,
        more.pop("protocols", ("TCP",)),
        sources,
        destinations=destinations,
        ports=ports,
        **more,
    )


def rules(*rules_: FirewallRule, action: str = "Allow", priority: int = 200) -> RuleCollection:
    return RuleCollection(f"{action}-{priority}", priority, action, rules_[0].kind, rules_)


def group(*collections: RuleCollection, priority: int = 300) -> RuleGroup:
    return RuleGroup(f"group-{priority}", priority, collections, POLICY)


def policy(*groups: RuleGroup, base: Any = None, **more: Any) -> FirewallPolicy:
    return FirewallPolicy(POLICY, "child", "rg", "s", groups, base=base, **more)


def firewall(**more: Any) -> Firewall:
    return Firewall("fw", "afw-hub", "rg", "s", "westeurope", ("10.0.1.4",), Known(()), **more)


def decided(
    target: Target, *groups: RuleGroup, tags: dict[str, tuple[str, ...]] | None = None, **more: Any
) -> Decision:
    sources = node_addresses(more.pop("sources", NODES))
    ip_groups = more.pop("ip_groups", Items())
    own = policy(*groups, base=more.pop("base", None), dns_proxy=more.pop("dns_proxy", False))
    book = read_rules(firewall(policy=Known(own), ip_groups=ip_groups), tags or {})
    address = target.addresses[0] if target.addresses else None
    return decide(book, Flow(sources, target, address, **more))


def test_what_no_rule_matches_is_dropped() -> None:
    found = decided(LOGIN)
    assert (found.outcome, found.dropped, found.decided) == (Outcome.DENIED, True, ())


def test_network_rules_come_before_application_rules_whatever_their_priority() -> None:
    late = group(rules(net("AzureContainerRegistry"), action="Deny", priority=60000), priority=60000)
    found = decided(LOGIN, group(rules(app(LOGIN.host), priority=100), priority=100), late)
    assert found.outcome is Outcome.DENIED
    assert found.denying[0].rule.kind is RuleKind.NETWORK


def test_the_first_match_ends_it() -> None:
    allow, deny = rules(app("*.azurecr.io"), priority=150), rules(app(LOGIN.host), action="Deny", priority=149)
    assert decided(LOGIN, group(allow, deny)).outcome is Outcome.DENIED
    assert decided(LOGIN, group(replace(allow, priority=100), deny)).outcome is Outcome.ALLOWED
    groups = group(deny, priority=400), group(replace(allow, priority=60000), priority=300)
    assert decided(LOGIN, *groups).outcome is Outcome.ALLOWED


def test_a_base_policy_comes_first_in_each_kind() -> None:
    base = Known(replace(policy(group(rules(app(LOGIN.host), action="Deny"), priority=60000)), id="base"))
    assert (
        decided(LOGIN, group(rules(app(LOGIN.host), priority=100), priority=100), base=base).outcome is Outcome.DENIED
    )
    through = decided(LOGIN, group(rules(net("*"))), base=base)
    assert through.outcome is Outcome.ALLOWED, "network rules of the child come before application rules of the base"


def test_a_base_policy_that_cannot_be_read_leaves_it_open() -> None:
    refused = Denied("Microsoft.Network/firewallPolicies/read", "base")
    found = decided(LOGIN, group(rules(app(LOGIN.host))), base=refused)
    assert (found.outcome, found.unread) == (Outcome.UNREAD, refused)
    book = read_rules(firewall(policy=refused), {})
    assert decide(book, Flow(node_addresses(NODES), LOGIN)).unread == refused


@pytest.mark.parametrize(
    ("rule", "target", "expected"),
    [
        (app("*.azurecr.io"), LOGIN, Outcome.ALLOWED),
        (app("*.azurecr.io"), DATA, Outcome.ALLOWED),
        (app("*.azurecr.io"), BLOBS, Outcome.DENIED),
        (app("*"), BLOBS, Outcome.ALLOWED),
        (app(LOGIN.host, protocols=("http:80",)), LOGIN, Outcome.DENIED),
        (app(LOGIN.host, protocols=("Https:443", "http:80")), LOGIN, Outcome.ALLOWED),
        (app(LOGIN.host, protocols=("https:8443",)), LOGIN, Outcome.DENIED),
        (app(host_tags=("AzureKubernetesService",)), LOGIN, Outcome.DENIED),
        (app(host_tags=("AzureKubernetesService",)), TOKENS, Outcome.ALLOWED),
        (app(host_tags=("WindowsVirtualDesktop",)), TOKENS, Outcome.MAYBE),
        (app(urls=("contosoreg.azurecr.io/v2/*",)), LOGIN, Outcome.MAYBE),
        (app(urls=("www.contoso.com/*",)), LOGIN, Outcome.DENIED),
        (app(categories=("ComputersAndTechnology",)), LOGIN, Outcome.MAYBE),
        (app(categories=("Gambling",)), LOGIN, Outcome.DENIED),
        (app("weumanaged42.blob.core.windows.net"), BLOBS, Outcome.MAYBE),
        (app("contosoapp.blob.core.windows.net"), BLOBS, Outcome.DENIED),
        (
            app("weumanaged42.blob.core.windows.net"),
            replace(BLOBS, named="weumanaged42.blob.core.windows.net"),
            "allowed",
        ),
        (
            app("weumanaged1.blob.core.windows.net"),
            replace(BLOBS, named="weumanaged42.blob.core.windows.net"),
            "denied",
        ),
        (app(LOGIN.host, destinations=("10.0.2.5",)), PRIVATE, Outcome.ALLOWED),
        (app(LOGIN.host, destinations=("10.0.9.0/24",)), PRIVATE, Outcome.DENIED),
        (net("AzureContainerRegistry"), LOGIN, Outcome.ALLOWED),
        (net("AzureContainerRegistry.WestEurope"), DATA, Outcome.ALLOWED),
        (net("AzureContainerRegistry"), BLOBS, Outcome.DENIED),
        (net("AzureContainerRegistry"), PRIVATE, Outcome.DENIED),
        (net("Storage.WestEurope"), BLOBS, Outcome.ALLOWED),
        (net("AzureCloud"), TOKENS, Outcome.ALLOWED),
        (net("*"), LOGIN, Outcome.ALLOWED),
        (net("0.0.0.0/0"), LOGIN, Outcome.ALLOWED),
        (net("*", ports=("80", "8443")), LOGIN, Outcome.DENIED),
        (net("*", ports=("400-500",)), LOGIN, Outcome.ALLOWED),
        (net("*", ports=("*",)), LOGIN, Outcome.ALLOWED),
        (net("*", protocols=("UDP",)), LOGIN, Outcome.DENIED),
        (net("*", protocols=("Any",)), LOGIN, Outcome.ALLOWED),
        (net("20.50.0.0/16"), LOGIN, Outcome.MAYBE),
        (net("10.0.0.0/8"), LOGIN, Outcome.DENIED),
        (net("10.0.2.0/24"), PRIVATE, Outcome.ALLOWED),
        (net("10.0.2.4-10.0.2.6"), PRIVATE, Outcome.ALLOWED),
        (net("10.0.3.0/24"), PRIVATE, Outcome.DENIED),
        (net(hosts=(LOGIN.host,)), PRIVATE, Outcome.MAYBE),
        (net(hosts=(LOGIN.host,)), LOGIN, Outcome.MAYBE),
    ],
)
def test_what_a_rule_means(rule: FirewallRule, target: Target, expected: str) -> None:
    assert decided(target, group(rules(rule))).outcome == expected


def test_names_in_network_rules_take_the_dns_proxy() -> None:
    rule = group(rules(net(hosts=(LOGIN.host,))))
    assert decided(LOGIN, rule, dns_proxy=True).outcome is Outcome.ALLOWED


def test_prefixes_of_service_tags_settle_ranges() -> None:
    tags = {"AzureContainerRegistry.westeurope": ("20.50.0.0/24",), "Storage": ("20.60.0.0/24",)}
    for prefix, expected in (
        ("20.50.0.0/16", Outcome.ALLOWED),
        ("20.50.0.0/25", Outcome.MAYBE),
        ("20.61.0.0/16", Outcome.DENIED),
    ):
        assert decided(LOGIN, group(rules(net(prefix))), tags=tags).outcome is expected


def test_rules_for_a_part_of_the_nodes() -> None:
    half = group(rules(app(LOGIN.host, sources=("10.10.0.0/23",))))
    assert decided(LOGIN, half).outcome is Outcome.PARTLY
    two = group(rules(app(LOGIN.host, sources=("10.10.0.0/23",)), app("*.azurecr.io", sources=("10.10.2.0/23",))))
    assert decided(LOGIN, two).outcome is Outcome.ALLOWED
    assert (
        decided(LOGIN, group(rules(app(LOGIN.host, sources=("10.10.0.4-10.10.3.254",))))).outcome is Outcome.ALLOWED
    )
    assert decided(LOGIN, group(rules(app(LOGIN.host, sources=("10.20.0.0/16",))))).outcome is Outcome.DENIED
    assert decided(LOGIN, group(rules(app(LOGIN.host, sources=("*",))))).outcome is Outcome.ALLOWED


def test_what_is_not_sure_counts_only_where_it_would_change_the_outcome() -> None:
    maybe = rules(net("20.50.0.0/16"), action="Deny")
    allow = rules(app(LOGIN.host))
    assert decided(LOGIN, group(maybe, allow)).outcome is Outcome.MAYBE
    assert decided(LOGIN, group(maybe)).outcome is Outcome.DENIED
    assert decided(LOGIN, group(replace(maybe, action="Allow"), allow)).outcome is Outcome.ALLOWED
    elsewhere = rules(net("20.50.0.0/16", sources=("10.99.0.0/16",)), action="Deny")
    assert decided(LOGIN, group(elsewhere, allow)).outcome is Outcome.ALLOWED


def test_an_ip_group_is_read_where_it_stands() -> None:
    known = Items({IP_GROUP.lower(): Known(("10.10.0.0/16",))})
    by_group = app(LOGIN.host, sources=(), source_group_ids=(IP_GROUP,))
    assert decided(LOGIN, group(rules(by_group)), ip_groups=known).outcome is Outcome.ALLOWED
    there = Items({IP_GROUP.lower(): Known(("10.0.2.0/24",))})
    to_group = net(destination_group_ids=(IP_GROUP.upper(),))
    assert decided(PRIVATE, group(rules(to_group)), ip_groups=there).outcome is Outcome.ALLOWED


def test_an_ip_group_that_cannot_be_read_leaves_it_open_unless_another_rule_decides_before() -> None:
    hidden: Items[tuple[str, ...]] = Items({IP_GROUP.lower(): REFUSED})
    by_group = rules(app(LOGIN.host, sources=(), source_group_ids=(IP_GROUP,)))
    to_group = rules(net(destination_group_ids=(IP_GROUP,)))
    for unsure, target in ((by_group, LOGIN), (to_group, PRIVATE)):
        found = decided(target, group(unsure), ip_groups=hidden)
        assert (found.outcome, found.unread) == (Outcome.UNREAD, REFUSED)
        first = rules(net("*"), priority=100)
        assert decided(target, group(first, unsure), ip_groups=hidden).outcome is Outcome.ALLOWED
        same = rules(net("*"), priority=60000)
        assert decided(target, group(unsure, same), ip_groups=hidden).outcome is Outcome.ALLOWED
    half = rules(app(LOGIN.host, sources=("10.10.0.0/23",), source_group_ids=(IP_GROUP,)))
    assert decided(LOGIN, group(half), ip_groups=hidden).outcome is Outcome.UNREAD
    other = rules(app("www.contoso.com", sources=(), source_group_ids=(IP_GROUP,)))
    assert decided(LOGIN, group(other), ip_groups=hidden).outcome is Outcome.DENIED
    strangers = rules(net(sources=("10.99.0.0/16",), destination_group_ids=(IP_GROUP,)))
    assert decided(PRIVATE, group(strangers), ip_groups=hidden).outcome is Outcome.DENIED


def test_classic_rules_follow_the_same_order() -> None:
    own = RuleGroup(
        "classic", 0, (rules(app(LOGIN.host), priority=100), rules(net("*"), action="Deny", priority=65000))
    )
    book = read_rules(firewall(groups=(own,)), {})
    assert decide(book, Flow(node_addresses(NODES), LOGIN)).outcome is Outcome.DENIED


def test_thousands_of_rules_are_read_once_and_fast() -> None:
    many = tuple(
        net(
            *(f"10.{number % 250}.{number // 250 * 8 + part}.0/24" for part in range(8)),
            sources=("10.0.0.0/8", f"10.{number % 99}.0.0/16"),
        )
        for number in range(5000)
    )
    began = time.process_time()
    book = read_rules(firewall(policy=Known(policy(group(rules(*many), rules(app(LOGIN.host), priority=300))))), {})
    for _ in range(3):
        assert decide(book, Flow(intervals(NODES), LOGIN)).outcome is Outcome.ALLOWED
    assert time.process_time() - began < 5
