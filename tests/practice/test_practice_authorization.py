"""Who may see what: the resource manager's permissions and the semantics of its filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from practice_calls import call, get

from core.practice.arm_id import guid, scopes_above
from core.practice.base import DEVELOPMENT, MARIA, PRODUCTION, SHARED
from core.practice.directory_faults import caller_roles, hide_groups
from core.practice.faults import delete, deny, grant, leave_stale, make_group, make_role, revoke
from core.practice.names import PRINCIPALS, SCOPES, principal
from core.practice.permissions import block_grants, may, pattern_covers
from core.practice.routing import required
from core.practice.simulator import Simulator
from core.practice.world import World

PULL = "Microsoft.ContainerRegistry/registries/pull/read"
REGISTRY = SCOPES["registry"]
KUBELET = PRINCIPALS["kubelet"]


def holders(simulator: Simulator, filter_: str = "", scope: str = REGISTRY) -> list[Any]:
    url = f"{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01"
    return get(simulator, url + (f"&$filter={quote(filter_)}" if filter_ else ""))["value"]


def scopes_in(found: list[Any]) -> set[str]:
    return {entry["properties"]["scope"] for entry in found}


@pytest.mark.parametrize(
    ("pattern", "action", "covered"),
    [
        ("*", PULL, True),
        ("*/read", PULL, True),
        ("*/read", "Microsoft.ContainerRegistry/registries/write", False),
        (PULL.upper(), PULL, True),
        ("Microsoft.ContainerRegistry/*", PULL, True),
        ("Microsoft.ContainerRegistry/*/read", PULL, True),
        ("Microsoft.ContainerRegistry/registries/read", PULL, False),
        ("Microsoft.ContainerRegistry/registries/p*l/read", PULL, True),
        ("Microsoft.Container*/registries/*/read", PULL, True),
        ("Microsoft.ContainerService/*", PULL, False),
        ("a*a", "a", False),
        ("a*b*b", "ab", False),
        ("Microsoft.ContainerRegistry/registries/pull", PULL, False),
    ],
)
def test_patterns(pattern: str, action: str, covered: bool) -> None:
    assert pattern_covers(pattern, action) is covered


def test_not_actions_take_from_their_own_block_only() -> None:
    less = {"actions": ["Microsoft.ContainerRegistry/registries/*"], "notActions": [PULL]}
    more = {"actions": [PULL], "notActions": []}
    assert not block_grants(less, PULL)
    assert block_grants(more, PULL)
    data = "Microsoft.ContainerRegistry/registries/repositories/content/read"
    assert block_grants({"actions": ["*"], "dataActions": [data]}, data, data=True)
    assert not block_grants({"actions": ["*"], "dataActions": []}, data, data=True)


def test_a_scope_lies_below_its_parents() -> None:
    assert scopes_above(REGISTRY + "/replications/westeurope") == [
        (REGISTRY + "/replications/westeurope").lower(),
        REGISTRY.lower(),
        SCOPES["registry-group"].lower(),
        f"/subscriptions/{SHARED}",
    ]


def test_roles_are_inherited_downwards_only(world: World) -> None:
    for place, counts in (
        ("registry", True),
        ("registry-group", True),
        ("registry-subscription", True),
        ("management-group", True),
        ("development-registry", False),
        ("cluster-group", False),
    ):
        revoke(world, principal="kubelet")
        assert not may(world, KUBELET, PULL, REGISTRY)
        grant(world, principal="kubelet", role="AcrPull", scope=place)
        assert may(world, KUBELET, PULL, REGISTRY) is counts, place


def test_groups_count_all_the_way(world: World) -> None:
    revoke(world, principal="kubelet")
    make_group(world, name="inner", members=["kubelet"])
    make_group(world, name="outer", members=["inner"])
    grant(world, principal="outer", role="AcrPull", scope="registry", kind="Group")
    assert may(world, KUBELET, PULL, REGISTRY)


def test_a_denial_beats_any_role(world: World) -> None:
    deny(world, name="d", scope="registry-group", principals=["everybody"], actions=[PULL], excluded=["maria"])
    assert not may(world, KUBELET, PULL, REGISTRY)
    assert may(world, MARIA, PULL, REGISTRY)
    assert may(world, KUBELET, PULL, SCOPES["development-registry"]) is False


def test_a_denial_may_stay_where_it_is(world: World) -> None:
    deny(world, name="d", scope="registry-group", principals=["kubelet"], actions=["*"], only_here=True)
    assert may(world, KUBELET, PULL, REGISTRY)


@pytest.mark.parametrize(
    ("method", "path", "action", "scope"),
    [
        ("GET", REGISTRY, "Microsoft.ContainerRegistry/registries/read", REGISTRY),
        ("PATCH", REGISTRY, "Microsoft.ContainerRegistry/registries/write", REGISTRY),
        ("GET", REGISTRY + "/listUsages", "Microsoft.ContainerRegistry/registries/listUsages/read", REGISTRY),
        (
            "POST",
            SCOPES["cluster"] + "/start",
            "Microsoft.ContainerService/managedClusters/start/action",
            SCOPES["cluster"],
        ),
        (
            "GET",
            f"/subscriptions/{SHARED}/providers/Microsoft.ContainerRegistry/registries",
            "Microsoft.ContainerRegistry/registries/read",
            f"/subscriptions/{SHARED}",
        ),
        (
            "GET",
            REGISTRY + "/providers/Microsoft.Authorization/roleAssignments",
            "Microsoft.Authorization/roleAssignments/read",
            REGISTRY,
        ),
        (
            "GET",
            SCOPES["registry-group"],
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            SCOPES["registry-group"],
        ),
    ],
)
def test_what_a_call_needs(method: str, path: str, action: str, scope: str) -> None:
    assert required(method, path) == (action, scope)


def test_a_refusal_says_it_in_azures_words(simulator: Simulator, world: World) -> None:
    caller_roles(world, roles=[{"role": "Reader", "scope": "cluster-group"}])
    assert call(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01").status == 200
    refused = call(simulator, f"{REGISTRY}?api-version=2025-11-01")
    assert refused.status == 403
    assert refused.json() == {
        "error": {
            "code": "AuthorizationFailed",
            "message": f"The client 'maria@contoso.com' with object id '{MARIA}' does not have authorization to "
            "perform action 'Microsoft.ContainerRegistry/registries/read' over scope "
            f"'{REGISTRY}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
        }
    }


def test_who_may_not_see_may_not_learn_what_exists(simulator: Simulator, world: World) -> None:
    caller_roles(world, roles=[{"role": "Reader", "scope": "registry"}])
    missing = (
        f"{SCOPES['registry-group']}/providers/Microsoft.ContainerRegistry/registries/nope?api-version=2025-11-01"
    )
    assert call(simulator, missing).status == 403
    assert call(simulator, f"/subscriptions/{SHARED}/resourceGroups/nope?api-version=2022-09-01").status == 403


def test_lists_show_what_the_caller_may_see(simulator: Simulator, world: World) -> None:
    caller_roles(world, roles=[{"role": "Reader", "scope": "registry-group"}])
    seen = get(simulator, "/subscriptions?api-version=2022-12-01")["value"]
    assert [entry["subscriptionId"] for entry in seen] == [SHARED]
    groups = get(simulator, f"/subscriptions/{SHARED}/resourceGroups?api-version=2022-09-01")["value"]
    assert [entry["name"] for entry in groups] == ["rg-reg"]
    query = {"query": "resources | project id, type", "subscriptions": [SHARED, PRODUCTION, DEVELOPMENT]}
    url = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
    rows = call(simulator, url, method="POST", body=query).json()["data"]
    assert [row["id"] for row in rows] == [REGISTRY]
    hidden = call(simulator, f"/subscriptions/{PRODUCTION}?api-version=2022-12-01")
    assert hidden.status == 403


def test_at_scope_sees_here_and_above_only(simulator: Simulator, world: World) -> None:
    grant(world, principal="jonas", role="Reader", scope="management-group", kind="User")
    child = REGISTRY + "/replications/westeurope"
    grant(world, principal="jonas", role="Reader", scope="registry", kind="User")
    below = world.role_assignments[next(key for key in reversed(world.role_assignments))]
    moved = below | {
        "id": f"{child}/providers/Microsoft.Authorization/roleAssignments/{guid('below')}",
        "properties": below["properties"] | {"scope": child},
    }
    world.role_assignments[moved["id"].lower()] = moved
    at_scope = scopes_in(holders(simulator, "atScope()"))
    assert at_scope == {REGISTRY, f"/subscriptions/{SHARED}", SCOPES["management-group"]}
    assert scopes_in(holders(simulator)) == at_scope | {child}
    assert scopes_in(holders(simulator, f"principalId eq '{PRINCIPALS['jonas']}'")) == {
        REGISTRY,
        SCOPES["management-group"],
        child,
    }


def test_inherited_assignments_are_seen_without_rights_above(simulator: Simulator, world: World) -> None:
    grant(world, principal="kubelet", role="Reader", scope="management-group")
    caller_roles(world, roles=[{"role": "Reader", "scope": "registry"}])
    assert SCOPES["management-group"] in scopes_in(holders(simulator, "atScope()"))


def test_assigned_to_follows_groups(simulator: Simulator, world: World) -> None:
    revoke(world, principal="kubelet")
    make_group(world, name="inner", members=["kubelet"])
    make_group(world, name="outer", members=["inner"])
    grant(world, principal="outer", role="AcrPull", scope="registry", kind="Group")
    found = holders(simulator, f"atScope() and assignedTo('{KUBELET}')")
    assert [entry["properties"]["principalId"] for entry in found] == [principal("outer")]
    assert found[0]["properties"]["principalType"] == "Group"
    assert holders(simulator, f"principalId eq '{KUBELET}'") == []


def test_assigned_to_without_at_scope_looks_below_too(simulator: Simulator, world: World) -> None:
    found = holders(simulator, f"assignedTo('{KUBELET}')", scope=SCOPES["registry-subscription"])
    assert scopes_in(found) == {REGISTRY}
    found = holders(simulator, f"atScope() and assignedTo('{KUBELET}')", scope=SCOPES["registry-subscription"])
    assert found == []


@pytest.mark.parametrize(
    "filter_",
    [
        f"assignedTo('{PRINCIPALS['platform-team']}')",
        f"atScope() and principalId eq '{PRINCIPALS['kubelet']}'",
        "roleName eq 'AcrPull'",
        "atScope",
    ],
)
def test_filters_that_azure_refuses(simulator: Simulator, filter_: str) -> None:
    url = f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01"
    assert call(simulator, f"{url}&$filter={quote(filter_)}").status == 400


def test_groups_may_be_out_of_sight(simulator: Simulator, world: World) -> None:
    hide_groups(world)
    filter_ = quote(f"atScope() and assignedTo('{KUBELET}')")
    url = f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter={filter_}"
    assert call(simulator, url).status == 403
    assert holders(simulator, "atScope()")


def test_built_in_roles_are_open_to_everybody(simulator: Simulator, world: World) -> None:
    caller_roles(world, roles=[{"role": "Reader", "scope": "cluster-group"}])
    role = next(key for key, body in world.role_definitions.items() if body["properties"]["roleName"] == "AcrPull")
    answer = get(simulator, f"/providers/Microsoft.Authorization/roleDefinitions/{role}?api-version=2022-04-01")
    assert answer["id"] == f"/providers/Microsoft.Authorization/roleDefinitions/{role}"


def test_a_custom_role_is_known_where_it_may_be_assigned(simulator: Simulator, world: World) -> None:
    make_role(world, name="Contoso puller", scope="registry", actions=[PULL])
    role = guid("role", "Contoso puller")
    for subscription, status in ((SHARED, 200), (PRODUCTION, 404)):
        path = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        assert call(simulator, f"{path}?api-version=2022-04-01").status == status


def test_deny_assignments_above_are_listed(simulator: Simulator, world: World) -> None:
    deny(world, name="d", scope="registry-group", principals=["everybody"], actions=["*"], excluded=["maria"])
    url = f"{REGISTRY}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01&$filter=atScope()"
    (found,) = get(simulator, url)["value"]
    assert found["properties"]["principals"] == [{"id": PRINCIPALS["everybody"], "type": "SystemDefined"}]
    assert found["properties"]["scope"] == SCOPES["registry-group"]


def test_a_long_list_keeps_its_filter_from_page_to_page(simulator: Simulator, world: World) -> None:
    for role in ("Reader", "AcrPush"):
        grant(world, principal="kubelet", role=role, scope="registry")
    world.page_size = 1
    url = f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01"
    only = quote(f"principalId eq '{KUBELET}'")
    url = f"{url}&$filter={only}"
    seen: list[Any] = []
    while url:
        answer = get(simulator, url)
        seen += answer["value"]
        url = answer.get("nextLink", "")
    assert {entry["properties"]["principalId"] for entry in seen} == {KUBELET}
    assert len(seen) == 3


def test_what_stood_on_a_deleted_resource_dies_with_it(simulator: Simulator, world: World) -> None:
    deny(world, name="d", scope="registry", principals=["everybody"], actions=["*"], excluded=["maria"])
    delete(world, resource="registry")
    gone = REGISTRY.lower()
    for store in (world.resources, world.role_assignments, world.deny_assignments):
        assert not [key for key in store if key.startswith(gone)]
    assert world.resource(SCOPES["development-registry"])


def test_a_machine_left_behind_lacks_the_identity_that_the_model_has(world: World) -> None:
    leave_stale(world, pool="usr", machines=1)
    kind = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
    machines = list(world.resources_of(kind, SCOPES["node-group"]))
    stale = [machine for machine in machines if not machine["properties"]["latestModelApplied"]]
    assert len(stale) == 1
    assert "identity" not in stale[0]
    assert sum("identity" in machine for machine in machines) == len(machines) - 1
