"""Where packets of the nodes go: one hand-made world per finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from traffic_world import DEFAULT, FIREWALL_ADDRESS, HUB, NET, NODES, SPOKE, TABLE, TrafficWorld, items

from core.checks.check import Check
from core.checks.net.route_table import CHECK
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster, ClusterNetwork, HttpProxy
from core.facts.fact import Denied, Known, Missing
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Peering, ServiceEndpoint, Subnet
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.facts.routing import HopKind, NextHop, Route
from core.model import Certainty, Status, Symptom, Verdict

NIC = f"{NET}/networkInterfaces/nic-nva"
NOWHERE = Route("nowhere", "0.0.0.0/0", "None")
TO_PE = Route("to-pe", "10.0.2.0/24", "VirtualAppliance", FIREWALL_ADDRESS)
REFUSED = Denied("Microsoft.Network/routeTables/read", "/subscriptions/s")


Show = Callable[[Check, Verdict], str]


class Case:
    """One world and what the check says of it."""

    def __init__(self, cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> None:
        self.cluster, self.registry, self.choice, self.show = cluster, registry, choice, show

    def says(self, world: TrafficWorld, **cluster: Any) -> Verdict:
        verdict = world.routed(replace(self.cluster, **cluster), self.registry, self.choice)
        self.show(CHECK, verdict)
        return verdict


@pytest.fixture
def case(cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> Case:
    return Case(cluster, registry, choice, show)


def lands(kind: HopKind, **more: Any) -> dict[str, Any]:
    return {"next_hops": items({FIREWALL_ADDRESS: NextHop(FIREWALL_ADDRESS, kind, **more)})}


def summary_of(verdict: Verdict) -> tuple[Status, str, Certainty | None]:
    return verdict.status, verdict.reason, verdict.certainty


def test_without_routes_of_anybody_everything_is_direct(case: Case) -> None:
    for way in (Way.PUBLIC, Way.PRIVATE, Way.UNINTENDED, Way.SERVICE_ENDPOINT):
        assert summary_of(case.says(TrafficWorld(way))) == (Status.PASS, "direct", None)


def test_a_firewall_is_for_another_check(case: Case) -> None:
    verdict = case.says(TrafficWorld(routes=(DEFAULT,)))
    assert summary_of(verdict) == (Status.PASS, "via-firewall", None)
    assert verdict.values["hop_address"] == FIREWALL_ADDRESS
    private = TrafficWorld(Way.PRIVATE, routes=(DEFAULT, TO_PE), policies="Enabled")
    assert case.says(private).reason == "via-firewall"


def test_a_default_route_never_takes_an_endpoint(case: Case) -> None:
    assert case.says(TrafficWorld(Way.PRIVATE, routes=(NOWHERE,), policies="Enabled")).reason == "direct"
    assert case.says(TrafficWorld(Way.UNINTENDED, routes=(NOWHERE,))).reason == "direct"


def test_routes_shorter_than_the_endpoint_count_only_where_its_subnet_obeys_them(case: Case) -> None:
    drop = replace(TO_PE, next_hop_type="None", next_hop_address=None)
    assert case.says(TrafficWorld(Way.PRIVATE, routes=(drop,))).reason == "direct"
    verdict = case.says(TrafficWorld(Way.PRIVATE, routes=(drop,), policies="RouteTableEnabled"))
    assert summary_of(verdict) == (Status.FAIL, "dropped", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["route-delete"]
    exact = Route("exact", "10.0.2.5/32", "None")
    verdict = case.says(TrafficWorld(Way.PRIVATE, routes=(exact,)))
    assert (verdict.reason, verdict.values["hosts"]) == ("dropped", "contosoreg.azurecr.io")


def test_an_endpoint_network_that_cannot_be_read_leaves_a_short_route_open(case: Case) -> None:
    drop = replace(TO_PE, next_hop_type="None", next_hop_address=None)
    world = TrafficWorld(Way.PRIVATE, routes=(drop,))
    facts = world.facts(case.cluster, case.registry, case.choice)
    spoke = facts["networks"].value.get(SPOKE)
    world.overrides = {"networks": Known(Items({SPOKE.lower(): spoke}))}
    assert summary_of(case.says(world)) == (Status.WARNING, "may-be-dropped", None)


def test_a_public_host_is_dropped_by_the_default_route(case: Case) -> None:
    verdict = case.says(TrafficWorld(routes=(NOWHERE,)))
    assert summary_of(verdict) == (Status.FAIL, "dropped", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["route-past", "route-delete"]
    tags = [place["tag"] for place in verdict.fixes[0].each]
    assert tags == ["AzureContainerRegistry.westeurope", "Storage.westeurope"]
    taken = Route("To-Storage.westeurope", "10.99.0.0/16", "None")
    fix = case.says(TrafficWorld(routes=(NOWHERE, taken))).fixes[0]
    assert [place["new_route"] for place in fix.each] == [f"to-{tags[0]}", f"to-{tags[1]}-2"]
    by_routes = case.says(TrafficWorld(routes=(NOWHERE,)), network=ClusterNetwork(outbound_type="userDefinedRouting"))
    assert [fix.key for fix in by_routes.fixes] == ["route-to-firewall"]
    assert by_routes.fixes[0].values["hop_address"] == FIREWALL_ADDRESS


def test_a_route_for_others_is_nobodys_business(case: Case) -> None:
    routes = (Route("sql", "Sql", "None"), Route("lab", "10.99.0.0/16", "None"))
    assert case.says(TrafficWorld(routes=routes)).reason == "direct"


def test_a_route_for_a_tag_drops_what_it_names(case: Case) -> None:
    verdict = case.says(TrafficWorld(routes=(Route("acr", "AzureContainerRegistry.WestEurope", "None"),)))
    assert summary_of(verdict) == (Status.FAIL, "dropped", Certainty.DEFINITE)
    assert verdict.values["hosts"] == "contosoreg.azurecr.io"
    assert [fix.key for fix in verdict.fixes] == ["route-delete"]


def test_a_public_range_is_never_a_wrong_fail(case: Case, choice: Choice) -> None:
    routes = (Route("range", "20.0.0.0/8", "None"),)
    assert summary_of(case.says(TrafficWorld(routes=routes))) == (Status.WARNING, "may-be-dropped", None)
    tags = {"AzureContainerRegistry": ("20.50.0.0/16",), "Storage": ("40.0.0.0/16",)}
    assert case.says(TrafficWorld(routes=routes, tags=tags)).reason == "dropped"
    for kind, address, reason in (
        ("TIMEOUT_443", "20.50.3.4", "dropped"),
        ("FW_IP", "20.50.3.4", "may-be-dropped"),
        ("TIMEOUT_443", "10.0.2.5", "may-be-dropped"),
    ):
        told = replace(choice, symptom=Symptom(kind, address=address))
        assert case.says(TrafficWorld(routes=routes, choice=told)).reason == reason, (kind, address)
    blobs = replace(choice, symptom=Symptom("BLOB_NET", address="20.60.3.4"))
    verdict = case.says(TrafficWorld(routes=routes, choice=blobs))
    assert (verdict.reason, verdict.values["hosts"]) == ("dropped", "*.blob.core.windows.net")


def test_service_principals_need_the_place_of_tokens_as_well(case: Case) -> None:
    routes = (Route("entra", "AzureActiveDirectory", "None"),)
    assert case.says(TrafficWorld(routes=routes)).reason == "direct"
    for way in (Way.PUBLIC, Way.PRIVATE):
        verdict = case.says(TrafficWorld(way, routes=routes), service_principal_client_id="app-1")
        assert (verdict.reason, verdict.values["hosts"]) == ("dropped", "login.microsoftonline.com")


def test_a_private_address_is_not_sent_out(case: Case) -> None:
    route = replace(TO_PE, next_hop_type="Internet", next_hop_address=None)
    verdict = case.says(TrafficWorld(Way.PRIVATE, routes=(route,), policies="Enabled"))
    assert summary_of(verdict) == (Status.FAIL, "sent-out", Certainty.DEFINITE)


def test_an_address_that_nobody_has(case: Case) -> None:
    world = TrafficWorld(routes=(DEFAULT,), overrides=lands(HopKind.NOTHING, firewalls_there=("10.0.1.5",)))
    verdict = case.says(world)
    assert summary_of(verdict) == (Status.FAIL, "hop-gone", Certainty.LIKELY)
    assert [(fix.key, fix.values["hop_address"]) for fix in verdict.fixes] == [("route-to-firewall", "10.0.1.5")]
    two = TrafficWorld(routes=(DEFAULT,), overrides=lands(HopKind.NOTHING, firewalls_there=("10.0.1.5", "10.0.1.6")))
    assert case.says(two).fixes[0].values["hop_address"] == "<firewall-private-address>"


def test_appliances(case: Case) -> None:
    for kind, more in (
        (HopKind.APPLIANCE, {"forwards": True, "resource_id": NIC}),
        (HopKind.APPLIANCE, {"resource_id": NIC}),
        (HopKind.LOAD_BALANCER, {}),
        (HopKind.NOT_SEEN, {}),
    ):
        verdict = case.says(TrafficWorld(routes=(DEFAULT,), overrides=lands(kind, **more)))
        assert summary_of(verdict) == (Status.UNKNOWN, "appliance", None)
        table = [item.value for item in verdict.evidence if item.label == "to-allow"]
        assert table == [
            "10.10.0.0/22 -> contosoreg.azurecr.io | TCP 443",
            "10.10.0.0/22 -> *.blob.core.windows.net | TCP 443",
        ]
    off = lands(HopKind.APPLIANCE, forwards=False, resource_id=NIC)
    verdict = case.says(TrafficWorld(routes=(DEFAULT,), overrides=off))
    assert summary_of(verdict) == (Status.FAIL, "does-not-forward", Certainty.LIKELY)
    assert verdict.fixes[0].values["nic_name"] == "nic-nva"
    nobody_asked = TrafficWorld(routes=(DEFAULT,), overrides={"next_hops": Known(Items())})
    assert case.says(nobody_asked).reason == "appliance"


@pytest.mark.parametrize("kind", HopKind)
def test_what_answers_at_a_next_hop_is_said_in_words(case: Case, kind: HopKind) -> None:
    verdict = case.says(TrafficWorld(routes=(DEFAULT,), overrides=lands(kind)))
    said = {item.value.rpartition(" | ")[2] for item in verdict.evidence if item.label == "route"}
    assert len(said) == 1
    assert said.isdisjoint(set(HopKind) - {HopKind.APPLIANCE})


def test_a_gateway_hides_what_comes_after(case: Case) -> None:
    route = Route("home", "0.0.0.0/0", "VirtualNetworkGateway")
    assert summary_of(case.says(TrafficWorld(routes=(route,)))) == (Status.UNKNOWN, "gateway", None)


def test_networks_that_are_not_connected_are_for_another_check(case: Case) -> None:
    world = TrafficWorld(Way.PRIVATE, routes=(DEFAULT,), peering="Disconnected")
    assert summary_of(case.says(world)) == (Status.NOT_APPLICABLE, "not-connected", None)


BY_ROUTES = ClusterNetwork(outbound_type="userDefinedRouting")


def test_a_cluster_that_leaves_by_routes_needs_a_default_route(case: Case) -> None:
    other = Route("lab", "10.99.0.0/16", "None")
    verdict = case.says(TrafficWorld(routes=(other,)), network=BY_ROUTES)
    assert summary_of(verdict) == (Status.FAIL, "no-default-route", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["route-default"]
    assert verdict.fixes[0].values["new_route"] == "default"
    taken = case.says(TrafficWorld(routes=(replace(other, name="Default"),)), network=BY_ROUTES)
    assert taken.fixes[0].values["new_route"] == "default-2"
    bare = case.says(TrafficWorld(), network=BY_ROUTES)
    assert [fix.key for fix in bare.fixes] == ["route-table-default"]
    assert bare.fixes[0].values["new_table"] == "rt-vnet-spoke-snet-nodes"
    assert case.says(TrafficWorld(Way.PRIVATE), network=BY_ROUTES).reason == "direct"
    assert case.says(TrafficWorld(routes=(DEFAULT,)), network=BY_ROUTES).reason == "via-firewall"
    nat = TrafficWorld(subnet={"nat_gateway_id": "nat"})
    assert case.says(nat, network=BY_ROUTES).reason == "direct"
    own = tuple(AgentPool(name, "VirtualMachineScaleSets", node_public_address=True) for name in ("sys", "usr"))
    assert case.says(TrafficWorld(), network=BY_ROUTES, agent_pools=own).reason == "direct"


def test_nodes_leave_through_the_only_firewall_beside_their_network(case: Case) -> None:
    for routes in ((), (NOWHERE,), (Route("lab", "10.99.0.0/16", "None"),)):
        fix = case.says(TrafficWorld(routes=routes), network=BY_ROUTES).fixes[0]
        assert fix.values["hop_address"] == FIREWALL_ADDRESS
    gone = TrafficWorld(routes=(DEFAULT,), overrides=lands(HopKind.NOTHING))
    assert case.says(gone, network=BY_ROUTES).fixes[0].values["hop_address"] == FIREWALL_ADDRESS


@pytest.mark.parametrize(
    "world",
    [
        {"firewall": {"network_id": None}},
        {"firewall": {"network_id": f"{HUB}-2"}},
        {"firewall": {"private_addresses": (FIREWALL_ADDRESS, "10.0.1.5")}},
        {"peering": "Disconnected"},
        {"overrides": {"firewalls": Denied("Microsoft.Network/azureFirewalls/read", "/subscriptions/s")}},
    ],
)
def test_which_firewall_it_is_nobody_guesses(case: Case, world: dict[str, Any]) -> None:
    fix = case.says(TrafficWorld(**world), network=BY_ROUTES).fixes[0]
    assert fix.values["hop_address"] == "<firewall-private-address>"


def test_a_gateway_may_bring_the_default_route(case: Case) -> None:
    subnets = (Subnet(NODES, "snet-nodes", ("10.10.0.0/22",)), Subnet("gw", "GatewaySubnet", ("10.10.250.0/27",)))
    other = Route("lab", "10.99.0.0/16", "None")
    learning = TrafficWorld(spoke={"subnets": subnets})
    assert summary_of(case.says(learning, network=BY_ROUTES)) == (Status.UNKNOWN, "gateway", None)
    own = (replace(subnets[0], route_table_id=TABLE), subnets[1])
    learning = TrafficWorld(routes=(other,), spoke={"subnets": own})
    assert summary_of(case.says(learning, network=BY_ROUTES)) == (Status.UNKNOWN, "gateway", None)
    world = TrafficWorld(routes=(other,), gateway_routes=False, spoke={"subnets": own})
    assert summary_of(case.says(world, network=BY_ROUTES)) == (Status.FAIL, "no-default-route", Certainty.DEFINITE)


GATEWAYS = Peering("p", "to-hub", HUB, "Connected", uses_remote_gateways=True)


@pytest.mark.parametrize(
    ("symptom", "reason"),
    [
        (None, "direct"),
        (Symptom("ANON_401"), "direct"),
        (Symptom("TIMEOUT_443", address="51.12.32.7"), "gateway"),
        (Symptom("TIMEOUT_443"), "gateway"),
        (Symptom("TIMEOUT_443", address="10.0.2.5"), "direct"),
        (Symptom("BLOB_NET"), "gateway"),
    ],
)
def test_a_default_route_of_a_gateways_matters_with_a_text_that_fits(
    case: Case, symptom: Symptom | None, reason: str
) -> None:
    choice = replace(case.choice, symptom=symptom)
    assert case.says(TrafficWorld(spoke={"peerings": (GATEWAYS,)}, choice=choice)).reason == reason
    assert case.says(TrafficWorld(choice=choice)).reason == "direct"


def test_a_virtual_hub_may_bring_the_default_route_as_well(case: Case) -> None:
    hub = "/subscriptions/x/resourceGroups/RG_hub_1/providers/Microsoft.Network/virtualNetworks/HV_hub_2"
    world = TrafficWorld(spoke={"peerings": (Peering("p", "RemoteVnetToHubPeering", hub, "Connected"),)})
    assert summary_of(case.says(world, network=BY_ROUTES)) == (Status.UNKNOWN, "gateway", None)


def test_a_service_endpoint_needs_no_default_route(case: Case) -> None:
    endpoints = (ServiceEndpoint("Microsoft.ContainerRegistry"), ServiceEndpoint("Microsoft.Storage"))
    world = TrafficWorld(Way.SERVICE_ENDPOINT, routes=(NOWHERE,), subnet={"service_endpoints": endpoints})
    assert case.says(world).reason == "direct"


def test_what_goes_to_a_web_proxy_is_not_routed_here(case: Case) -> None:
    proxy = HttpProxy(https_proxy="http://proxy.contoso.com:3128")
    assert case.says(TrafficWorld(routes=(NOWHERE,)), http_proxy=proxy).reason == "web-proxy"
    spared = replace(proxy, no_proxy=("contosoreg.azurecr.io",))
    verdict = case.says(TrafficWorld(routes=(NOWHERE,)), http_proxy=spared)
    assert (verdict.reason, verdict.values["hosts"]) == ("dropped", "contosoreg.azurecr.io")


def test_layers_of_a_far_copy_are_only_worth_a_look(case: Case) -> None:
    near = HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.PRIVATE, ("10.0.2.5",), ("10.0.2.5",))
    data = [
        HostPath(
            f"contosoreg.{region}.data.azurecr.io", HostRole.DATA, region, Answer.PRIVATE, (address,), (address,)
        )
        for region, address in (("westeurope", "10.0.2.4"), ("eastus", "10.0.2.6"))
    ]
    world = TrafficWorld(Way.PRIVATE, routes=(Route("x", "10.0.2.6/32", "None"),), hosts=(near, *data))
    assert summary_of(case.says(world)) == (Status.WARNING, "spare-region", None)
    told = replace(case.choice, symptom=Symptom("BLOB_NET", excerpt="https://contosoreg.eastus.data.azurecr.io/x"))
    world.choice = told
    assert case.says(world).reason == "dropped"


@pytest.mark.parametrize("fact", ["networks", "route_tables", "next_hops"])
def test_what_cannot_be_read_is_not_guessed(case: Case, fact: str) -> None:
    verdict = case.says(TrafficWorld(routes=(DEFAULT,), overrides={fact: REFUSED}))
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.missing is not None


def test_an_endpoint_that_cannot_be_read_matters_only_with_routes(case: Case) -> None:
    refused = {"private_endpoints": Denied("Microsoft.Network/privateEndpoints/read", "pe")}
    assert case.says(TrafficWorld(Way.PRIVATE, routes=(DEFAULT,), overrides=refused)).reason == "denied"
    assert case.says(TrafficWorld(Way.PRIVATE, overrides=refused)).reason == "direct"
    unseen = HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.PUBLIC)
    hidden = TrafficWorld(Way.UNINTENDED, routes=(DEFAULT,), overrides=refused, hosts=(unseen,))
    assert case.says(hidden).reason == "denied"


def test_an_endpoint_whose_addresses_are_hidden_is_not_guessed(case: Case) -> None:
    unseen = HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.PUBLIC)
    world = TrafficWorld(Way.UNINTENDED, routes=(DEFAULT,), hosts=(unseen,))
    endpoint = next(world.facts(case.cluster, case.registry, case.choice)["private_endpoints"].value.known())
    for addresses, reason in ((REFUSED, "denied"), (Known(()), "missing-resource")):
        world.overrides = {"private_endpoints": items({endpoint.id: replace(endpoint, addresses=addresses)})}
        assert case.says(world).reason == reason
    answered = replace(unseen, answer=Answer.PRIVATE, addresses=("10.0.2.5",))
    seen = TrafficWorld(Way.PRIVATE, routes=(DEFAULT,), hosts=(answered,))
    seen.overrides = {"private_endpoints": items({endpoint.id: replace(endpoint, addresses=REFUSED)})}
    assert case.says(seen).reason == "direct"


def test_a_certain_fail_stays_one_whatever_else_is_hidden(case: Case) -> None:
    routes = (Route("acr", "AzureContainerRegistry", "None"), DEFAULT)
    verdict = case.says(TrafficWorld(routes=routes, overrides={"next_hops": REFUSED}))
    assert summary_of(verdict) == (Status.FAIL, "dropped", Certainty.DEFINITE)


def test_each_subnet_is_judged_by_its_own_table(case: Case) -> None:
    world = TrafficWorld(routes=(NOWHERE,))
    other = NodePath(NodeSubnet(f"{SPOKE}/subnets/snet-usr", SPOKE, ("usr",)), Way.PUBLIC, world.path().hosts)
    world.overrides = {"node_paths": (world.path(pools=("sys",)), other)}
    verdict = case.says(world)
    assert (verdict.status, verdict.values["pools"]) == (Status.FAIL, "sys")


def test_without_a_way_there_is_nothing_to_ask(case: Case) -> None:
    assert case.says(TrafficWorld(Way.NONE, routes=(NOWHERE,))).status is Status.NOT_APPLICABLE
    world = TrafficWorld(routes=(NOWHERE,))
    unclear = replace(world.path(), way=Way.UNKNOWN, why=Missing("x"))
    world.overrides = {"node_paths": (unclear,)}
    assert case.says(world).status is Status.UNKNOWN


def test_an_address_that_is_no_endpoint_of_the_registry_is_routed_by_its_prefix(case: Case) -> None:
    """A record that was left over: the way to its address is told all the same."""
    world = TrafficWorld(Way.PRIVATE, routes=(DEFAULT,))
    stale = HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.PRIVATE, (), ("10.77.0.9",))
    world.overrides = {"node_paths": (replace(world.path(), endpoint_id=None, hosts=(stale,)),)}
    assert case.says(world).reason == "via-firewall"
    near = replace(stale, addresses=("10.0.2.9",))
    world.overrides = {"node_paths": (replace(world.path(), endpoint_id=None, hosts=(near,)),)}
    assert case.says(world).reason == "direct"
    lost = HostPath("contosoreg.azurecr.io", HostRole.LOGIN, None, Answer.PUBLIC)
    world.overrides = {"node_paths": (replace(world.path(), way=Way.UNINTENDED, endpoint_id=None, hosts=(lost,)),)}
    assert case.says(world).status is Status.NOT_APPLICABLE
