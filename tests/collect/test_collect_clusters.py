"""Clusters: every recorded answer through the real client gives the facts that stand in it."""

from __future__ import annotations

import copy

import pytest
from collect_answers import bodies, body, choice, connect, raw

from core.collect.clusters import cluster, to_agent_pool
from core.facts.cluster import AgentPool, ControlPlaneIdentity, KubeletIdentity

CLUSTERS = bodies("managedClusters")
POOLS = [
    *bodies("agentPools").values(),
    *(one for page in bodies("agentPools-list").values() for one in page["value"]),
]


def read(answer):
    azure, answers = connect({"GET /managedclusters/": answer})
    found = cluster(azure, choice(cluster_id=answer["id"]))
    assert len(answers.asked) == 1
    return found


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_recorded_cluster_is_read(name):
    answer = CLUSTERS[name]
    properties = answer["properties"]
    found = read(answer)

    assert found.id == answer["id"]
    assert found.name == answer["name"]
    assert found.location == answer["location"]
    _, _, subscription, _, group, *_ = answer["id"].split("/")
    assert (found.subscription_id, found.resource_group) == (subscription, group)
    assert found.power_state == raw(properties, "powerState", "code")
    assert found.provisioning_state == raw(properties, "provisioningState")
    assert found.kubernetes_version == (
        raw(properties, "currentKubernetesVersion") or raw(properties, "kubernetesVersion")
    )
    assert found.node_resource_group == raw(properties, "nodeResourceGroup")
    assert found.node_resource_group_restriction == raw(properties, "nodeResourceGroupProfile", "restrictionLevel")
    assert found.bootstrap_artifact_source == raw(properties, "bootstrapProfile", "artifactSource")
    assert found.node_provisioning_mode == raw(properties, "nodeProvisioningProfile", "mode")
    assert found.tenant_id == raw(answer, "identity", "tenantId")


@pytest.mark.parametrize("name", CLUSTERS)
def test_who_pulls_is_decided_by_the_identity(name):
    answer = CLUSTERS[name]
    found = read(answer)
    if "identity" in answer:
        assert found.uses_managed_identity
        assert found.service_principal_client_id is None
    else:
        assert not found.uses_managed_identity
        assert found.service_principal_client_id == answer["properties"]["servicePrincipalProfile"]["clientId"]
        assert found.control_plane_identities == ()
        assert found.kubelet_identity is None


@pytest.mark.parametrize("name", CLUSTERS)
def test_what_the_recorder_wrote_for_msi_changes_nothing(name):
    answer = CLUSTERS[name]
    if "identity" not in answer:
        assert answer["properties"]["servicePrincipalProfile"]["clientId"] != "msi"
        return
    spoken = copy.deepcopy(answer)
    spoken["properties"]["servicePrincipalProfile"]["clientId"] = "MSI"
    silent = copy.deepcopy(answer)
    del silent["properties"]["servicePrincipalProfile"]
    assert read(spoken) == read(silent) == read(answer)


@pytest.mark.parametrize("name", CLUSTERS)
def test_identities_and_pools_of_a_recorded_cluster(name):
    answer = CLUSTERS[name]
    found = read(answer)
    kubelet = raw(answer, "properties", "identityProfile", "kubeletidentity")
    if kubelet is None:
        assert found.kubelet_identity is None
    else:
        ids = found.kubelet_identity
        assert [ids.object_id, ids.client_id, ids.resource_id] == [
            kubelet["objectId"],
            kubelet["clientId"],
            kubelet["resourceId"],
        ]
    assigned = raw(answer, "identity", "userAssignedIdentities") or {}
    wanted = {(id_, one["principalId"]) for id_, one in assigned.items()}
    if raw(answer, "identity", "principalId"):
        wanted.add((None, answer["identity"]["principalId"]))
    assert {(one.resource_id, one.principal_id) for one in found.control_plane_identities} == wanted
    addons = raw(answer, "properties", "addonProfiles") or {}
    assert {(one.addon, one.object_id, one.resource_id) for one in found.addon_identities} == {
        (addon, profile["identity"]["objectId"], profile["identity"]["resourceId"])
        for addon, profile in addons.items()
        if "identity" in profile
    }
    pools = raw(answer, "properties", "agentPoolProfiles") or []
    assert [(pool.name, pool.type, pool.count, pool.mode) for pool in found.agent_pools] == [
        (
            pool["name"],
            pool.get("type", ""),
            pool.get("count"),
            pool.get("mode"),
        )
        for pool in pools
    ]
    assert [(pool.power_state, pool.node_image_version) for pool in found.agent_pools] == [
        (raw(pool, "powerState", "code"), pool.get("nodeImageVersion")) for pool in pools
    ]


