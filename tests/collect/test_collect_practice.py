"""All facts of whole practice worlds: known where they should be, nothing asked twice, nothing asked in vain."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from collect_answers import choice

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.collect.table import providers
from core.engine.fact_store import FactStore
from core.facts.cloud import CloudNames
from core.facts.egress import EgressKind
from core.facts.fact import Denied, Known, Missing
from core.facts.private_dns import ServerKind
from core.facts.routing import HopKind
from core.practice.faults import set_value
from core.practice.network_faults import add_resource, add_subnet
from core.practice.network_ids import HUB_NETWORK, PLATFORM, network_id
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CLOUD = CloudNames("AzureCloud", "azurecr.io", ("azurecr.us",))


def everything(scenario, image=None, change=lambda world: None):
    """Every fact of a scenario's changed world, fetched as the engine does it; and the connection that it took."""
    chosen = load_scenario(scenario)
    world = build(chosen, lambda: NOW)
    change(world)
    simulator = Simulator(world)
    cancel = CancelToken()
    azure = Azure(AZURE_PUBLIC, PracticeCredential(world), PracticeTransport(simulator), cancel)
    table = providers(azure)
    given = {
        "choice": Known(choice(chosen.choice.cluster, chosen.choice.registry, image or chosen.choice.image)),
        "cloud": Known(CLOUD),
        "now": Known(NOW),
    }
    found = {}
    complete = threading.Event()

    def settled(name, outcome):
        found[name] = outcome
        if len(found) == len(table):
            complete.set()

    FactStore(table, given, cancel, settled).want(list(table))
    assert complete.wait(30), f"never came: {table.keys() - found.keys()}"
    assert not simulator.unknown
    return found, azure


@pytest.mark.parametrize(
    "scenario", ["healthy-public", "healthy-private", "healthy-abac", "healthy-service-principal", "custom-role"]
)
def test_everything_is_known_and_nothing_asked_twice(scenario):
    found, azure = everything(scenario, image="elsewhere.azurecr.io/web/api:1")
    assert {name: outcome for name, outcome in found.items() if not isinstance(outcome, Known)} == {}
    assert azure.transport.requests().repeated == 0
    assert found["puller_assignments"].value.groups_expanded
    assert found["registry_names"].value.by_login_server["contosoreg.azurecr.io"].name == "contosoreg"
    assert found["name_availability"].value.available


def test_a_healthy_world():
    found, _ = everything("healthy-public")
    facts = {name: outcome.value for name, outcome in found.items()}
    assert facts["puller"].managed_identity
    assert facts["puller"].name == "aks-app-agentpool"
    assert facts["kubelet_managed_identity"].principal_id == facts["puller"].object_id
    roles = {
        facts["role_definitions"].by_guid[item.role_guid].value.name for item in facts["puller_assignments"].items
    }
    assert roles == {"AcrPull"}
    assert {group.pool for group in facts["node_identities"].groups} == {"sys", "usr"}
    assert facts["registry_names"] is None
    assert facts["name_availability"] is None
    assert facts["service_principal"] is None
    assert facts["directory_names"].names[facts["puller"].object_id.lower()] == "aks-app-agentpool"


DERIVED = {
    "puller",
    "role_definitions",
    "deny_assignments",
    "listed_registries",
    "node_subnets",
    "hop_addresses",
    "exit_networks",
}
NO_PRINCIPAL = {"service_principal", "application"}
NO_APPLIANCE = {"firewall_lists", "firewalls", "next_hops", "dns_servers", "service_tags"}
"""Facts that ask nothing where the cluster has none of these."""


@pytest.mark.parametrize(
    ("fact", "silent", "most"),
    [
        ("role_definitions", NO_PRINCIPAL, 2),
        ("role_definitions", set(), 3),
        ("node_identities", set(), 3),
        ("egress", NO_APPLIANCE | {"managed_networks", "route_tables"}, 3),
        ("private_zones", {"managed_networks"}, 3),
        ("node_paths", NO_APPLIANCE | {"managed_networks", "node_paths"}, 4),
        ("firewalls", {"managed_networks"}, 5),
    ],
)
def test_the_longest_chain_of_requests_is_short(fact, silent, most):
    """How many facts that ask Azure wait for each other, where some have nothing to ask."""
    needs = {name: provider.needs for name, provider in providers(None).items()}

    def depth(name):
        before = max((depth(need) for need in needs.get(name, ())), default=0)
        return before + (name in needs and name not in DERIVED | silent)

    assert depth(fact) == most


