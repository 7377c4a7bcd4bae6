"""The simulator's answers held to what Azure really answered: keys, casing, absence and error envelopes.

Every key of our answers has to occur in some recording of that type, and ids have to be spelt as in the recordings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from practice_calls import GRAPH, call, get
from practice_payloads import PAYLOADS, bodies, item_keys, keys, own_ids, recorded_ids, recorded_keys, spelling

from core.practice.base import (
    DEVELOPMENT,
    PRODUCTION,
    SHARED,
    SP_APP_ID,
    app_cluster,
    base_private,
    base_public,
    base_service_principal,
)
from core.practice.cluster_bodies import PoolSpec, kubelet_key, scale_set_name
from core.practice.faults import deny, enable_vault_add_on, use_machines
from core.practice.names import PRINCIPALS, SCOPES
from core.practice.simulator import Simulator


def simulators(clock: Callable[[], datetime]) -> dict[str, Simulator]:
    bases = {"public": base_public, "private": base_private, "sp": base_service_principal}
    return {name: Simulator(base(clock)) for name, base in bases.items()}


NODE_GROUP = f"/subscriptions/{PRODUCTION}/resourceGroups/{app_cluster().node_group}"
SCALE_SET = f"{NODE_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/" + scale_set_name(
    app_cluster(), PoolSpec("usr")
)
CLUSTER_NEW = f"{SCOPES['cluster']}?api-version=2026-08-01"
REGISTRY = SCOPES["registry"]
AUTH = "providers/Microsoft.Authorization"
ANSWERS = [
    ("managedClusters", "public", CLUSTER_NEW),
    ("managedClusters", "private", CLUSTER_NEW),
    ("managedClusters", "sp", CLUSTER_NEW),
    (
        "managedClusters-list",
        "public",
        f"/subscriptions/{PRODUCTION}/providers/Microsoft.ContainerService/managedClusters?api-version=2023-05-01",
    ),
    ("agentPools-list", "public", f"{SCOPES['cluster']}/agentPools?api-version=2026-08-01"),
    ("registries", "public", f"{REGISTRY}?api-version=2025-11-01"),
    ("registries", "public", f"{REGISTRY}?api-version=2026-09-01-preview"),
    ("registries", "private", f"{REGISTRY}?api-version=2025-11-01"),
    ("registries", "public", f"{SCOPES['development-registry']}?api-version=2025-11-01"),
    ("registries-listUsages", "public", f"{REGISTRY}/listUsages?api-version=2025-11-01"),
    ("replications", "public", f"{REGISTRY}/replications?api-version=2025-11-01"),
    ("roleAssignments-list", "public", f"{REGISTRY}/{AUTH}/roleAssignments?api-version=2022-04-01"),
    ("roleDefinitions-list", "public", f"{REGISTRY}/{AUTH}/roleDefinitions?api-version=2022-04-01"),
    ("denyAssignments", "public", f"{REGISTRY}/{AUTH}/denyAssignments?api-version=2022-04-01"),
    ("subscriptions-list", "public", "/subscriptions?api-version=2022-12-01"),
    ("subscriptions-list", "public", "/subscriptions?api-version=2016-06-01"),
    ("tenants-list", "public", "/tenants?api-version=2016-06-01"),
    ("resources-list", "public", f"/subscriptions/{SHARED}/resources?api-version=2022-09-01"),
    ("resourceGroups", "public", f"/subscriptions/{SHARED}/resourceGroups/rg-reg?api-version=2022-09-01"),
    ("userAssignedIdentities", "public", f"{SCOPES['kubelet-identity']}?api-version=2024-11-30"),
    (
        "virtualMachineScaleSets",
        "public",
        f"{NODE_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets?api-version=2024-07-01",
    ),
    ("vmssVMs", "public", f"{SCALE_SET}/virtualMachines?$expand=instanceView&api-version=2024-07-01"),
    ("graph-me", "public", f"{GRAPH}/v1.0/me"),
    ("graph-users", "public", f"{GRAPH}/v1.0/users"),
    ("graph-servicePrincipals", "sp", f"{GRAPH}/v1.0/servicePrincipals"),
    ("graph-servicePrincipals", "sp", f"{GRAPH}/v1.0/servicePrincipals(appId='{SP_APP_ID}')"),
    ("graph-applications", "sp", f"{GRAPH}/v1.0/applications"),
]


@pytest.mark.parametrize(("folder", "base", "url"), ANSWERS)
def test_every_key_of_ours_was_recorded(folder: str, base: str, url: str, clock: Callable[[], datetime]) -> None:
    simulator = simulators(clock)[base]
    deny(simulator.world, name="d", scope="registry", principals=["kubelet"], actions=["*"], excluded=["maria"])
    ours = get(simulator, url)
    unknown = sorted(item_keys(ours) - recorded_keys(folder))
    assert not unknown
    assert not simulator.unknown


def test_a_pool_of_machines_has_recorded_keys(simulator: Simulator) -> None:
    use_machines(simulator.world, pool="usr")
    ours = get(simulator, CLUSTER_NEW)
    assert not item_keys(ours) - recorded_keys("managedClusters")
    (pool,) = [each for each in ours["properties"]["agentPoolProfiles"] if each["type"] == "VirtualMachines"]
    assert not {"count", "vmSize"} & set(pool)


def test_the_identity_of_an_add_on_is_told_as_recorded(simulator: Simulator) -> None:
    enable_vault_add_on(simulator.world)

    def add_ons(body: Any) -> Iterator[Any]:
        yield from ((body.get("properties") or {}).get("addonProfiles") or {}).values()

    (ours,) = add_ons(get(simulator, CLUSTER_NEW))
    recorded = [one for body in bodies("managedClusters") for one in add_ons(body) if one.get("identity")]
    assert set(keys(ours)) <= {key for one in recorded for key in keys(one)}
    assert spelling(ours["identity"]["resourceId"]) in {spelling(one["identity"]["resourceId"]) for one in recorded}
    identity = get(simulator, f"{ours['identity']['resourceId']}?api-version=2023-01-31")["properties"]
    assert (identity["principalId"], identity["clientId"]) == (
        ours["identity"]["objectId"],
        ours["identity"]["clientId"],
    )
    assert ours["identity"]["objectId"] in simulator.world.directory


def test_directory_objects_have_recorded_keys(simulator: Simulator) -> None:
    body = {"ids": [PRINCIPALS["maria"], PRINCIPALS["platform-team"]], "types": ["user", "group"]}
    ours = call(simulator, f"{GRAPH}/v1.0/directoryObjects/getByIds", method="POST", body=body).json()
    assert {entry["@odata.type"] for entry in ours["value"]} == {
        "#microsoft.graph.user",
        "#microsoft.graph.group",
    }
    assert not item_keys(ours) - recorded_keys("graph-directoryObjects")


def test_name_check_has_recorded_keys(simulator: Simulator) -> None:
    path = (
        f"/subscriptions/{SHARED}/providers/Microsoft.ContainerRegistry/checkNameAvailability?api-version=2025-11-01"
    )
    for name, free in (("contosoreg", False), ("contosoregxyz", True)):
        body = {"name": name, "type": "Microsoft.ContainerRegistry/registries"}
        ours = call(simulator, path, method="POST", body=body).json()
        assert ours["nameAvailable"] is free
        assert not set(keys(ours)) - recorded_keys("acrCheckName")


def test_tokens_and_their_passwords_have_recorded_keys(simulator: Simulator) -> None:
    token = f"{REGISTRY}/tokens/aks-pull"
    version = "?api-version=2026-09-01-preview"
    body = {"properties": {"scopeMapId": f"{REGISTRY}/scopeMaps/_repositories_pull", "status": "enabled"}}
    assert call(simulator, token + version, method="PUT", body=body).status == 201
    made = call(simulator, f"{REGISTRY}/generateCredentials{version}", method="POST", body={"tokenId": token}).json()
    assert not item_keys(made) - recorded_keys("registries-generateCredentials")
    shown = get(simulator, token + version)
    assert len(shown["properties"]["credentials"].pop("passwords")) == len(made["passwords"]) == 2
    assert not item_keys(shown) - recorded_keys("tokens")
    assert made["passwords"][0]["value"] not in str(shown)
    body["properties"]["scopeMapId"] = f"{REGISTRY}/scopeMaps/nope"
    assert call(simulator, token + version, method="PUT", body=body).status == 404
    nobody = {"tokenId": token + "x"}
    assert call(simulator, f"{REGISTRY}/generateCredentials{version}", method="POST", body=nobody).status == 404


@pytest.mark.parametrize(
    ("folder", "url"),
    [
        ("managedClusters", CLUSTER_NEW),
        ("registries", f"{REGISTRY}?api-version=2025-11-01"),
        ("userAssignedIdentities", f"{SCOPES['kubelet-identity']}?api-version=2024-11-30"),
        ("virtualMachineScaleSets", f"{SCALE_SET}?api-version=2024-07-01"),
        ("agentPools-list", f"{SCOPES['cluster']}/agentPools?api-version=2026-08-01"),
        ("replications", f"{REGISTRY}/replications?api-version=2025-11-01"),
        ("resourceGroups", f"/subscriptions/{SHARED}/resourceGroups/rg-reg?api-version=2022-09-01"),
        ("roleDefinitions-list", f"{REGISTRY}/{AUTH}/roleDefinitions?api-version=2022-04-01"),
    ],
)
def test_ids_are_spelt_as_recorded(folder: str, url: str, simulator: Simulator) -> None:
    recorded = recorded_ids(folder, own_ids)
    ours = {spelling(each) for each in own_ids(get(simulator, url))}
    assert ours
    assert ours <= recorded


def test_one_identity_has_two_spellings(simulator: Simulator) -> None:
    def kubelet(body: Any) -> Iterator[str]:
        if "identityProfile" in body.get("properties", {}):
            yield body["properties"]["identityProfile"]["kubeletidentity"]["resourceId"]

    cluster = get(simulator, CLUSTER_NEW)
    recorded = {each for each in recorded_ids("managedClusters", kubelet) if "resourcegroups" in each.lower()}
    assert {spelling(each) for each in kubelet(cluster)} <= recorded
    on_nodes = list(get(simulator, f"{SCALE_SET}?api-version=2024-07-01")["identity"]["userAssignedIdentities"])
    assert on_nodes == [kubelet_key(app_cluster())]
    assert on_nodes[0] != next(kubelet(cluster))
    assert on_nodes[0].lower() == next(kubelet(cluster)).lower()


def test_types_are_spelt_as_recorded(simulator: Simulator) -> None:
    for folder, url in (("managedClusters", CLUSTER_NEW), ("registries", f"{REGISTRY}?api-version=2025-11-01")):
        recorded = {body["type"] for body in bodies(folder) if "type" in body}
        assert get(simulator, url)["type"] in recorded


def test_service_principal_clusters_lack_identity(clock: Callable[[], datetime]) -> None:
    recorded = [
        body
        for body in bodies("managedClusters")
        if body["properties"].get("servicePrincipalProfile") and "identity" not in body
    ]
    assert recorded
    assert not any("identityProfile" in body["properties"] for body in recorded)
    ours = get(simulators(clock)["sp"], CLUSTER_NEW)
    assert "identity" not in ours
    assert "identityProfile" not in ours["properties"]
    assert ours["properties"]["servicePrincipalProfile"] == {"clientId": SP_APP_ID}


def test_a_page_with_the_only_item_may_have_a_next_link(clock: Callable[[], datetime]) -> None:
    recorded = json.loads(
        (PAYLOADS / "paged" / "managedClusters-list-nextlink-default-setting-01.json").read_text("utf-8")
    )["response"]["body"]
    simulator = simulators(clock)["private"]
    path = f"{SCOPES['cluster-group']}/providers/Microsoft.ContainerService/managedClusters?api-version=2020-11-01"
    ours = get(simulator, path)
    assert len(ours["value"]) == len(recorded["value"]) == 1
    shape = (
        r"https://management\.azure\.com/.*/managedClusters\?%24skipToken=(\d+)&api-version=2020-11-01&skipToken=\1"
    )
    assert re.fullmatch(shape, recorded["nextLink"])
    assert re.fullmatch(shape, ours["nextLink"])
    assert get(simulator, ours["nextLink"]) == {"value": []}


def test_only_premium_registries_have_a_rule_set(simulator: Simulator) -> None:
    for body in bodies("registries"):
        if "sku" in body:
            assert ("networkRuleSet" in body["properties"]) == (body["sku"]["name"] == "Premium")
    premium = get(simulator, f"{REGISTRY}?api-version=2025-11-01")
    basic = get(simulator, f"{SCOPES['development-registry']}?api-version=2025-11-01")
    assert DEVELOPMENT in basic["id"]
    assert "networkRuleSet" in premium["properties"]
    assert "networkRuleSet" not in basic["properties"]


def test_older_versions_leave_the_permission_mode_out(simulator: Simulator) -> None:
    old = get(simulator, f"{REGISTRY}?api-version=2023-07-01")["properties"]
    new = get(simulator, f"{REGISTRY}?api-version=2025-11-01")["properties"]
    assert "roleAssignmentMode" not in old
    assert new["roleAssignmentMode"] == "LegacyRegistryPermissions"
    assert "autoGeneratedDomainNameLabelScope" not in new


def without_names(message: str) -> str:
    """A sentence with what stands in quotation marks left out."""
    return re.sub(r"'[^']*'", "'…'", message)


@pytest.mark.parametrize(
    ("recording", "url"),
    [
        (
            "errors-arm/404-resourcegroupnotfound-04",
            f"/subscriptions/{SHARED}/resourceGroups/nope?api-version=2022-09-01",
        ),
        ("errors-arm/404-resourcenotfound-03", f"{SCOPES['registry']}x?api-version=2025-11-01"),
        (
            "errors-arm/404-roleassignmentnotfound-01",
            f"{REGISTRY}/{AUTH}/roleAssignments/7b83888d-03fb-55bb-8209-aec4e36328a8?api-version=2022-04-01",
        ),
        (
            "errors-arm/404-roledefinitiondoesnotexist-01",
            f"{REGISTRY}/{AUTH}/roleDefinitions/683ff9b9-98d1-5af6-9381-ba194e279c28?api-version=2022-04-01",
        ),
        ("errors-graph/404-request-resourcenotfound-01", f"{GRAPH}/v1.0/servicePrincipals(appId='{SP_APP_ID}')"),
    ],
)
def test_error_envelopes_are_the_recorded_ones(recording: str, url: str, simulator: Simulator) -> None:
    recorded = json.loads((PAYLOADS / f"{recording}.json").read_text("utf-8"))["response"]
    ours = call(simulator, url)
    assert ours.status == recorded["status"]
    assert ours.json()["error"]["code"] == recorded["body"]["error"]["code"]
    assert set(keys(ours.json())) == set(keys(recorded["body"]))
    assert without_names(ours.json()["error"]["message"]) == without_names(recorded["body"]["error"]["message"])