@pytest.mark.parametrize("name", bodies("managedClusters-list"))
def test_the_clusters_of_a_recorded_list_are_read(name):
    for answer in bodies("managedClusters-list")[name]["value"]:
        found = read(answer)
        assert found.name == answer["name"]
        assert found.kubernetes_version == answer["properties"]["currentKubernetesVersion"] or (
            found.kubernetes_version == answer["properties"]["kubernetesVersion"]
        )


@pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool["name"])
def test_recorded_pools_are_read_inside_a_cluster(pool):
    answer = copy.deepcopy(body("managedClusters", "msi-01"))
    answer["properties"]["agentPoolProfiles"] = [{"name": pool["name"], **pool["properties"]}]
    (found,) = read(answer).agent_pools
    assert found.name == pool["name"]
    assert found.count == pool["properties"].get("count")
    assert found.power_state == raw(pool, "properties", "powerState", "code")


def test_a_private_cluster_with_an_identity_of_its_own():
    found = read(body("managedClusters", "uami-private-01"))
    subscription = "/subscriptions/00000000-0000-0000-0000-000000000000"
    identities = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    unnamed = "00000000-0000-0000-0000-000000000001"
    assert found.tenant_id is None
    assert found.control_plane_identities == (
        ControlPlaneIdentity(unnamed, f"{subscription}/resourcegroups/clitest000001/{identities}/cliakstest000003"),
    )
    assert found.kubelet_identity == KubeletIdentity(
        unnamed,
        unnamed,
        f"{subscription}/resourcegroups/MC_clitest000001_cliakstest000002_westus2/{identities}"
        "/cliakstest000002-agentpool",
    )


def test_a_user_assigned_identity_without_a_principal_is_no_identity():
    answer = copy.deepcopy(body("managedClusters", "uami-02"))
    for id_ in answer["identity"]["userAssignedIdentities"]:
        answer["identity"]["userAssignedIdentities"][id_] = {}
    assert read(answer).control_plane_identities == ()


def test_a_cluster_with_a_service_principal_that_is_being_made():
    found = read(body("managedClusters", "sp-creating-01"))
    assert found.service_principal_client_id == "http://clitest000002"
    assert found.provisioning_state == "Creating"
    assert found.kubelet_identity is None


@pytest.mark.parametrize(("identity", "managed"), [(None, False), ({"type": "None"}, False), ({"type": "New"}, True)])
def test_a_service_principal_is_one_only_where_there_is_no_identity(identity, managed):
    answer = body("managedClusters", "sp-lbips-01") | {"identity": identity}
    assert read(answer).uses_managed_identity is managed
    answer["properties"]["servicePrincipalProfile"]["clientId"] = "MSI"
    assert read(answer).uses_managed_identity


def test_a_cluster_with_a_managed_identity_that_is_being_made_has_no_kubelet_identity_yet():
    found = read(body("managedClusters", "msi-proxy-byovnet-creating-01"))
    assert found.uses_managed_identity
    assert found.kubelet_identity is None


def test_pools_of_machines_have_no_count():
    (pool,) = read(body("managedClusters", "msi-vmspool-02")).agent_pools
    assert pool == AgentPool(
        name="nodepool1",
        type="VirtualMachines",
        mode="ManagedSystem",
        count=None,
        power_state="Running",
        provisioning_state="Succeeded",
        node_image_version="AKSUbuntu-2204gen2containerd-202506.16.0",
        kubernetes_version="1.32.5",
        os_type="Linux",
        os_sku="Ubuntu",
        os_disk_type="Ephemeral",
        kubelet_disk_type="OS",
        machine_sizes=("Standard_D4s_v3",),
    )


@pytest.mark.parametrize("name", CLUSTERS)
def test_pools_and_network_of_a_recorded_cluster(name):
    properties = CLUSTERS[name]["properties"]
    found = read(CLUSTERS[name])
    assert [
        (
            pool.subnet_id,
            pool.os_type,
            pool.os_sku,
            pool.vm_size,
            pool.os_disk_gb,
            pool.os_disk_type,
            pool.kubelet_disk_type,
        )
        for pool in found.agent_pools
    ] == [
        tuple(
            pool.get(key)
            for key in ("vnetSubnetID", "osType", "osSKU", "vmSize", "osDiskSizeGB", "osDiskType", "kubeletDiskType")
        )
        for pool in properties.get("agentPoolProfiles") or ()
    ]
    profile = properties["networkProfile"]
    kind = "natGatewayProfile" if profile["outboundType"] == "managedNATGateway" else "loadBalancerProfile"
    effective = [one["id"] for one in raw(profile, kind, "effectiveOutboundIPs") or ()]
    assert found.network.outbound_type == profile["outboundType"]
    assert [*found.network.outbound_address_ids, *found.network.outbound_prefix_ids] == effective
    assert all("/publicIPPrefixes/" in id_ for id_ in found.network.outbound_prefix_ids)
    assert found.network.plugin == profile["networkPlugin"]
    assert found.network.basic_load_balancer is (profile["loadBalancerSku"].lower() == "basic")


