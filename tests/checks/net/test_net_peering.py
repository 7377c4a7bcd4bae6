"""Peerings and hubs between the nodes' and the endpoint's network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from filter_world import ENDPOINT, HUB, NODES, SPOKE, FilterWorld, half, items, rule

from core.checks.check import Check
from core.checks.net import nsg_aks, peering, peering_transit
from core.checks.network.ways import subnets
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Missing
from core.facts.networks import NodeSubnet, Subnet, VirtualNetwork
from core.facts.paths import Way
from core.facts.registry import Registry
from core.facts.routing import Route
from core.model import Certainty, FixRef, Status, Verdict

Judge = Callable[..., Verdict]
HIDDEN = Denied("Microsoft.Network/virtualNetworks/read", HUB)
MIDDLE = HUB.replace("vnet-hub", "vnet-middle")
FIREWALL = "10.200.1.4"


@pytest.fixture
def ask(cluster: Cluster, registry: Registry, choice: Choice, show: Callable[[Check, Verdict], str]) -> Judge:
    def asked(check: Check = peering.CHECK, **changes: Any) -> Verdict:
        verdict = FilterWorld(**changes).judge(check, cluster, registry, choice)
        show(check, verdict)
        return verdict

    return asked


def key(verdict: Verdict) -> str:
    return verdict.fixes[0].key


def test_two_connected_halves(ask: Judge) -> None:
    verdict = ask()
    assert (verdict.status, verdict.reason) == (Status.PASS, "connected")


@pytest.mark.parametrize(
    ("near", "far", "reason", "fix"),
    [
        ({"state": "Disconnected"}, None, "disconnected", "replace-left-over-peering"),
        (None, {"state": "Disconnected"}, "disconnected", "replace-left-over-peering"),
        ({"state": "Disconnected"}, {"state": "Disconnected"}, "disconnected", "recreate-peering"),
        ({"state": "Initiated"}, None, "half-missing", "complete-peering"),
        ({"allows_access": False}, {}, "access-off", "allow-peering-access"),
        ({"complete_networks": False, "local_subnets": ("other",), "remote_subnets": ("snet-pe",)}, {},
         "subnets-left-out", "widen-subnet-peering"),
        ({"remote_prefixes": ("10.9.0.0/16",), "sync_level": "LocalNotInSync"}, {}, "out-of-sync", "sync-peering"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_halves(
    ask: Judge, near: dict[str, Any] | None, far: dict[str, Any] | None, reason: str, fix: str
) -> None:
    verdict = ask(
        near=(half(HUB, **near),) if near is not None else (), far=(half(SPOKE, **far),) if far is not None else ()
    )
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, reason, Certainty.DEFINITE)
    assert key(verdict) == fix
    assert verdict.values["network"] == "vnet-spoke"
    assert verdict.values["other"] == "vnet-hub"


def test_the_half_that_is_left_goes_and_both_come_back(ask: Judge) -> None:
    (fix,) = ask(near=(half(HUB, "Disconnected"),), far=()).fixes
    assert fix.values["left_peering"] == "spoke-to-hub"
    assert fix.values["left_name"] == "vnet-spoke"
    assert fix.values["far_peering"] == "vnet-hub-to-vnet-spoke"


def test_the_missing_half_is_made_on_the_other_side(ask: Judge) -> None:
    (fix,) = ask(near=(half(HUB, "Initiated"),), far=()).fixes
    assert (fix.values["missing_name"], fix.values["other_id"]) == ("vnet-hub", SPOKE)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ({"uses_remote_gateways": True}, {"allows_gateway_transit": True}),
        ({"uses_remote_gateways": True}, {}),
        ({"uses_remote_gateways": True}, None),
    ],
)
def test_a_half_that_used_a_gateway_comes_back_last_and_with_it(
    ask: Judge, near: dict[str, Any], far: dict[str, Any] | None
) -> None:
    halves = ({"near": (half(HUB, "Disconnected", **near),)}, {"far": (half(SPOKE, "Disconnected", **(far or {})),)})
    (fix,) = ask(**halves[0], **(halves[1] if far is not None else {"far": ()})).fixes
    assert (fix.values["near_name"], fix.values["far_name"]) == ("vnet-hub", "vnet-spoke")
    assert (fix.values["near_transit"], fix.values["near_gateways"]) == ("true", "false")
    assert (fix.values["far_transit"], fix.values["far_gateways"]) == ("false", "true")


def test_a_half_that_let_others_use_its_gateway_comes_back_so(ask: Judge) -> None:
    (fix,) = ask(near=(half(HUB, "Disconnected", allows_gateway_transit=True),), far=()).fixes
    assert (fix.values["near_name"], fix.values["near_transit"]) == ("vnet-spoke", "true")
    assert {fix.values[key] for key in ("near_gateways", "far_gateways", "far_transit")} == {"false"}


@pytest.mark.parametrize("uses", [True, False])
def test_the_missing_half_lets_the_other_network_use_its_gateway(ask: Judge, uses: bool) -> None:
    (fix,) = ask(near=(half(HUB, "Initiated", uses_remote_gateways=uses),), far=()).fixes
    assert (fix.key, fix.values["transit"]) == ("complete-peering", str(uses).lower())


def test_only_the_stale_half_is_synced(ask: Judge) -> None:
    old = half(HUB, remote_prefixes=("10.9.0.0/16",), sync_level="LocalNotInSync")
    (fix,) = ask(near=(old,)).fixes
    assert [one["half_peering"] for one in fix.each] == ["spoke-to-hub"]


def test_a_new_half_takes_no_name_that_another_one_has(ask: Judge) -> None:
    taken = half(MIDDLE, name="vnet-spoke-to-vnet-hub")
    fix: FixRef = ask(near=(taken,), far=()).fixes[0]
    assert fix.values["near_peering"] == "vnet-spoke-to-vnet-hub-2"


def test_the_nodes_half_vouches_for_the_other(ask: Judge) -> None:
    assert ask(networks={HUB: HIDDEN}).reason == "connected"


def test_what_the_nodes_half_allows_only_their_network_tells(ask: Judge) -> None:
    assert ask(networks={SPOKE: HIDDEN}).status is Status.UNKNOWN
    assert ask(networks={HUB: HIDDEN}, near=(half(HUB, "Disconnected"),)).reason == "disconnected"


def test_two_hidden_networks_are_not_judged(ask: Judge) -> None:
    verdict = ask(networks={HUB: HIDDEN, SPOKE: HIDDEN})
    assert verdict.status is Status.UNKNOWN
    assert verdict.missing is not None


def test_no_peering_at_all(ask: Judge) -> None:
    verdict = ask(near=(), far=())
    assert (verdict.reason, verdict.certainty, key(verdict)) == ("no-peering", Certainty.DEFINITE, "create-peering")
    assert ask(peering_transit.CHECK, near=(), far=()).reason == "no-hub"


def test_no_peering_is_certain_whether_the_other_network_can_be_read_or_not(ask: Judge) -> None:
    assert ask(near=(), networks={HUB: HIDDEN}).reason == "no-peering"


def test_a_hub_between_them_may_stand_in_the_network_that_cannot_be_read(ask: Judge) -> None:
    verdict = ask(near=(half(MIDDLE),), networks={HUB: HIDDEN})
    assert (verdict.status, verdict.missing is not None) == (Status.UNKNOWN, True)


def test_a_gateway_could_know_a_way(ask: Judge) -> None:
    gateway = half(MIDDLE, uses_remote_gateways=True, remote_prefixes=("10.200.0.0/16",))
    verdict = ask(near=(gateway,), far=())
    assert (verdict.reason, verdict.certainty) == ("no-peering", Certainty.LIKELY)


@pytest.mark.parametrize("way", [Way.PUBLIC, Way.SERVICE_ENDPOINT, Way.NONE])
@pytest.mark.parametrize("check", [peering.CHECK, peering_transit.CHECK])
def test_nodes_that_go_another_way_need_none(ask: Judge, way: Way, check: Check) -> None:
    verdict = ask(check, way=way, near=(), far=())
    assert verdict.status is Status.NOT_APPLICABLE


def test_an_endpoint_counts_while_the_way_is_not_known(ask: Judge) -> None:
    apart: dict[str, Any] = {"way": Way.UNKNOWN, "endpoint": True, "near": (), "far": ()}
    assert ask(**apart).reason == "no-peering"
    path = replace(FilterWorld(**apart).path(), why=HIDDEN)
    for other in (replace(path, private_meant=False), replace(path, public_accepts=True)):
        assert ask(**apart, paths=(other,)).status is Status.UNKNOWN


def test_a_way_that_is_not_known_and_no_endpoint(ask: Judge) -> None:
    path = replace(FilterWorld(way=Way.UNKNOWN, endpoint=False).path(), why=HIDDEN)
    assert ask(paths=(path,)).status is Status.UNKNOWN


def test_an_endpoint_out_of_sight_is_judged_by_its_addresses(ask: Judge) -> None:
    unseen = {"private_endpoints": items({ENDPOINT: Denied("Microsoft.Network/privateEndpoints/read", ENDPOINT)})}
    assert ask(overrides=unseen).reason == "connected"
    assert ask(overrides=unseen, near=()).status is Status.UNKNOWN
    assert ask(overrides=unseen, near=(half(HUB, "Disconnected"),)).status is Status.UNKNOWN
    some = half(HUB, complete_networks=False, local_subnets=("snet-nodes",), remote_subnets=("other",))
    assert ask(overrides=unseen, near=(some,)).status is Status.UNKNOWN
    own = replace(FilterWorld().path().hosts[0], expected=("10.10.9.5",), addresses=("10.10.9.5",))
    assert ask(overrides=unseen, near=(), hosts=(own,)).reason == "same-network"
    assert ask(peering_transit.CHECK, overrides=unseen).reason == "not-visible"


def test_the_worst_of_several_subnets_counts_with_the_pools_of_its_like(ask: Judge) -> None:
    good = FilterWorld().path()
    other = SPOKE.replace("vnet-spoke", "vnet-batch")
    place = Subnet(f"{other}/subnets/snet-batch", "snet-batch", ("10.50.0.0/24",))
    bad = replace(good, where=NodeSubnet(place.id, other, ("batch",)))
    batch = VirtualNetwork(other, "vnet-batch", "rg-app", "s", "westeurope", ("10.50.0.0/16",), subnets=(place,))
    verdict = ask(paths=(good, bad), networks={other: batch})
    named = verdict.values
    assert (verdict.reason, named["pools"], named["network"]) == ("no-peering", "batch", "vnet-batch")
    assert {one.value for one in verdict.evidence if one.label == "node-subnet"} == {
        one.value for path in (good, bad) for one in subnets((path,))
    }


def spokes(near: Any = None, far: Any = None, hub: Any = None) -> dict[str, Any]:
    """Two spokes of one hub."""
    middle = VirtualNetwork(
        MIDDLE,
        "vnet-middle",
        "rg-hub",
        "s",
        "westeurope",
        ("10.200.0.0/16",),
        peerings=(half(SPOKE, remote_network_id=SPOKE), half(HUB, remote_network_id=HUB)),
    )
    return {
        "near": (near or half(MIDDLE, remote_prefixes=("10.200.0.0/16",)),),
        "far": (far or half(MIDDLE, name="shared-to-middle", remote_prefixes=("10.200.0.0/16",)),),
        "networks": {MIDDLE: hub or middle},
    }


TO_FIREWALL = (Route("to-hub", "10.0.2.0/24", "VirtualAppliance", FIREWALL),)


def test_a_hub_carries_what_a_route_sends_there(ask: Judge) -> None:
    assert ask(**spokes(), routes=TO_FIREWALL).reason == "through-hub"
    assert ask(peering_transit.CHECK, **spokes(), routes=TO_FIREWALL).reason == "routed"


def test_a_hub_without_a_route_carries_nothing(ask: Judge) -> None:
    assert ask(**spokes()).status is Status.NOT_APPLICABLE
    verdict = ask(peering_transit.CHECK, **spokes())
    assert (verdict.reason, verdict.certainty) == ("no-route", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["create-peering"]


def test_the_route_goes_where_other_routes_go(ask: Judge) -> None:
    elsewhere = (Route("on-premises", "192.168.0.0/16", "VirtualAppliance", FIREWALL),)
    verdict = ask(peering_transit.CHECK, **spokes(), routes=elsewhere)
    assert [fix.key for fix in verdict.fixes] == ["route-through-hub", "create-peering"]
    assert verdict.fixes[0].values["appliance"] == FIREWALL
    assert {one["address"] for one in verdict.fixes[0].each} == {"10.0.2.5", "10.0.2.4"}


def test_a_route_that_drops_is_another_checks_business(ask: Judge) -> None:
    dropped = (Route("closed", "10.0.2.0/24", "None"),)
    assert ask(peering_transit.CHECK, **spokes(), routes=dropped).reason == "dropped"


def test_a_hub_whose_peering_is_broken(ask: Judge) -> None:
    broken = spokes(near=half(MIDDLE, "Disconnected", remote_prefixes=("10.200.0.0/16",)))
    verdict = ask(peering_transit.CHECK, **broken, routes=TO_FIREWALL)
    assert (verdict.reason, verdict.values["spoke"]) == ("hub-link", "vnet-spoke")
    assert key(verdict) == "recreate-peering"


def test_peerings_that_take_no_forwarded_traffic(ask: Judge) -> None:
    closed = half(MIDDLE, name="shared-to-middle", allows_forwarded=False, id=f"{HUB}/virtualNetworkPeerings/x")
    verdict = ask(peering_transit.CHECK, **spokes(far=closed), routes=TO_FIREWALL)
    assert (verdict.reason, key(verdict)) == ("not-forwarded", "forward-over-peering")
    assert [one["half_name"] for one in verdict.fixes[0].each] == ["vnet-hub"]


def test_a_route_table_that_cannot_be_read_leaves_it_open(ask: Judge) -> None:
    hidden = {"route_tables": Denied("Microsoft.Network/routeTables/read", NODES)}
    for check in (peering.CHECK, peering_transit.CHECK):
        assert ask(check, **spokes(), routes=TO_FIREWALL, overrides=hidden).status is Status.UNKNOWN
    assert ask(overrides=hidden, routes=TO_FIREWALL).reason == "connected"


def test_the_far_side_of_a_routed_way_has_to_be_seen(ask: Judge) -> None:
    world = spokes()
    world["networks"] = {**world["networks"], HUB: HIDDEN}
    assert ask(peering_transit.CHECK, **world, routes=TO_FIREWALL).status is Status.UNKNOWN


def test_virtual_wan_is_said_to_be_out_of_sight(ask: Judge) -> None:
    wan = HUB.replace("vnet-hub", "HV_hub-we_1")
    attached = {"near": (half(wan),), "far": (half(wan),)}
    verdict = ask(peering_transit.CHECK, **attached)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "virtual-wan")
    assert ask(**attached).reason == "through-hub"


def test_an_endpoint_that_is_gone_is_not_judged(ask: Judge) -> None:
    gone = {"private_endpoints": items({ENDPOINT: Missing(ENDPOINT)})}
    assert ask(overrides=gone, near=()).reason == "missing-resource"


@pytest.mark.parametrize(("waits", "status"), [(True, Status.FAIL), (False, Status.NOT_APPLICABLE)])
def test_what_an_endpoint_that_waits_for_approval_will_need(ask: Judge, waits: bool, status: Status) -> None:
    path = replace(FilterWorld(way=Way.NONE, endpoint=True).path(), waits=waits)
    assert ask(paths=(path,), near=(), far=()).status is status
    denied = ask(nsg_aks.CHECK, paths=(path,), node_rules=(rule(destination="10.0.2.0/24"),))
    assert (denied.status is Status.FAIL) is waits
