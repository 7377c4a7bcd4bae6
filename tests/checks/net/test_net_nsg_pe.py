"""The security group of the endpoint's subnet, and the admin rules that come before all groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from filter_world import (
    ASG,
    ENDPOINT,
    HUB,
    PE_NSG,
    SPOKE,
    FilterWorld,
    admin,
    half,
    items,
    opened,
    rows,
    rule,
    said,
)

from core.checks.check import Check
from core.checks.net import avnm, nsg_aks, nsg_pe
from core.engine.conclusion import conclude
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Missing
from core.facts.paths import Way
from core.facts.registry import Registry
from core.model import Certainty, CheckResult, Evidence, Status, Verdict
from core.texts import load
from core.tree import TREE

Judge = Callable[..., Verdict]
NSGS = "Microsoft.Network/networkSecurityGroups/read"
TO_ENDPOINT = rule(destination="10.0.2.0/24")
DENY_NODES = rule("DenySpokes", 200, source="10.10.0.0/22", direction="Inbound", ports=("443",), protocol="Tcp")


@pytest.fixture
def ask(cluster: Cluster, registry: Registry, choice: Choice, show: Callable[[Check, Verdict], str]) -> Judge:
    def asked(check: Check = nsg_aks.CHECK, **changes: Any) -> Verdict:
        verdict = FilterWorld(**changes).judge(check, cluster, registry, choice)
        show(check, verdict)
        return verdict

    return asked


@pytest.mark.parametrize("policies", [None, "Disabled", "RouteTableEnabled"])
def test_rules_do_not_count_for_endpoints_unless_their_subnet_says_so(ask: Judge, policies: str | None) -> None:
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies=policies)
    assert said(verdict) == (Status.PASS, "not-filtered")


@pytest.mark.parametrize("policies", ["Enabled", "NetworkSecurityGroupEnabled"])
def test_a_rule_that_keeps_the_nodes_out(ask: Judge, policies: str) -> None:
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies=policies)
    assert said(verdict) == (Status.FAIL, "denies-registry")
    assert verdict.values["subnet"] == "vnet-hub/snet-pe"
    (row,) = rows(verdict)
    assert (row["nsg_name"], row["priority"], row["sources"]) == ("nsg-pe", "199", "10.10.0.0/22")
    after = opened((DENY_NODES,), verdict.fixes[0], "nsg-pe", "Inbound")
    assert said(ask(nsg_pe.CHECK, endpoint_rules=after, policies=policies)) == (Status.PASS, "allows")


def test_a_subnet_without_a_group_lets_everybody_in(ask: Judge) -> None:
    assert said(ask(nsg_pe.CHECK, policies="Enabled")) == (Status.PASS, "no-nsg")


def test_a_broken_peering_is_not_a_second_cause(ask: Judge) -> None:
    """The default rules let in what is peered; that it is not any more, the peering says."""
    gone = {"near": (half(HUB, "Disconnected"),), "far": ()}
    assert said(ask(nsg_pe.CHECK, endpoint_rules=(), policies="Enabled", **gone)) == (Status.PASS, "allows")
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies="Enabled", **gone)
    assert said(verdict) == (Status.FAIL, "denies-registry")


def test_some_of_the_nodes_are_kept_out(ask: Judge) -> None:
    some = (replace(DENY_NODES, sources=("10.10.1.0/24",)),)
    verdict = ask(nsg_pe.CHECK, endpoint_rules=some, policies="Enabled")
    assert (said(verdict), verdict.certainty) == ((Status.FAIL, "denies-some-nodes"), Certainty.LIKELY)


def test_behind_a_hub_the_nodes_addresses_may_be_hidden(ask: Judge) -> None:
    apart = {"near": (), "far": ()}
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies="Enabled", **apart)
    assert said(verdict) == (Status.WARNING, "uncertain")


def test_what_may_be_denied_stands_in_the_headline(ask: Judge) -> None:
    by_nsg = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies="Enabled", near=(), far=())
    group = {"destinations": (), "destination_group_ids": (ASG,)}
    by_rule = ask(nsg_aks.CHECK, node_rules=(rule(**group),), endpoint_groups=(ASG,))
    by_range = ask(avnm.CHECK, way=Way.PUBLIC, admin_rules=(admin("Deny", destination="40.74.0.0/16"),))
    for check, verdict in ((nsg_pe, by_nsg), (nsg_aks, by_rule), (avnm, by_range)):
        assert said(verdict) == (Status.WARNING, "uncertain")
        result = CheckResult(check.CHECK.id, verdict)
        answer = conclude([result], None, TREE, load(), {"cluster": "aks", "registry": "reg", "image": "-"})
        assert answer.conclusion.headline.startswith("aks may be unable to pull from reg: ")
        assert verdict.values["rule"] in answer.conclusion.headline


def test_groups_of_another_network_mean_nobody_there(ask: Judge) -> None:
    theirs = (replace(DENY_NODES, sources=(), source_group_ids=(ASG,)),)
    verdict = ask(nsg_pe.CHECK, endpoint_rules=theirs, policies="Enabled", application_groups=(ASG,))
    assert said(verdict) == (Status.PASS, "allows")


def test_groups_of_the_endpoint_are_known(ask: Judge) -> None:
    into = replace(DENY_NODES, sources=("*",), destinations=(), destination_group_ids=(ASG,))
    others = ask(nsg_pe.CHECK, endpoint_rules=(into,), policies="Enabled", endpoint_groups=(f"{ASG}-of-others",))
    assert said(others) == (Status.PASS, "allows")
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(into,), policies="Enabled", endpoint_groups=(ASG.upper(),))
    assert (said(verdict), verdict.certainty) == ((Status.FAIL, "denies-registry"), Certainty.DEFINITE)


def test_what_hides_the_endpoints_side(ask: Judge) -> None:
    hidden = ask(nsg_pe.CHECK, endpoint_rules=(), policies="Enabled", groups={PE_NSG: Denied(NSGS, PE_NSG)})
    assert hidden.status is Status.UNKNOWN
    assert ask(nsg_pe.CHECK, networks={HUB: Denied("r", HUB)}).status is Status.UNKNOWN
    unread = {SPOKE: Denied("r", SPOKE)}
    assert ask(nsg_pe.CHECK, endpoint_rules=(), policies="Enabled", networks=unread).status is Status.UNKNOWN
    assert (
        ask(nsg_pe.CHECK, overrides={"private_endpoints": items({ENDPOINT: Missing("x")})}).status is Status.UNKNOWN
    )
    assert ask(nsg_pe.CHECK, way=Way.PUBLIC).status is Status.NOT_APPLICABLE


def test_an_admin_rule_that_denies(ask: Judge) -> None:
    verdict = ask(avnm.CHECK, admin_rules=(admin("Deny", destination="10.0.2.0/24"),))
    assert (said(verdict), verdict.certainty) == ((Status.FAIL, "denies"), Certainty.DEFINITE)
    assert verdict.values["manager"] == "avnm-contoso"
    assert verdict.fixes[0].key == "review-admin-rule"


@pytest.mark.parametrize("access", ["Allow", "AlwaysAllow"])
def test_an_admin_rule_that_lets_it_through(ask: Judge, access: str) -> None:
    first = admin(access, destination="10.0.0.0/8")
    late = admin("Deny", "late", destination="10.0.2.0/24")
    late = replace(late, rule=replace(late.rule, priority=60))
    assert said(ask(avnm.CHECK, admin_rules=(late, first))) == (Status.PASS, "allows")
    assert said(ask(avnm.CHECK, admin_rules=(late,)))[0] is Status.FAIL


def test_what_is_always_allowed_asks_no_group(ask: Judge) -> None:
    assert said(ask(node_rules=(TO_ENDPOINT,), admin_rules=(admin("AlwaysAllow", destination="10.0.0.0/8"),))) == (
        Status.PASS,
        "allows",
    )
    assert said(ask(node_rules=(TO_ENDPOINT,), admin_rules=(admin("Allow", destination="10.0.0.0/8"),)))[0] is (
        Status.FAIL
    )


def test_what_is_always_allowed_for_some_nodes_leaves_the_others(ask: Judge) -> None:
    above = (admin("AlwaysAllow", destination="10.0.0.0/8", source="10.10.0.0/23"),)
    verdict = ask(node_rules=(TO_ENDPOINT,), admin_rules=above)
    assert said(verdict) == (Status.FAIL, "denies-some-nodes")


def test_hidden_admin_rules_do_not_excuse_a_group(ask: Judge) -> None:
    hidden = {"admin_rules": items({SPOKE: Denied("list", SPOKE), HUB: Denied("list", HUB)})}
    assert ask(avnm.CHECK, overrides=hidden).status is Status.UNKNOWN
    for check, rules, unread in (
        (nsg_aks.CHECK, {"node_rules": (TO_ENDPOINT,)}, "vnet-spoke"),
        (nsg_pe.CHECK, {"endpoint_rules": (DENY_NODES,), "policies": "Enabled"}, "vnet-hub"),
    ):
        verdict = ask(check, overrides=hidden, **rules)
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
        assert Evidence("admin-rules-not-read", unread) in verdict.evidence
        verdict = ask(check, **rules)
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
        assert "admin-rules-not-read" not in {one.label for one in verdict.evidence}


def test_admin_rules_do_not_count_for_endpoints(ask: Judge) -> None:
    inbound = (admin("Deny", direction="Inbound"),)
    assert ask(avnm.CHECK, endpoint_admin_rules=inbound).status is Status.PASS
    assert ask(nsg_pe.CHECK, endpoint_rules=(), policies="Enabled", endpoint_admin_rules=inbound).reason == "allows"
    always = (admin("AlwaysAllow", direction="Inbound"),)
    verdict = ask(nsg_pe.CHECK, endpoint_rules=(DENY_NODES,), policies="Enabled", endpoint_admin_rules=always)
    assert said(verdict) == (Status.WARNING, "uncertain")


def test_without_rules_from_above_nothing_is_asked(ask: Judge) -> None:
    hidden = {SPOKE: Denied("Microsoft.Network/virtualNetworks/read", SPOKE)}
    assert said(ask(avnm.CHECK, networks=hidden)) == (Status.PASS, "none")
    assert ask(avnm.CHECK, networks=hidden, admin_rules=(admin("Deny"),)).status is Status.UNKNOWN
