"""Route tables, the next hops that matter, and who has them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import bodies, body, connect, refused
from collect_networks import (
    ENDPOINTS,
    FIREWALL,
    HUB,
    HUB_SUBSCRIPTION,
    NODE_NETWORKS,
    SIDE,
    SPOKE,
    TABLE,
    WHERE,
    firewall,
    items,
    listed,
    network,
    network_id,
    table,
)

from core.collect.clusters import to_cluster
from core.collect.next_hops import READ_LOAD_BALANCERS, next_hops
from core.collect.routes import exit_networks, hop_addresses, route_tables, to_route_table
from core.facts.fact import Denied, Known, Missing
from core.facts.items import Items
from core.facts.routing import HopKind, NextHop

TABLES = {
    f"{name}-{number}": one
    for name, answer in bodies("routeTables").items()
    for number, one in enumerate(answer.get("value", [answer]))
}
APPLIANCE = "VirtualAppliance"
CLUSTER = to_cluster(body("managedClusters", "msi-01"))
HERE = items(network(peers=[(HUB, ["10.0.0.0/16"])]))
NO_FIREWALLS = Items({HUB_SUBSCRIPTION: Known(())})
NIC = network_id("networkInterfaces", "nva")
BALANCER = network_id("loadBalancers", "nva")


@pytest.mark.parametrize("name", TABLES)
def test_a_recorded_route_table_is_read(name):
    answer = TABLES[name]
    found = to_route_table(answer)
    assert (found.id, found.name) == (answer["id"], answer["name"])
    assert found.gateway_routes is not answer["properties"].get("disableBgpRoutePropagation", False)
    assert [(one.name, one.prefix, one.next_hop_type, one.next_hop_address) for one in found.routes] == [
        (
            one["name"],
            one["properties"]["addressPrefix"],
            one["properties"]["nextHopType"],
            one["properties"].get("nextHopIpAddress"),
        )
        for one in answer["properties"]["routes"]
    ]


def test_the_table_of_the_nodes_subnet_is_read_once():
    azure, answers = connect({"GET /routetables/table?": {"id": TABLE, "properties": {"routes": []}}})
    found = route_tables(azure, WHERE, NODE_NETWORKS)
    assert found.get(TABLE).value.routes == ()
    assert len(answers.asked) == 1
    assert route_tables(azure, WHERE, Items({SPOKE.lower(): Denied("x", "y")})) == Items()


def test_only_next_hops_on_the_way_to_the_registry_or_a_dns_server_matter():
    routes = table(
        ("0.0.0.0/0", APPLIANCE, "10.0.1.4"),
        ("10.244.3.0/24", APPLIANCE, "10.10.0.7"),
        ("10.30.0.0/24", APPLIANCE, "10.0.1.5"),
        ("192.168.0.0/16", APPLIANCE, "10.0.1.6"),
        ("20.0.0.0/8", APPLIANCE, "10.0.1.7"),
        ("Storage.WestEurope", "virtualappliance", "10.0.1.8"),
        ("0.0.0.0/1", APPLIANCE, "10.0.1.4"),
        ("AzureCloud", "Internet", None),
    )
    azure, answers = connect({})
    found = hop_addresses(azure, NODE_NETWORKS, items(routes), Known(ENDPOINTS))
    assert found == ("10.0.1.4", "10.0.1.5", "10.0.1.6", "10.0.1.7", "10.0.1.8")
    assert "10.0.1.5" not in hop_addresses(azure, NODE_NETWORKS, items(routes), Missing("x"))
    assert answers.asked == []


def test_nodes_that_leave_by_routes_and_have_none_may_leave_through_every_peered_network():
    azure, answers = connect({})
    to_appliance, elsewhere = (
        table(("0.0.0.0/0", APPLIANCE, "10.0.1.4")),
        table(("10.0.0.0/8", APPLIANCE, "10.0.1.4")),
    )
    by_routes = replace(CLUSTER, network=replace(CLUSTER.network, outbound_type="userDefinedRouting"))
    asked = (
        (by_routes, Items()),
        (by_routes, items(elsewhere)),
        (by_routes, items(to_appliance)),
        (CLUSTER, Items()),
    )
    found = [exit_networks(azure, cluster, WHERE, NODE_NETWORKS, tables) for cluster, tables in asked]
    assert found == [(HUB,), (HUB,), (), ()]
    assert answers.asked == []


def interface(address, at=HUB, forwards=True):
    configuration = {"properties": {"privateIPAddress": address, "subnet": {"id": f"{at}/subnets/s"}}}
    return {"id": NIC, "properties": {"enableIPForwarding": forwards, "ipConfigurations": [configuration]}}


def balancer(address, at=HUB):
    configuration = {"properties": {"privateIPAddress": address, "subnet": {"id": f"{at.upper()}/subnets/s"}}}
    return {"id": BALANCER, "properties": {"frontendIPConfigurations": [configuration]}}


def hops(*addresses, interfaces=(), balancers=(), firewalls=NO_FIREWALLS, networks=HERE):
    routes = {
        "GET /networkinterfaces?": interfaces if not isinstance(interfaces, tuple) else {"value": list(interfaces)},
        "GET /loadbalancers?": balancers if not isinstance(balancers, tuple) else {"value": list(balancers)},
    }
    azure, answers = connect(routes)
    return next_hops(azure, networks, addresses, firewalls), answers


def test_a_firewall_is_found_without_further_questions():
    found, answers = hops("10.0.1.4", firewalls=listed(firewall()))
    assert found.get("10.0.1.4") == Known(NextHop("10.0.1.4", HopKind.FIREWALL, FIREWALL, network_id=HUB))
    assert answers.asked == []


def test_a_firewall_of_the_same_address_elsewhere_is_another_one():
    found, _ = hops("10.0.1.4", firewalls=listed(firewall(at=SIDE)))
    assert found.get("10.0.1.4").value.kind is HopKind.NOTHING
    found, _ = hops("10.0.1.4", firewalls=listed(firewall(at=None)))
    assert found.get("10.0.1.4").value.kind is HopKind.FIREWALL


def test_appliances_load_balancers_and_nobody():
    found, answers = hops(
        "10.0.1.4",
        "10.0.1.5",
        "10.0.1.6",
        "10.0.1.7",
        interfaces=(interface("10.0.1.4", forwards=False), interface("10.0.1.7", at=SIDE)),
        balancers=(balancer("10.0.1.5"),),
    )
    assert found.get("10.0.1.4") == Known(NextHop("10.0.1.4", HopKind.APPLIANCE, NIC, False, HUB))
    assert found.get("10.0.1.5") == Known(NextHop("10.0.1.5", HopKind.LOAD_BALANCER, BALANCER, None, HUB))
    for address in ("10.0.1.6", "10.0.1.7"):
        assert found.get(address) == Known(NextHop(address, HopKind.NOTHING, network_id=HUB))
    assert len(answers.asked) == 2
    assert all(HUB_SUBSCRIPTION in url for url in answers.urls())


def test_an_address_that_nobody_has_comes_with_the_firewalls_of_its_network():
    found, _ = hops("10.0.1.9", firewalls=listed(firewall()))
    assert found.get("10.0.1.9").value.firewalls_there == ("10.0.1.4",)
    found, _ = hops("10.0.1.9", firewalls=listed(firewall(at=SIDE)))
    assert found.get("10.0.1.9").value.firewalls_there == ()


def test_a_refused_list_leaves_open_what_the_other_does_not_tell():
    found, _ = hops(
        "10.0.1.4",
        "10.0.1.5",
        interfaces=(interface("10.0.1.4"),),
        balancers=refused(READ_LOAD_BALANCERS, "/subscriptions/h"),
    )
    assert found.get("10.0.1.4").value.kind is HopKind.APPLIANCE
    assert found.get("10.0.1.5") == Denied(READ_LOAD_BALANCERS, "/subscriptions/h")
    denied = Items({HUB_SUBSCRIPTION: Denied("x/read", "/subscriptions/h")})
    found, _ = hops("10.0.1.5", firewalls=denied)
    assert found.get("10.0.1.5") == Denied("x/read", "/subscriptions/h")


def test_what_no_known_network_holds_is_not_seen():
    virtual_hub = network_id("virtualNetworks", "HV_hub1_5e0c")
    networks = items(network(peers=[(virtual_hub, ["10.40.0.0/16"])]))
    found, answers = hops("10.99.0.4", "10.40.0.4", networks=networks)
    assert found.get("10.99.0.4") == Known(NextHop("10.99.0.4", HopKind.NOT_SEEN))
    assert found.get("10.40.0.4") == Known(NextHop("10.40.0.4", HopKind.NOT_SEEN, network_id=virtual_hub))
    assert answers.asked == []
