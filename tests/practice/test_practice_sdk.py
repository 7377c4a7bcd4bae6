"""The real SDK clients at work on the simulated Azure, through the transport without a socket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions
from practice_calls import get

from core.practice.base import CONTOSO, FABRIKAM_SHARED, MARIA, PRODUCTION, SHARED, app_cluster, app_registry
from core.practice.cluster_bodies import PoolSpec, kubelet_key, kubelet_object_id, scale_set_name
from core.practice.names import SCOPES
from core.practice.roles import role_id
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World

CLUSTER = app_cluster()
KUBELET = kubelet_object_id(CLUSTER)


def client(kind: Any, simulator: Simulator, *args: str) -> Any:
    return kind(PracticeCredential(simulator.world), *args, transport=PracticeTransport(simulator))


def test_cluster_and_pools(simulator: Simulator) -> None:
    aks = client(ContainerServiceClient, simulator, PRODUCTION)
    cluster = aks.managed_clusters.get("rg-app", "aks-app")
    assert cluster.identity_profile["kubeletidentity"].object_id == KUBELET
    assert cluster.identity.principal_id != KUBELET
    assert cluster.power_state.code == "Running"
    assert [pool.name for pool in aks.agent_pools.list("rg-app", "aks-app")] == ["sys", "usr"]


def test_registry_usages_replicas_and_name(simulator: Simulator) -> None:
    acr = client(ContainerRegistryManagementClient, simulator, SHARED)
    registry = acr.registries.get("rg-reg", "contosoreg")
    assert registry.login_server == "contosoreg.azurecr.io"
    assert registry.role_assignment_mode == "LegacyRegistryPermissions"
    assert registry.policies.azure_ad_authentication_as_arm_policy.status == "enabled"
    assert [usage.name for usage in acr.registries.list_usages("rg-reg", "contosoreg").value] == ["Size", "Webhooks"]
    assert [each.location for each in acr.replications.list("rg-reg", "contosoreg")] == ["westeurope"]
    question = {"name": "contosoreg", "type": "Microsoft.ContainerRegistry/registries"}
    assert acr.registries.check_name_availability(question).name_available is False


def test_missing_things_raise_not_found(simulator: Simulator) -> None:
    aks = client(ContainerServiceClient, simulator, PRODUCTION)
    for group, name in (("rg-app", "nope"), ("rg-nope", "aks-app")):
        with pytest.raises(ResourceNotFoundError):
            aks.managed_clusters.get(group, name)


def test_role_assignments_and_definitions(simulator: Simulator, world: World) -> None:
    auth = client(AuthorizationManagementClient, simulator, SHARED)
    registry = app_registry(world.now)
    found = list(auth.role_assignments.list_for_scope(registry.id, filter=f"atScope() and assignedTo('{KUBELET}')"))
    assert [entry.principal_id for entry in found] == [KUBELET]
    role = auth.role_definitions.get_by_id(found[0].role_definition_id)
    assert role.role_name == "AcrPull"
    assert role.permissions[0].actions == ["Microsoft.ContainerRegistry/registries/pull/read"]
    assert found[0].created_on < world.now


def test_caller_permissions_on_a_resource_and_its_group(simulator: Simulator) -> None:
    auth = client(AuthorizationManagementClient, simulator, SHARED)
    blocks = list(
        auth.permissions.list_for_resource("rg-reg", "Microsoft.ContainerRegistry", "", "registries", "contosoreg")
    )
    assert ["*"] in [block.actions for block in blocks]
    assert len(blocks) == len(list(auth.permissions.list_for_resource_group("rg-reg")))


def test_deny_assignments(simulator: Simulator) -> None:
    auth = client(AuthorizationManagementClient, simulator, SHARED)
    assert list(auth.deny_assignments.list_for_scope(SCOPES["registry"], filter="atScope()")) == []


def test_identity(simulator: Simulator) -> None:
    msi = client(ManagedServiceIdentityClient, simulator, PRODUCTION)
    identity = msi.user_assigned_identities.get(CLUSTER.node_group, "aks-app-agentpool")
    assert identity.principal_id == KUBELET
    assert identity.tenant_id == CONTOSO
    assert len(list(msi.user_assigned_identities.list_by_resource_group(CLUSTER.node_group))) == 1


def test_scale_sets_and_their_machines(simulator: Simulator) -> None:
    compute = client(ComputeManagementClient, simulator, PRODUCTION)
    sets = {
        each.tags["aks-managed-poolName"]: each
        for each in compute.virtual_machine_scale_sets.list(CLUSTER.node_group)
    }
    assert set(sets) == {"sys", "usr"}
    assert list(sets["usr"].identity.user_assigned_identities) == [kubelet_key(CLUSTER)]
    name = scale_set_name(CLUSTER, PoolSpec("usr"))
    machines = compute.virtual_machine_scale_set_vms
    seen = list(machines.list(CLUSTER.node_group, name, expand="instanceView"))
    assert [machine.latest_model_applied for machine in seen] == [True, True]
    assert seen[0].instance_view.statuses[1].code == "PowerState/running"
    assert next(iter(machines.list(CLUSTER.node_group, name))).instance_view is None
    assert list(compute.virtual_machines.list(CLUSTER.node_group)) == []
    assert len(list(compute.virtual_machine_scale_sets.list_all())) == 4


def test_subscriptions_and_tenants(simulator: Simulator) -> None:
    subscriptions = client(SubscriptionClient, simulator)
    seen = {each.subscription_id: each for each in subscriptions.subscriptions.list()}
    assert {PRODUCTION, SHARED} <= set(seen)
    assert FABRIKAM_SHARED not in seen
    assert seen[SHARED].display_name == "Contoso shared"
    assert seen[SHARED].tenant_id == CONTOSO
    assert subscriptions.subscriptions.get(SHARED).state == "Enabled"
    assert [each.tenant_id for each in subscriptions.tenants.list()] == [CONTOSO]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_paging_misses_nothing(simulator: Simulator, world: World, size: int) -> None:
    aks = client(ContainerServiceClient, simulator, PRODUCTION)
    auth = client(AuthorizationManagementClient, simulator, SHARED)
    subscriptions = client(SubscriptionClient, simulator)
    world.page_size = size
    assert [each.name for each in aks.managed_clusters.list()] == ["aks-app", "aks-batch"]
    roles = {each.role_name for each in auth.role_definitions.list(SCOPES["registry"])}
    assert len(roles) == len(world.role_definitions)
    found = list(auth.role_assignments.list_for_scope(SCOPES["registry"], filter="atScope()"))
    assert len({entry.id for entry in found}) == len(found) == 3
    assert len(list(subscriptions.subscriptions.list())) == 10


def test_cluster_lists_end_with_an_empty_page(simulator: Simulator, world: World) -> None:
    aks = client(ContainerServiceClient, simulator, PRODUCTION)
    world.page_size = 1
    pages = [list(page) for page in aks.managed_clusters.list().by_page()]
    assert [len(page) for page in pages] == [1, 1, 0]
    path = f"/subscriptions/{PRODUCTION}/providers/Microsoft.ContainerService/managedClusters"
    link = get(simulator, f"{path}?api-version=2026-08-01")["nextLink"]
    assert link == f"https://management.azure.com{path}?%24skipToken=1&api-version=2026-08-01&skipToken=1"


def test_resource_graph(simulator: Simulator, world: World) -> None:
    graph = client(ResourceGraphClient, simulator)
    query = (
        "resources | where type =~ 'Microsoft.ContainerRegistry/registries'"
        " | project id, name, subscriptionId, loginServer=properties.loginServer | order by name asc"
    )
    world.page_size = 3
    rows: list[dict[str, str]] = []
    token = None
    while True:
        options = QueryRequestOptions(result_format="objectArray", skip_token=token)
        answer = graph.resources(QueryRequest(subscriptions=None, query=query, options=options))
        rows += answer.data
        token = answer.skip_token
        if token is None:
            break
    assert answer.total_records == len(rows) == 9
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert {"contosoreg.azurecr.io", "contosodev.azurecr.io"} <= {row["loginServer"] for row in rows}


def test_resource_graph_refuses_what_it_cannot_read(simulator: Simulator) -> None:
    graph = client(ResourceGraphClient, simulator)
    for query in ("resources | summarize count()", "networkresources", "resources | where type ~~ 'x'", ""):
        with pytest.raises(HttpResponseError) as caught:
            graph.resources(QueryRequest(query=query))
        assert caught.value.status_code == 400


def test_many_threads_at_once(simulator: Simulator) -> None:
    aks = client(ContainerServiceClient, simulator, PRODUCTION)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: aks.managed_clusters.get("rg-app", "aks-app").name, range(40)))
    assert names == ["aks-app"] * 40
    assert len(simulator.log) == 40


def test_an_unknown_address_is_loud(world: World) -> None:
    simulator = Simulator(world)
    compute = client(ComputeManagementClient, simulator, PRODUCTION)
    with pytest.raises(HttpResponseError, match="SimulatorDoesNotKnow") as caught:
        list(compute.disks.list())
    assert caught.value.status_code == 501
    assert [request.path for request in simulator.unknown] == [
        f"/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/disks"
    ]


def test_role_names_are_found_without_regard_to_case(simulator: Simulator) -> None:
    auth = client(AuthorizationManagementClient, simulator, SHARED)
    found = list(auth.role_definitions.list(SCOPES["registry"], filter="roleName eq 'acrpull'"))
    assert [each.name for each in found] == [role_id("AcrPull")]


def test_the_caller_is_maria(world: World) -> None:
    assert world.directory[MARIA].body["userPrincipalName"] == "maria@contoso.com"
