"""Scope maps, tokens, the admin account and the activity log of the simulated registry."""

from __future__ import annotations

from datetime import timedelta

from practice_calls import call, get
from practice_payloads import item_keys, recorded_keys

from core.practice.directory_faults import caller_roles
from core.practice.names import SCOPES
from core.practice.secret_faults import admin_account, regenerate_admin_password, registry_token
from core.practice.simulator import Simulator

REGISTRY = SCOPES["registry"]
VERSION = "?api-version=2025-11-01"


def log_url(simulator: Simulator, days: int, resource: str = REGISTRY) -> str:
    since = (simulator.world.now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    subscription = "/".join(REGISTRY.split("/")[:3])
    return (
        f"{subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01"
        f"&$filter=eventTimestamp ge '{since}' and resourceUri eq '{resource}'"
    )


def test_scope_maps_answer_as_recorded(simulator: Simulator) -> None:
    own = f"{REGISTRY}/scopeMaps/shop{VERSION}"
    body = {"properties": {"actions": ["repositories/web/api/content/read"]}}
    assert call(simulator, own).status == 404
    assert call(simulator, own, method="PUT", body=body).status == 201
    shown = get(simulator, own)
    assert not item_keys(shown) - recorded_keys("scopeMaps")
    assert shown["properties"]["actions"] == ["repositories/web/api/content/read"]
    system = get(simulator, f"{REGISTRY}/scopeMaps/_repositories_pull{VERSION}")
    assert not item_keys(system) - recorded_keys("scopeMaps")
    assert system["properties"]["actions"] == ["repositories/*/content/read"]
    assert (
        call(simulator, f"{REGISTRY}/scopeMaps/_repositories_pull{VERSION}", method="PATCH", body=body).status == 400
    )


def test_a_token_is_disabled_enabled_and_given_another_scope_map(simulator: Simulator) -> None:
    registry_token(simulator.world, name="t", days_left=[30], enabled=False)
    token = f"{REGISTRY}/tokens/t{VERSION}"
    assert get(simulator, token)["properties"]["status"] == "disabled"
    body = {"properties": {"status": "enabled", "scopeMapId": f"{REGISTRY}/scopeMaps/_repositories_push"}}
    assert call(simulator, token, method="PATCH", body=body).status == 200
    shown = get(simulator, token)["properties"]
    assert (shown["status"], shown["scopeMapId"].rpartition("/")[2]) == ("enabled", "_repositories_push")
    body["properties"]["scopeMapId"] = f"{REGISTRY}/scopeMaps/nope"
    assert call(simulator, token, method="PATCH", body=body).status == 404


def test_one_of_two_passwords_can_be_made_anew(simulator: Simulator) -> None:
    registry_token(simulator.world, name="t", days_left=[-3, -1])
    token = f"{REGISTRY}/tokens/t"
    before = get(simulator, token + VERSION)["properties"]["credentials"]["passwords"]
    body = {"tokenId": token, "name": "password1", "expiry": "2027-01-01T00:00:00+00:00"}
    made = call(simulator, f"{REGISTRY}/generateCredentials{VERSION}", method="POST", body=body).json()
    after = get(simulator, token + VERSION)["properties"]["credentials"]["passwords"]
    assert [one["name"] for one in after] == ["password1", "password2"]
    assert after[0]["expiry"] == "2027-01-01T00:00:00+00:00"
    assert after[1] == before[1]
    assert ["value" in one for one in made["passwords"]] == [True, False]


def test_the_admin_account_lists_its_passwords_only_while_it_is_on(simulator: Simulator) -> None:
    url = f"{REGISTRY}/listCredentials{VERSION}"
    assert call(simulator, url, method="POST").status == 400
    admin_account(simulator.world, passwords=["one", "two"])
    shown = call(simulator, url, method="POST").json()
    assert not item_keys(shown) - recorded_keys("registries-listCredentials")
    assert [one["value"] for one in shown["passwords"]] == ["one", "two"]
    assert call(simulator, f"{REGISTRY}x/listCredentials{VERSION}", method="POST").status == 404
    caller_roles(simulator.world, roles=[{"role": "Reader", "scope": "registry-subscription"}])
    refused = call(simulator, url, method="POST")
    assert refused.status == 403
    assert "Microsoft.ContainerRegistry/registries/listCredentials/action" in refused.json()["error"]["message"]


def test_a_regeneration_stands_in_the_activity_log(simulator: Simulator) -> None:
    admin_account(simulator.world, passwords=["one", "two"])
    assert get(simulator, log_url(simulator, 80))["value"] == []
    body = {"name": "password2"}
    url = f"{REGISTRY}/regenerateCredential{VERSION}"
    passwords = call(simulator, url, method="POST", body=body).json()["passwords"]
    assert (passwords[0]["value"], passwords[1]["value"] == "two") == ("one", False)
    assert call(simulator, url, method="POST", body={"name": "password3"}).status == 400
    (event,) = get(simulator, log_url(simulator, 80))["value"]
    assert event["operationName"]["value"].endswith("/regenerateCredential/action")
    assert get(simulator, log_url(simulator, 80, REGISTRY + "x"))["value"] == []


def test_the_log_goes_back_ninety_days(simulator: Simulator) -> None:
    regenerate_admin_password(simulator.world, days_ago=50)
    assert len(get(simulator, log_url(simulator, 89))["value"]) == 1
    assert get(simulator, log_url(simulator, 40))["value"] == []
    assert call(simulator, log_url(simulator, 91)).status == 400
    assert call(simulator, log_url(simulator, 10).replace("eventTimestamp", "time")).status == 400
