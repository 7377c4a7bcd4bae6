"""Network faults: each changes what Azure answers, in the way that it goes wrong for people."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from practice_calls import call, get
from practice_payloads import item_keys, own_ids, recorded_ids, recorded_keys, spelling

from core.practice import network_ids as ids
from core.practice.base import BASES
from core.practice.faults import FAULTS as OTHER_FAULTS
from core.practice.names import SCOPES, scope
from core.practice.network_faults import FAULTS
from core.practice.network_views import LINK
from core.practice.scenario import FAULTS as ALL_FAULTS
from core.practice.simulator import Simulator

SETS = "providers/Microsoft.Compute/virtualMachineScaleSets"
VERSION = "?api-version=2025-05-01"
Clock = Callable[[], datetime]


def simulator_with(base: str, clock: Clock, faults: str) -> Simulator:
    """A base world with faults written as a scenario writes them."""
    world = BASES[base](clock)
    for fault in tomllib.loads(faults)["fault"]:
        ALL_FAULTS[fault.pop("does")](world, **fault)
    return Simulator(world)


def properties(simulator: Simulator, resource_id: str) -> Any:
    return get(simulator, resource_id + VERSION)["properties"]


def test_one_half_of_a_peering_gone_disconnects_the_other(clock: Clock) -> None:
    simulator = simulator_with("private", clock, '[[fault]]\ndoes = "delete"\nresource = "peering-hub-spoke"')
    assert properties(simulator, ids.SPOKE_TO_HUB)["peeringState"] == "Disconnected"
    assert properties(simulator, ids.HUB_NETWORK)["virtualNetworkPeerings"] == []


def test_an_address_space_that_grew_is_out_of_step(clock: Clock) -> None:
    grown = (
        '[[fault]]\ndoes = "set-value"\nresource = "hub-network"\npath = "properties.addressSpace.addressPrefixes"\n'
    )
    simulator = simulator_with("private", clock, grown + 'value = ["10.0.0.0/16", "10.9.0.0/16"]')
    half = properties(simulator, ids.SPOKE_TO_HUB)
    assert half["peeringSyncLevel"] == "LocalNotInSync"
    assert half["remoteAddressSpace"]["addressPrefixes"] == ["10.0.0.0/16"]
    assert half["remoteVirtualNetworkAddressSpace"]["addressPrefixes"] == ["10.0.0.0/16", "10.9.0.0/16"]
    assert properties(simulator, ids.HUB_TO_SPOKE)["peeringSyncLevel"] == "RemoteNotInSync"


def test_a_rule_stands_in_its_group_and_the_group_on_a_subnet(clock: Clock) -> None:
    rule = """
    [[fault]]
    does = "add-rule"
    group = "hub-group/providers/Microsoft.Network/networkSecurityGroups/nsg-pe"
    name = "deny-spokes"
    priority = 200
    direction = "Inbound"
    source = ["10.10.0.0/22"]
    ports = "443"
    on = "endpoint-subnet"
    """
    simulator = simulator_with("private", clock, rule)
    group = properties(simulator, ids.ENDPOINT_SUBNET)["networkSecurityGroup"]["id"]
    shown = properties(simulator, group)
    (found,) = shown["securityRules"]
    assert found["properties"]["sourceAddressPrefixes"] == ["10.10.0.0/22"]
    assert "sourceAddressPrefix" not in found["properties"]
    assert found["properties"]["destinationPortRange"] == "443"
    assert len(shown["defaultSecurityRules"]) == 6
    assert shown["subnets"] == [{"id": ids.ENDPOINT_SUBNET}]


def test_a_route_stands_in_its_table(clock: Clock) -> None:
    route = """
    [[fault]]
    does = "add-route"
    table = "cluster-group/providers/Microsoft.Network/routeTables/rt-usr"
    name = "all"
    prefix = "0.0.0.0/0"
    hop = "10.10.8.4"
    on = "node-subnet"
    [[fault]]
    does = "add-route"
    table = "cluster-group/providers/Microsoft.Network/routeTables/rt-usr"
    name = "nowhere"
    prefix = "10.0.2.0/24"
    hop = "None"
    [[fault]]
    does = "add-machine"
    resource = "cluster-group/providers/Microsoft.Network/networkInterfaces/nva-nic"
    subnet = "node-subnet"
    address = "10.10.8.4"
    forwards = true
    """
    simulator = simulator_with("public", clock, route)
    table = properties(simulator, ids.NODE_SUBNET)["routeTable"]["id"]
    hops = {each["name"]: each["properties"] for each in properties(simulator, table)["routes"]}
    assert hops["all"]["nextHopIpAddress"] == "10.10.8.4"
    assert "nextHopIpAddress" not in hops["nowhere"]
    interface = properties(
        simulator, f"{SCOPES['cluster-group']}/providers/Microsoft.Network/networkInterfaces/nva-nic"
    )
    assert interface["enableIPForwarding"] is True


def test_a_second_endpoint_overwrites_the_shared_record(clock: Clock) -> None:
    second = """
    [[fault]]
    does = "add-network"
    resource = "hub-group/providers/Microsoft.Network/virtualNetworks/vnet-other"
    prefixes = ["10.8.0.0/16"]
    subnets = { snet-pe = "10.8.2.0/24" }
    dns_servers = ["10.8.0.53"]
    [[fault]]
    does = "add-endpoint"
    resource = "hub-group/providers/Microsoft.Network/privateEndpoints/pe-other"
    subnet = "hub-group/providers/Microsoft.Network/virtualNetworks/vnet-other/subnets/snet-pe"
    zone = "zone"
    """
    simulator = simulator_with("private", clock, second)
    record = properties(simulator, SCOPES["login-record"])
    assert record["aRecords"] == [{"ipv4Address": "10.8.2.5"}]
    connections = get(simulator, f"{SCOPES['registry']}/privateEndpointConnections{VERSION}")["value"]
    assert {each["properties"]["privateLinkServiceConnectionState"]["status"] for each in connections} == {"Approved"}
    assert len(connections) == 2


def test_the_state_of_a_connection_is_the_registrys(clock: Clock) -> None:
    pending = """
    [[fault]]
    does = "set-value"
    resource = "endpoint-connection"
    path = "properties.privateLinkServiceConnectionState.status"
    value = "Pending"
    """
    simulator = simulator_with("private", clock, pending)
    (connection,) = properties(simulator, ids.ENDPOINT)["privateLinkServiceConnections"]
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Pending"
    gone = simulator_with("private", clock, '[[fault]]\ndoes = "delete"\nresource = "endpoint-connection"')
    (connection,) = properties(gone, ids.ENDPOINT)["privateLinkServiceConnections"]
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Disconnected"


def test_an_endpoint_keeps_its_names_for_its_zone_group(clock: Clock) -> None:
    simulator = simulator_with("private", clock, '[[fault]]\ndoes = "delete"\nresource = "zone-group"')
    shown = properties(simulator, ids.ENDPOINT)["customDnsConfigs"]
    assert {each["fqdn"] for each in shown} == {
        "contosoreg.azurecr.io",
        "contosoreg.westeurope.data.azurecr.io",
    }
    assert properties(Simulator(BASES["private"](clock)), ids.ENDPOINT)["customDnsConfigs"] == []
    assert call(simulator, SCOPES["login-record"] + VERSION).status == 404


@pytest.mark.parametrize("recorded", [True, False])
def test_a_replica_has_an_address_and_perhaps_a_record(clock: Clock, recorded: bool) -> None:
    text = f'[[fault]]\ndoes = "replicate"\nlocation = "northeurope"\nrecorded = {str(recorded).lower()}'
    simulator = simulator_with("private", clock, text)
    members = [
        each["properties"]["privateLinkConnectionProperties"]["requiredMemberName"]
        for each in properties(simulator, SCOPES["endpoint-nic"])["ipConfigurations"]
    ]
    assert members == ["registry_data_westeurope", "registry", "registry_data_northeurope"]
    record = call(simulator, f"{ids.PRIVATE_ZONE}/A/contosoreg.northeurope.data{VERSION}")
    assert record.status == (200 if recorded else 404)
    registry = get(simulator, f"{SCOPES['registry']}?api-version=2025-11-01")
    assert "contosoreg.northeurope.data.azurecr.io" in registry["properties"]["dataEndpointHostNames"]


def test_a_pool_moves_with_its_scale_set(clock: Clock) -> None:
    moved = """
    [[fault]]
    does = "add-subnet"
    network = "node-network"
    name = "snet-usr"
    prefix = "10.10.4.0/24"
    [[fault]]
    does = "move-pool"
    pool = "usr"
    subnet = "node-network/subnets/snet-usr"
    """
    simulator = simulator_with("public", clock, moved)
    cluster = get(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01")["properties"]
    subnets = {each["name"]: each["vnetSubnetID"] for each in cluster["agentPoolProfiles"]}
    assert subnets == {"sys": ids.NODE_SUBNET, "usr": f"{ids.NODE_NETWORK}/subnets/snet-usr"}
    assert [each["name"] for each in properties(simulator, ids.NODE_NETWORK)["subnets"]] == ["snet-nodes", "snet-usr"]


def test_leaving_through_a_nat_gateway(clock: Clock) -> None:
    simulator = simulator_with("selected", clock, '[[fault]]\ndoes = "use-nat-gateway"\naddresses = ["20.61.7.7"]')
    gateway = properties(simulator, ids.NODE_SUBNET)["natGateway"]["id"]
    (address,) = properties(simulator, gateway)["publicIpAddresses"]
    assert properties(simulator, address["id"])["ipAddress"] == "20.61.7.7"


def test_what_a_network_manager_imposes(clock: Clock) -> None:
    imposed = """
    [[fault]]
    does = "impose"
    network = "node-network"
    name = "no-registries"
    access = "Deny"
    direction = "Outbound"
    destinations = ["AzureContainerRegistry"]
    """
    simulator = simulator_with("public", clock, imposed)
    path = f"{ids.NODE_NETWORK}/listNetworkManagerEffectiveSecurityAdminRules{VERSION}"
    (rule,) = call(simulator, path, method="POST", body={}).json()["value"]
    assert rule["properties"]["access"] == "Deny"
    assert rule["properties"]["destinations"] == [
        {"addressPrefix": "AzureContainerRegistry", "addressPrefixType": "ServiceTag"}
    ]


def test_a_zone_of_its_own_with_links_and_records(clock: Clock) -> None:
    shadow = """
    [[fault]]
    does = "add-zone"
    resource = "hub-group/providers/Microsoft.Network/privateDnsZones/westeurope.data.privatelink.azurecr.io"
    links = ["node-network"]
    records = { other = ["10.0.2.9"] }
    falls_back = true
    """
    simulator = simulator_with("private", clock, shadow)
    zone = ids.hub_side("privateDnsZones", "westeurope.data.privatelink.azurecr.io")
    (link,) = get(simulator, f"{zone}/virtualNetworkLinks{VERSION}")["value"]
    assert link["type"] == LINK
    assert link["properties"]["resolutionPolicy"] == "NxDomainRedirect"
    assert properties(simulator, zone)["numberOfRecordSets"] == 2
    assert properties(simulator, f"{zone}/A/other")["aRecords"] == [{"ipv4Address": "10.0.2.9"}]


def test_any_resource_can_be_put_in(clock: Clock) -> None:
    added = """
    [[fault]]
    does = "add-resource"
    resource = "hub-group/providers/Microsoft.Network/ipGroups/spokes"
    properties = { ipAddresses = ["10.10.0.0/16"] }
    [[fault]]
    does = "add-resource"
    resource = "hub-group/providers/Microsoft.Network/virtualNetworks/vnet-more"
    [fault.properties]
    addressSpace = { addressPrefixes = ["10.7.0.0/16"] }
    subnets = [{ name = "one", properties = { addressPrefix = "10.7.0.0/24" } }]
    """
    simulator = simulator_with("private", clock, added)
    assert properties(simulator, ids.hub_side("ipGroups", "spokes"))["ipAddresses"] == ["10.10.0.0/16"]
    (subnet,) = properties(simulator, ids.hub_side("virtualNetworks", "vnet-more"))["subnets"]
    assert subnet["id"] == ids.hub_side("virtualNetworks", "vnet-more", "subnets", "one")
    with pytest.raises(KeyError):
        FAULTS["add-resource"](simulator.world, resource="hub-group/providers/A.B/c/d", properties={})


def test_what_machines_and_firewalls_have_is_taken(clock: Clock) -> None:
    """A load balancer in front of appliances and a resolver, put in as plain resources."""
    added = """
    [[fault]]
    does = "add-resource"
    resource = "hub-group/providers/Microsoft.Network/loadBalancers/lb-nva"
    [fault.properties]
    frontendIPConfigurations = [{ name = "front", properties = { privateIPAddress = "10.0.2.6" } }]
    [[fault]]
    does = "add-resource"
    resource = "hub-group/providers/Microsoft.Network/dnsResolvers/dnspr-hub/inboundEndpoints/in"
    [fault.properties]
    ipConfigurations = [{ privateIpAddress = "10.0.3.4" }]
    [[fault]]
    does = "replicate"
    location = "northeurope"
    """
    simulator = simulator_with("private", clock, added)
    balancer = ids.hub_side("loadBalancers", "lb-nva")
    (front,) = properties(simulator, balancer)["frontendIPConfigurations"]
    assert front["id"] == f"{balancer}/frontendIPConfigurations/front"
    record = properties(simulator, f"{ids.PRIVATE_ZONE}/A/contosoreg.northeurope.data")
    assert record["aRecords"] == [{"ipv4Address": "10.0.2.7"}]
    query = {
        "query": "resources | where type =~ 'Microsoft.Network/dnsResolvers/inboundEndpoints' | project id, location"
    }
    path = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
    (row,) = call(simulator, path, method="POST", body=query).json()["data"]
    assert row["location"] == "westeurope"


def test_nodes_get_addresses_of_their_own(clock: Clock) -> None:
    given = """
    [[fault]]
    does = "give-node-addresses"
    pool = "usr"
    addresses = ["20.78.0.1", "20.78.0.2"]
    prefix = "20.78.0.0/28"
    """
    simulator = simulator_with("public", clock, given)
    group = scope("node-group")
    sets = get(simulator, f"{group}/{SETS}?api-version=2024-07-01")["value"]
    ours, theirs = (next(one for one in sets if f"-{pool}-" in one["name"]) for pool in ("usr", "sys"))
    (interface,) = ours["properties"]["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    (configuration,) = interface["properties"]["ipConfigurations"]
    assert configuration["properties"]["publicIPAddressConfiguration"]["name"]
    listed = get(simulator, f"{ours['id']}/publicipaddresses?api-version=2018-10-01")
    assert [one["properties"]["ipAddress"] for one in listed["value"]] == ["20.78.0.1", "20.78.0.2"]
    assert not item_keys(listed) - recorded_keys("vmssPublicIPAddresses")
    assert {spelling(each) for each in own_ids(listed)} <= recorded_ids("vmssPublicIPAddresses", own_ids)
    assert get(simulator, f"{theirs['id']}/publicipaddresses?api-version=2018-10-01")["value"] == []
    assert call(simulator, f"{ours['id']}x/publicipaddresses?api-version=2018-10-01").status == 404
    pools = get(simulator, f"{scope('cluster')}?api-version=2026-08-01")["properties"]["agentPoolProfiles"]
    (pool,) = [one for one in pools if one["enableNodePublicIP"]]
    assert get(simulator, pool["nodePublicIPPrefixID"] + VERSION)["properties"]["ipPrefix"] == "20.78.0.0/28"


def test_machines_that_stand_alone_get_addresses_of_their_own(clock: Clock) -> None:
    given = """
    [[fault]]
    does = "use-machines"
    pool = "usr"

    [[fault]]
    does = "give-node-addresses"
    pool = "usr"
    addresses = ["20.78.0.1", "20.78.0.2"]
    """
    simulator = simulator_with("public", clock, given)
    below = f"{scope('node-group')}/providers/Microsoft.Network"
    interfaces = get(simulator, f"{below}/networkInterfaces{VERSION}")["value"]
    held = [one["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"]["id"] for one in interfaces]
    assert [get(simulator, one + VERSION)["properties"]["ipAddress"] for one in held] == ["20.78.0.1", "20.78.0.2"]


def test_what_is_hidden_is_refused_and_nothing_else(clock: Clock) -> None:
    hidden = '[[fault]]\ndoes = "hide"\nactions = ["Microsoft.Network/privateDnsZones/*"]\nscope = "hub-subscription"'
    simulator = simulator_with("private", clock, hidden)
    refused = call(simulator, ids.PRIVATE_ZONE + VERSION)
    assert refused.status == 403
    assert "Microsoft.Network/privateDnsZones/read" in refused.json()["error"]["message"]
    assert call(simulator, ids.ENDPOINT + VERSION).status == 200
    assert call(simulator, ids.NODE_NETWORK + VERSION).status == 200
    elsewhere = f"/subscriptions/{ids.PRODUCTION}/providers/Microsoft.Network/privateDnsZones{VERSION}"
    assert call(simulator, elsewhere).status == 200


def test_no_name_of_a_fault_is_taken_twice() -> None:
    assert not set(FAULTS) & set(OTHER_FAULTS)


def test_every_short_name_is_there_in_some_base(clock: Clock) -> None:
    present = {key for base in BASES.values() for key in base(clock).resources}
    named = {name: value for name, value in SCOPES.items() if "/providers/Microsoft.Network/" in value}
    assert {name for name, value in named.items() if value.lower() not in present} == set()
    assert scope("node-network/subnets/snet-nodes") == ids.NODE_SUBNET
