"""Network security groups of the nodes: what they let out, and the rules that would open them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from filter_world import (
    ASG,
    ENDPOINT,
    NIC_NSG,
    NSG,
    PUBLIC_HOSTS,
    FilterWorld,
    items,
    opened,
    rows,
    rule,
    said,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.checks.check import Check
from core.checks.net.nsg_aks import CHECK
from core.facts.choice import Choice
from core.facts.cluster import Cluster, HttpProxy
from core.facts.fact import Denied, Known
from core.facts.filtering import SecurityRule
from core.facts.networks import ScaleSet
from core.facts.paths import Answer, HostPath, HostRole, Way
from core.facts.registry import Registry
from core.facts.routing import Route
from core.model import Certainty, Status, Symptom, Verdict

Judge = Callable[..., Verdict]
NSGS = "Microsoft.Network/networkSecurityGroups/read"
TO_ENDPOINT = rule(destination="10.0.2.0/24")
TAGS = {
    "AzureContainerRegistry.WestEurope": ("40.74.24.64/26", "51.144.8.0/26"),
    "Storage.WestEurope": ("20.60.26.0/23",),
}


@pytest.fixture
def ask(cluster: Cluster, registry: Registry, choice: Choice, show: Callable[[Check, Verdict], str]) -> Judge:
    def asked(on: Cluster | None = None, of: Choice | None = None, **changes: Any) -> Verdict:
        verdict = FilterWorld(**changes).judge(CHECK, on or cluster, registry, of or choice)
        show(CHECK, verdict)
        return verdict

    return asked


def test_nodes_without_a_group(ask: Judge) -> None:
    assert said(ask()) == (Status.PASS, "no-nsg")


@pytest.mark.parametrize("way", [Way.PRIVATE, Way.PUBLIC])
def test_the_default_rules_let_a_pull_through(ask: Judge, way: Way) -> None:
    assert said(ask(way=way, node_rules=(), nic_rules=())) == (Status.PASS, "allows")


def test_a_rule_that_denies_the_endpoint(ask: Judge) -> None:
    verdict = ask(node_rules=(TO_ENDPOINT,))
    assert said(verdict) == (Status.FAIL, "denies-registry")
    assert verdict.certainty is Certainty.DEFINITE
    assert (verdict.values["nsg"], verdict.values["rule"], verdict.values["priority"]) == (
        "nsg-nodes",
        "DenyIt",
        "200",
    )
    (row,) = rows(verdict)
    assert verdict.fixes[0].key == "open-nsg"
    assert row["priority"] == "199"
    assert row["sources"] == "10.10.0.0/22"
    assert set(row["destinations"].split(",")) == {"10.0.2.5", "10.0.2.4"}


def test_a_new_rule_takes_no_name_that_another_one_has(ask: Judge) -> None:
    """Azure would replace that rule, whichever direction it has."""
    taken = rule("allow-registry-out", 300, "Allow", direction="Inbound")
    (row,) = rows(ask(node_rules=(TO_ENDPOINT, taken)))
    assert row["rule_name"] == "Allow-Registry-Out-2"


def test_both_groups_have_to_allow_and_one_fix_opens_both(ask: Judge) -> None:
    both = {"node_rules": (rule(destination="10.0.0.0/16"),), "nic_rules": (TO_ENDPOINT,)}
    verdict = ask(**both)
    assert {row["nsg_name"] for row in rows(verdict)} == {"nsg-nodes", "aks-agentpool-nsg"}
    assert ask(**both | {"node_rules": ()}).values["nsg"] == "aks-agentpool-nsg"


def test_an_allow_that_comes_first_is_enough(ask: Judge) -> None:
    allow = rule("Allow", 150, "Allow", "10.0.2.4/31", ports=("443",), protocol="Tcp")
    assert said(ask(node_rules=(TO_ENDPOINT, allow))) == (Status.PASS, "allows")


def test_only_the_layers_are_denied(ask: Judge) -> None:
    verdict = ask(node_rules=(rule(destination="10.0.2.4"),))
    assert said(verdict) == (Status.FAIL, "denies-layers")


def test_layers_of_another_region_are_not_needed(ask: Judge) -> None:
    spare = HostPath(
        "contosoreg.northeurope.data.azurecr.io", HostRole.DATA, "northeurope", Answer.PRIVATE, ("10.0.2.6",)
    )
    hosts = (*FilterWorld().path().hosts, spare)
    assert said(ask(hosts=hosts, node_rules=(rule(destination="10.0.2.6"),))) == (Status.WARNING, "denies-spare")


def test_what_may_be_denied_and_is_needed_comes_before_what_is_denied_and_spare(ask: Judge) -> None:
    region = "northeurope"
    spare = HostPath(f"contosoreg.{region}.data.azurecr.io", HostRole.DATA, region, Answer.PRIVATE, ("10.0.2.6",))
    hosts = (*FilterWorld().path().hosts, spare)
    denied = rule("DenySpare", 300, destination="10.0.2.6")
    perhaps = rule(destinations=(), destination_group_ids=(ASG,))
    verdict = ask(hosts=hosts, node_rules=(perhaps, denied), endpoint_groups=(ASG,))
    assert (said(verdict), verdict.values["rule"]) == ((Status.WARNING, "uncertain"), "DenyIt")
    needed = rule("AllowNeeded", 100, "Allow", "10.0.2.4/31")
    verdict = ask(hosts=hosts, node_rules=(needed, perhaps), endpoint_groups=(ASG,))
    assert said(verdict) == (Status.WARNING, "denies-spare")


def test_a_rule_for_some_of_the_nodes(ask: Judge) -> None:
    verdict = ask(node_rules=(rule(source="10.10.0.0/24", destination="10.0.2.0/24"),))
    assert said(verdict) == (Status.FAIL, "denies-some-nodes")
    assert verdict.certainty is Certainty.LIKELY


def test_a_rule_for_addresses_that_no_node_can_have(ask: Judge) -> None:
    assert said(ask(node_rules=(rule(source="10.10.0.0/30"),)))[0] is Status.PASS


def test_a_rule_for_udp_or_another_port_or_direction_says_nothing(ask: Judge) -> None:
    for harmless in (
        rule(protocol="Udp", destination="10.0.2.0/24"),
        rule(ports=("80", "8000-9000"), destination="10.0.2.0/24"),
        rule(direction="Inbound"),
    ):
        assert said(ask(node_rules=(harmless,)))[0] is Status.PASS


def test_public_services_are_opened_by_their_tags(ask: Judge) -> None:
    verdict = ask(way=Way.PUBLIC, node_rules=(rule(destination="Internet"),))
    assert said(verdict) == (Status.FAIL, "denies-registry")
    assert verdict.fixes[0].key == "open-nsg-to-services"
    assert {row["destinations"] for row in rows(verdict)} == {
        "AzureContainerRegistry.westeurope",
        "Storage.westeurope",
    }
    assert len({row["priority"] for row in rows(verdict)}) == 2


def test_the_registry_is_allowed_and_its_layers_are_not(ask: Judge) -> None:
    allow = rule("Allow", 100, "Allow", "AzureContainerRegistry", ports=("443",))
    verdict = ask(way=Way.PUBLIC, node_rules=(allow, rule(destination="Internet")))
    assert said(verdict) == (Status.FAIL, "denies-layers")


def test_a_replicated_registry_may_answer_from_any_of_its_regions(ask: Judge) -> None:
    hosts = (
        *PUBLIC_HOSTS,
        *(
            HostPath(f"contosoreg.{region}.data.azurecr.io", HostRole.DATA, region, Answer.PUBLIC)
            for region in ("westeurope", "northeurope")
        ),
    )
    near = rule("Allow", 100, "Allow", "AzureContainerRegistry.NorthEurope")
    verdict = ask(way=Way.PUBLIC, hosts=hosts, node_rules=(near, rule(destination="Internet")))
    assert "contosoreg.azurecr.io" not in verdict.values["what"]


@pytest.mark.parametrize(
    ("prefix", "tags", "status"),
    [
        ("40.74.0.0/16", {}, Status.WARNING),
        ("40.74.0.0/16", TAGS, Status.WARNING),
        ("99.0.0.0/8", TAGS, Status.PASS),
        ("0.0.0.0/0", {}, Status.FAIL),
        ("192.168.0.0/16", {}, Status.PASS),
    ],
)
def test_a_range_of_public_addresses(ask: Judge, prefix: str, tags: dict[str, Any], status: Status) -> None:
    assert ask(way=Way.PUBLIC, node_rules=(rule(destination=prefix),), tags=tags).status is status


def test_the_pasted_address_makes_a_range_certain(ask: Judge, choice: Choice) -> None:
    symptom = Symptom("TIMEOUT_443", address="40.74.24.70", excerpt="dial tcp 40.74.24.70:443: i/o timeout")
    told = replace(choice, symptom=symptom)
    denying = (rule(destination="40.74.0.0/16"),)
    assert said(ask(way=Way.PUBLIC, node_rules=denying, of=told)) == (Status.FAIL, "denies-registry")
    elsewhere = (rule(destination="51.144.0.0/16"),)
    assert ask(way=Way.PUBLIC, node_rules=elsewhere, of=told, tags=TAGS).status is Status.PASS


def test_a_default_route_may_put_public_addresses_into_the_virtual_network(ask: Judge) -> None:
    inside = rule("Allow", 100, "Allow", "VirtualNetwork")
    denying = (inside, rule(destination="Internet"))
    assert said(ask(way=Way.PUBLIC, node_rules=denying))[0] is Status.FAIL
    routed = (Route("default", "0.0.0.0/0", "VirtualAppliance", "10.0.1.4"),)
    assert said(ask(way=Way.PUBLIC, node_rules=denying, routes=routed)) == (Status.WARNING, "uncertain")


def test_names_come_before_everything_else(ask: Judge) -> None:
    dns = rule("DenyDns", ports=("53",))
    verdict = ask(dns_servers=("10.10.8.4",), node_rules=(dns,))
    assert said(verdict) == (Status.FAIL, "denies-names")
    assert {row["protocol"] for row in rows(verdict)} == {"Udp", "Tcp"}
    assert {row["destinations"] for row in rows(verdict)} == {"10.10.8.4"}
    assert said(ask(node_rules=(dns,)))[0] is Status.PASS, "Azure's own DNS is not reached by such a rule"


def test_one_dns_server_of_two_is_enough(ask: Judge) -> None:
    two = ("10.10.8.4", "10.10.8.5")
    one = rule("DenyDns", destination="10.10.8.4", ports=("53",))
    assert said(ask(dns_servers=two, node_rules=(one,))) == (Status.WARNING, "denies-spare")
    verdict = ask(dns_servers=two, node_rules=(replace(one, destinations=two),))
    assert said(verdict) == (Status.FAIL, "denies-names")
    perhaps = rule("DenyGroup", 300, destinations=(), destination_group_ids=(ASG,), ports=("53",))
    assert said(ask(dns_servers=two, node_rules=(one, perhaps))) == (Status.WARNING, "denies-spare")


def test_long_answers_over_tcp_are_rare(ask: Judge) -> None:
    tcp = rule("DenyDns", ports=("53",), protocol="Tcp")
    assert said(ask(dns_servers=("10.10.8.4",), node_rules=(tcp,))) == (Status.WARNING, "denies-spare")


@pytest.mark.parametrize(
    ("tag", "reason"), [("AzurePlatformDNS", "denies-names"), ("AzurePlatformIMDS", "denies-sign-in")]
)
def test_the_platform_is_reached_by_its_own_tags_only(ask: Judge, tag: str, reason: str) -> None:
    assert said(ask(node_rules=(rule(destination=tag),))) == (Status.FAIL, reason)
    allowed = rule("Allow", 100, "Allow", "10.0.2.4/31")
    assert said(ask(node_rules=(allowed, rule(priority=4000)))) == (Status.PASS, "allows")


def test_a_service_principal_needs_entra_and_no_metadata(ask: Judge, cluster: Cluster) -> None:
    on = replace(cluster, service_principal_client_id="client-1")
    assert said(ask(on=on, node_rules=(rule(destination="AzureActiveDirectory"),)))[1] == "denies-sign-in"
    assert said(ask(on=on, node_rules=(rule(destination="AzurePlatformIMDS"),)))[0] is Status.PASS
    assert said(ask(node_rules=(rule(destination="AzureActiveDirectory"),)))[0] is Status.PASS


def test_what_goes_through_a_web_proxy_is_not_judged(ask: Judge, cluster: Cluster) -> None:
    on = replace(cluster, http_proxy=HttpProxy(https_proxy="http://10.10.9.9:3128"))
    assert said(ask(on=on, node_rules=(TO_ENDPOINT,)))[0] is Status.PASS


def test_application_groups_of_the_nodes(ask: Judge) -> None:
    theirs = rule(sources=(), source_group_ids=(ASG,), destinations=("10.0.2.0/24",))
    assert said(ask(node_rules=(theirs,)))[0] is Status.PASS
    assert said(ask(node_rules=(theirs,), application_groups=(ASG.upper(),)))[1] == "denies-registry"


def test_interfaces_that_could_not_be_read_may_carry_anything(ask: Judge) -> None:
    hidden = Denied("Microsoft.Network/networkInterfaces/read", "/subscriptions/s/resourceGroups/mc")
    verdict = ask(node_rules=(), interfaces_unread=hidden)
    assert verdict.status is Status.UNKNOWN
    assert verdict.missing is not None
    assert verdict.missing.action == hidden.action
    assert said(ask(node_rules=(TO_ENDPOINT,), interfaces_unread=hidden)) == (Status.FAIL, "denies-registry")


def test_machines_of_one_pool_may_differ(ask: Judge) -> None:
    bare = ScaleSet("usr", "m1", (), stand_alone=True)
    sets = Known((ScaleSet("sys", "aks-sys", ()), bare, replace(bare, name="m2", security_group_ids=(NIC_NSG,))))
    verdict = ask(nic_rules=(TO_ENDPOINT,), overrides={"scale_sets": sets})
    assert said(verdict) == (Status.FAIL, "denies-registry")
    assert verdict.values["pools"] == "usr"


def test_an_application_group_at_the_far_end(ask: Judge, choice: Choice) -> None:
    """Whether a rule in the nodes' network means a member in another network is not known, even if a text fits."""
    theirs = rule(destinations=(), destination_group_ids=(ASG,))
    assert said(ask(node_rules=(theirs,))) == (Status.PASS, "allows")
    assert said(ask(node_rules=(theirs,), endpoint_groups=(ASG,))) == (Status.WARNING, "uncertain")
    for address, status in (("10.0.2.5", Status.UNKNOWN), (None, Status.UNKNOWN), ("10.0.9.9", Status.WARNING)):
        told = replace(choice, symptom=Symptom("TIMEOUT_443", address=address))
        verdict = ask(of=told, node_rules=(theirs,), endpoint_groups=(ASG.upper(),))
        assert said(verdict) == (status, "uncertain")
    refused = replace(choice, symptom=Symptom("RESET_REFUSED", address="10.0.2.5"))
    assert ask(of=refused, node_rules=(theirs,), endpoint_groups=(ASG,)).status is Status.WARNING


