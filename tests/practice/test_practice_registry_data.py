"""The simulated registries beside recorded answers of real ones: challenges, error bodies, pages, rights."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from practice_payloads import PAYLOADS
from registry_calls import AUDIENCE, HOST, access, ask, exchange, trade

from core.practice.faults import deny, grant, revoke
from core.practice.http import ConnectionReset, Request
from core.practice.names import PRINCIPALS, SCOPES
from core.practice.registry_faults import delete_image, lock, push
from core.practice.simulator import Simulator
from core.practice.world import World

PULL = "repository:web/api:pull,metadata_read"


def recorded(name: str) -> Any:
    return json.loads((PAYLOADS / "acrDataPlane" / f"{name}.json").read_text("utf-8"))["response"]


def without(simulator: Simulator, path: str, host: str = HOST) -> Any:
    return simulator.handle(Request("GET", f"https://{host}{path}"))


def registry_body(world: World) -> Any:
    return world.resources[SCOPES["registry"].lower()]


def test_the_challenge_names_no_scope_for_the_registry_itself(simulator: Simulator) -> None:
    answer, real = without(simulator, "/v2/"), recorded("v2-challenge-401-unauthorized-02")
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == f'Bearer realm="https://{HOST}/oauth2/token",service="{HOST}"'
    assert answer.json() == real["body"]
    assert answer.body.endswith(b"\n")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/acr/v1/library%2Fhello-world", "repository-attributes-401-unauthorized-02"),
        ("/acr/v1/library%2Fhello-world/_tags/latest", "acr-tags-401-unauthorized-03"),
        ("/acr/v1/_catalog", "catalog-401-unauthorized-01"),
        ("/v2/csscpolicies/patchpolicy/manifests/v1", "manifest-401-unauthorized-01"),
    ],
)
def test_without_a_token_nothing_is_told(simulator: Simulator, path: str, name: str) -> None:
    answer, real = without(simulator, path), recorded(name)
    assert answer.json() == real["body"]
    problem = real["headers"]["www-authenticate"].rpartition(",")[2]
    assert answer.headers["www-authenticate"].endswith(problem)
    assert ",scope=" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("path", "scope", "name"),
    [
        (
            "/acr/v1/not_real_repo",
            "repository:not_real_repo:metadata_read",
            "repository-attributes-404-name-unknown-01",
        ),
        ("/acr/v1/web%2Fapi/_tags/9", PULL, "acr-tags-404-tag-unknown-01"),
        ("/acr/v1/web%2Fapi/_manifests/sha256%3Aaa", PULL, "acr-manifests-404-manifest-unknown-01"),
    ],
)
def test_what_is_not_there_is_told_as_recorded(simulator: Simulator, path: str, scope: str, name: str) -> None:
    assert ask(simulator, path, scope).json() == recorded(name)["body"]


def test_a_name_that_no_repository_can_have_is_no_json(simulator: Simulator) -> None:
    answer = without(simulator, "/acr/v1/Nonexistent/_tags/Nonexistent")
    assert (answer.status, answer.body.decode()) == (404, recorded("acr-tags-404-02")["body"])


def test_answers_have_the_recorded_keys(simulator: Simulator) -> None:
    tag = ask(simulator, "/acr/v1/web%2Fui/_tags/2.1.0", "repository:web/ui:metadata_read").json()["tag"]
    path = f"/acr/v1/web%2Fui/_manifests/{tag['digest']}"
    manifest = ask(simulator, path, "repository:web/ui:metadata_read").json()["manifest"]
    assert set(manifest) == set(recorded("acr-manifests-200-01")["body"]["manifest"])
    listed = ask(simulator, "/acr/v1/web%2Fapi/_manifests", PULL).json()["manifests"][0]
    assert set(recorded("acr-manifests-200-03")["body"]["manifests"][0]) <= set(listed)
    repository = ask(simulator, "/acr/v1/web%2Fapi", PULL).json()
    assert set(repository) == set(recorded("repository-attributes-200-02")["body"])
    assert set(ask(simulator, "/acr/v1/_catalog", "registry:catalog:*").json()) == {"repositories"}


def test_lists_go_on_where_a_relative_link_says(simulator: Simulator) -> None:
    path, names = "/acr/v1/_catalog?n=2", []
    while path:
        answer = ask(simulator, path, "registry:catalog:*")
        names += answer.json()["repositories"]
        link = answer.headers.get("link", "")
        assert not link or link.startswith("</acr/v1/_catalog?last=")
        path = link[1 : link.index(">")] if link else ""
    assert names == ["base/dotnet", "charts/web", "jobs/report", "web/api", "web/ui"]


def test_a_token_holds_no_more_than_its_owner_may(simulator: Simulator) -> None:
    world = simulator.world
    token = access(simulator, PULL + ",push", PRINCIPALS["kubelet"]).json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["access"] == [{"type": "repository", "name": "web/api", "actions": ["pull", "metadata_read"]}]
    revoke(world, principal="kubelet")
    assert exchange(simulator, PRINCIPALS["kubelet"]).status == 401


def test_arm_tokens_are_taken_while_the_policy_is_on(simulator: Simulator) -> None:
    arm = "https://management.azure.com"
    assert exchange(simulator, audience=arm).status == 200
    registry_body(simulator.world)["properties"]["policies"]["azureADAuthenticationAsArmPolicy"]["status"] = (
        "disabled"
    )
    assert exchange(simulator, audience=arm).status == 401
    assert exchange(simulator, audience=AUDIENCE).status == 200


@pytest.mark.parametrize("policies", [None, {}, {"quarantinePolicy": None}])
def test_a_registry_that_names_no_policies_has_those_of_a_new_one(
    simulator: Simulator, policies: dict[str, None] | None
) -> None:
    world = simulator.world
    push(world, repository="web/api", tag="1.5.0", quarantined=True)
    properties = registry_body(world)["properties"]
    del properties["policies"]
    if policies is not None:
        properties["policies"] = policies
    assert exchange(simulator, audience="https://management.azure.com").status == 200
    assert ask(simulator, "/acr/v1/web%2Fapi/_tags/1.5.0", PULL).status == 200
    digest = world.contents[SCOPES["registry"].lower()].repositories["web/api"].tags["1.4.2"].digest
    assert ask(simulator, f"/v2/web/api/manifests/{digest}", "repository:web/api:delete", "DELETE").status == 202
    assert ask(simulator, "/acr/v1/_deleted/web%2Fapi/_tags", "repository:web/api:deleted_read").json()["tags"] == []


def test_repository_permissions_are_data_actions_with_conditions(simulator: Simulator) -> None:
    world = simulator.world
    registry_body(world)["properties"]["roleAssignmentMode"] = "AbacRepositoryPermissions"
    assert access(simulator, "repository:web/api:pull").status == 401
    condition = (
        "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR "
        "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWith 'web/'))"
    )
    role = "Container Registry Repository Reader"
    grant(world, principal="maria", role=role, scope="registry", kind="User", condition=condition)
    assert access(simulator, "repository:web/api:pull").status == 200
    assert access(simulator, "repository:jobs/report:pull").status == 401
    assert access(simulator, "registry:catalog:*").status == 401


@pytest.mark.parametrize(("address", "status"), [("203.0.113.7", 403), ("20.50.1.10", 401), ("10.0.9.14", 401)])
def test_the_firewall_looks_at_the_callers_address(simulator: Simulator, address: str, status: int) -> None:
    rules = registry_body(simulator.world)["properties"]["networkRuleSet"]
    rules |= {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "value": "20.50.1.0/24"}]}
    simulator.world.workstation = address
    answer = without(simulator, "/v2/")
    assert answer.status == status
    if status == 403:
        assert b"client with IP \\u0027203.0.113.7\\u0027 is not allowed access." in answer.body


def test_without_public_access_no_address_helps_but_a_private_one(simulator: Simulator) -> None:
    registry_body(simulator.world)["properties"]["publicNetworkAccess"] = "Disabled"
    assert without(simulator, "/v2/").status == 403
    simulator.world.workstation = "10.1.2.3"
    assert without(simulator, "/v2/").status == 401


def test_nobody_has_an_unknown_login_server(simulator: Simulator) -> None:
    with pytest.raises(ConnectionReset):
        without(simulator, "/v2/", host="nobody.azurecr.io")


def test_blobs_are_elsewhere_and_take_no_token(simulator: Simulator) -> None:
    contents = simulator.world.contents[SCOPES["registry"].lower()]
    digest = next(iter(contents.blobs))
    answer = ask(simulator, f"/v2/web/api/blobs/{digest}", PULL)
    location = answer.headers["location"]
    assert answer.status == 307
    assert (urlsplit(location).hostname or "").endswith(".blob.core.windows.net")
    assert simulator.handle(Request("GET", location)).body == contents.blobs[digest]
    assert simulator.handle(Request("GET", location, {"authorization": "Bearer x"})).status == 400
    assert simulator.handle(Request("GET", location.replace("sig=", "sig=0"))).status == 403


def test_what_is_in_quarantine_is_there_for_its_readers_only(simulator: Simulator) -> None:
    world = simulator.world
    push(world, repository="web/api", tag="1.5.0", quarantined=True)
    path = "/acr/v1/web%2Fapi/_tags/1.5.0"
    assert ask(simulator, path, PULL).status == 200
    registry_body(world)["properties"]["policies"]["quarantinePolicy"]["status"] = "enabled"
    assert ask(simulator, path, PULL).status == 404
    grant(world, principal="maria", role="AcrQuarantineReader", scope="registry", kind="User")
    assert ask(simulator, path, PULL).status == 200


def test_a_lock_stops_the_pull_and_a_patch_takes_it_off(simulator: Simulator) -> None:
    lock(simulator.world, repository="web/api", tag="1.4.2")
    assert ask(simulator, "/v2/web/api/manifests/1.4.2", PULL).status == 405
    path, scope = "/acr/v1/web%2Fapi/_tags/1.4.2", "repository:web/api:metadata_write"
    assert ask(simulator, path, scope, "PATCH", b'{"readEnabled": true}').status == 200
    assert ask(simulator, "/v2/web/api/manifests/1.4.2", PULL).status == 200


def test_deleted_images_are_kept_and_restored(simulator: Simulator) -> None:
    world = simulator.world
    delete_image(world, repository="web/api", tag="1.4.2", kept=True)
    scope = "repository:web/api:deleted_read,deleted_restore"
    (kept,) = ask(simulator, "/acr/v1/_deleted/web%2Fapi/_tags", scope).json()["tags"]
    assert kept["tag"] == "1.4.2"
    restore = f"/acr/v1/_deleted/web%2Fapi/_manifests/{kept['digest']}"
    assert ask(simulator, restore, scope, "POST", b'{"tag": "1.4.2"}').status == 200
    assert ask(simulator, "/acr/v1/web%2Fapi/_tags/1.4.2", PULL).status == 200
    assert ask(simulator, "/acr/v1/_deleted/web%2Fapi/_tags", scope).json()["tags"] == []
    deny(
        world,
        name="No rummaging",
        scope="registry",
        principals=["maria"],
        actions=["Microsoft.ContainerRegistry/registries/deleted/read"],
    )
    assert access(simulator, "repository:web/api:deleted_read").status == 401


def test_tokens_of_others_are_worth_nothing(simulator: Simulator) -> None:
    assert trade(simulator, "/oauth2/exchange", access_token="stolen").status == 401
    assert trade(simulator, "/oauth2/token", refresh_token="stolen", scope=PULL).status == 401
    refresh = exchange(simulator).json()["refresh_token"]
    request = Request("GET", f"https://{HOST}/acr/v1/web%2Fapi", {"authorization": f"Bearer {refresh}"})
    assert simulator.handle(request).status == 401
