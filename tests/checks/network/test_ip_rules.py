"""The list of addresses that a registry lets in, and what its nodes leave from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED, NODES, OTHER, apart, leaving, network, path, unread

from core.checks.check import Check
from core.checks.network.ip_rules import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cluster import Cluster, HttpProxy
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.registry import NetworkRule, Registry, RegistryExtras
from core.model import Certainty, Evidence, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]
NO_RULES = Known(RegistryExtras((), None, None))
PLAIN = network()


@pytest.fixture
def judge(choice: Choice, cluster: Cluster, registry: Registry, show: Show) -> Judge:
    def judged(
        rules: tuple[str, ...],
        egress: Items[Egress],
        refused: str | None = None,
        paths: tuple[NodePath, ...] = (path(),),
        networks: Fact[Items[VirtualNetwork]] = PLAIN,
        extras: Fact[RegistryExtras] = NO_RULES,
        proxy: HttpProxy | None = None,
        action: str = "Deny",
    ) -> Verdict:
        symptom = Symptom("FW_IP", address=refused) if refused else None
        verdict = evaluate(
            replace(choice, symptom=symptom),
            replace(cluster, http_proxy=proxy),
            replace(registry, default_action=action, ip_rules=rules),
            paths,
            Known(egress),
            networks,
            extras,
        )
        assert show(CHECK, verdict)
        return verdict

    return judged


@pytest.mark.parametrize(
    ("rules", "prefixes", "status", "reason", "certainty"),
    [
        (("20.50.1.10",), ("20.50.1.10/32",), Status.PASS, "listed", None),
        (("20.50.0.0/16",), ("20.50.1.10", "20.50.2.0/28"), Status.PASS, "listed", None),
        (("20.50.2.0/29", "20.50.2.8/29"), ("20.50.2.0/28",), Status.PASS, "listed", None),
        (("20.50.1.10",), ("20.50.1.10", "2603:1020::5"), Status.PASS, "listed", None),
        ((), ("20.61.7.7",), Status.FAIL, "none-listed", Certainty.DEFINITE),
        (("20.50.1.10",), ("20.61.7.7",), Status.FAIL, "none-listed", Certainty.DEFINITE),
        (("20.50.1.10",), ("20.50.1.10", "20.61.7.7"), Status.FAIL, "some-listed", Certainty.LIKELY),
        (("20.50.2.0/29",), ("20.50.2.0/28",), Status.FAIL, "some-listed", Certainty.LIKELY),
    ],
)
def test_the_list_is_compared(
    judge: Judge,
    rules: tuple[str, ...],
    prefixes: tuple[str, ...],
    status: Status,
    reason: str,
    certainty: Certainty | None,
) -> None:
    verdict = judge(rules, leaving(*prefixes))
    assert (verdict.status, verdict.reason, verdict.certainty) == (status, reason, certainty)


def test_of_a_range_that_is_listed_in_part_nodes_may_have_listed_addresses_only(judge: Judge) -> None:
    half = leaving("20.50.2.0/28", kind=EgressKind.NODE_PREFIX)
    verdict = judge(("20.50.2.0/29",), half)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.WARNING, "part-of-range", None)
    assert [place["address"] for place in verdict.fixes[0].each] == ["20.50.2.8/29"]
    # The registry itself refused an address: then it is likely one of those.
    refused = judge(("20.50.2.0/29",), half, refused="20.50.2.3")
    assert (refused.status, refused.reason) == (Status.FAIL, "some-listed")
    assert judge(("20.50.2.0/28",), half).reason == "listed"
    assert judge((), half).reason == "none-listed"
    other = Known(Egress(EgressKind.APPLIANCE))
    assert judge(("20.50.2.0/29",), apart(sys=half.get(NODES), usr=other)).status is Status.UNKNOWN


def test_the_fix_adds_what_is_missing_and_no_more(judge: Judge) -> None:
    """Of a firewall with several public addresses any may be used."""
    verdict = judge(
        ("20.50.1.10",), leaving("20.50.1.10/32", "20.61.7.7/32", "20.61.7.8/32", kind=EgressKind.FIREWALL)
    )
    (fix,) = verdict.fixes
    assert [place["address"] for place in fix.each] == ["20.61.7.7", "20.61.7.8"]
    assert verdict.values["addresses"] == "20.61.7.7, 20.61.7.8"


def test_a_full_list_has_to_be_made_shorter_first(judge: Judge) -> None:
    rules = tuple(f"20.0.0.{number}" for number in range(200))
    verdict = judge(rules, leaving("20.61.7.7"))
    assert [fix.key for fix in verdict.fixes] == ["list-address-rules", "allow-addresses"]
    assert Evidence("ip-rules-full", "200 / 200") in verdict.evidence
    assert judge(rules[1:], leaving("20.61.7.7")).fixes[0].key == "allow-addresses"


def test_what_the_registry_says_itself_is_surest(judge: Judge) -> None:
    verdict = judge(("20.50.1.10",), leaving(kind=EgressKind.APPLIANCE), refused="20.99.9.9")
    assert (verdict.reason, verdict.certainty) == ("refused-address", Certainty.DEFINITE)
    assert verdict.fixes[0].each == ({"address": "20.99.9.9"},)
    both = judge((), leaving("20.61.7.7", "20.99.9.9"), refused="20.99.9.9")
    assert [place["address"] for place in both.fixes[0].each] == ["20.99.9.9", "20.61.7.7"]
    assert judge((), unread(), refused="20.99.9.9").certainty is Certainty.DEFINITE


def test_an_address_that_is_not_the_clusters(judge: Judge) -> None:
    verdict = judge(("20.50.1.10",), leaving("20.50.1.10"), refused="20.99.9.9")
    assert (verdict.reason, verdict.certainty) == ("refused-elsewhere", Certainty.LIKELY)


@pytest.mark.parametrize("rubble", ["\\u0 02751.120.81.9'", "20.50.1.x", "<ip>"])
def test_what_is_no_address_is_not_compared(judge: Judge, rubble: str) -> None:
    assert judge(("20.50.1.10",), leaving("20.50.1.10"), refused=rubble).status is Status.PASS
    assert judge((), leaving("20.50.1.10"), refused=rubble).fixes[0].each == ({"address": "20.50.1.10"},)


def test_an_address_that_is_allowed_by_now(judge: Judge) -> None:
    verdict = judge(("20.99.9.9",), leaving(kind=EgressKind.APPLIANCE), refused="20.99.9.9")
    assert (verdict.status, verdict.reason) == (Status.WARNING, "listed-by-now")
    assert judge(("20.50.1.10",), leaving("20.50.1.10"), refused="20.50.1.10").status is Status.PASS


def test_what_is_not_known(judge: Judge) -> None:
    assert judge(("20.50.1.10",), leaving(kind=EgressKind.APPLIANCE)).reason == "address-not-told"
    assert judge(("20.50.1.10",), unread()).missing is not None
    proxy = HttpProxy(https_proxy="http://proxy.corp:3128")
    assert judge((), leaving("20.61.7.7"), proxy=proxy).reason == "through-proxy"
    past = replace(proxy, no_proxy=("contosoreg.azurecr.io",))
    assert judge((), leaving("20.61.7.7"), proxy=past).status is Status.FAIL


def test_a_certain_failure_stands_beside_what_is_not_known(judge: Judge) -> None:
    egress = Items({**leaving("20.61.7.7").by_id, OTHER.lower(): DENIED})
    verdict = judge((), egress, paths=(path(pools=("sys",)), path(subnet=OTHER, pools=("usr",))))
    assert (verdict.status, verdict.values["pools"]) == (Status.FAIL, "sys")


def test_each_subnet_has_its_own_address(judge: Judge) -> None:
    egress = Items({**leaving("20.50.1.10").by_id, **leaving("20.61.7.7", subnet=OTHER).by_id})
    verdict = judge(("20.50.1.10",), egress, paths=(path(pools=("sys",)), path(subnet=OTHER, pools=("usr",))))
    assert (verdict.reason, verdict.certainty) == ("none-listed", Certainty.DEFINITE)
    assert verdict.values["pools"] == "usr"


def test_a_service_endpoint_hides_the_public_address(judge: Judge) -> None:
    hidden = judge((), leaving("20.61.7.7"), networks=network("Microsoft.ContainerRegistry"))
    assert (hidden.status, hidden.reason) == (Status.NOT_APPLICABLE, "private-source")
    rule = Known(RegistryExtras((NetworkRule(NODES.upper(), "Allow"),), None, None))
    assert judge((), leaving("20.61.7.7"), extras=rule).reason == "private-source"
    assert judge((), leaving("20.61.7.7"), refused="10.10.0.7").reason == "private-source"
    assert judge((), leaving("20.61.7.7"), networks=network("Microsoft.Storage")).status is Status.FAIL


@pytest.mark.parametrize("way", [Way.PRIVATE, Way.UNINTENDED, Way.NONE, Way.SERVICE_ENDPOINT])
def test_other_ways_need_no_list(judge: Judge, way: Way) -> None:
    """Above all: where the name resolves wrongly, adding an address is no cure."""
    assert judge((), leaving("20.61.7.7"), paths=(path(way),)).status is Status.NOT_APPLICABLE
    assert judge((), leaving("20.61.7.7"), refused="20.61.7.7", paths=(path(way),)).status is Status.NOT_APPLICABLE


def test_no_list_and_no_way_out(judge: Judge) -> None:
    assert judge((), leaving("20.61.7.7"), action="Allow").reason == "everybody-accepted"
    assert judge((), leaving(kind=EgressKind.NONE)).reason == "no-way-out"


def test_pools_of_one_subnet_that_do_not_leave_alike_are_judged_one_by_one(judge: Judge) -> None:
    balanced = Known(Egress(EgressKind.LOAD_BALANCER, ("20.50.1.10/32",)))
    own = Known(Egress(EgressKind.NODE_ADDRESSES, ("20.9.0.1/32",)))
    for rules, pools, address in ((("20.9.0.1",), "sys", "20.50.1.10"), (("20.50.1.10",), "usr", "20.9.0.1")):
        verdict = judge(rules, apart(sys=balanced, usr=own))
        assert (verdict.reason, verdict.certainty) == ("none-listed", Certainty.DEFINITE)
        assert (verdict.values["pools"], verdict.values["addresses"]) == (pools, address)
    assert judge(("20.9.0.1",), apart(sys=balanced, usr=DENIED)).values["pools"] == "sys"
    untold = judge(("20.50.1.10",), apart(sys=balanced, usr=Known(Egress(EgressKind.NODE_ADDRESSES))))
    assert (untold.status, untold.reason) == (Status.UNKNOWN, "address-not-told")
    assert untold.values["pools"] == "usr"


def test_half_a_range_is_listed_and_only_the_other_half_is_named(judge: Judge) -> None:
    verdict = judge(("20.50.2.0/31", "20.50.2.3"), leaving("20.50.2.0/30"))
    assert (verdict.reason, verdict.values["addresses"]) == ("some-listed", "20.50.2.2")
    assert Evidence("address-not-listed", "20.50.2.2") in verdict.evidence
    verdict = judge(("20.50.2.16/30",), leaving("20.50.2.0/27"))
    assert verdict.values["addresses"] == "20.50.2.0/28, 20.50.2.20/30, 20.50.2.24/29"
