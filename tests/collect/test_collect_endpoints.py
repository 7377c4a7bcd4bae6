"""Private endpoints of a registry, from both sides."""

from __future__ import annotations

import copy

import pytest
from collect_answers import REGISTRY_ID, bodies, body, choice, connect, raw, refused
from collect_networks import CONNECTIONS, ENDPOINT, HUB, INTERFACE

from core.collect.endpoints import (
    READ_INTERFACES,
    endpoint_connections,
    private_endpoints,
    to_endpoint_addresses,
    zone_groups,
)
from core.facts.endpoints import EndpointAddress, EndpointConnection
from core.facts.fact import Denied, Known, Missing, Unavailable
from core.practice.http import arm_error

PAGES = {name: answer for name, answer in bodies("acrPrivateEndpointConnections").items() if "value" in answer}
RECORDED = bodies("privateEndpoints")
NIC = body("networkInterfaces", "networking-privateendpoint-20240301-01")


@pytest.mark.parametrize("name", PAGES)
def test_recorded_connections_are_read(name):
    azure, answers = connect({"GET /privateendpointconnections?": PAGES[name]})
    found = endpoint_connections(azure, choice())
    assert f"{REGISTRY_ID}/privateEndpointConnections" in f"/{answers.urls()[0]}"
    assert found == tuple(
        EndpointConnection(
            id=one["id"],
            name=one["name"],
            status=one["properties"]["privateLinkServiceConnectionState"]["status"],
            endpoint_id=one["properties"]["privateEndpoint"]["id"],
            description=one["properties"]["privateLinkServiceConnectionState"]["description"],
            provisioning_state=one["properties"]["provisioningState"],
        )
        for one in PAGES[name]["value"]
    )
    assert found


def read(answer, interface=NIC):
    azure, answers = connect({"GET /privateendpoints/": answer, "GET /networkinterfaces/": interface})
    return private_endpoints(azure, CONNECTIONS).get(ENDPOINT), answers


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_endpoint_is_read(name):
    answer = RECORDED[name]
    properties = answer["properties"]
    outcome, answers = read(answer)
    found = outcome.value
    connections = properties["privateLinkServiceConnections"] + properties["manualPrivateLinkServiceConnections"]
    assert (found.id, found.name, found.location) == (answer["id"], answer["name"], answer["location"])
    assert found.subnet_id == properties["subnet"]["id"]
    assert found.subnet_id == f"{found.network_id}/subnets/{found.subnet_id.rpartition('/')[2]}"
    state = raw(connections[0], "properties", "privateLinkServiceConnectionState", "status")
    assert found.status == state
    assert found.addresses == Known(
        (EndpointAddress("10.0.0.4", ("asoteststoraghhkw.blob.core.windows.net",), "blob"),)
    )
    assert len(answers.asked) == 2


def test_addresses_of_a_registrys_endpoint():
    interface = copy.deepcopy(NIC)
    (first,) = interface["properties"]["ipConfigurations"]
    second = copy.deepcopy(first)
    for one, address, member, host in (
        (first, "10.0.2.4", "registry_data_westeurope", "ContosoReg.westeurope.data.azurecr.io"),
        (second, "10.0.2.5", "registry", "contosoreg.azurecr.io"),
    ):
        one["properties"]["privateIPAddress"] = address
        one["properties"]["privateLinkConnectionProperties"] = {"requiredMemberName": member, "fqdns": [host]}
    interface["properties"]["ipConfigurations"].append(second)
    assert to_endpoint_addresses(interface) == (
        EndpointAddress("10.0.2.4", ("contosoreg.westeurope.data.azurecr.io",), "registry_data_westeurope"),
        EndpointAddress("10.0.2.5", ("contosoreg.azurecr.io",), "registry"),
    )
    del second["properties"]["privateLinkConnectionProperties"]
    assert to_endpoint_addresses(interface)[1] == EndpointAddress("10.0.2.5", (), None)


def test_application_groups_are_told_by_the_endpoint_and_by_its_interface():
    ids = [f"{HUB}/applicationSecurityGroups/{name}" for name in ("asg-a", "asg-b")]
    answer, interface = copy.deepcopy(RECORDED["private-endpoint-connection-acr-01"]), copy.deepcopy(NIC)
    assert read(answer, interface)[0].value.application_group_ids == ()
    answer["properties"]["applicationSecurityGroups"] = [{"id": ids[0]}]
    (configuration,) = interface["properties"]["ipConfigurations"]
    configuration["properties"]["applicationSecurityGroups"] = [{"id": ids[0].upper()}, {"id": ids[1]}]
    assert read(answer, interface)[0].value.application_group_ids == tuple(ids)
    outcome, _ = read(answer, refused(READ_INTERFACES, INTERFACE))
    assert outcome.value.application_group_ids == (ids[0],)


def test_what_the_endpoint_tells_stands_in_for_a_refused_interface():
    answer = copy.deepcopy(RECORDED["private-endpoint-connection-acr-01"])
    denied = refused(READ_INTERFACES, INTERFACE)
    outcome, _ = read(answer, denied)
    assert outcome.value.addresses == Denied(READ_INTERFACES, INTERFACE)
    answer["properties"]["customDnsConfigs"] = [
        {"fqdn": "Contosoreg.azurecr.io", "ipAddresses": ["10.0.2.5"]},
        {"fqdn": "contosoreg.westeurope.data.azurecr.io", "ipAddresses": ["10.0.2.4"]},
    ]
    outcome, _ = read(answer, denied)
    assert outcome.value.addresses == Known(
        (
            EndpointAddress("10.0.2.5", ("contosoreg.azurecr.io",)),
            EndpointAddress("10.0.2.4", ("contosoreg.westeurope.data.azurecr.io",)),
        )
    )
    answer["properties"] |= {"networkInterfaces": [], "customDnsConfigs": []}
    outcome, _ = read(answer)
    assert outcome.value.addresses == Missing(answer["id"])


def test_each_endpoint_has_an_outcome_of_its_own():
    others = [f"{HUB}/nonsense", f"{ENDPOINT}2", ENDPOINT.upper(), None]
    connections = (*CONNECTIONS, *(EndpointConnection(str(one), "c", "Approved", one) for one in others))
    routes = {
        "GET /privateendpoints/pe?": RECORDED["private-endpoint-connection-acr-01"],
        "GET /privateendpoints/pe2?": arm_error(404, "ResourceNotFound", "Gone."),
        "GET /networkinterfaces/": NIC,
    }
    azure, answers = connect(routes)
    found = private_endpoints(azure, connections)
    assert isinstance(found.get(ENDPOINT), Known)
    assert found.get(f"{ENDPOINT}2") == Missing(f"{ENDPOINT}2")
    assert isinstance(found.get(f"{HUB}/nonsense"), Unavailable)
    assert len(answers.asked) == 3


@pytest.mark.parametrize("name", bodies("privateDnsZoneGroups"))
def test_recorded_zone_groups_are_read(name):
    answer = body("privateDnsZoneGroups", name)
    groups = answer.get("value", [answer])
    azure, answers = connect({"GET /privatednszonegroups?": {"value": groups}})
    found = zone_groups(azure, CONNECTIONS).get(ENDPOINT).value
    assert "/resourceGroups/hub-rg/providers/Microsoft.Network/privateEndpoints/pe/" in f"/{answers.urls()[0]}"
    wanted = [config for group in groups for config in group["properties"]["privateDnsZoneConfigs"]]
    assert [(one.name, one.zone_id) for one in found] == [
        (config["name"], config["properties"]["privateDnsZoneId"]) for config in wanted
    ]
    assert found
