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
from core.facts.fact import Denied, Known, Missing
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CLOUD = CloudNames("AzureCloud", "azurecr.io", ("azurecr.us",))


def everything(scenario, image=None):
    """Every fact of a scenario's world, fetched as the engine does it; and the connection that it took."""
    chosen = load_scenario(scenario)
    world = build(chosen, lambda: NOW)
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
    found, azure = everything(scenario, image="elsewhere.azurecr.io/app:1")
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


@pytest.mark.parametrize(("silent", "most"), [({"service_principal", "application"}, 2), (set(), 3)])
def test_the_longest_chain_of_requests_is_short(silent, most):
    """Managed-identity clusters have nothing to ask of the directory before the roles, the others have."""
    needs = {name: provider.needs for name, provider in providers(None).items()}
    silent |= {"choice", "cloud", "now", "puller", "role_definitions", "deny_assignments", "listed_registries"}

    def depth(name):
        before = max((depth(need) for need in needs.get(name, ())), default=0)
        return before + (name not in silent)

    assert max(depth(name) for name in needs) == most


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