def test_a_hidden_group_is_asked_for(ask: Judge) -> None:
    verdict = ask(nic_rules=(), groups={NIC_NSG: Denied(NSGS, NIC_NSG)})
    assert verdict.status is Status.UNKNOWN
    assert verdict.missing is not None
    assert verdict.missing.action == NSGS


def test_a_hidden_group_does_not_excuse_one_that_denies(ask: Judge) -> None:
    verdict = ask(node_rules=(TO_ENDPOINT,), nic_rules=(), groups={NIC_NSG: Denied(NSGS, NIC_NSG)})
    assert said(verdict) == (Status.FAIL, "denies-registry")
    hidden = {"scale_sets": Denied("Microsoft.Compute/virtualMachineScaleSets/read", "rg")}
    assert said(ask(node_rules=(TO_ENDPOINT,), overrides=hidden))[0] is Status.FAIL
    assert said(ask(node_rules=(), overrides=hidden))[0] is Status.UNKNOWN
    verdict = ask(node_rules=(), groups={NSG: Denied(NSGS, NSG)}, overrides=hidden)
    assert verdict.missing is not None
    assert verdict.missing.action == NSGS
    named = [one.value for one in verdict.evidence if one.label == "missing-permission"]
    assert named == [NSGS, "Microsoft.Compute/virtualMachineScaleSets/read"]


