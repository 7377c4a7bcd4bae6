"""Managed identities and what the nodes carry."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from collect_answers import GROUPS, SUBSCRIPTION, bodies, body, connect, recorded, refused

from core.collect.asking import NotRead
from core.collect.clusters import to_cluster
from core.collect.identities import (
    READ_INSTANCES,
    key_identity,
    kubelet_managed_identity,
    node_group_identities,
    node_identities,
)
from core.collect.machines import scale_sets
from core.collect.registries import to_registry
from core.facts.cluster import AgentPool, KubeletIdentity
from core.facts.fact import Denied, Known, Missing, Trouble
from core.facts.identities import ManagedIdentity, NodeGroup, NodeIdentities
from core.facts.registry import Encryption, RegistryIdentity
from core.practice.http import arm_error

CLUSTER = replace(
    to_cluster(body("managedClusters", "msi-01")), subscription_id=SUBSCRIPTION, node_resource_group="MC_app"
)
IDENTITIES = {name: answer.get("value", [answer]) for name, answer in bodies("userAssignedIdentities").items()}
AGENTPOOL = f"{GROUPS}/MC_app/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app-agentpool"
SCALE_SETS = "GET /virtualmachinescalesets?"
MACHINES = "GET /microsoft.compute/virtualmachines?"
INTERFACES = "GET /microsoft.network/networkinterfaces?"
SERVED = f"{GROUPS}/MC_app/providers/Microsoft.Compute"


def with_kubelet(resource_id):
    return replace(CLUSTER, kubelet_identity=KubeletIdentity("o", "c", resource_id))


def scale_set(name, tags=None, identities=(AGENTPOOL,), capacity=1):
    return {
        "name": name,
        "tags": {"aks-managed-poolName": name} if tags is None else tags,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {id_: {} for id_ in identities}},
        "sku": {"capacity": capacity},
    }


def instances(*latest):
    values = [
        {"name": f"vm_{number}", "instanceId": str(number), "properties": {"latestModelApplied": applied}}
        for number, applied in enumerate(latest)
    ]
    return {"value": values}


def read_nodes(routes, cluster=CLUSTER):
    azure, answers = connect(routes)
    return node_identities(azure, cluster, scale_sets(azure, cluster)), answers


@pytest.mark.parametrize("name", IDENTITIES)
def test_recorded_identities_are_read(name):
    wanted = tuple(
        ManagedIdentity(
            id=one["id"],
            name=one["name"],
            principal_id=one["properties"]["principalId"],
            client_id=one["properties"]["clientId"],
            tenant_id=one["properties"]["tenantId"],
        )
        for one in IDENTITIES[name]
    )
    azure, answers = connect({"GET /userassignedidentities?": {"value": IDENTITIES[name]}})
    assert node_group_identities(azure, CLUSTER) == wanted
    assert "/resourceGroups/MC_app/" in answers.urls()[0]
    for one, identity in zip(IDENTITIES[name], wanted, strict=True):
        azure, answers = connect({"GET /userassignedidentities/": one})
        assert kubelet_managed_identity(azure, with_kubelet(one["id"])) == identity


def test_the_kubelet_identity_is_asked_for_where_it_is():
    elsewhere = AGENTPOOL.replace(SUBSCRIPTION, "00000000-0000-0000-0000-0000000000b2")
    azure, answers = connect({"GET /userassignedidentities/": {"id": elsewhere, "name": "x", "properties": None}})
    found = kubelet_managed_identity(azure, with_kubelet(elsewhere.replace("resourceGroups", "resourcegroups")))
    assert found == ManagedIdentity(elsewhere, "x", None, None, None)
    assert answers.urls()[0].startswith("subscriptions/00000000-0000-0000-0000-0000000000b2/resourceGroups/MC_app/")


def test_a_deleted_kubelet_identity_is_missing():
    azure, _ = connect({"GET /userassignedidentities/": arm_error(404, "ResourceNotFound", "Gone.")})
    with pytest.raises(NotRead) as caught:
        kubelet_managed_identity(azure, with_kubelet(AGENTPOOL))
    assert caught.value.outcome == Missing(AGENTPOOL)


def test_no_kubelet_identity_to_look_for():
    azure, answers = connect({})
    assert kubelet_managed_identity(azure, replace(CLUSTER, kubelet_identity=None)) is None
    assert kubelet_managed_identity(azure, with_kubelet(None)) is None
    by_principal = replace(with_kubelet(AGENTPOOL), service_principal_client_id="an-app")
    assert kubelet_managed_identity(azure, by_principal) is None
    assert answers.asked == []


def test_a_kubelet_identity_whose_id_is_none():
    azure, _ = connect({})
    with pytest.raises(NotRead) as caught:
        kubelet_managed_identity(azure, with_kubelet("agentpool"))
    assert caught.value.outcome.trouble is Trouble.BAD_ANSWER


def test_the_recorded_scale_set_of_a_cluster():
    answer = body("virtualMachineScaleSets", "check-network-01")
    found, answers = read_nodes({SCALE_SETS: answer, "GET /virtualmachines?": instances(True, True)})
    name = "aks-nodepool1-22209138-vmss"
    assert found == NodeIdentities(
        groups=(
            NodeGroup(
                pool="nodepool1",
                name=name,
                identity_ids=(
                    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/"
                    "MC_clitest000001_cliakstest000001_westus2/providers/Microsoft.ManagedIdentity/"
                    "userAssignedIdentities/cliakstest000001-agentpool",
                ),
            ),
        ),
        instances=Known(True),
    )
    assert [url.partition("?")[0] for url in answers.urls()] == [
        f"{SERVED[1:]}/virtualMachineScaleSets",
        f"{SERVED[1:]}/virtualMachineScaleSets/{name}/virtualMachines",
    ]


@pytest.mark.parametrize("name", bodies("virtualMachineScaleSets"))
def test_the_identities_of_every_recorded_scale_set(name):
    answer = copy.deepcopy(body("virtualMachineScaleSets", name))
    models = answer.get("value", [answer])
    for model in models:
        model["tags"] = {"POOLNAME": "pool1"}
    found, _ = read_nodes({SCALE_SETS: {"value": models}, "GET /virtualmachines?": instances()})
    assert [group.identity_ids for group in found.groups] == [
        tuple((model.get("identity") or {}).get("userAssignedIdentities") or {}) for model in models
    ]


@pytest.mark.parametrize("name", recorded("vmssVMs"))
def test_recorded_instances_are_up_to_date_or_do_not_say(name):
    routes = {SCALE_SETS: {"value": [scale_set("a")]}, "GET /virtualmachines?": body("vmssVMs", name)}
    found, _ = read_nodes(routes)
    assert found.groups[0].stale_instances == ()
    assert found.instances == Known(True)


def test_instances_of_an_older_model():
    routes = {
        SCALE_SETS: {"value": [scale_set("a"), scale_set("b")]},
        "GET /a/virtualmachines?": instances(True, False, None),
        "GET /b/virtualmachines?": instances(True),
    }
    found, _ = read_nodes(routes)
    assert [group.stale_instances for group in found.groups] == [("vm_1",), ()]


def test_what_no_pool_owns_is_no_node_and_an_empty_pool_is_one():
    values = [
        scale_set("stranger", tags={}),
        scale_set("nobody", tags={"aks-managed-poolName": None}),
        scale_set("old", tags={"poolName": "pool1"}),
        scale_set("untagged", tags=None) | {"tags": None},
        scale_set("empty", identities=(), capacity=0),
    ]
    found, answers = read_nodes({SCALE_SETS: {"value": values}, "GET /old/virtualmachines?": instances(True)})
    assert [(group.pool, group.name) for group in found.groups] == [("pool1", "old"), ("empty", "empty")]
    assert len(answers.asked) == 2


def test_refused_instances_leave_the_models_known():
    scope = f"{SERVED}/virtualMachineScaleSets/b"
    routes = {
        SCALE_SETS: {"value": [scale_set("a"), scale_set("b")]},
        "GET /a/virtualmachines?": instances(False),
        "GET /b/virtualmachines?": refused(READ_INSTANCES, scope),
    }
    found, _ = read_nodes(routes)
    assert [group.stale_instances for group in found.groups] == [("vm_0",), ()]
    assert found.instances == Denied(READ_INSTANCES, scope)


def test_machines_are_listed_where_the_cluster_may_have_some():
    machine = scale_set("m1", tags={"poolName": "vms"}) | {"sku": None}
    alike = machine | {"name": "m2", "identity": {"userAssignedIdentities": {AGENTPOOL.upper(): None}}}
    bare = machine | {"name": "m3", "identity": None}
    routes = {SCALE_SETS: {"value": []}, MACHINES: {"value": [machine, bare, alike]}, INTERFACES: {"value": []}}
    pool = AgentPool("vms", "VirtualMachines")
    auto = replace(CLUSTER, agent_pools=(), node_provisioning_mode="Auto")
    old = replace(CLUSTER, agent_pools=(replace(pool, type="availabilityset"),))
    for cluster in (replace(CLUSTER, agent_pools=(pool,)), old, auto):
        found, answers = read_nodes(routes, cluster)
        assert found.groups == (NodeGroup("vms", "m1, m2", (AGENTPOOL,)), NodeGroup("vms", "m3", ()))
        assert len(answers.asked) == 3
    found, answers = read_nodes({SCALE_SETS: {"value": []}})
    assert len(answers.asked) == 1


def test_a_node_that_the_cluster_provisioned_by_itself():
    machine = scale_set("aks-default-x1", tags={"karpenter.sh_nodepool": "default"})
    auto = replace(CLUSTER, agent_pools=(), node_provisioning_mode="Auto")
    routes = {SCALE_SETS: {"value": []}, MACHINES: {"value": [machine]}, INTERFACES: {"value": []}}
    found, _ = read_nodes(routes, auto)
    assert found.groups == (NodeGroup("default", "aks-default-x1", (AGENTPOOL,)),)


def test_no_node_resource_group_yet():
    azure, answers = connect({})
    young = replace(CLUSTER, node_resource_group=None)
    assert scale_sets(azure, young) == ()
    assert node_identities(azure, young, ()) == NodeIdentities((), Known(True))
    assert node_group_identities(azure, young) == ()
    assert answers.asked == []


def test_a_refused_node_resource_group():
    action, scope = "Microsoft.Compute/virtualMachineScaleSets/read", f"{GROUPS}/MC_app"
    azure, _ = connect({SCALE_SETS: refused(action, scope)})
    with pytest.raises(NotRead) as caught:
        scale_sets(azure, CLUSTER)
    assert caught.value.outcome == Denied(action, scope)


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        (["ProvisioningState/succeeded", "PowerState/running"], None),
        (["ProvisioningState/succeeded", "PowerState/deallocated"], "deallocated"),
        (["ProvisioningState/failed/AllocationFailed", "PowerState/running"], "failed"),
        (["ProvisioningState/updating"], None),
        ([], None),
    ],
)
def test_instances_that_do_not_run(codes, trouble):
    """The instance view comes with the one list of instances."""
    view = {"statuses": [{"code": code} for code in codes]}
    one = {"name": "vm_0", "instanceId": "0", "properties": {"latestModelApplied": True, "instanceView": view}}
    found, answers = read_nodes(
        {SCALE_SETS: {"value": [scale_set("usr")]}, "GET /virtualmachines?": {"value": [one]}}
    )
    assert found.groups[0].idle_instances == (() if trouble is None else (("vm_0", trouble),))
    assert "expand=instanceView" in answers.urls()[1]


def encrypted(key, identity):
    return replace(to_registry(body("registries", "identity-01")), encryption=key, identity=identity)


def test_the_identity_that_a_registry_reads_its_key_with_is_read_once():
    (one,) = IDENTITIES["identity-management-01"]
    client_id = one["properties"]["clientId"].upper()
    azure, answers = connect({"GET /userassignedidentities/": one})
    held = RegistryIdentity("p", {AGENTPOOL: None, one["id"]: client_id})
    found = key_identity(azure, encrypted(Encryption("/k", client_id.lower()), held))
    assert found is not None
    assert (found.id, found.client_id) == (one["id"], one["properties"]["clientId"])
    assert [url.partition("?")[0].rpartition("/")[2] for url in answers.urls()] == [one["name"]]


@pytest.mark.parametrize(
    ("key", "identity"),
    [
        (None, RegistryIdentity("p", {AGENTPOOL: "c"})),
        (Encryption("/k", None), RegistryIdentity("p", {AGENTPOOL: None})),
        (Encryption("/k", "system"), RegistryIdentity("p", {AGENTPOOL: "c"})),
        (Encryption("/k", "c"), RegistryIdentity("p", {AGENTPOOL: "another", SERVED: None})),
        (Encryption("/k", "c"), None),
    ],
)
def test_a_registry_without_such_an_identity_takes_no_request(key, identity):
    azure, answers = connect({})
    assert key_identity(azure, encrypted(key, identity)) is None
    assert answers.urls() == []


def test_a_deleted_identity_is_missing_and_no_id_is_no_answer():
    azure, _ = connect({"GET /userassignedidentities/": arm_error(404, "ResourceNotFound", "Gone.")})
    with pytest.raises(NotRead) as gone:
        key_identity(azure, encrypted(Encryption("/k", "c"), RegistryIdentity(None, {AGENTPOOL: "c"})))
    assert gone.value.outcome == Missing(AGENTPOOL)
    azure, answers = connect({})
    with pytest.raises(NotRead) as odd:
        key_identity(azure, encrypted(Encryption("/k", "c"), RegistryIdentity(None, {"not an id": "c"})))
    assert odd.value.outcome.trouble is Trouble.BAD_ANSWER
    assert answers.urls() == []
