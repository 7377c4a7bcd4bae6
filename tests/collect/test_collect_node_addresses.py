"""Nodes that leave from public addresses of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import GROUPS, body, connect, refused
from collect_networks import NAT, NODES, SPOKE, items, network, network_id

from core.collect.clusters import to_cluster
from core.collect.egress import egress
from core.collect.node_addresses import READ_NODE_ADDRESSES, node_addresses
from core.collect.registries import to_registry
from core.facts.egress import Egress, EgressKind, leaving
from core.facts.fact import Denied, Known
from core.facts.items import Items
from core.facts.networks import NodeSubnet, ScaleSet

CLUSTER = to_cluster(body("managedClusters", "msi-byovnet-02"))
REGISTRY = to_registry(body("registries", "identity-01"))
(OWN,) = CLUSTER.network.outbound_address_ids
LISTED = body("vmssPublicIPAddresses", "vmss-public-ip-01")
ADDRESSES = ("13.83.48.83/32", "13.83.55.133/32", "13.83.49.227/32", "13.83.48.103/32")
PREFIX = network_id("publicIPPrefixes", "p")
USR = ScaleSet("usr", "aks-usr-1-vmss", (), 4, public_addresses=True)
SYS = ScaleSet("sys", "aks-sys-1-vmss", (), 1)
ROUTES = {
    "GET /virtualmachinescalesets/aks-usr-1-vmss/publicipaddresses": LISTED,
    "GET /publicipprefixes/": {"id": PREFIX, "properties": {"ipPrefix": "20.9.0.0/28"}},
    f"GET {OWN}": {"id": OWN, "properties": {"ipAddress": "20.1.2.3"}},
}


def cluster(outbound="loadBalancer", **pools):
    """A cluster whose pools have these fields."""
    pool = CLUSTER.agent_pools[0]
    return replace(
        CLUSTER,
        network=replace(CLUSTER.network, outbound_type=outbound),
        agent_pools=tuple(replace(pool, name=name, **fields) for name, fields in pools.items()),
    )


ALL_OWN = {"usr": {"node_public_address": True}}
MIXED = {**ALL_OWN, "sys": {}}


def read(asking, *, scale_sets=(USR, SYS), subnet=None, routes=None):
    azure, answers = connect(ROUTES if routes is None else routes)
    where = (NodeSubnet(NODES, SPOKE, tuple(pool.name for pool in asking.agent_pools)),)
    sets = scale_sets if isinstance(scale_sets, Denied) else Known(scale_sets)
    networks = items(network(subnets=[(NODES, subnet or {})]))
    found = egress(azure, asking, REGISTRY, Known(()), where, networks, Items(), Items(), Items(), sets)
    ways = {tuple(one.pools): way for one, way in leaving(Known(found), where[0])}
    return ways.pop(where[0].pools, ways), [one.url.lower() for one in answers.asked]


@pytest.mark.parametrize("outbound", ["loadBalancer", "none", "userDefinedRouting"])
def test_addresses_of_the_nodes_own_go_before_the_load_balancer(outbound):
    found, asked = read(cluster(outbound, **ALL_OWN))
    assert found == Known(Egress(EgressKind.NODE_ADDRESSES, ADDRESSES))
    (url,) = asked
    assert "/virtualmachinescalesets/aks-usr-1-vmss/publicipaddresses?" in url
    assert not found.value.steady
    assert found.value.of_nodes


def test_a_nat_gateway_goes_before_them_and_nothing_is_asked():
    gateway = {"id": NAT, "properties": {"publicIpAddresses": [{"id": OWN}]}}
    routes = {"GET /natgateways/": gateway, f"GET {OWN}": ROUTES[f"GET {OWN}"]}
    found, asked = read(cluster(**ALL_OWN), subnet={"nat_gateway_id": NAT}, routes=routes)
    assert found == Known(Egress(EgressKind.NAT_GATEWAY, ("20.1.2.3/32",)))
    assert not [url for url in asked if "virtualmachinescalesets" in url]


def test_block_leaves_no_way_for_them():
    assert read(cluster("block", **ALL_OWN)) == (Known(Egress(EgressKind.NONE)), [])


def test_a_pool_without_them_in_the_same_subnet_leaves_through_the_load_balancer():
    own = {("usr",): Known(Egress(EgressKind.NODE_ADDRESSES, ADDRESSES))}
    found, _ = read(cluster(**MIXED))
    assert found == {**own, ("sys",): Known(Egress(EgressKind.LOAD_BALANCER, ("20.1.2.3/32",)))}
    found, _ = read(cluster("none", **MIXED))
    assert found == {**own, ("sys",): Known(Egress(EgressKind.NONE))}
    found, _ = read(cluster("userDefinedRouting", **MIXED))
    assert found == {**own, ("sys",): Known(Egress(EgressKind.DEFAULT))}
    found, _ = read(cluster(**MIXED, more={}))
    assert set(found) == {("usr",), ("sys", "more")}
    found, asked = read(cluster(sys={}))
    assert found == Known(Egress(EgressKind.LOAD_BALANCER, ("20.1.2.3/32",)))
    assert len(asked) == 1


def test_a_prefix_tells_its_range_and_no_instance_is_asked():
    own = {"usr": {"node_public_address": True, "node_prefix_id": PREFIX}}
    found, asked = read(cluster(**own))
    assert found == Known(Egress(EgressKind.NODE_PREFIX, ("20.9.0.0/28",)))
    assert found.value.steady
    assert len(asked) == 1
    loose = {**own, "sys": {"node_public_address": True}}
    sets = (USR, replace(USR, pool="sys"))
    found, _ = read(cluster(**loose), scale_sets=sets)
    assert found == {
        ("usr",): Known(Egress(EgressKind.NODE_PREFIX, ("20.9.0.0/28",))),
        ("sys",): Known(Egress(EgressKind.NODE_ADDRESSES, ADDRESSES)),
    }


def test_machines_that_stand_alone_have_theirs_on_their_interfaces():
    first, second = (network_id("publicIPAddresses", name) for name in ("m1-ip", "m2-ip"))
    routes = {
        f"GET {one}": {"id": one, "properties": {"ipAddress": address}}
        for one, address in ((first, "20.7.0.1"), (second, "20.7.0.2"))
    }
    alone = ScaleSet("usr", "m1, m2", (), 2, stand_alone=True, public_address_ids=(first, second))
    found, asked = read(cluster(**ALL_OWN), scale_sets=(alone,), routes=routes)
    assert found == Known(Egress(EgressKind.NODE_ADDRESSES, ("20.7.0.1/32", "20.7.0.2/32")))
    assert len(asked) == 2
    hidden = Denied("Microsoft.Network/networkInterfaces/read", "/group")
    unseen = replace(alone, public_address_ids=(), interfaces_unread=hidden)
    found, asked = read(cluster(**ALL_OWN), scale_sets=(unseen,))
    assert (found, asked) == (hidden, [])


def test_what_may_not_be_read():
    set_id = f"{GROUPS}/x/providers/Microsoft.Compute/virtualMachineScaleSets/aks-usr-1-vmss"
    routes = {"GET /publicipaddresses": refused(READ_NODE_ADDRESSES, set_id)}
    found, _ = read(cluster(**ALL_OWN), routes=routes)
    assert isinstance(found, Denied)
    assert found.action == READ_NODE_ADDRESSES
    hidden = Denied("Microsoft.Compute/virtualMachineScaleSets/read", "/group")
    assert read(cluster(**ALL_OWN), scale_sets=hidden) == (hidden, [])
    found, _ = read(cluster(sys={}), scale_sets=hidden)
    assert found.value.kind is EgressKind.LOAD_BALANCER


@pytest.mark.parametrize("sets", [(), (SYS,), (replace(USR, public_addresses=False),)])
def test_nodes_whose_addresses_are_seen_nowhere_leave_it_open_from_where(sets):
    found, asked = read(cluster("none", **ALL_OWN), scale_sets=sets)
    assert found == Known(Egress(EgressKind.NODE_ADDRESSES))
    assert asked == []
    both = {**ALL_OWN, "sys": {"node_public_address": True}}
    apart, _ = read(cluster("none", **both), scale_sets=(*sets, replace(USR, pool="sys")))
    assert apart[("usr",)] == (Known(Egress(EgressKind.NODE_ADDRESSES)) if SYS not in sets else found)


def test_an_address_that_is_not_given_yet_is_left_out_and_names_are_compared_as_azure_does():
    listed = {"value": [{"id": "/x", "properties": {}}, LISTED["value"][0]]}
    azure, _ = connect({"GET /publicipaddresses": listed})
    found = node_addresses(azure, CLUSTER, Known((replace(USR, pool="Usr"),)), ["usr"])
    assert found.get("USR") == Known(("13.83.48.83",))
