"""Which networks are read, and which are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import GROUPS, SUBSCRIPTION, body, connect, refused
from collect_networks import (
    ENDPOINT,
    HUB,
    NODES,
    SIDE,
    SPOKE,
    WHERE,
    endpoint,
    items,
    network,
    network_body,
    network_id,
)

from core.collect.asking import NotRead
from core.collect.clusters import to_cluster
from core.collect.holders import holder_of
from core.collect.networks import endpoint_networks, managed_networks, networks, node_networks, node_subnets
from core.facts.cluster import AgentPool
from core.facts.fact import Denied, Known, Missing
from core.facts.items import Items
from core.facts.networks import NodeSubnet

CLUSTER = replace(
    to_cluster(body("managedClusters", "msi-01")),
    subscription_id=SUBSCRIPTION,
    node_resource_group="MC_app",
    agent_pools=(AgentPool("sys", "VirtualMachineScaleSets"),),
)
MADE = network_id("virtualNetworks", "aks-vnet-1", f"{GROUPS}/MC_app")


def in_subnets(*subnet_ids):
    pools = (AgentPool(f"p{number}", "x", subnet_id=id_) for number, id_ in enumerate(subnet_ids))
    return replace(CLUSTER, agent_pools=tuple(pools))


def names(answers):
    """The names of the networks that were asked for."""
    return sorted(url.partition("?")[0].rpartition("/")[2] for url in answers.urls())


def test_the_network_that_aks_made():
    made = network_body(MADE, ["10.224.0.0/12"], subnets=[("aks-apiserver", {}), ("AKS-subnet", {})])
    azure, answers = connect({"GET /virtualnetworks?": {"value": [made]}})
    found = managed_networks(azure, CLUSTER)
    assert "/resourceGroups/MC_app/" in answers.urls()[0]
    where = node_subnets(azure, CLUSTER, found)
    assert where == (NodeSubnet(f"{MADE}/subnets/AKS-subnet", MADE, ("sys",)),)
    assert node_networks(azure, where, found) == items(*found)
    assert len(answers.asked) == 1


def test_a_cluster_that_shows_no_pools_has_its_nodes_there_too():
    azure, answers = connect({"GET /virtualnetworks?": {"value": [network_body(MADE, [], subnets=[("other", {})])]}})
    automatic = replace(CLUSTER, agent_pools=())
    assert node_subnets(azure, automatic, managed_networks(azure, automatic)) == (
        NodeSubnet(f"{MADE}/subnets/other", MADE, ()),
    )
    assert len(answers.asked) == 1


def test_subnets_of_ones_own_are_taken_from_the_pools():
    azure, answers = connect({})
    cluster = in_subnets(NODES, f"{SPOKE}/subnets/more", NODES.upper())
    assert managed_networks(azure, cluster) == ()
    assert node_subnets(azure, cluster, ()) == (
        NodeSubnet(NODES, SPOKE, ("p0", "p2")),
        NodeSubnet(f"{SPOKE}/subnets/more", SPOKE, ("p1",)),
    )
    assert answers.asked == []


def test_a_pool_without_nodes_counts_only_where_none_has_any():
    empty = AgentPool("empty", "VirtualMachineScaleSets", count=0, subnet_id=f"{HUB}/subnets/a")
    stopped = AgentPool(
        "off", "VirtualMachineScaleSets", count=2, power_state="Stopped", subnet_id=f"{HUB}/subnets/b"
    )
    usr = AgentPool("usr", "VirtualMachineScaleSets", count=2, subnet_id=f"{SPOKE}/subnets/nodes")
    cluster = replace(CLUSTER, agent_pools=(empty, stopped, usr))
    assert [one.pools for one in node_subnets(None, cluster, ())] == [("usr",)]
    asleep = replace(CLUSTER, agent_pools=(empty, stopped))
    assert [one.pools for one in node_subnets(None, asleep, ())] == [("empty",), ("off",)]


def test_an_automatic_cluster_in_a_network_of_ones_own_is_where_its_machines_are():
    automatic = replace(CLUSTER, agent_pools=())
    machine = interface({"virtualMachine": {"id": "/subscriptions/s/vm"}}, f"{SPOKE}/subnets/nodes")
    of_an_endpoint = interface({"privateEndpoint": {"id": "/subscriptions/s/pe"}}, f"{SPOKE}/subnets/pe")
    azure, answers = connect({"GET /networkinterfaces?": {"value": [of_an_endpoint, machine, machine]}})
    assert node_subnets(azure, automatic, ()) == (NodeSubnet(f"{SPOKE}/subnets/nodes", SPOKE, ()),)
    assert "/resourceGroups/MC_app/" in answers.urls()[0]


def test_a_pool_that_names_no_subnet_is_where_its_scale_set_is():
    configuration = interface({}, f"{SPOKE}/subnets/nodes")
    profile = {"networkProfile": {"networkInterfaceConfigurations": [configuration]}}
    model = {"id": "x", "name": "aks-sys", "properties": {"virtualMachineProfile": profile}}
    azure, answers = connect(
        {"GET /networkinterfaces?": {"value": []}, "GET /virtualmachinescalesets?": {"value": [model]}}
    )
    assert node_subnets(azure, CLUSTER, ()) == (NodeSubnet(f"{SPOKE}/subnets/nodes", SPOKE, ("sys",)),)
    assert len(answers.asked) == 2


def interface(properties, subnet):
    configurations = [{"name": "ipconfig", "properties": {"subnet": {"id": subnet}}}]
    return {"id": "x", "name": "nic", "properties": {**properties, "ipConfigurations": configurations}}


def test_no_network_is_missing():
    azure, _ = connect({"GET /networkinterfaces?": {"value": []}, "GET /virtualmachinescalesets?": {"value": []}})
    for cluster in (CLUSTER, in_subnets("nonsense")):
        with pytest.raises(NotRead) as caught:
            node_subnets(azure, cluster, ())
        assert isinstance(caught.value.outcome, Missing)
    assert managed_networks(azure, replace(CLUSTER, node_resource_group=None)) == ()


def test_each_network_of_the_nodes_has_an_outcome_of_its_own():
    routes = {"GET /virtualnetworks/spoke?": network_body(SPOKE, ["10.10.0.0/16"])}
    routes["GET /virtualnetworks/side?"] = refused("x/read", SIDE)
    azure, answers = connect(routes)
    where = (*WHERE, NodeSubnet(f"{SPOKE.upper()}/subnets/b", SPOKE.upper(), ()), NodeSubnet(f"{SIDE}/s/t", SIDE, ()))
    found = node_networks(azure, where, ())
    assert isinstance(found.get(SPOKE), Known)
    assert found.get(SIDE) == Denied("x/read", SIDE)
    assert names(answers) == ["side", "spoke"]


def far(number):
    """An endpoint in a network that has nothing to do with the nodes."""
    return endpoint(f"{ENDPOINT}{number}", f"{SIDE}{number}/subnets/s")


@pytest.mark.parametrize(
    ("near", "peers", "asked"),
    [
        ([endpoint(subnet=f"{SPOKE}/subnets/pe")], [], []),
        ([endpoint(subnet=f"{HUB}/subnets/pe")], [(HUB, [])], ["hub"]),
        ([endpoint(subnet=f"{HUB}/subnets/pe")], [], ["hub", "side1", "side2"]),
        ([endpoint(subnet=f"{HUB}/subnets/pe", status="Pending")], [(HUB, [])], ["hub", "side1", "side2"]),
        ([], [], ["side1", "side2"]),
    ],
)
def test_networks_of_far_endpoints_are_read_only_where_no_other_serves(near, peers, asked):
    azure, answers = connect({"GET /virtualnetworks/": refused()})
    here = items(network(peers=peers))
    found = endpoint_networks(azure, here, Known(items(*near, far(1), far(2))))
    assert names(answers) == asked
    assert all(isinstance(one, Denied) for one in found.by_id.values())


def test_endpoints_that_are_not_known_have_no_networks():
    azure, answers = connect({})
    assert endpoint_networks(azure, items(network()), Missing("x")) == Items()
    assert answers.asked == []


def test_the_hub_between_is_read_and_none_of_its_peers():
    many = [(f"{SIDE}{number}", [f"10.{number}.0.0/16"]) for number in range(100, 600)]
    routes = {"GET /virtualnetworks/hub?": network_body(HUB, ["10.0.0.0/16"], peerings=many)}
    azure, answers = connect(routes)
    here = items(network(peers=[(HUB.upper(), []), (f"{SPOKE}2", [])]))
    there = items(network(SIDE, [], peers=[(HUB, []), (f"{SPOKE}3", [])]))
    found = networks(azure, here, there, ())
    assert len(found.get(HUB).value.peerings) == 500
    assert set(found.by_id) == {SPOKE.lower(), SIDE.lower(), HUB.lower()}
    assert len(answers.asked) == 1


def test_peers_have_no_hub_between_them():
    azure, answers = connect({})
    here = items(network(peers=[(HUB, []), (SIDE, [])]))
    networks(azure, here, items(network(SIDE, [], peers=[(HUB, [])])), ())
    assert answers.asked == []


def test_the_peers_that_hold_a_dns_server_or_a_next_hop_are_read():
    azure, answers = connect({"GET /virtualnetworks/": refused()})
    virtual_hub = network_id("virtualNetworks", "HV_hub1_5e0c")
    peers = [(HUB, ["10.0.0.0/16"]), (SIDE, ["10.30.0.0/16"]), (virtual_hub, ["10.40.0.0/16"])]
    here = items(network(peers=peers, dns=["10.0.0.4", "168.63.129.16", "10.10.0.5"]))
    networks(azure, here, Items(), ("10.30.0.4", "10.40.0.4", "10.99.0.4"))
    assert names(answers) == ["hub", "side"]


def test_who_holds_an_address():
    here = network(peers=[(HUB, ["10.0.0.0/16"]), (SIDE, ["10.10.0.0/16"])])
    assert holder_of("10.10.0.4", (here,)) == SPOKE
    assert holder_of("10.0.3.4", (here,)) == HUB
    assert holder_of("8.8.8.8", (here,)) is None
    later = replace(here.peerings[0], remote_prefixes_now=("10.5.0.0/16",))
    assert holder_of("10.5.0.1", (replace(here, peerings=(later,)),)) == HUB
