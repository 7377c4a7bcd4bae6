"""Who the principals on a registry are."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from collect_answers import REGISTRY_ID, bodies, body, connect, refused

from core.collect.asking import NotRead
from core.collect.principals import ASKED_SINGLY, IDS_IN_ONE_CALL, directory_names
from core.collect.table import providers
from core.facts.fact import Denied, Known, Trouble, Unavailable
from core.facts.roles import RoleAssignment, RoleAssignments
from core.practice.http import json_response


def objects(kind):
    """The objects of one kind in recorded answers, single ones and listed ones."""
    found = []
    for answer in bodies(kind).values():
        found += [one for one in answer.get("value", [answer]) if "@odata.type" in one and "id" in one]
    return found


EVERYBODY = objects("graph-directoryObjects") + objects("graph-groups")


def assignments(*principals):
    return RoleAssignments(tuple(RoleAssignment("i", "/", "r", principal, None) for principal in principals))


def test_recorded_people_and_principals_are_named_and_the_rest_is_gone():
    azure, answers = connect({"POST /v1.0/directoryobjects/getbyids": {"value": EVERYBODY}})
    ids = [one["id"].upper() for one in EVERYBODY]
    found = directory_names(azure, assignments(*ids, "GONE", *ids))
    assert found.gone == {"gone"}
    assert found.names == {one["id"]: one["displayName"] for one in EVERYBODY}
    (asked,) = answers.asked
    assert sorted(asked.json()["ids"]) == sorted({*(id_.lower() for id_ in ids), "gone"})


def test_many_principals_are_asked_for_in_several_calls():
    def ids_of(call):
        return call.json()["ids"]

    azure, answers = connect({"POST /getbyids": {"value": []}})
    many = [f"{number:05d}" for number in range(IDS_IN_ONE_CALL + 1)]
    found = directory_names(azure, assignments(*many))
    assert found.gone == set(many)
    assert sorted(len(ids_of(call)) for call in answers.asked) == [1, IDS_IN_ONE_CALL]


def test_nobody_to_name():
    azure, answers = connect({})
    assert directory_names(azure, assignments()).names == {}
    assert answers.asked == []


@pytest.mark.parametrize("answer", [{}, {"value": None}, {"value": "x"}, {"value": [None]}, {"value": [{}]}])
def test_a_garbled_answer_does_not_make_everybody_gone(answer):
    azure, _ = connect({"POST /getbyids": answer})
    with pytest.raises(NotRead) as caught:
        directory_names(azure, assignments("somebody"))
    assert caught.value.outcome.trouble is Trouble.BAD_ANSWER


def test_refused_names():
    azure, _ = connect({"POST /getbyids": refused("Directory.Read.All", "/")})
    with pytest.raises(NotRead) as caught:
        directory_names(azure, assignments("somebody"))
    assert isinstance(caught.value.outcome, Denied)


NAME = {"id": "named", "displayName": "aks-app-agentpool", "appId": "a"}
GONE = body("errors-graph", "404-request-resourcenotfound-01")
GONE_ID = "cc46cd6e-d9e9-46eb-87a0-fdb69c74358e"
SEGMENT = {"error": {"code": "Request_ResourceNotFound", "message": "Resource not found for the segment."}}
FORBIDDEN = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
BATCH = "POST /directoryobjects/getbyids"


def holder(principal, kind, scope=REGISTRY_ID):
    return RoleAssignment("i", scope, "r", principal, kind)


def fetch(routes, *items):
    azure, answers = connect(routes)
    return providers(azure)["directory_names"].fetch(registry_assignments=RoleAssignments(items)), answers


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_without_the_call_for_many_ids_service_principals_are_asked_for_one_by_one(status):
    routes = {
        BATCH: json_response(SEGMENT, status),
        "GET /serviceprincipals/named?": NAME,
        "GET /serviceprincipals/bare?": NAME | {"id": "bare"},
        f"GET /serviceprincipals/{GONE_ID}?": json_response(GONE, 404),
    }
    outcome, answers = fetch(
        routes,
        holder("Named", "ServicePrincipal"),
        holder("named", "ServicePrincipal", "/"),
        holder(GONE_ID.upper(), "Unknown"),
        holder("bare", None),
        holder("somebody", "User"),
        holder("some", "Group"),
    )
    assert isinstance(outcome, Known)
    assert outcome.value.names == {"named": "aks-app-agentpool", "bare": "aks-app-agentpool"}
    assert outcome.value.gone == {GONE_ID}
    assert len(answers.urls()) == 3
    assert unquote(answers.urls()[0]).endswith("?$select=id,displayName,appId")


def test_where_only_people_hold_roles_nothing_more_is_asked():
    outcome, answers = fetch({BATCH: json_response(SEGMENT, 404)}, holder("somebody", "User"))
    assert outcome.value.names == {}
    assert outcome.value.gone == frozenset()
    assert answers.urls() == []


def test_the_nearest_are_asked_for_where_there_are_many():
    far = [holder(f"far-{number:03d}", "ServicePrincipal", "/subscriptions/s") for number in range(ASKED_SINGLY)]
    routes = {BATCH: json_response(SEGMENT, 404), "GET /serviceprincipals/": NAME}
    routes[f"GET /serviceprincipals/{GONE_ID}?"] = json_response(GONE, 404)
    outcome, answers = fetch(routes, *far, holder(GONE_ID, "ServicePrincipal"))
    assert len(answers.urls()) == ASKED_SINGLY
    assert outcome.value.gone == {GONE_ID}


def test_a_directory_that_refuses_single_names_too():
    routes = {BATCH: json_response(SEGMENT, 404), "GET /serviceprincipals/": json_response(FORBIDDEN, 403)}
    outcome, _ = fetch(routes, holder("named", "ServicePrincipal"))
    assert outcome == Denied("Directory.Read.All", "Microsoft Entra ID", "Directory Readers")


@pytest.mark.parametrize("answer", [json_response(SEGMENT, 400), json_response(SEGMENT, 404), json_response({}, 404)])
def test_a_directory_that_knows_neither_call_says_nothing_about_anybody(answer):
    routes = {BATCH: json_response(SEGMENT, 404), "GET /serviceprincipals/": answer}
    outcome, _ = fetch(routes, holder("named", "ServicePrincipal"))
    assert isinstance(outcome, Unavailable)
    assert outcome.trouble is Trouble.SERVER
