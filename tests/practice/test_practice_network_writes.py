"""What fixes change in networks: the real SDK clients write, and the world is another afterwards, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerregistry.models import (
    IPRule,
    NetworkRuleSet,
    PrivateEndpointConnection,
    PrivateLinkServiceConnectionState,
    RegistryUpdateParameters,
    Replication,
)
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.network.models import DhcpOptions, ServiceEndpointPropertiesFormat
from azure.mgmt.privatedns import PrivateDnsManagementClient
from practice_calls import call, get

from core.practice import network_ids as ids
from core.practice.base import BASES, PRODUCTION, SHARED
from core.practice.directory_faults import hide
from core.practice.faults import delete, set_value
from core.practice.names import SCOPES
from core.practice.network_faults import add_rule, add_subnet
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

Clock = Callable[[], datetime]
VERSION = "?api-version=2025-05-01"


def client(kind: Any, simulator: Simulator, subscription: str) -> Any:
    transport = PracticeTransport(simulator, sleep=lambda _: None)
    return kind(PracticeCredential(simulator.world), subscription, transport=transport, polling_interval=0)


def networks(simulator: Simulator, subscription: str = ids.PLATFORM) -> Any:
    return client(NetworkManagementClient, simulator, subscription)


def zones(simulator: Simulator) -> Any:
    return client(PrivateDnsManagementClient, simulator, ids.PLATFORM)


def registries(simulator: Simulator) -> Any:
    return client(ContainerRegistryManagementClient, simulator, SHARED)


@pytest.fixture
def private(clock: Clock) -> Simulator:
    return Simulator(BASES["private"](clock))


def half_to(remote: str) -> Any:
    return {
        "properties": {
            "remoteVirtualNetwork": {"id": remote},
            "allowVirtualNetworkAccess": True,
            "allowForwardedTraffic": True,
        }
    }


def test_a_missing_half_cannot_be_made_while_the_other_is_disconnected(private: Simulator) -> None:
    delete(private.world, resource="peering-hub-spoke")
    with pytest.raises(HttpResponseError) as refused:
        networks(private).virtual_network_peerings.begin_create_or_update(
            "rg-hub", "vnet-hub", "hub-to-spoke", half_to(ids.NODE_NETWORK)
        ).result()
    assert refused.value.error.code == "RemotePeeringIsDisconnected"
    spoke = networks(private, PRODUCTION).virtual_network_peerings
    spoke.begin_delete("rg-app", "vnet-spoke", "spoke-to-hub").result()
    first = spoke.begin_create_or_update("rg-app", "vnet-spoke", "spoke-to-hub", half_to(ids.HUB_NETWORK)).result()
    assert (first.peering_state, first.peering_sync_level) == ("Initiated", "RemoteNotInSync")
    second = networks(private).virtual_network_peerings.begin_create_or_update(
        "rg-hub", "vnet-hub", "hub-to-spoke", half_to(ids.NODE_NETWORK)
    )
    assert (second.result().peering_state, second.result().peering_sync_level) == ("Connected", "FullyInSync")
    assert spoke.get("rg-app", "vnet-spoke", "spoke-to-hub").peering_state == "Connected"


def test_a_gateway_is_only_used_where_the_other_half_offers_it(private: Simulator) -> None:
    spoke = networks(private, PRODUCTION).virtual_network_peerings
    body = half_to(ids.HUB_NETWORK)
    body["properties"]["useRemoteGateways"] = True
    with pytest.raises(HttpResponseError) as refused:
        spoke.begin_create_or_update("rg-app", "vnet-spoke", "spoke-to-hub", body).result()
    assert refused.value.status_code == 400
    assert spoke.get("rg-app", "vnet-spoke", "spoke-to-hub").use_remote_gateways is False
    set_value(private.world, resource="peering-hub-spoke", path="properties.allowGatewayTransit", value=True)
    made = spoke.begin_create_or_update("rg-app", "vnet-spoke", "spoke-to-hub", body).result()
    assert made.use_remote_gateways is True


def test_putting_the_disconnected_half_again_opens_it(private: Simulator) -> None:
    delete(private.world, resource="peering-hub-spoke")
    spoke = networks(private, PRODUCTION).virtual_network_peerings
    again = spoke.begin_create_or_update("rg-app", "vnet-spoke", "spoke-to-hub", half_to(ids.HUB_NETWORK)).result()
    assert again.peering_state == "Initiated"


def test_a_sync_takes_the_new_address_space(private: Simulator) -> None:
    set_value(
        private.world,
        resource="hub-network",
        path="properties.addressSpace.addressPrefixes",
        value=["10.0.0.0/16", "10.9.0.0/16"],
    )
    spoke = networks(private, PRODUCTION).virtual_network_peerings
    assert spoke.get("rg-app", "vnet-spoke", "spoke-to-hub").peering_sync_level == "LocalNotInSync"
    synced = spoke.begin_create_or_update(
        "rg-app", "vnet-spoke", "spoke-to-hub", half_to(ids.HUB_NETWORK), sync_remote_address_space="true"
    ).result()
    assert synced.peering_sync_level == "FullyInSync"
    assert synced.remote_address_space.address_prefixes == ["10.0.0.0/16", "10.9.0.0/16"]


@pytest.mark.parametrize(
    ("prefix", "code"),
    [("10.0.0.0/16", "VnetAddressSpacesOverlap"), ("10.5.0.0/16", "AnotherPeeringAlreadyReferencesRemoteVnet")],
)
def test_peerings_that_azure_does_not_make(private: Simulator, prefix: str, code: str) -> None:
    body = {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": [prefix]}}}
    made = call(private, ids.node_side("virtualNetworks", "vnet-more") + VERSION, method="PUT", body=body)
    assert made.status == 201
    more = networks(private, PRODUCTION).virtual_network_peerings
    if code != "VnetAddressSpacesOverlap":
        more.begin_create_or_update("rg-app", "vnet-more", "one", half_to(ids.HUB_NETWORK)).result()
    with pytest.raises(HttpResponseError) as refused:
        more.begin_create_or_update("rg-app", "vnet-more", "two", half_to(ids.HUB_NETWORK)).result()
    assert refused.value.error.code == code


def test_peering_needs_a_right_on_the_other_network_too(private: Simulator) -> None:
    hide(private.world, actions=["Microsoft.Network/virtualNetworks/peer/action"])
    spoke = networks(private, PRODUCTION).virtual_network_peerings
    with pytest.raises(HttpResponseError) as refused:
        spoke.begin_create_or_update("rg-app", "vnet-spoke", "spoke-to-hub", half_to(ids.HUB_NETWORK)).result()
    assert refused.value.error.code == "LinkedAuthorizationFailed"


def test_a_rule_needs_a_priority_of_its_own(private: Simulator) -> None:
    group = "hub-group/providers/Microsoft.Network/networkSecurityGroups/nsg-pe"
    add_rule(private.world, group=group, name="deny", priority=200, direction="Inbound", on="endpoint-subnet")
    rules = networks(private).security_rules
    body = {
        "properties": {
            "protocol": "Tcp",
            "access": "Allow",
            "direction": "Inbound",
            "priority": 200,
            "sourceAddressPrefix": "*",
            "sourcePortRange": "*",
            "destinationAddressPrefix": "*",
            "destinationPortRange": "443",
        }
    }
    with pytest.raises(HttpResponseError) as refused:
        rules.begin_create_or_update("rg-hub", "nsg-pe", "allow", body).result()
    assert refused.value.error.code == "SecurityRuleConflict"
    body["properties"]["priority"] = 199
    rules.begin_create_or_update("rg-hub", "nsg-pe", "allow", body).result()
    rules.begin_delete("rg-hub", "nsg-pe", "deny").result()
    shown = networks(private).network_security_groups.get("rg-hub", "nsg-pe")
    assert [rule.name for rule in shown.security_rules] == ["allow"]
    with pytest.raises(HttpResponseError) as refused:
        networks(private).network_security_groups.begin_delete("rg-hub", "nsg-pe").result()
    assert refused.value.error.code == "InUseNetworkSecurityGroupCannotBeDeleted"


def in_range(prefix: str) -> Any:
    return {"properties": {"addressPrefix": prefix}}


def test_a_subnet_is_what_was_put(private: Simulator) -> None:
    subnets = networks(private, PRODUCTION).subnets
    subnet = subnets.get("rg-app", "vnet-spoke", "snet-nodes")
    subnet.service_endpoints = [ServiceEndpointPropertiesFormat(service="Microsoft.ContainerRegistry")]
    changed = subnets.begin_create_or_update("rg-app", "vnet-spoke", "snet-nodes", subnet).result()
    assert [each.service for each in changed.service_endpoints] == ["Microsoft.ContainerRegistry"]
    changed.service_endpoints = None
    assert (
        not subnets.begin_create_or_update("rg-app", "vnet-spoke", "snet-nodes", changed).result().service_endpoints
    )
    for prefix, code in (
        ("10.20.0.0/24", "NetcfgSubnetRangeOutsideVnet"),
        ("10.10.1.0/24", "NetcfgSubnetRangesOverlap"),
    ):
        with pytest.raises(HttpResponseError) as refused:
            subnets.begin_create_or_update("rg-app", "vnet-spoke", "snet-x", in_range(prefix)).result()
        assert refused.value.error.code == code


def test_a_network_put_whole_keeps_and_replaces_its_parts(private: Simulator) -> None:
    client_ = networks(private, PRODUCTION).virtual_networks
    network = client_.get("rg-app", "vnet-spoke")
    network.dhcp_options = DhcpOptions(dns_servers=["10.0.0.53"])
    changed = client_.begin_create_or_update("rg-app", "vnet-spoke", network).result()
    assert changed.dhcp_options.dns_servers == ["10.0.0.53"]
    assert [each.name for each in changed.subnets] == ["snet-nodes"]
    assert changed.virtual_network_peerings[0].peering_state == "Connected"
    without = call(private, ids.NODE_NETWORK + VERSION).json()
    without["properties"]["subnets"] = []
    call(private, ids.NODE_NETWORK + VERSION, method="PUT", body=without)
    assert private.world.resource(ids.NODE_SUBNET) is None


def test_routes_come_and_go(clock: Clock) -> None:
    simulator = Simulator(BASES["firewall"](clock))
    routes = networks(simulator, PRODUCTION).routes
    hop = {"addressPrefix": "10.0.2.5/32", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.1.4"}
    body = {"properties": hop}
    routes.begin_create_or_update("rg-app", "rt-spoke", "to-acr", body).result()
    routes.begin_delete("rg-app", "rt-spoke", "default").result()
    table = networks(simulator, PRODUCTION).route_tables.get("rg-app", "rt-spoke")
    assert [(each.name, each.next_hop_ip_address) for each in table.routes] == [("to-acr", "10.0.1.4")]


def test_a_network_is_linked_to_one_zone_of_a_name(private: Simulator) -> None:
    copy = ids.hub_side("privateDnsZones", ids.ZONE).replace("rg-hub", "rg-platform")
    call(private, copy + VERSION, method="PUT", body={"location": "global"})
    links = zones(private).virtual_network_links
    body = {
        "location": "global",
        "properties": {"virtualNetwork": {"id": ids.NODE_NETWORK}, "registrationEnabled": False},
    }
    with pytest.raises(HttpResponseError, match="overlapping namespaces"):
        links.begin_create_or_update("rg-platform", ids.ZONE, "spoke", body).result()
    links.begin_delete("rg-hub", ids.ZONE, "vnet-spoke").result()
    made = links.begin_create_or_update("rg-platform", ids.ZONE, "spoke", body).result()
    assert made.virtual_network_link_state == "Completed"
    with pytest.raises(HttpResponseError, match="has virtual network links"):
        zones(private).private_zones.begin_delete("rg-platform", ids.ZONE).result()


def test_records_are_put_and_deleted(private: Simulator) -> None:
    records = zones(private).record_sets
    body = {"properties": {"ttl": 10, "aRecords": [{"ipv4Address": "10.0.2.9"}]}}
    made = records.create_or_update("rg-hub", ids.ZONE, "A", "contosoreg", body)
    assert [each.ipv4_address for each in made.a_records] == ["10.0.2.9"]
    records.delete("rg-hub", ids.ZONE, "A", "contosoreg")
    with pytest.raises(HttpResponseError, match="resource record 'contosoreg' does not exist"):
        records.get("rg-hub", ids.ZONE, "A", "contosoreg")


def endpoint(*, manual: bool) -> Any:
    kind = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
    connection = {
        "name": "pe-new",
        "properties": {"privateLinkServiceId": SCOPES["registry"], "groupIds": ["registry"]},
    }
    subnet = {"id": f"{ids.NODE_NETWORK}/subnets/snet-pe"}
    return {"location": "westeurope", "properties": {"subnet": subnet, kind: [connection]}}


@pytest.mark.parametrize("manual", [False, True])
def test_a_new_endpoint_is_approved_by_who_may_and_waits_otherwise(clock: Clock, manual: bool) -> None:
    simulator = Simulator(BASES["public"](clock))
    add_subnet(simulator.world, network="node-network", name="snet-pe", prefix="10.10.8.0/24")
    path = ids.node_side("privateEndpoints", "pe-new")
    if manual:
        hide(simulator.world, actions=["Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/*"])
        refused = call(simulator, path + VERSION, method="PUT", body=endpoint(manual=False))
        assert refused.json()["error"]["code"] == "LinkedAuthorizationFailed"
    made = call(simulator, path + VERSION, method="PUT", body=endpoint(manual=manual))
    assert made.status == 201
    shown = networks(simulator, PRODUCTION).private_endpoints.get("rg-app", "pe-new")
    (connection,) = shown.manual_private_link_service_connections or shown.private_link_service_connections
    status = connection.private_link_service_connection_state.status
    assert status == ("Pending" if manual else "Approved")
    assert {each.fqdn: each.ip_addresses for each in shown.custom_dns_configs} == (
        {}
        if manual
        else {
            "contosoreg.westeurope.data.azurecr.io": ["10.10.8.4"],
            "contosoreg.azurecr.io": ["10.10.8.5"],
        }
    )
    registry = registries(simulator).registries.get("rg-reg", "contosoreg")
    assert registry.data_endpoint_host_names == ["contosoreg.westeurope.data.azurecr.io"]


def test_a_zone_group_writes_the_records(private: Simulator) -> None:
    delete(private.world, resource="zone-group")
    assert private.world.resource(SCOPES["login-record"]) is None
    zone = {"name": "mine", "properties": {"privateDnsZoneId": ids.PRIVATE_ZONE}}
    group = {"properties": {"privateDnsZoneConfigs": [zone]}}
    groups = networks(private).private_dns_zone_groups
    made = groups.begin_create_or_update("rg-hub", "pe-contosoreg", "default", group).result()
    assert {each.record_set_name for each in made.private_dns_zone_configs[0].record_sets} == {
        "contosoreg",
        "contosoreg.westeurope.data",
    }
    records = zones(private).record_sets
    assert records.get("rg-hub", ids.ZONE, "A", "contosoreg").a_records[0].ipv4_address == "10.0.2.5"


def test_an_endpoint_that_goes_takes_everything_along(private: Simulator) -> None:
    networks(private).private_endpoints.begin_delete("rg-hub", "pe-contosoreg").result()
    for name in ("endpoint-nic", "endpoint-connection", "login-record", "data-record", "zone-group"):
        assert private.world.resource(SCOPES[name]) is None
    assert private.world.resource(SCOPES["zone"]) is not None


@pytest.mark.parametrize(("before", "allowed"), [("Pending", True), ("Rejected", False)])
def test_what_waits_can_be_approved(private: Simulator, before: str, allowed: bool) -> None:
    path = "properties.privateLinkServiceConnectionState.status"
    set_value(private.world, resource="endpoint-connection", path=path, value=before)
    connections = registries(private).private_endpoint_connections
    name = SCOPES["endpoint-connection"].rpartition("/")[2]
    wanted = PrivateEndpointConnection(
        private_link_service_connection_state=PrivateLinkServiceConnectionState(status="Approved")
    )
    if allowed:
        connections.begin_create_or_update("rg-reg", "contosoreg", name, wanted).result()
    else:
        with pytest.raises(HttpResponseError, match="not Pending"):
            connections.begin_create_or_update("rg-reg", "contosoreg", name, wanted).result()
    (shown,) = connections.list("rg-reg", "contosoreg")
    assert shown.private_link_service_connection_state.status == ("Approved" if allowed else "Rejected")


def test_a_registrys_door_is_set(clock: Clock) -> None:
    simulator = Simulator(BASES["public"](clock))
    rules = NetworkRuleSet(default_action="Deny", ip_rules=[IPRule(ip_address_or_range="20.50.1.10")])
    update = RegistryUpdateParameters(network_rule_set=rules, data_endpoint_enabled=True)
    done = registries(simulator).registries.begin_update("rg-reg", "contosoreg", update).result()
    assert done.network_rule_set.default_action == "Deny"
    assert done.data_endpoint_host_names == ["contosoreg.westeurope.data.azurecr.io"]
    replicas = registries(simulator).replications
    replicas.begin_create("rg-reg", "contosoreg", "northeurope", Replication(location="northeurope")).result()
    done = registries(simulator).registries.get("rg-reg", "contosoreg")
    assert len(done.data_endpoint_host_names) == 2
    replicas.begin_delete("rg-reg", "contosoreg", "northeurope").result()
    assert len(registries(simulator).registries.get("rg-reg", "contosoreg").data_endpoint_host_names) == 1


def test_only_premium_registries_have_a_door_to_set(simulator: Simulator) -> None:
    path = f"{SCOPES['development-registry']}?api-version=2025-11-01"
    refused = call(simulator, path, method="PATCH", body={"properties": {"dataEndpointEnabled": True}})
    assert refused.json()["error"]["code"] == "SkuNotSupported"
    raised = {"sku": {"name": "Premium"}, "properties": {"dataEndpointEnabled": False}}
    assert "networkRuleSet" in call(simulator, path, method="PATCH", body=raised).json()["properties"]


def test_a_firewall_is_put_and_patched(clock: Clock) -> None:
    simulator = Simulator(BASES["firewall"](clock))
    firewall = get(simulator, ids.FIREWALL + VERSION)
    firewall["properties"]["threatIntelMode"] = "Deny"
    assert call(simulator, ids.FIREWALL + VERSION, method="PUT", body=firewall).status == 200
    assert get(simulator, ids.FIREWALL + VERSION) == firewall
    both = firewall | {"properties": firewall["properties"] | {"networkRuleCollections": [{"name": "x"}]}}
    refused = call(simulator, ids.FIREWALL + VERSION, method="PUT", body=both)
    assert refused.json()["error"]["code"] == "AzureFirewallPolicyAndRuleCollectionsConflict"
    patch = {"properties": {"dnsSettings": {"enableProxy": True}}}
    done = call(simulator, ids.FIREWALL_POLICY + VERSION, method="PATCH", body=patch).json()
    assert done["properties"]["dnsSettings"] == {"enableProxy": True}
    assert len(done["properties"]["ruleCollectionGroups"]) == 2


def test_an_outbound_type_brings_what_it_needs(clock: Clock) -> None:
    simulator = Simulator(BASES["isolated"](clock))
    path = f"{SCOPES['cluster']}?api-version=2026-08-01"
    cluster = get(simulator, path)
    cluster["properties"]["networkProfile"]["outboundType"] = "loadBalancer"
    call(simulator, path, method="PUT", body=cluster)
    (address,) = get(simulator, path)["properties"]["networkProfile"]["loadBalancerProfile"]["effectiveOutboundIPs"]
    assert get(simulator, address["id"] + VERSION)["properties"]["ipAddress"]
    cluster["properties"]["networkProfile"]["outboundType"] = "userDefinedRouting"
    call(simulator, path, method="PUT", body=cluster)
    profile = get(simulator, path)["properties"]["networkProfile"]
    assert "effectiveOutboundIPs" not in profile["loadBalancerProfile"]


def test_what_is_not_there_is_said_in_azures_words(private: Simulator) -> None:
    parent = call(private, ids.node_side("virtualNetworks", "nope", "subnets", "x") + VERSION)
    assert parent.json()["error"]["code"] == "ParentResourceNotFound"
    part = call(private, f"{ids.NODE_NETWORK}/subnets/nope{VERSION}")
    assert part.json()["error"] == {
        "code": "NotFound",
        "message": f"Resource {ids.NODE_NETWORK}/subnets/nope not found.",
        "details": [],
    }
    top = call(private, ids.node_side("natGateways", "nope") + VERSION)
    assert top.json()["error"]["code"] == "ResourceNotFound"
    assert call(private, ids.node_side("natGateways", "nope") + VERSION, method="DELETE").status == 204
    reference = {"properties": {"addressPrefix": "10.10.9.0/24", "routeTable": {"id": ids.ROUTE_TABLE}}}
    refused = call(private, f"{ids.NODE_NETWORK}/subnets/x{VERSION}", method="PUT", body=reference)
    assert refused.json()["error"]["code"] == "InvalidResourceReference"
