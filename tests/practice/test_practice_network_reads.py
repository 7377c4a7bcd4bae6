"""Questions about networks that are no plain resources: Resource Graph, service tags, machine sizes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from practice_calls import call, get

from core.practice import network_ids as ids
from core.practice.base import BASES, PRODUCTION
from core.practice.directory_faults import hide
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

Clock = Callable[[], datetime]


@pytest.fixture
def private(clock: Clock) -> Simulator:
    return Simulator(BASES["private"](clock))


def rows(simulator: Simulator, query: str) -> Any:
    path = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
    return call(simulator, path, method="POST", body={"query": query}).json()["data"]


def test_zones_are_found_by_the_end_of_their_names(private: Simulator) -> None:
    query = (
        "resources | where type =~ 'microsoft.network/privatednszones' "
        "| where name =~ 'privatelink.azurecr.io' or name endswith '.data.privatelink.azurecr.io' | project id, name"
    )
    assert rows(private, query) == [{"id": ids.PRIVATE_ZONE, "name": ids.ZONE}]
    assert rows(private, "resources | where name endswith '.azurecr.i'") == []
    hide(private.world, actions=["Microsoft.Network/privateDnsZones/read"])
    assert rows(private, query) == []


def test_networks_are_found_with_their_parts(private: Simulator) -> None:
    query = "resources | where type =~ 'microsoft.network/virtualnetworks' and name == 'vnet-hub'"
    (row,) = rows(private, query)
    assert row["properties"]["addressSpace"]["addressPrefixes"] == ["10.0.0.0/16"]
    assert [each["name"] for each in row["properties"]["subnets"]] == ["AzureFirewallSubnet", "snet-pe"]


def client(kind: Any, simulator: Simulator) -> Any:
    return kind(PracticeCredential(simulator.world), PRODUCTION, transport=PracticeTransport(simulator))


def test_service_tags_are_a_regions(private: Simulator) -> None:
    tags = client(NetworkManagementClient, private).service_tags.list("westeurope")
    prefixes = {each.name: each.properties.address_prefixes for each in tags.values_property}
    assert "AzureContainerRegistry.WestEurope" in prefixes
    assert set(prefixes["AzureContainerRegistry.WestEurope"]) <= set(prefixes["AzureContainerRegistry"])
    elsewhere = client(NetworkManagementClient, private).service_tags.list("northeurope")
    assert not [each for each in elsewhere.values_property if each.name.endswith(".WestEurope")]


def test_sizes_say_what_processor_they_have(private: Simulator) -> None:
    sizes = list(client(ComputeManagementClient, private).resource_skus.list(filter="location eq 'westeurope'"))
    kinds = {
        size.name: capability.value
        for size in sizes
        for capability in size.capabilities
        if capability.name == "CpuArchitectureType"
    }
    assert kinds["Standard_D4s_v5"] == "x64"
    assert kinds["Standard_D4ps_v5"] == "Arm64"
    assert {location for size in sizes for location in size.locations} == {"westeurope"}
    refused = call(
        private, f"/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/skus?$filter=x&api-version=2021-07-01"
    )
    assert refused.status == 400


def test_nothing_is_imposed_unless_somebody_does(private: Simulator) -> None:
    path = "/listNetworkManagerEffectiveSecurityAdminRules?api-version=2025-05-01"
    assert call(private, ids.NODE_NETWORK + path, method="POST", body={}).json() == {"value": []}
    assert call(private, ids.NODE_NETWORK + "x" + path, method="POST", body={}).status == 404


def test_a_providers_types_are_those_that_are_answered(private: Simulator) -> None:
    known = get(private, f"/subscriptions/{PRODUCTION}/providers/Microsoft.Network?api-version=2021-04-01")
    types = {each["resourceType"] for each in known["resourceTypes"]}
    assert {"azureFirewalls", "firewallPolicies/ruleCollectionGroups", "privateDnsZones"} <= types


@pytest.mark.parametrize("base", sorted(BASES))
def test_what_a_body_refers_to_is_there(base: str, clock: Clock) -> None:
    world = BASES[base](clock)

    def references(value: Any) -> Any:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("id", "vnetSubnetID", "privateDnsZoneId", "privateLinkServiceId") and isinstance(
                    inner, str
                ):
                    yield inner
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    # The network inside of a virtual hub is Microsoft's.
    inline = ("ipconfigurations/", "outboundrules/", "connections/", "zoneconfigs/", "/hv_vhub-we_")
    for body in world.resources.values():
        for each in references(body["properties"]):
            known = world.resource(each) is not None or any(part in each.lower() for part in inline)
            assert known, each
