"""How the nodes of each subnet leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import bodies, body, connect, refused
from collect_networks import FIREWALL, NAT, NODES, SPOKE, TABLE, WHERE, firewall, items, network, network_id, table

from core.collect.clusters import to_cluster
from core.collect.egress import READ_NAT_GATEWAYS, as_range, egress
from core.collect.registries import to_registry
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Denied, Known, Missing
from core.facts.items import Items
from core.facts.networks import NodeSubnet
from core.facts.registry import Replica
from core.facts.routing import HopKind, NextHop
from core.network.host_names import region_key

CLUSTER = to_cluster(body("managedClusters", "msi-byovnet-02"))
REGISTRY = to_registry(body("registries", "identity-01"))
(OWN,) = CLUSTER.network.outbound_address_ids
PREFIX = network_id("publicIPPrefixes", "p")
ADDRESS = {"id": OWN, "properties": {"ipAddress": "20.1.2.3"}}
ALONE = Known(())
"""The list of copies of a registry without any."""

HOP = "10.0.1.4"
DEFAULT = ("0.0.0.0/0", "VirtualAppliance", HOP)
THROUGH_FIREWALL = Items({HOP: Known(NextHop(HOP, HopKind.FIREWALL, FIREWALL))})


def outbound(kind, **fields):
    return replace(CLUSTER, network=replace(CLUSTER.network, outbound_type=kind, **fields))


def read(cluster=CLUSTER, routes=None, *, subnet=None, tables=(), where=WHERE, copies=ALONE, **facts):
    azure, answers = connect(routes or {})
    networks = items(network(subnets=[(NODES, subnet or {})]))
    given = {"next_hops": Items(), "firewalls": Items(), "scale_sets": Known(())} | facts
    found = egress(azure, cluster, REGISTRY, copies, where, networks, items(*tables), **given)
    return found.get(NODES), answers


def test_the_load_balancers_addresses():
    found, answers = read(routes={"GET /publicipaddresses/": ADDRESS})
    assert found == Known(Egress(EgressKind.LOAD_BALANCER, ("20.1.2.3/32",)))
    assert len(answers.asked) == 1


def test_prefixes_and_both_address_families():
    cluster = outbound("loadBalancer", outbound_address_ids=(OWN,), outbound_prefix_ids=(PREFIX,))
    routes = {
        "GET /publicipaddresses/": {"id": OWN, "properties": {"ipAddress": "2603:1020::5"}},
        "GET /publicipprefixes/": {"id": PREFIX, "properties": {"ipPrefix": "20.9.0.0/28"}},
    }
    found, _ = read(cluster, routes)
    assert found.value.prefixes == ("2603:1020::5/128", "20.9.0.0/28")
    assert [as_range(one) for one in ("1.2.3.4", "fd00::1", "1.2.3.0/28")] == [
        "1.2.3.4/32",
        "fd00::1/128",
        "1.2.3.0/28",
    ]


@pytest.mark.parametrize("name", bodies("natGateways"))
def test_a_recorded_nat_gateway_goes_before_the_load_balancer(name):
    answer = body("natGateways", name)
    addresses = answer["properties"].get("publicIpAddresses", ())
    prefixes = answer["properties"].get("publicIpPrefixes", ())
    routes = {
        "GET /natgateways/": answer,
        "GET /publicipaddresses/": ADDRESS,
        "GET /publicipprefixes/": {"id": PREFIX, "properties": {"ipPrefix": "20.9.0.0/28"}},
    }
    found, answers = read(routes=routes, subnet={"nat_gateway_id": NAT})
    ranges = ("20.1.2.3/32",) * len(addresses) + ("20.9.0.0/28",) * len(prefixes)
    assert found == Known(Egress(EgressKind.NAT_GATEWAY, ranges))
    assert len(answers.asked) == 1 + len(ranges)


def test_a_managed_nat_gateway_tells_its_addresses_itself():
    cluster = to_cluster(body("managedClusters", "msi-natgw-03"))
    found, answers = read(cluster, {"GET /publicipaddresses/": ADDRESS}, subnet={"nat_gateway_id": NAT})
    assert found.value.kind is EgressKind.NAT_GATEWAY
    assert found.value.prefixes == ("20.1.2.3/32", "20.1.2.3/32")
    assert len(answers.asked) == len(cluster.network.outbound_address_ids) == 2


@pytest.mark.parametrize("kind", ["loadBalancer", "managedNATGateway", "userDefinedRouting", "none"])
def test_a_default_route_to_a_firewall_goes_before_everything(kind):
    subnet = {"route_table_id": TABLE, "nat_gateway_id": NAT}
    facts = {"next_hops": THROUGH_FIREWALL, "firewalls": items(firewall())}
    for routes in ([DEFAULT], [("0.0.0.0/1", *DEFAULT[1:]), ("128.0.0.0/1", *DEFAULT[1:])]):
        found, answers = read(outbound(kind), subnet=subnet, tables=[table(*routes)], **facts)
        assert found == Known(Egress(EgressKind.FIREWALL, ("20.1.1.1/32",)))
        assert answers.asked == []


@pytest.mark.parametrize(
    ("route", "wanted"),
    [
        (("0.0.0.0/0", "VirtualNetworkGateway", None), Known(Egress(EgressKind.GATEWAY))),
        (("0.0.0.0/0", "None", None), Known(Egress(EgressKind.NONE))),
        (("0.0.0.0/0", "Internet", None), Known(Egress(EgressKind.DEFAULT))),
        (("0.0.0.0/1", "VirtualAppliance", HOP), Known(Egress(EgressKind.DEFAULT))),
        (("10.0.0.0/8", "VirtualAppliance", HOP), Known(Egress(EgressKind.DEFAULT))),
        (("0.0.0.0/0", "VirtualAppliance", "10.9.9.9"), Known(Egress(EgressKind.APPLIANCE))),
        (("0.0.0.0/0", "virtualappliance", "10.8.8.8"), Denied("x/read", "/s")),
    ],
)
def test_where_a_default_route_leads(route, wanted):
    hops = Items({"10.9.9.9": Known(NextHop("10.9.9.9", HopKind.NOTHING)), "10.8.8.8": Denied("x/read", "/s")})
    subnet = {"route_table_id": TABLE}
    found, _ = read(outbound("userDefinedRouting"), subnet=subnet, tables=[table(route)], next_hops=hops)
    assert found == wanted


def test_a_route_for_the_registrys_tag_goes_before_a_default_route():
    """Only a tag that surely holds the registry: with copies elsewhere, none of one region does."""
    region = region_key(REGISTRY.location)
    copy = Known((Replica("r", "elsewhere", "Succeeded", "Ready", True),))
    for tag, copies, wanted in (
        (f"AzureContainerRegistry.{region}", Known(()), EgressKind.DEFAULT),
        ("AzureContainerRegistry", copy, EgressKind.DEFAULT),
        ("AzureCloud", Known(()), EgressKind.DEFAULT),
        (f"AzureContainerRegistry.{region}", copy, EgressKind.FIREWALL),
        ("AzureContainerRegistry.elsewhere", Known(()), EgressKind.FIREWALL),
        ("Storage", Known(()), EgressKind.FIREWALL),
    ):
        found, _ = read(
            outbound("userDefinedRouting"),
            subnet={"route_table_id": TABLE},
            tables=[table(DEFAULT, (tag, "Internet", None))],
            next_hops=THROUGH_FIREWALL,
            firewalls=items(firewall()),
            copies=copies,
        )
        assert found.value.kind is wanted, (tag, copies)


def test_no_way_out():
    closed = {"default_outbound_access": False}
    for kind in ("none", "block", "userAssignedNATGateway"):
        assert read(outbound(kind))[0] == Known(Egress(EgressKind.NONE))
    assert read(outbound("userDefinedRouting"), subnet=closed)[0] == Known(Egress(EgressKind.NONE))


def test_what_could_not_be_read_leaves_the_way_open():
    refusal = refused(READ_NAT_GATEWAYS, NAT)
    found, _ = read(routes={"GET /natgateways/": refusal}, subnet={"nat_gateway_id": NAT})
    assert found == Denied(READ_NAT_GATEWAYS, NAT)
    found, _ = read(routes={"GET /publicipaddresses/": refused("x/read", OWN)})
    assert found == Denied("x/read", OWN)
    assert read(subnet={"route_table_id": TABLE})[0] == Missing(TABLE)
    elsewhere = (NodeSubnet(f"{SPOKE}/subnets/gone", SPOKE, ()),)
    azure, _ = connect({})
    found = egress(
        azure, CLUSTER, REGISTRY, Known(()), elsewhere, items(network()), Items(), Items(), Items(), Known(())
    )
    assert found.get(f"{SPOKE}/subnets/gone") == Missing(f"{SPOKE}/subnets/gone")
    hidden = firewall(public_addresses=Denied("x/read", "/ip"))
    facts = {"next_hops": THROUGH_FIREWALL, "firewalls": items(hidden)}
    found, _ = read(subnet={"route_table_id": TABLE}, tables=[table(DEFAULT)], **facts)
    assert found == Denied("x/read", "/ip")


def test_addresses_that_subnets_share_are_read_once():
    azure, answers = connect({"GET /publicipaddresses/": ADDRESS})
    where = (*WHERE, NodeSubnet(f"{SPOKE}/subnets/b", SPOKE, ()))
    networks = items(network(subnets=[(NODES, {}), (f"{SPOKE}/subnets/b", {})]))
    found = egress(azure, CLUSTER, REGISTRY, Known(()), where, networks, Items(), Items(), Items(), Known(()))
    assert len(list(found.known())) == 2
    assert len(answers.asked) == 1
