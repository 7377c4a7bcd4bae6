"""Which endpoint of several the nodes are meant to use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from private_world import (
    DATA,
    ENDPOINT,
    HUB,
    LOGIN,
    REFUSED,
    SPOKE,
    SUB,
    PrivateWorld,
    connection,
    endpoint,
    endpoint_id,
    network,
    network_id,
    zone,
)

from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Known
from core.facts.networks import Peering
from core.facts.paths import Way
from core.facts.routing import Route, RouteTable

OTHER_HUB = network_id("vnet-hub-b", "rg-hub-b")


@pytest.fixture
def world() -> PrivateWorld:
    return PrivateWorld()


def far_endpoint() -> PrivateEndpoint:
    return endpoint(endpoint_id("pe-b", "rg-hub-b"), OTHER_HUB, {LOGIN: "10.8.2.5", DATA: "10.8.2.4"})


def half_to(remote: str, prefix: str, state: str = "Connected") -> Peering:
    return Peering(f"{SPOKE}/virtualNetworkPeerings/p", "p", remote, state, remote_prefixes=(prefix,))


def test_the_nearest_approved_endpoint_is_meant(world: PrivateWorld) -> None:
    world.add_endpoint(far_endpoint())
    assert world.path().endpoint_id == ENDPOINT
    own = endpoint(endpoint_id("pe-own", "rg-net"), SPOKE, {LOGIN: "10.10.9.5", DATA: "10.10.9.4"})
    # What the names lead to and can be reached stays the one that is meant.
    world.add_endpoint(own)
    assert world.path().endpoint_id == ENDPOINT
    world.set_zones(zone(links={}))
    assert world.path().endpoint_id == own.id


def test_a_waiting_endpoint_near_by_comes_before_an_approved_one_out_of_reach(world: PrivateWorld) -> None:
    world.connections = Known((connection(status="Pending"),))
    world.add_endpoint(far_endpoint())
    world.set_zones(zone(links={}))
    assert world.path().endpoint_id == ENDPOINT
    near = endpoint(endpoint_id("pe-own", "rg-net"), SPOKE, {LOGIN: "10.10.9.5"})
    world.add_endpoint(near)
    assert world.path().endpoint_id == near.id


def test_a_record_for_an_endpoint_out_of_reach_does_not_make_it_the_meant_one(world: PrivateWorld) -> None:
    world.add_endpoint(far_endpoint())
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",), "contosoreg.westeurope.data": ("10.8.2.4",)}))
    path = world.path()
    assert (path.way, path.endpoint_id) == (Way.PRIVATE, ENDPOINT)
    assert (path.login.expected, path.login.addresses) == (("10.0.2.5",), ("10.8.2.5",))


def test_a_route_through_an_appliance_brings_an_endpoint_into_reach(world: PrivateWorld) -> None:
    world.add_endpoint(far_endpoint())
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",), "contosoreg.westeurope.data": ("10.8.2.4",)}))
    fact = world.networks[SPOKE.lower()]
    assert isinstance(fact, Known)
    own, other = fact.value.subnets
    world.set_network(SPOKE, subnets=(replace(own, route_table_id="/rt"), other))
    route = Route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.1.4")
    world.route_tables = {"/rt": Known(RouteTable("/rt", "rt", "rg-net", SUB, (route,)))}
    assert world.path().endpoint_id == endpoint_id("pe-b", "rg-hub-b")


def test_what_the_names_lead_to_is_meant_while_nothing_else_is_in_reach(world: PrivateWorld) -> None:
    """A dead endpoint next door does not count against one that is reached in ways nobody sees, a virtual WAN say."""
    world.connections = Known((connection(status="Rejected"),))
    world.add_endpoint(far_endpoint())
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",)}))
    assert world.path().endpoint_id == endpoint_id("pe-b", "rg-hub-b")
    assert world.path().in_reach == ()


@pytest.mark.parametrize("status", ["Approved", "Pending"])
def test_an_address_in_reach_that_no_other_endpoint_has_is_that_of_the_unread_one(
    world: PrivateWorld, status: str
) -> None:
    second = endpoint(endpoint_id("pe-second"), HUB, {LOGIN: "10.0.2.7", DATA: "10.0.2.6"})
    world.connections = Known((connection(status=status),))
    world.set_network(SPOKE, peerings=(half_to(HUB, "10.0.0.0/16"),))
    world.add_endpoint(second)
    world.endpoints[ENDPOINT.lower()] = REFUSED
    assert (world.path().way, world.path().endpoint_id) == (Way.PRIVATE, ENDPOINT)
    world.endpoints[ENDPOINT.lower()] = Known(replace(endpoint(), addresses=REFUSED))
    assert world.path().endpoint_id == ENDPOINT
    # Nobody comes to what is in no network nearby, so it is no other endpoint's that the nodes were meant to use.
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",)}))
    world.endpoints[ENDPOINT.lower()] = REFUSED
    assert world.path().endpoint_id == second.id
    world.set_network(SPOKE, peerings=(half_to(HUB, "10.0.0.0/8", "Disconnected"),))
    assert world.path().endpoint_id == second.id


def test_an_endpoint_that_was_turned_down_has_no_address_that_counts(world: PrivateWorld) -> None:
    second = endpoint(endpoint_id("pe-second"), HUB, {LOGIN: "10.0.2.7", DATA: "10.0.2.6"})
    world.connections = Known((connection(status="Rejected"),))
    world.set_network(SPOKE, peerings=(half_to(HUB, "10.0.0.0/16"),))
    world.add_endpoint(second)
    world.endpoints[ENDPOINT.lower()] = REFUSED
    assert world.path().endpoint_id == second.id


def test_names_that_lead_out_of_reach_do_not_unseat_an_endpoint_that_cannot_be_read(world: PrivateWorld) -> None:
    world.add_endpoint(far_endpoint())
    world.endpoints[ENDPOINT.lower()] = REFUSED
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",), "contosoreg.westeurope.data": ("10.8.2.4",)}))
    assert world.path().endpoint_id == ENDPOINT


def test_a_broken_peering_does_not_make_an_endpoint_unintended(world: PrivateWorld) -> None:
    world.set_network(SPOKE, peerings=network(SPOKE, peers={HUB: "Disconnected"}).peerings)
    world.set_network(HUB, peerings=())
    path = world.path()
    assert (path.way, path.endpoint_id, path.private_meant) == (Way.PRIVATE, ENDPOINT, True)
