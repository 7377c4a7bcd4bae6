"""Service principals, applications and the puller."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from collect_answers import bodies, body, connect, recorded

from core.collect.asking import NotRead
from core.collect.clusters import to_cluster
from core.collect.directory import (
    application,
    puller,
    service_principal,
    to_password,
)
from core.facts.cluster import KubeletIdentity
from core.facts.fact import Denied, Missing, Trouble
from core.facts.identities import PasswordCredential, Puller, ServicePrincipal
from core.practice.http import Response, json_response

APP_ID = "de901d11-4903-4c5b-abe9-77b3f9247403"
BY_PRINCIPAL = replace(to_cluster(body("managedClusters", "sp-lbips-01")), service_principal_client_id=APP_ID)
MANAGED = to_cluster(body("managedClusters", "msi-01"))


def objects(kind, key):
    """The objects of one kind in recorded answers, single ones and listed ones, by recording and place."""
    found = {}
    for name, answer in bodies(kind).items():
        for place, one in enumerate(answer.get("value", [answer])):
            if key in one and "id" in one:
                found[f"{name}-{place}"] = one
    return found


PRINCIPALS = objects("graph-servicePrincipals", "servicePrincipalType")
APPLICATIONS = objects("graph-applications", "appId")


def second(written):
    return datetime.strptime(written[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)


def assert_passwords(found, answers):
    assert len(found) == len(answers)
    for password, answer in zip(found, answers, strict=True):
        assert password.key_id == answer["keyId"]
        assert password.display_name == answer["displayName"]
        assert password.starts.replace(microsecond=0) == second(answer["startDateTime"])
        assert password.ends.replace(microsecond=0) == second(answer["endDateTime"])


@pytest.mark.parametrize("name", PRINCIPALS)
def test_a_recorded_service_principal_is_read(name):
    answer = PRINCIPALS[name]
    azure, answers = connect({"GET /v1.0/serviceprincipals(appid='": answer})
    found = service_principal(azure, BY_PRINCIPAL)
    assert found.object_id == answer["id"]
    assert found.app_id == answer["appId"]
    assert found.display_name == answer["displayName"]
    assert found.enabled is answer["accountEnabled"]
    assert found.home_tenant_id == answer["appOwnerOrganizationId"]
    assert found.type == answer["servicePrincipalType"]
    assert_passwords(found.passwords, answer["passwordCredentials"])
    assert f"(appId='{APP_ID}')?$select=id," in unquote(answers.urls()[0])


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_recorded_application_is_read(name):
    answer = APPLICATIONS[name]
    azure, _ = connect({"GET /v1.0/applications(appid='": answer})
    found = application(azure, BY_PRINCIPAL)
    assert (found.object_id, found.app_id) == (answer["id"], answer["appId"])
    assert found.certificates == len(answer["keyCredentials"])
    assert_passwords(found.passwords, answer["passwordCredentials"])


def test_a_secret_with_seven_fraction_digits():
    answer = body("graph-servicePrincipals", "rest-microsoft-graph-01")
    assert to_password(answer) == PasswordCredential(
        key_id="2608b070-14ae-42cc-81de-9b361765c290",
        starts=datetime(2020, 8, 12, 6, 52, 31, 887767, tzinfo=UTC),
        ends=datetime(2022, 8, 12, 6, 52, 31, 887767, tzinfo=UTC),
        display_name="Password friendly name",
    )


def test_the_value_of_a_secret_never_becomes_a_fact():
    password = {"keyId": "k", "secretText": "Zz8Q~canary", "hint": "Zz8", "endDateTime": None}
    answer = {"id": "o", "appId": APP_ID, "passwordCredentials": [password], "displayName": None}
    azure, _ = connect({"GET /serviceprincipals(": answer})
    found = service_principal(azure, BY_PRINCIPAL)
    assert "canary" not in repr(found)
    assert "Zz8" not in repr(found)
    assert found.display_name == APP_ID
    assert found.enabled


def test_a_disabled_service_principal():
    answer = copy.deepcopy(next(iter(PRINCIPALS.values()))) | {"accountEnabled": False}
    azure, _ = connect({"GET /serviceprincipals(": answer})
    assert service_principal(azure, BY_PRINCIPAL).enabled is False


@pytest.mark.parametrize("name", recorded("errors-graph"))
@pytest.mark.parametrize("collect", [service_principal, application])
def test_what_the_directory_does_not_have_is_missing(name, collect):
    azure, _ = connect({"GET /v1.0/": json_response(body("errors-graph", name), 404)})
    with pytest.raises(NotRead) as caught:
        collect(azure, BY_PRINCIPAL)
    assert caught.value.outcome == Missing(APP_ID)


@pytest.mark.parametrize("collect", [service_principal, application])
def test_a_directory_that_refuses_to_tell(collect):
    answer = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
    azure, _ = connect({"GET /v1.0/": json_response(answer, 403)})
    with pytest.raises(NotRead) as caught:
        collect(azure, BY_PRINCIPAL)
    assert caught.value.outcome == Denied("Application.Read.All", "Microsoft Entra ID", "Directory Readers")


@pytest.mark.parametrize("collect", [service_principal, application])
def test_a_managed_identity_cluster_has_neither(collect):
    azure, answers = connect({})
    assert collect(azure, MANAGED) is None
    assert answers.asked == []


def test_an_application_that_is_named_by_a_url():
    azure, answers = connect({"GET /v1.0/": json_response({"error": {"code": "Request_BadRequest"}}, 400)})
    with pytest.raises(NotRead):
        service_principal(azure, to_cluster(body("managedClusters", "sp-lbips-01")))
    path = answers.urls()[0].partition("?")[0]
    assert path.count("/") == 1
    assert unquote(path) == "v1.0/servicePrincipals(appId='http://clitest000002')"


def test_a_quote_in_an_app_id_stays_inside_the_key():
    azure, answers = connect({"GET /v1.0/": json_response({"error": {"code": "Request_BadRequest"}}, 400)})
    with pytest.raises(NotRead):
        application(azure, replace(BY_PRINCIPAL, service_principal_client_id="o'x"))
    assert unquote(answers.urls()[0]).startswith("v1.0/applications(appId='o''x')?")


def test_the_kubelet_identity_pulls():
    azure, answers = connect({})
    resource_id = MANAGED.kubelet_identity.resource_id
    assert resource_id.endswith("-agentpool")
    found = puller(azure, MANAGED, None)
    assert found == Puller(
        object_id=MANAGED.kubelet_identity.object_id,
        name=resource_id.split("/")[-1],
        client_id=MANAGED.kubelet_identity.client_id,
        managed_identity=True,
        resource_id=resource_id,
    )
    assert answers.asked == []


@pytest.mark.parametrize("kubelet", [None, KubeletIdentity(None, "c", None)])
def test_nobody_pulls_without_a_kubelet_identity(kubelet):
    assert puller(connect({})[0], replace(MANAGED, kubelet_identity=kubelet), None) is None


def test_a_kubelet_identity_without_a_resource_id_goes_by_its_object_id():
    bare = replace(MANAGED, kubelet_identity=KubeletIdentity("the-object", None, None))
    assert puller(connect({})[0], bare, None).name == "the-object"


def test_the_service_principal_pulls_by_its_own_object_id():
    principal = ServicePrincipal("the-object", APP_ID, "sp-of-app", enabled=True)
    found = puller(connect({})[0], BY_PRINCIPAL, principal)
    assert found == Puller("the-object", "sp-of-app", APP_ID, managed_identity=False)


def test_a_cut_off_answer():
    azure, _ = connect({"GET /serviceprincipals(": Response(200, {"content-type": "application/json"}, b'{"id": ')})
    with pytest.raises(NotRead) as caught:
        service_principal(azure, BY_PRINCIPAL)
    assert caught.value.outcome.trouble is Trouble.BAD_ANSWER
