"""What Azure does not take, and what happens when something is put that is there already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from practice_calls import call, get

from core.practice import network_ids as ids
from core.practice.base import BASES
from core.practice.directory_faults import caller_roles, hide
from core.practice.names import SCOPES
from core.practice.network_faults import add_network, add_rule
from core.practice.simulator import Simulator

Clock = Callable[[], datetime]
VERSION = "?api-version=2025-05-01"


@pytest.fixture
def private(clock: Clock) -> Simulator:
    return Simulator(BASES["private"](clock))


def put(simulator: Simulator, resource_id: str, body: Any) -> Any:
    return call(simulator, resource_id + VERSION, method="PUT", body=body)


def refusal(simulator: Simulator, resource_id: str, body: Any) -> str:
    """The code with which a PUT is refused; the world must be as before."""
    before = dict(simulator.world.resources)
    answer = put(simulator, resource_id, body)
    assert answer.status >= 400
    assert simulator.world.resources == before
    return str(answer.json()["error"]["code"])


@pytest.mark.parametrize("priority", [99, 4097, None])
def test_a_priority_is_in_azures_range(private: Simulator, priority: int | None) -> None:
    add_rule(
        private.world,
        group="cluster-group/providers/Microsoft.Network/networkSecurityGroups/nsg",
        name="first",
        priority=4096,
        direction="Inbound",
    )
    rule = ids.node_side("networkSecurityGroups", "nsg", "securityRules", "second")
    body = {"properties": {"direction": "Inbound", "access": "Deny", "protocol": "*", "priority": priority}}
    assert refusal(private, rule, body) == "SecurityRuleInvalidPriority"


@pytest.mark.parametrize(
    "properties",
    [
        {"addressPrefix": "10.0.2.0/24", "nextHopType": "VirtualAppliance"},
        {"addressPrefix": "10.0.2.0/24", "nextHopType": "Internet", "nextHopIpAddress": "10.0.1.4"},
    ],
)
def test_an_appliance_has_an_address_and_nothing_else_has(clock: Clock, properties: Any) -> None:
    simulator = Simulator(BASES["firewall"](clock))
    route = f"{ids.ROUTE_TABLE}/routes/new"
    assert refusal(simulator, route, {"properties": properties}) == "RouteNextHopIpAddressInvalid"


@pytest.mark.parametrize("what", [ids.ENDPOINT_SUBNET, ids.HUB_NETWORK])
def test_a_subnet_that_somebody_is_in_stays(private: Simulator, what: str) -> None:
    answer = call(private, what + VERSION, method="DELETE")
    assert answer.json()["error"]["code"] == "InUseSubnetCannotBeDeleted"
    assert call(private, ids.FIREWALL_SUBNET + VERSION, method="DELETE").status == 200


def endpoint(*groups: str) -> Any:
    target = {"privateLinkServiceId": SCOPES["registry"], "groupIds": list(groups)}
    properties = {
        "subnet": {"id": ids.ENDPOINT_SUBNET},
        "privateLinkServiceConnections": [{"name": "c", "properties": target}],
    }
    return {"location": "westeurope", "properties": properties}


def test_an_endpoint_is_for_the_registry_itself(private: Simulator) -> None:
    assert refusal(private, ids.hub_side("privateEndpoints", "pe-x"), endpoint("blob")) == "InvalidGroupIds"


def test_an_endpoint_put_again_is_the_same(private: Simulator) -> None:
    before = get(private, SCOPES["endpoint-nic"] + VERSION)
    assert put(private, ids.ENDPOINT, endpoint("registry")).status == 200
    assert get(private, SCOPES["endpoint-nic"] + VERSION) == before


def test_a_zone_group_needs_a_right_on_the_zone(private: Simulator) -> None:
    hide(private.world, actions=["Microsoft.Network/privateDnsZones/join/action"])
    body = {
        "properties": {"privateDnsZoneConfigs": [{"name": "z", "properties": {"privateDnsZoneId": ids.PRIVATE_ZONE}}]}
    }
    assert refusal(private, ids.ZONE_GROUP, body) == "LinkedAuthorizationFailed"


def test_records_of_somebody_else_stay_when_a_zone_group_goes(private: Simulator) -> None:
    record = private.world.resources[SCOPES["login-record"].lower()]
    record["properties"]["aRecords"] = [{"ipv4Address": "10.8.2.5"}]
    call(private, ids.ZONE_GROUP + VERSION, method="DELETE")
    assert private.world.resource(SCOPES["login-record"]) is not None
    assert private.world.resource(SCOPES["data-record"]) is None


def test_a_new_zone_has_an_authority(private: Simulator) -> None:
    zone = ids.node_side("privateDnsZones", "corp.contoso.com")
    assert put(private, zone, {"location": "global"}).json()["properties"]["numberOfRecordSets"] == 1
    (record,) = get(private, f"{zone}/ALL{VERSION}")["value"]
    assert record["name"] == "@"
    put(private, f"{zone}/CNAME/www", {"properties": {"ttl": 60, "cnameRecord": {"cname": "a.b"}}})
    assert put(private, zone, {"location": "global"}).json()["properties"]["numberOfRecordSets"] == 2


def test_halves_belong_together_by_their_networks(private: Simulator) -> None:
    other = "hub-group/providers/Microsoft.Network/virtualNetworks/a-first"
    add_network(private.world, resource=other, prefixes=["10.7.0.0/16"], subnets={}, peered_with="hub-network")
    half = ids.hub_side("virtualNetworks", "a-first", "virtualNetworkPeerings", "to-vnet-hub")
    call(private, half + VERSION, method="DELETE")
    states = {
        each["name"]: each["properties"]["peeringState"]
        for each in get(private, ids.HUB_NETWORK + VERSION)["properties"]["virtualNetworkPeerings"]
    }
    assert states == {"hub-to-spoke": "Connected", "to-a-first": "Disconnected"}


def test_a_policy_knows_who_inherits_from_it(clock: Clock) -> None:
    simulator = Simulator(BASES["firewall"](clock))
    child = ids.hub_side("firewallPolicies", "afwp-child")
    body = {"location": "westeurope", "properties": {"basePolicy": {"id": ids.FIREWALL_POLICY}}}
    assert put(simulator, child, body).status == 201
    shown = get(simulator, ids.FIREWALL_POLICY + VERSION)["properties"]
    assert shown["childPolicies"] == [{"id": child}]
    assert shown["firewalls"] == [{"id": ids.FIREWALL}]


def test_a_public_address_keeps_the_address_it_got(private: Simulator) -> None:
    address = ids.node_side("publicIPAddresses", "pip-new")
    body = {"location": "westeurope", "properties": {"publicIPAllocationMethod": "Static"}}
    made = put(private, address, body).json()["properties"]["ipAddress"]
    assert put(private, address, body).json()["properties"]["ipAddress"] == made
    assert get(private, address + VERSION)["properties"]["ipAddress"] == made


def test_a_replica_is_made_once(private: Simulator) -> None:
    path = f"{SCOPES['registry']}/replications/northeurope"
    body = {"location": "northeurope", "properties": {}}
    assert put(private, path, body).status == 201
    assert put(private, path, body).status == 200
    interface = get(private, SCOPES["endpoint-nic"] + VERSION)["properties"]["ipConfigurations"]
    assert len(interface) == 3
    basic = put(private, f"{SCOPES['development-registry']}/replications/westeurope", {"location": "westeurope"})
    assert basic.json()["error"]["code"] == "SkuNotSupported"


def test_data_endpoints_that_are_off_have_no_hosts(private: Simulator) -> None:
    path = f"{SCOPES['registry']}?api-version=2025-11-01"
    body = call(private, path, method="PATCH", body={"properties": {"dataEndpointEnabled": False}}).json()
    assert body["properties"]["dataEndpointHostNames"] == []


def test_parts_of_nothing_cannot_be_listed(private: Simulator) -> None:
    answer = call(private, ids.node_side("virtualNetworks", "nope", "subnets") + VERSION)
    assert answer.json()["error"]["code"] == "ParentResourceNotFound"


def test_a_registry_without_premium_loses_its_rules(private: Simulator) -> None:
    path = f"{SCOPES['registry']}?api-version=2025-11-01"
    body = call(private, path, method="PATCH", body={"sku": {"name": "Standard"}}).json()
    assert "networkRuleSet" not in body["properties"]


def test_a_reader_changes_nothing(private: Simulator) -> None:
    caller_roles(private.world, roles=[{"role": "Reader", "scope": "hub-subscription"}])
    before = dict(private.world.resources)
    for method in ("PUT", "DELETE"):
        assert call(private, ids.HUB_LINK + VERSION, method=method, body={}).status == 403
    assert private.world.resources == before