@pytest.mark.parametrize("scenario", ["healthy-firewall", "healthy-private-firewall"])
def test_a_world_behind_a_firewall_is_read_whole(scenario):
    found, azure = everything(scenario)
    firewalls = list(found["firewalls"].value.known())
    (hop,) = found["next_hops"].value.known()
    assert hop.kind is HopKind.FIREWALL
    assert [one.id for one in firewalls] == [hop.resource_id]
    assert firewalls[0].policy.value.groups
    (way,) = found["egress"].value.known()
    assert way.kind is EgressKind.FIREWALL
    assert way.prefixes == ("20.50.2.20/32",)
    assert azure.transport.requests().repeated == 0


def resolving(world):
    """Have the nodes ask a resolver in the hub, and a server that nobody knows."""
    resolver = network_id(PLATFORM, "rg-hub", "dnsResolvers", "resolver")
    place = {"subnet": {"id": f"{HUB_NETWORK}/subnets/snet-dns"}, "privateIpAddress": "10.0.3.4"}
    add_subnet(world, network="hub-network", name="snet-dns", prefix="10.0.3.0/28")
    add_resource(world, resource=f"{resolver}/inboundEndpoints/in", properties={"ipConfigurations": [place]})
    servers = {"dnsServers": ["10.0.3.4", "192.168.7.7"]}
    set_value(world, resource="node-network", path="properties.dhcpOptions", value=servers)


def test_servers_of_the_nodes_network():
    found, azure = everything("healthy-private", change=resolving)
    servers = found["dns_servers"].value
    resolver = servers.get("10.0.3.4").value
    assert (resolver.kind, resolver.network_id) == (ServerKind.RESOLVER, HUB_NETWORK)
    assert resolver.resource_id.endswith("/inboundEndpoints/in")
    assert servers.get("192.168.7.7").value.kind is ServerKind.OUTSIDE
    assert azure.transport.requests().repeated == 0


def test_a_private_world():
    found, azure = everything("healthy-private")
    (where,) = found["node_subnets"].value
    assert where.pools == ("sys", "usr")
    (connection,) = found["endpoint_connections"].value
    endpoint = found["private_endpoints"].value.get(connection.endpoint_id).value
    hosts = {host: one.address for one in endpoint.addresses.value for host in one.hosts}
    (zone,) = found["private_zones"].value.zones
    assert zone.records["contosoreg"] == Known((hosts["contosoreg.azurecr.io"],))
    assert zone.records["contosoreg.westeurope.data"] == Known((hosts["contosoreg.westeurope.data.azurecr.io"],))
    assert {link.network_id for link in zone.links.value} >= {where.network_id}
    assert {one.network_id for one in (where, endpoint)} == {one.id for one in found["networks"].value.known()}
    assert [one.zone_id for one in found["zone_groups"].value.get(endpoint.id).value] == [zone.id]
    assert list(found["security_groups"].value.known())
    assert azure.transport.requests().repeated == 0


def test_a_role_through_a_group_is_in_the_pullers_list():
    found, _ = everything("role-through-group")
    mine = found["puller_assignments"].value.items
    assert {item.principal_type for item in mine} == {"Group"}
    assert found["puller"].value.object_id not in {item.principal_id for item in mine}


def test_a_service_principal_cluster():
    found, _ = everything("healthy-service-principal")
    principal = found["service_principal"].value
    assert found["puller"].value.object_id == principal.object_id
    assert not found["puller"].value.managed_identity
    assert found["application"].value.app_id == principal.app_id
    assert found["application"].value.object_id != principal.object_id
    assert found["kubelet_managed_identity"].value is None
    assert found["puller_assignments"].value.items


def test_a_directory_that_refuses_leaves_no_puller():
    found, _ = everything("sp-graph-denied")
    assert isinstance(found["service_principal"], Denied)
    assert found["puller"] == found["puller_assignments"] == found["service_principal"]
    assert isinstance(found["registry_assignments"], Known)


def test_a_reader_without_the_role_list():
    found, _ = everything("reader-without-role-list")
    assert found["puller_assignments"].action == "Microsoft.Authorization/roleAssignments/read"
    assert found["role_definitions"] == Known(found["registry_role_definitions"].value)
    assert found["role_definitions"].value.by_guid == {}


def test_a_reader_without_the_node_resource_group():
    found, _ = everything("reader-without-node-resource-group")
    assert found["node_identities"].action == "Microsoft.Compute/virtualMachineScaleSets/read"
    assert isinstance(found["cluster"], Known)


def test_a_deleted_registry():
    found, _ = everything("registry-deleted")
    assert isinstance(found["registry"], Missing)
    assert found["registry_names"] == found["registry"]


def test_a_deleted_kubelet_identity():
    found, _ = everything("kubelet-identity-deleted")
    assert isinstance(found["kubelet_managed_identity"], Missing)


def test_a_deny_assignment_and_the_pullers_groups():
    found, _ = everything("deny-assignment")
    assert found["deny_assignments"].value.items


def test_instances_behind_their_model():
    found, _ = everything("stale-instances")
    assert any(group.stale_instances for group in found["node_identities"].value.groups)