def test_a_hidden_endpoint_leaves_ranges_open(ask: Judge) -> None:
    hosts = (HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.UNKNOWN),)
    unseen = {"private_endpoints": items({ENDPOINT: Denied("Microsoft.Network/privateEndpoints/read", ENDPOINT)})}
    assert ask(hosts=hosts, node_rules=(TO_ENDPOINT,), overrides=unseen).status is Status.UNKNOWN
    verdict = ask(hosts=hosts, node_rules=(rule(),), overrides=unseen)
    assert said(verdict) == (Status.FAIL, "denies-registry")
    assert rows(verdict)[0]["destinations"] == "<endpoint-address>"


def test_a_denial_at_the_first_priority_makes_room(ask: Judge) -> None:
    verdict = ask(node_rules=(replace(TO_ENDPOINT, priority=100), rule("Other", 101, "Allow", "10.9.0.0/16")))
    (row,) = rows(verdict)
    assert verdict.fixes[0].key == "open-nsg-moving-rule"
    assert (row["moved_rule"], row["moved_to"], row["priority"]) == ("DenyIt", "102", "100")


def test_a_full_group_is_handed_to_a_person(ask: Judge) -> None:
    full = tuple(rule(f"r{number}", number, "Allow", "10.9.0.0/16") for number in range(101, 4097))
    verdict = ask(node_rules=(replace(TO_ENDPOINT, priority=100), *full))
    assert [fix.key for fix in verdict.fixes] == ["review-nsg"]


