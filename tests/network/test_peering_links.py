"""Two networks and what is between them: halves of a peering, a hub, nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.facts.fact import Denied, Known
from core.facts.items import Items
from core.facts.networks import Peering, Subnet, VirtualNetwork
from core.facts.routing import Route
from core.network.next_hop import Hop, HopType
from core.network.peering import Link, Side, halves, hubs, link, stale
from core.network.transit import Transit, crossing

NET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks"
SPOKE, OTHER, HUB = f"{NET}/vnet-spoke", f"{NET}/vnet-other", f"{NET}/vnet-hub"
SPACES = {SPOKE: "10.10.0.0/16", OTHER: "10.40.0.0/16", HUB: "10.0.0.0/16"}
FIREWALL = "10.0.1.4"


def half(remote: str, state: str = "Connected", **more: object) -> Peering:
    name = f"to-{remote.rpartition('/')[2]}"
    made = Peering(f"{remote}/half", name, remote, state, "FullyInSync", True, True, False, (SPACES[remote],))
    return replace(made, **more)  # type: ignore[arg-type]


def network(own: str, *peerings: Peering, subnets: tuple[Subnet, ...] = ()) -> VirtualNetwork:
    name = own.rpartition("/")[2]
    return VirtualNetwork(own, name, "rg", "s", "westeurope", (SPACES[own],), subnets=subnets, peerings=peerings)


def side(own: VirtualNetwork | str, *prefixes: str, subnet: str = "") -> Side:
    return Side(own, None, prefixes, subnet) if isinstance(own, str) else Side(own.id, own, prefixes, subnet)


@pytest.mark.parametrize(
    ("near", "far", "found"),
    [
        ("Connected", "Connected", Link.CONNECTED),
        ("Connected", None, Link.HALF_MISSING),
        ("Initiated", None, Link.HALF_MISSING),
        (None, "Initiated", Link.HALF_MISSING),
        ("Disconnected", None, Link.DISCONNECTED),
        (None, "disconnected", Link.DISCONNECTED),
        ("Connected", "Disconnected", Link.DISCONNECTED),
        ("Initiated", "Connected", Link.DISCONNECTED),
        (None, None, Link.NONE),
    ],
)
def test_two_halves_that_can_both_be_read(near: str | None, far: str | None, found: Link) -> None:
    here = network(SPOKE, *((half(OTHER, near),) if near else ()))
    there = network(OTHER, *((half(SPOKE, far),) if far else ()))
    assert link(side(here), side(there)) is found
    assert link(side(there), side(here)) is found


@pytest.mark.parametrize(
    ("state", "found"),
    [("Connected", Link.CONNECTED), ("Initiated", Link.HALF_MISSING), ("Disconnected", Link.DISCONNECTED)],
)
def test_one_half_vouches_for_the_other(state: str, found: Link) -> None:
    here = side(network(SPOKE, half(OTHER, state)))
    assert link(here, side(OTHER)) is found
    assert link(side(OTHER), here) is found


def test_one_network_needs_no_peering() -> None:
    assert link(side(network(SPOKE)), side(SPOKE.upper())) is Link.SAME


def test_access_that_one_half_does_not_allow() -> None:
    here, there = network(SPOKE, half(OTHER)), network(OTHER, half(SPOKE, allows_access=False))
    assert link(side(here), side(there)) is Link.ACCESS_OFF


@pytest.mark.parametrize("level", ["LocalNotInSync", "RemoteNotInSync", "LocalAndRemoteNotInSync"])
def test_a_range_that_a_half_does_not_know(level: str) -> None:
    old = half(OTHER, sync_level=level)
    here, there = network(SPOKE, old), network(OTHER, half(SPOKE))
    assert link(side(here), side(there, "10.41.2.5")) is Link.OUT_OF_SYNC
    assert link(side(here), side(there, "10.40.2.5")) is Link.CONNECTED
    assert stale(old, side(there, "10.41.2.5"))
    assert not stale(replace(old, sync_level="FullyInSync"), side(there, "10.41.2.5"))
    assert not stale(replace(old, remote_prefixes=()), side(there, "10.41.2.5"))


def test_nodes_in_a_range_that_the_other_half_does_not_know() -> None:
    here, there = network(SPOKE, half(OTHER)), network(OTHER, half(SPOKE, sync_level="LocalNotInSync"))
    assert link(side(here, "10.11.0.0/24"), side(there)) is Link.OUT_OF_SYNC


def test_a_peering_of_subnets_has_to_name_both() -> None:
    some = half(OTHER, complete_networks=False, local_subnets=("snet-nodes",), remote_subnets=("SNET-PE",))
    here, there = network(SPOKE, some), network(OTHER, half(SPOKE))
    assert link(side(here, subnet="snet-nodes"), side(there, subnet="snet-pe")) is Link.CONNECTED
    assert link(side(here, subnet="snet-usr"), side(there, subnet="snet-pe")) is Link.SUBNETS_LEFT_OUT
    assert link(side(here, subnet="snet-nodes"), side(there, subnet="snet-more")) is Link.SUBNETS_LEFT_OUT


def test_of_two_halves_to_one_network_the_connected_one_counts() -> None:
    here = side(network(SPOKE, half(OTHER, "Disconnected"), half(OTHER)))
    found = halves(here, side(OTHER)).near
    assert found is not None
    assert found.state == "Connected"


def spokes(
    near: Peering | None = None, far: Peering | None = None, hub: bool = True
) -> tuple[Side, Side, Items[VirtualNetwork]]:
    here = network(SPOKE, *((near or half(HUB),) if hub else ()))
    there = network(OTHER, *((far or half(HUB),) if hub else ()))
    middle = network(HUB, half(SPOKE), half(OTHER))
    networks = [here, there, *((middle,) if hub else ())]
    items = Items({one.id.lower(): Known(one) for one in networks})
    return side(here, "10.10.0.0/22"), side(there, "10.40.2.5"), items


def to(kind: HopType, address: str | None = None, user: bool = True) -> tuple[Hop, ...]:
    route = Route("r", "0.0.0.0/0", kind.value, address) if user else None
    return (Hop(kind, "0.0.0.0/0", route),)


NOWHERE = to(HopType.UNROUTED, user=False)
THROUGH = to(HopType.APPLIANCE, FIREWALL)


def test_a_shared_hub_is_found_by_the_halves_of_either_side() -> None:
    near, far, items = spokes()
    assert [one.network_id for one in hubs(near, far, items)] == [HUB]
    alone = Items({SPOKE.lower(): items.get(SPOKE), OTHER.lower(): items.get(OTHER), HUB.lower(): Denied("r", "s")})
    (unread,) = hubs(near, far, alone)
    assert unread.network is None
    assert unread.prefixes == ("10.0.0.0/16",)


@pytest.mark.parametrize(
    ("hops", "hub", "found"),
    [
        (NOWHERE, False, Transit.NO_HUB),
        (NOWHERE, True, Transit.NO_ROUTE),
        (to(HopType.INTERNET, user=False), True, Transit.NO_ROUTE),
        (to(HopType.NONE), True, Transit.DROPPED),
        (to(HopType.INTERNET), True, Transit.DROPPED),
        (THROUGH, True, Transit.ROUTED),
        (THROUGH, False, Transit.NO_HUB),
        (to(HopType.APPLIANCE, "10.99.1.4"), True, Transit.ROUTED),
    ],
)
def test_what_routes_make_of_a_hub(hops: tuple[Hop, ...], hub: bool, found: Transit) -> None:
    near, far, items = spokes(hub=hub)
    assert crossing(near, far, items, hops).transit is found


def test_a_gateway_may_know_a_way() -> None:
    near, far, items = spokes(hub=False)
    found = crossing(near, far, items, to(HopType.GATEWAY, user=False))
    assert (found.transit, found.gateway) == (Transit.NO_HUB, True)


@pytest.mark.parametrize("where", ["near", "far"])
def test_a_broken_peering_with_the_hub(where: str) -> None:
    near, far, items = spokes(**{where: half(HUB, "Disconnected")})  # type: ignore[arg-type]
    found = crossing(near, far, items, THROUGH)
    assert found.transit is Transit.HUB_LINK
    assert found.broken is not None
    assert found.broken[0] is (near if where == "near" else far)


def test_forwarded_traffic_has_to_pass_on_both_sides() -> None:
    near, far, items = spokes(half(HUB, allows_forwarded=False), half(HUB, allows_forwarded=False))
    found = crossing(near, far, items, THROUGH)
    assert found.transit is Transit.NOT_FORWARDED
    assert len(found.closed) == 2


def test_virtual_wan_is_nothing_that_can_be_seen() -> None:
    inside = f"{NET}/HV_hub-we_1"
    wan = half(HUB, remote_network_id=inside)
    near, far, items = spokes(wan, wan)
    assert crossing(near, far, items, NOWHERE).transit is Transit.VIRTUAL_WAN
    assert crossing(near, side(OTHER, "10.40.2.5"), items, NOWHERE).transit is Transit.VIRTUAL_WAN
    assert crossing(near, side(network(OTHER), "10.40.2.5"), Items(), NOWHERE).transit is Transit.NO_HUB