@pytest.mark.parametrize(
    ("profile", "basic"),
    [({}, True), ({"loadBalancerProfile": {}}, False), ({"loadBalancerSku": "Basic"}, True)],
)
def test_an_old_answer_tells_nothing_of_the_load_balancer(profile, basic):
    model = body("managedClusters", "msi-01")
    model["properties"]["networkProfile"] = profile
    assert read(model).network.basic_load_balancer is basic


def test_a_load_balancers_prefixes_are_no_addresses():
    found = read(body("managedClusters", "sp-lbprefix-02")).network
    assert found.outbound_address_ids == ()
    assert [id_.rpartition("/")[2] for id_ in found.outbound_prefix_ids] == [
        "cliaksslbipp1000002",
        "cliaksslbipp2000003",
    ]


@pytest.mark.parametrize("kind", ["userDefinedRouting", "none", "block", "userAssignedNATGateway"])
def test_a_load_balancer_profile_alone_is_no_way_out(kind):
    answer = copy.deepcopy(body("managedClusters", "msi-01"))
    answer["properties"]["networkProfile"]["outboundType"] = kind
    assert read(answer).network.outbound_address_ids == ()


def test_a_proxy_is_on_unless_it_says_otherwise():
    answer = copy.deepcopy(body("managedClusters", "msi-proxy-byovnet-01"))
    config = answer["properties"]["httpProxyConfig"]
    found = read(answer).http_proxy
    assert (found.http_proxy, found.https_proxy) == ("http://cli-proxy-vm:3128/", "https://cli-proxy-vm:3129/")
    assert found.no_proxy == tuple(config["effectiveNoProxy"])
    assert found.trusted_ca
    del config["effectiveNoProxy"], config["trustedCa"]
    config["enabled"] = True
    assert read(answer).http_proxy.no_proxy == tuple(config["noProxy"])
    assert not read(answer).http_proxy.trusted_ca
    config["enabled"] = False
    assert read(answer).http_proxy is None
    answer["properties"]["httpProxyConfig"] = {"enabled": True}
    assert read(answer).http_proxy is None


def test_nodes_with_addresses_of_their_own():
    (pool,) = read(body("managedClusters", "msi-11")).agent_pools
    assert pool.node_public_address
    assert (pool.node_prefix_id or "").endswith("/publicIPPrefixes/cliaksipprefix000003")
    (plain,) = read(body("managedClusters", "msi-01")).agent_pools
    assert (plain.node_public_address, plain.node_prefix_id) == (False, None)


def test_an_automatic_cluster_shows_no_pools_and_locks_its_node_group():
    found = read(body("managedClusters", "msi-natgw-automatic-vnetint-02"))
    assert found.agent_pools == ()
    assert found.node_provisioning_mode == "Auto"
    assert found.node_resource_group_restriction == "ReadOnly"
    assert {one.addon for one in found.addon_identities} == {"azureKeyvaultSecretsProvider", "azurepolicy"}


def test_a_stopped_and_failed_cluster_with_a_cache():
    answer = copy.deepcopy(body("managedClusters", "msi-07"))
    properties = answer["properties"]
    properties["powerState"] = {"code": "Stopped"}
    properties["status"] = {"provisioningError": {"code": "OutOfQuota", "message": "No cores left."}}
    properties["bootstrapProfile"] = {"artifactSource": "Cache", "containerRegistryId": "/subscriptions/s/x"}
    found = read(answer)
    assert found.power_state == "Stopped"
    assert found.provisioning_error == "OutOfQuota: No cores left."
    assert (found.bootstrap_artifact_source, found.bootstrap_registry_id) == ("Cache", "/subscriptions/s/x")


def test_old_answers_say_null_for_the_power_state():
    answer = copy.deepcopy(body("managedClusters", "msi-01"))
    answer["properties"]["powerState"] = None
    assert read(answer).power_state is None


def test_words_that_nobody_knows_yet_are_kept():
    pool = to_agent_pool({"name": "p", "type": "Holograms", "count": "3"})
    assert (pool.type, pool.count) == ("Holograms", None)