RANDOM_RULES = st.lists(
    st.builds(
        rule,
        access=st.sampled_from(["Allow", "Deny"]),
        destination=st.sampled_from(["*", "10.0.2.0/24", "10.0.2.5", "VirtualNetwork", "10.10.8.4", "Internet"]),
        source=st.sampled_from(["*", "10.10.0.0/22", "10.10.0.0/24", "VirtualNetwork"]),
        ports=st.sampled_from([("*",), ("443",), ("53",)]),
    ),
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=RANDOM_RULES, numbers=st.permutations(range(100, 106)), dns=st.booleans())
def test_the_fix_lets_everything_through_and_loses_no_rule(
    ask: Judge, found: list[SecurityRule], numbers: list[int], dns: bool
) -> None:
    rules = tuple(replace(one, name=f"r{n}", priority=n) for one, n in zip(found, numbers, strict=False))
    world: dict[str, Any] = {"dns_servers": ("10.10.8.4",) if dns else ()}
    verdict = ask(node_rules=rules, **world)
    if verdict.status is Status.FAIL:
        after = opened(rules, verdict.fixes[0], "nsg-nodes", "Outbound")
        assert ask(node_rules=after, **world).status is Status.PASS
        assert {one.name for one in rules} <= {one.name for one in after}


def test_a_thousand_rules_in_both_groups_are_judged_quickly(ask: Judge) -> None:
    crowd = tuple(
        rule(
            f"r{number}",
            100 + number,
            "Allow",
            direction="Outbound",
            sources=tuple(f"10.{number % 200}.{one}.0/24" for one in range(10)),
            destinations=tuple(f"10.{number % 250}.{one}.0/24" for one in range(10)),
            ports=("443",),
        )
        for number in range(1000)
    )
    began = time.process_time()
    ask(node_rules=crowd, nic_rules=crowd)
    assert time.process_time() - began < 3.0
