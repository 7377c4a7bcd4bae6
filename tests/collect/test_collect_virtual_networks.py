"""Virtual networks: every recorded answer gives the facts that stand in it."""

from __future__ import annotations

import pytest
from collect_answers import bodies, body, connect, raw, refused
from collect_networks import SPOKE, network_body

from core.collect.asking import NotRead
from core.collect.each import taken_apart
from core.collect.virtual_networks import READ_PEERINGS, read_virtual_network, to_peering, to_subnet
from core.facts.fact import Denied

NETWORKS = bodies("virtualNetworks")
PEERINGS = [one for answer in bodies("virtualNetworkPeerings").values() for one in answer.get("value", [answer])]


def read(answer, routes=None):
    azure, answers = connect({"GET /virtualnetworks/": answer, **(routes or {})})
    return read_virtual_network(azure, taken_apart(answer["id"])), answers


@pytest.mark.parametrize("name", NETWORKS)
def test_a_recorded_network_is_read(name):
    answer = NETWORKS[name]
    properties = answer["properties"]
    lists = {"GET /virtualnetworkpeerings?": {"value": []}, "GET /subnets?": {"value": []}}
    found, answers = read(answer, lists)
    assert (found.id, found.name, found.location) == (answer["id"], answer["name"], answer["location"])
    assert found.prefixes == tuple(properties["addressSpace"]["addressPrefixes"])
    assert found.dns_servers == tuple(raw(properties, "dhcpOptions", "dnsServers") or ())
    assert [subnet.id for subnet in found.subnets] == [one["id"] for one in properties["subnets"]]
    for subnet, one in zip(found.subnets, properties["subnets"], strict=True):
        settings = one["properties"]
        assert subnet.prefixes == ((settings["addressPrefix"],) if "addressPrefix" in settings else ())
        assert subnet.security_group_id == raw(settings, "networkSecurityGroup", "id")
        assert subnet.endpoint_policies == settings.get("privateEndpointNetworkPolicies")
        assert [each.service for each in subnet.service_endpoints] == [
            each["service"] for each in settings.get("serviceEndpoints") or ()
        ]
    halves = properties.get("virtualNetworkPeerings")
    assert [peering.id for peering in found.peerings] == [one["id"] for one in halves or ()]
    assert len(answers.asked) == (2 if halves is None else 1)


@pytest.mark.parametrize("number", range(len(PEERINGS)))
def test_a_recorded_half_of_a_peering_is_read(number):
    answer = PEERINGS[number]
    properties = answer["properties"]
    found = to_peering(answer)
    assert (found.id, found.name) == (answer["id"], answer["name"])
    assert found.remote_network_id == properties["remoteVirtualNetwork"]["id"]
    assert (found.state, found.sync_level) == (properties["peeringState"], properties.get("peeringSyncLevel"))
    assert found.allows_access is properties["allowVirtualNetworkAccess"]
    assert found.allows_forwarded is properties["allowForwardedTraffic"]
    assert found.uses_remote_gateways is properties["useRemoteGateways"]
    assert found.allows_gateway_transit is properties["allowGatewayTransit"]
    assert found.remote_prefixes == tuple(raw(properties, "remoteAddressSpace", "addressPrefixes") or ())
    assert found.remote_prefixes_now == tuple(
        raw(properties, "remoteVirtualNetworkAddressSpace", "addressPrefixes") or ()
    )
    assert found.complete_networks is properties.get("peerCompleteVnets", True)


def test_subnets_of_a_peering_and_both_spellings_of_ranges():
    one = {"remoteVirtualNetwork": {"id": SPOKE}, "peerCompleteVnets": False, "remoteSubnetNames": ["a"]}
    found = to_peering({"properties": one | {"localSubnetNames": ["b", "c"]}})
    assert (found.complete_networks, found.local_subnets, found.remote_subnets) == (False, ("b", "c"), ("a",))
    several = {"id": f"{SPOKE}/subnets/a", "properties": {"addressPrefixes": ["10.0.0.0/24", "fd00::/64"]}}
    assert to_subnet(several).prefixes == ("10.0.0.0/24", "fd00::/64")
    assert to_subnet(several).name == "a"
    outbound = {"id": "s", "properties": {"defaultOutboundAccess": False, "natGateway": {"id": "n"}}}
    assert to_subnet(outbound).default_outbound_access is False
    assert to_subnet(outbound).nat_gateway_id == "n"


def test_what_an_answer_leaves_out_is_listed():
    answer = network_body(SPOKE, ["10.0.0.0/16"])
    del answer["properties"]["virtualNetworkPeerings"], answer["properties"]["subnets"]
    peerings = body("virtualNetworkPeerings", "vnet-peering-different-resource-groups-01")
    subnets = body("subnets-list", "vnet-with-subnet-nsg-01")
    lists = {
        "GET /virtualnetworks/spoke/virtualnetworkpeerings?": peerings,
        "GET /virtualnetworks/spoke/subnets?": subnets,
    }
    found, answers = read(answer, lists)
    assert [peering.name for peering in found.peerings] == ["peering2"]
    assert len(found.subnets) == len(subnets["value"]) > 0
    assert len(answers.asked) == 3
    assert read(network_body(SPOKE, ["10.0.0.0/16"]))[0].peerings == ()


def test_a_refused_list_of_peerings_leaves_the_network_unread():
    answer = network_body(SPOKE, ["10.0.0.0/16"])
    del answer["properties"]["virtualNetworkPeerings"]
    with pytest.raises(NotRead) as caught:
        read(answer, {"GET /virtualnetworkpeerings?": refused(READ_PEERINGS, SPOKE)})
    assert caught.value.outcome == Denied(READ_PEERINGS, SPOKE)
