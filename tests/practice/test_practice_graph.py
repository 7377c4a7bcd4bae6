"""Microsoft Graph's answers: look-ups by application id, group memberships, selection, refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import pytest
from practice_calls import GRAPH, call, get

from core.practice.base import CONTOSO, FABRIKAM, MARIA, SP_APP_ID, base_public, base_service_principal
from core.practice.directory_faults import (
    delete_service_principal,
    disable_service_principal,
    hide_applications,
    registry_abroad,
    secrets,
    share_application,
)
from core.practice.faults import delete_kubelet_identity, make_group
from core.practice.names import PRINCIPALS, principal
from core.practice.simulator import Simulator

SP = f"{GRAPH}/v1.0/servicePrincipals(appId='{SP_APP_ID}')"
APP = f"{GRAPH}/v1.0/applications(appId='{SP_APP_ID}')"


@pytest.fixture
def simulator(clock: Callable[[], datetime]) -> Simulator:
    return Simulator(base_service_principal(clock))


def test_me(simulator: Simulator) -> None:
    me = get(simulator, f"{GRAPH}/v1.0/me?$select=id,userPrincipalName")
    assert me == {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName)/$entity",
        "id": MARIA,
        "userPrincipalName": "maria@contoso.com",
    }


def test_an_application_is_no_me(simulator: Simulator) -> None:
    refused = call(simulator, f"{GRAPH}/v1.0/me", caller=PRINCIPALS["service-principal"])
    assert refused.status == 400


def test_service_principal_and_application_have_ids_of_their_own(simulator: Simulator) -> None:
    found = get(simulator, f"{SP}?$select=id,appId,displayName,accountEnabled,appOwnerOrganizationId")
    application = get(simulator, APP)
    assert found["id"] == PRINCIPALS["service-principal"]
    assert application["id"] == PRINCIPALS["application"]
    assert found["appId"] == application["appId"] == SP_APP_ID
    assert found["accountEnabled"] is True
    assert found["appOwnerOrganizationId"] == CONTOSO
    assert "passwordCredentials" not in found
    assert get(simulator, f"{GRAPH}/v1.0/servicePrincipals/{found['id']}")["appId"] == SP_APP_ID


def test_secrets_are_never_shown(simulator: Simulator) -> None:
    secrets(simulator.world, days_left=[-1, 30])
    shown = get(simulator, APP)["passwordCredentials"]
    assert [credential["secretText"] for credential in shown] == [None, None]
    ends = [datetime.fromisoformat(credential["endDateTime"]) for credential in shown]
    assert ends[0] < simulator.world.now < ends[1]


def test_a_deleted_and_a_disabled_service_principal(simulator: Simulator) -> None:
    disable_service_principal(simulator.world)
    assert get(simulator, SP)["accountEnabled"] is False
    delete_service_principal(simulator.world)
    for url in (SP, APP):
        missing = call(simulator, url)
        assert missing.status == 404
        assert missing.json()["error"]["code"] == "Request_ResourceNotFound"


def test_without_the_permission_applications_are_refused(simulator: Simulator) -> None:
    hide_applications(simulator.world)
    for url in (SP, APP, f"{GRAPH}/v1.0/servicePrincipals/{PRINCIPALS['service-principal']}/transitiveMemberOf"):
        refused = call(simulator, url)
        assert refused.status == 403
        assert refused.json()["error"]["code"] == "Authorization_RequestDenied"
    assert call(simulator, f"{GRAPH}/v1.0/me").status == 200
    assert get(simulator, f"{GRAPH}/v1.0/users/{MARIA}/transitiveMemberOf")["value"]


def test_memberships_go_through_groups(simulator: Simulator) -> None:
    make_group(simulator.world, name="inner", members=["service-principal"])
    make_group(simulator.world, name="outer", members=["inner"])
    sp = PRINCIPALS["service-principal"]
    for suffix in ("", "/microsoft.graph.group"):
        url = f"{GRAPH}/v1.0/servicePrincipals/{sp}/transitiveMemberOf{suffix}?$select=id"
        assert {group["id"] for group in get(simulator, url)["value"]} == {principal("inner"), principal("outer")}


def test_ids_that_exist_no_more_are_left_out(simulator: Simulator) -> None:
    ids = [PRINCIPALS["service-principal"], PRINCIPALS["deleted"], MARIA, PRINCIPALS["platform-team"]]
    body = {"ids": ids, "types": ["user", "servicePrincipal"]}
    found = call(simulator, f"{GRAPH}/v1.0/directoryObjects/getByIds", method="POST", body=body).json()["value"]
    assert {entry["id"] for entry in found} == {PRINCIPALS["service-principal"], MARIA}


def test_a_managed_identity_is_a_service_principal_until_deleted(simulator: Simulator) -> None:
    simulator = Simulator(base_public(simulator.world.clock))
    url = f"{GRAPH}/v1.0/servicePrincipals/{PRINCIPALS['kubelet']}"
    assert get(simulator, url)["servicePrincipalType"] == "ManagedIdentity"
    delete_kubelet_identity(simulator.world)
    assert call(simulator, url).status == 404


@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        (f"appId eq '{SP_APP_ID}'", 1),
        (f"servicePrincipalNames/any(c:c eq '{SP_APP_ID}')", 1),
        ("startswith(displayName,'sp-aks')", 1),
        ("displayName eq 'nobody'", 0),
    ],
)
def test_filters(simulator: Simulator, filter_: str, count: int) -> None:
    assert len(get(simulator, f"{GRAPH}/v1.0/servicePrincipals?$filter={quote(filter_)}")["value"]) == count


def test_a_filter_that_graph_refuses(simulator: Simulator) -> None:
    assert call(simulator, f"{GRAPH}/v1.0/servicePrincipals?$filter=length(id)%20gt%203").status == 400


def test_long_lists_have_graphs_own_next_link(simulator: Simulator) -> None:
    whole = get(simulator, f"{GRAPH}/v1.0/servicePrincipals?$select=id")["value"]
    simulator.world.page_size = 7
    url, seen = f"{GRAPH}/v1.0/servicePrincipals?$select=id", []
    while url:
        answer = get(simulator, url)
        assert "nextLink" not in answer
        seen += answer["value"]
        url = answer.get("@odata.nextLink", "")
    assert seen == whole
    assert len(seen) > 14


def test_one_application_two_tenants(simulator: Simulator) -> None:
    registry_abroad(simulator.world, delegated=True)
    share_application(simulator.world)
    at_home = simulator.world.service_principal_of(SP_APP_ID, CONTOSO)
    abroad = simulator.world.service_principal_of(SP_APP_ID, FABRIKAM)
    assert at_home
    assert abroad
    assert at_home.id != abroad.id
    assert get(simulator, SP)["id"] == at_home.id
    assert simulator.world.application_of(SP_APP_ID, FABRIKAM) is None


def test_the_objects_of_another_tenant_are_out_of_sight(simulator: Simulator) -> None:
    registry_abroad(simulator.world, delegated=True)
    share_application(simulator.world)
    abroad = simulator.world.service_principal_of(SP_APP_ID, FABRIKAM)
    assert abroad
    assert call(simulator, f"{GRAPH}/v1.0/servicePrincipals/{abroad.id}").status == 404
    assert call(simulator, f"{GRAPH}/v1.0/servicePrincipals/{abroad.id}/transitiveMemberOf").status == 404
    assert call(simulator, f"{GRAPH}/v1.0/users/{PRINCIPALS['service-principal']}").status == 404
    body = {"ids": [abroad.id, MARIA], "types": ["user", "servicePrincipal"]}
    found = call(simulator, f"{GRAPH}/v1.0/directoryObjects/getByIds", method="POST", body=body).json()["value"]
    assert [entry["id"] for entry in found] == [MARIA]
