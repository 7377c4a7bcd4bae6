"""What the fixes change: the real SDK clients write to the simulated Azure, and the world is another afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from practice_calls import GRAPH, call, get

from core.practice.base import (
    DEVELOPMENT,
    MARIA,
    PRODUCTION,
    SHARED,
    SP_APP_ID,
    app_cluster,
    base_service_principal,
)
from core.practice.cluster_bodies import kubelet_key
from core.practice.directory_faults import caller_roles, hide_applications, secrets
from core.practice.faults import (
    delete_kubelet_identity,
    detach_identity,
    disable_subscription,
    drop_value,
    leave_stale,
    recreate_kubelet_identity,
    revoke,
    set_value,
    use_machines,
)
from core.practice.names import PRINCIPALS, SCOPES
from core.practice.permissions import may
from core.practice.roles import role_id
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World

REGISTRY = SCOPES["registry"]
KUBELET = PRINCIPALS["kubelet"]
PULL = "Microsoft.ContainerRegistry/registries/pull/read"
NAME = "11111111-2222-4333-8444-555555555555"


def client(kind: Any, simulator: Simulator, *args: str) -> Any:
    transport = PracticeTransport(simulator, sleep=lambda _: None)
    return kind(PracticeCredential(simulator.world), *args, transport=transport, polling_interval=0)


def clusters(simulator: Simulator, subscription: str = PRODUCTION) -> Any:
    return client(ContainerServiceClient, simulator, subscription).managed_clusters


def reconcile(simulator: Simulator) -> Any:
    """What `az aks update` does without flags: send the cluster back as it came."""
    aks = clusters(simulator)
    return aks.begin_create_or_update("rg-app", "aks-app", aks.get("rg-app", "aks-app")).result()


def assignment(role: str = "AcrPull", principal: str = KUBELET, **more: str) -> dict[str, Any]:
    definition = f"/subscriptions/{SHARED}/providers/Microsoft.Authorization/roleDefinitions/{role_id(role)}"
    return {"properties": {"roleDefinitionId": definition, "principalId": principal, **more}}


def put(simulator: Simulator, body: Any, name: str = NAME, scope: str = REGISTRY) -> Any:
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01"
    return call(simulator, path, method="PUT", body=body)


def test_a_role_is_granted_and_taken_away(simulator: Simulator, world: World) -> None:
    revoke(world, principal="kubelet")
    auth = client(AuthorizationManagementClient, simulator, SHARED).role_assignments
    made = auth.create(REGISTRY, NAME, assignment(principalType="ServicePrincipal"))
    assert may(world, KUBELET, PULL, REGISTRY)
    assert made.created_on == world.now
    assert made.created_by == MARIA
    assert auth.get_by_id(made.id).principal_id == KUBELET
    auth.delete_by_id(made.id)
    assert not may(world, KUBELET, PULL, REGISTRY)
    assert auth.delete_by_id(made.id) is None


def test_the_same_role_twice_is_a_conflict(simulator: Simulator) -> None:
    auth = client(AuthorizationManagementClient, simulator, SHARED).role_assignments
    with pytest.raises(ResourceExistsError, match="RoleAssignmentExists"):
        auth.create(REGISTRY, NAME, assignment(principalType="ServicePrincipal"))


def test_a_condition_may_be_changed_and_nothing_else(simulator: Simulator, world: World) -> None:
    revoke(world, principal="kubelet")
    assert put(simulator, assignment(principalType="ServicePrincipal")).status == 201
    changed = put(simulator, assignment(principalType="ServicePrincipal", condition="@Request[x] StringEquals 'y'"))
    assert changed.status == 200
    assert changed.json()["properties"]["conditionVersion"] == "2.0"
    other = put(simulator, assignment(principal=MARIA, principalType="User"))
    assert other.status == 400
    assert other.json()["error"]["code"] == "RoleAssignmentUpdateNotPermitted"


def test_an_unknown_principal_needs_its_type(simulator: Simulator) -> None:
    refused = put(simulator, assignment(principal=PRINCIPALS["deleted"]))
    assert refused.json()["error"]["code"] == "PrincipalNotFound"
    assert put(simulator, assignment(principal=PRINCIPALS["deleted"], principalType="ServicePrincipal")).status == 201


def test_roles_on_nothing_and_unknown_roles_are_refused(simulator: Simulator) -> None:
    assert put(simulator, assignment(), scope=REGISTRY + "x").status == 404
    unknown = assignment()
    unknown["properties"]["roleDefinitionId"] = "/providers/Microsoft.Authorization/roleDefinitions/" + NAME
    assert put(simulator, unknown).json()["error"]["code"] == "RoleDefinitionDoesNotExist"


def test_who_may_write_roles_may_and_others_may_not(simulator: Simulator, world: World) -> None:
    revoke(world, principal="kubelet")
    for role, status in (
        ("Contributor", 403),
        ("Reader", 403),
        ("Role Based Access Control Administrator", 201),
    ):
        caller_roles(world, roles=[{"role": role, "scope": "registry"}])
        assert put(simulator, assignment(principalType="ServicePrincipal")).status == status


def test_a_cluster_sent_back_as_it_came_stays_as_it_was(simulator: Simulator, world: World) -> None:
    before = get(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01")
    done = reconcile(simulator)
    assert done.provisioning_state == "Succeeded"
    assert get(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01") == before | {"tags": {}}
    operations = [request for request in simulator.log if "/operations/" in request.url]
    assert len(operations) == 1


def test_an_update_is_an_operation_that_is_polled(simulator: Simulator) -> None:
    path = f"{SCOPES['cluster']}?api-version=2026-08-01"
    started = call(simulator, path, method="PUT", body=get(simulator, path))
    assert started.json()["properties"]["provisioningState"] == "Updating"
    operation = get(simulator, started.headers["azure-asyncoperation"])
    assert operation["status"] == "Succeeded"
    assert call(simulator, started.headers["location"]).status == 204
    assert get(simulator, path)["properties"]["provisioningState"] == "Succeeded"


def test_reconciling_puts_the_identity_back(simulator: Simulator, world: World) -> None:
    detach_identity(world, pool="usr")
    leave_stale(world, pool="sys", machines=1)
    reconcile(simulator)
    sets = list(world.resources_of("Microsoft.Compute/virtualMachineScaleSets", SCOPES["node-group"]))
    machines = list(
        world.resources_of("Microsoft.Compute/virtualMachineScaleSets/virtualMachines", SCOPES["node-group"])
    )
    assert len(sets) == 2
    assert len(machines) == 4
    for body in (*sets, *machines):
        assert list(body["identity"]["userAssignedIdentities"]) == [kubelet_key(app_cluster())]
    assert all(machine["properties"]["latestModelApplied"] for machine in machines)


def test_reconciling_reaches_machines_that_stand_alone(simulator: Simulator, world: World) -> None:
    use_machines(world, pool="usr")
    detach_identity(world, pool="usr", machine=1)
    reconcile(simulator)
    machines = list(world.resources_of("Microsoft.Compute/virtualMachines", SCOPES["node-group"]))
    assert len(machines) == 2
    for machine in machines:
        assert list(machine["identity"]["userAssignedIdentities"]) == [kubelet_key(app_cluster())]


@pytest.mark.parametrize("fault", [delete_kubelet_identity, recreate_kubelet_identity])
def test_reconciling_gives_a_living_identity_another_id(
    fault: Callable[[World], None], simulator: Simulator, world: World
) -> None:
    fault(world)
    cluster = reconcile(simulator)
    new = cluster.identity_profile["kubeletidentity"].object_id
    assert new != KUBELET
    assert new in world.directory
    identity = world.resource(cluster.identity_profile["kubeletidentity"].resource_id)
    assert identity
    assert identity["properties"]["principalId"] == new
    assert not may(world, new, PULL, REGISTRY)


def test_reconciling_makes_a_missing_identity(simulator: Simulator, world: World) -> None:
    delete_kubelet_identity(world)
    drop_value(world, resource="cluster", path="properties.identityProfile")
    set_value(world, resource="cluster", path="properties.provisioningState", value="Failed")
    cluster = reconcile(simulator)
    assert cluster.identity_profile["kubeletidentity"].object_id in world.directory
    assert cluster.provisioning_state == "Succeeded"


def test_an_identity_may_be_brought_along(simulator: Simulator, world: World) -> None:
    msi = client(ManagedServiceIdentityClient, simulator, PRODUCTION).user_assigned_identities
    made = msi.create_or_update("rg-app", "id-kubelet", {"location": "westeurope"})
    assert made.principal_id in world.directory
    assert msi.create_or_update("rg-app", "id-kubelet", {"location": "westeurope"}).principal_id == made.principal_id
    cluster = get(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01")
    cluster["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {made.id: {}}}
    cluster["properties"]["identityProfile"] = {"kubeletidentity": {"resourceId": made.id}}
    path = f"{SCOPES['cluster']}?api-version=2026-08-01"
    assert call(simulator, path, method="PUT", body=cluster).status == 200
    after = get(simulator, path)
    assert after["properties"]["identityProfile"]["kubeletidentity"]["objectId"] == made.principal_id
    assert "principalId" not in after["identity"]
    cluster["properties"]["identityProfile"] = {"kubeletidentity": {"resourceId": made.id + "x"}}
    refused = call(simulator, path, method="PUT", body=cluster)
    assert refused.json()["error"]["code"] == "CustomKubeletIdentityMissingError"


def test_moving_from_a_service_principal(clock: Callable[[], datetime]) -> None:
    simulator = Simulator(base_service_principal(clock))
    path = f"{SCOPES['cluster']}?api-version=2026-08-01"
    cluster = get(simulator, path)
    cluster["identity"] = {"type": "SystemAssigned"}
    assert call(simulator, path, method="PUT", body=cluster).status == 200
    after = get(simulator, path)
    assert after["properties"]["servicePrincipalProfile"] == {"clientId": "msi"}
    kubelet = after["properties"]["identityProfile"]["kubeletidentity"]["objectId"]
    assert kubelet in simulator.world.directory
    assert after["identity"]["principalId"] in simulator.world.directory


def test_start_and_stop(simulator: Simulator, world: World) -> None:
    aks = clusters(simulator)
    scale_sets = "Microsoft.Compute/virtualMachineScaleSets"
    aks.begin_stop("rg-app", "aks-app").result()
    assert aks.get("rg-app", "aks-app").power_state.code == "Stopped"
    assert not list(world.resources_of(f"{scale_sets}/virtualMachines", SCOPES["node-group"]))
    aks.begin_start("rg-app", "aks-app").result()
    assert aks.get("rg-app", "aks-app").power_state.code == "Running"
    assert len(list(world.resources_of(f"{scale_sets}/virtualMachines", SCOPES["node-group"]))) == 4


def test_a_cluster_that_was_stopped_from_the_beginning_starts(simulator: Simulator) -> None:
    aks = clusters(simulator, DEVELOPMENT)
    aks.begin_start("rg-dev", "aks-dev").result()
    assert aks.get("rg-dev", "aks-dev").power_state.code == "Running"


def test_a_busy_cluster_refuses_changes(simulator: Simulator, world: World) -> None:
    set_value(world, resource="cluster", path="properties.provisioningState", value="Updating")
    with pytest.raises(HttpResponseError, match="OperationNotAllowed") as caught:
        reconcile(simulator)
    assert caught.value.status_code == 409


def test_node_images_pools_and_upgrades(simulator: Simulator, world: World) -> None:
    pools = client(ContainerServiceClient, simulator, PRODUCTION).agent_pools
    old = pools.get("rg-app", "aks-app", "usr")
    pools.begin_upgrade_node_image_version("rg-app", "aks-app", "usr").result()
    assert pools.get("rg-app", "aks-app", "usr").node_image_version > old.node_image_version
    old.count = 3
    assert pools.begin_create_or_update("rg-app", "aks-app", "usr", old).result().count == 3
    assert world.resources[f"{SCOPES['node-group']}/providers/microsoft.compute".lower() + _set_of(world)]
    profile = clusters(simulator).get_upgrade_profile("rg-app", "aks-app")
    assert profile.control_plane_profile.upgrades[0].kubernetes_version == "1.34.1"
    with pytest.raises(HttpResponseError, match="Could not find agent pool"):
        pools.get("rg-app", "aks-app", "nope")


def _set_of(world: World) -> str:
    for body in world.resources_of("Microsoft.Compute/virtualMachineScaleSets", SCOPES["node-group"]):
        if body["tags"]["aks-managed-poolName"] == "usr":
            return f"/virtualmachinescalesets/{body['name']}/virtualmachines/2"
    raise AssertionError


def test_a_new_service_principal_for_the_cluster(clock: Callable[[], datetime]) -> None:
    simulator = Simulator(base_service_principal(clock))
    aks = clusters(simulator)
    aks.begin_reset_service_principal_profile("rg-app", "aks-app", {"clientId": NAME, "secret": "s3cret"}).result()
    cluster = aks.get("rg-app", "aks-app")
    assert cluster.service_principal_profile.client_id == NAME
    assert "s3cret" not in str(cluster.as_dict())


def test_a_registry_changes_mode_and_audience(simulator: Simulator) -> None:
    acr = client(ContainerRegistryManagementClient, simulator, SHARED).registries
    change = {"properties": {"roleAssignmentMode": "AbacRepositoryPermissions"}}
    assert (
        acr.begin_update("rg-reg", "contosoreg", change).result().role_assignment_mode == "AbacRepositoryPermissions"
    )
    policy = {"properties": {"policies": {"azureADAuthenticationAsArmPolicy": {"status": "disabled"}}}}
    after = acr.begin_update("rg-reg", "contosoreg", policy).result()
    assert after.policies.azure_ad_authentication_as_arm_policy.status == "disabled"
    assert after.policies.quarantine_policy.status == "disabled"
    assert after.role_assignment_mode == "AbacRepositoryPermissions"


def test_null_in_a_change_means_not_given(simulator: Simulator) -> None:
    path = f"{REGISTRY}?api-version=2025-11-01"
    before = get(simulator, path)
    change = {"properties": {"roleAssignmentMode": None, "policies": {"exportPolicy": None}}}
    assert call(simulator, path, method="PATCH", body=change).json() == before
    assert get(simulator, path) == before


def test_a_disabled_subscription_is_read_only(simulator: Simulator, world: World) -> None:
    disable_subscription(world, scope="registry-subscription")
    assert put(simulator, assignment(principal=PRINCIPALS["control-plane"])).status == 409
    assert call(simulator, f"{REGISTRY}?api-version=2025-11-01").status == 200


def test_secrets_come_and_go(clock: Callable[[], datetime]) -> None:
    simulator = Simulator(base_service_principal(clock))
    secrets(simulator.world, days_left=[-1])
    app = get(simulator, f"{GRAPH}/v1.0/applications(appId='{SP_APP_ID}')")
    url = f"{GRAPH}/v1.0/applications/{app['id']}"
    made = call(simulator, f"{url}/addPassword", method="POST", body={"passwordCredential": {"displayName": "new"}})
    assert made.json()["secretText"].startswith(made.json()["hint"])
    shown = get(simulator, url)["passwordCredentials"]
    assert [each["secretText"] for each in shown] == [None, None]
    old = {"keyId": app["passwordCredentials"][0]["keyId"]}
    assert call(simulator, f"{url}/removePassword", method="POST", body=old).status == 204
    assert call(simulator, f"{url}/removePassword", method="POST", body=old).status == 400
    assert [each["displayName"] for each in get(simulator, url)["passwordCredentials"]] == ["new"]


def test_new_applications_and_service_principals(simulator: Simulator, world: World) -> None:
    made = call(simulator, f"{GRAPH}/v1.0/applications", method="POST", body={"displayName": "sp-new"})
    assert made.status == 201
    body = {"appId": made.json()["appId"]}
    principal = call(simulator, f"{GRAPH}/v1.0/servicePrincipals", method="POST", body=body)
    assert principal.status == 201
    assert call(simulator, f"{GRAPH}/v1.0/servicePrincipals", method="POST", body=body).status == 409
    url = f"{GRAPH}/v1.0/servicePrincipals/{principal.json()['id']}"
    assert call(simulator, url, method="PATCH", body={"accountEnabled": False}).status == 204
    assert get(simulator, url)["accountEnabled"] is False
    assert call(simulator, url, method="PATCH", body={"colour": "red"}).status == 400
    hide_applications(world)
    assert call(simulator, f"{GRAPH}/v1.0/applications", method="POST", body=body).status == 403


def test_resources_are_found_by_name(simulator: Simulator) -> None:
    filter_ = "resourceType%20eq%20'Microsoft.ContainerRegistry/registries'%20and%20name%20eq%20'contosoreg'"
    url = f"/subscriptions/{SHARED}/resources?api-version=2022-09-01&$filter={filter_}"
    assert [entry["id"] for entry in get(simulator, url)["value"]] == [REGISTRY]
    assert call(simulator, url.replace("resourceType", "colour")).status == 400


@pytest.mark.parametrize("scenario", ["role-missing", "abac-role-missing"])
def test_granting_what_is_missing_heals_the_world(scenario: str, clock: Callable[[], datetime]) -> None:
    world = build(load_scenario(scenario), clock)
    abac = scenario.startswith("abac")
    action = "Microsoft.ContainerRegistry/registries/repositories/content/read" if abac else PULL
    assert not may(world, KUBELET, action, REGISTRY, data=abac)
    role = "Container Registry Repository Reader" if abac else "AcrPull"
    assert put(Simulator(world), assignment(role, principalType="ServicePrincipal")).status == 201
    assert may(world, KUBELET, action, REGISTRY, data=abac)
