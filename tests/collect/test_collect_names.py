"""Registries beside the picked one, and whether a name is taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import REGISTRY_ID, SUBSCRIPTION, bodies, body, choice, connect, refused

from core.collect.asking import NotRead
from core.collect.names import image_host, name_availability, registry_names
from core.collect.registries import READ_REGISTRY, to_registry
from core.facts.cloud import CloudNames
from core.facts.fact import Denied
from core.facts.registry import KnownRegistry, ListedRegistries, NameAvailability
from core.facts.subscriptions import Subscription, Subscriptions

OTHER = "00000000-0000-0000-0000-0000000000b2"
REGISTRY = replace(to_registry(body("registries", "identity-01")), login_server="ContosoReg.azurecr.io")
CLOUD = CloudNames("AzureCloud", "azurecr.io", ("azurecr.us", "azurecr.cn"))
BOTH = Subscriptions({id_: Subscription(id_, "s", "Enabled", None) for id_ in (SUBSCRIPTION, OTHER)})
NOTHING = ListedRegistries({})
QUERY = "POST /providers/microsoft.resourcegraph/resources"
CHECK = "POST /checknameavailability"


def row(name, server):
    return {"id": REGISTRY_ID.replace("contosoreg", name), "name": name, "loginServer": server}


def known(name, server):
    return KnownRegistry(REGISTRY_ID.replace("contosoreg", name), name, server)


@pytest.mark.parametrize(
    ("reference", "host"),
    [
        ("contosoreg.azurecr.io/app:1", "contosoreg.azurecr.io"),
        ("ContosoReg.Azurecr.IO/app", "contosoreg.azurecr.io"),
        ("contosoreg.azurecr.io:443/app@sha256:00", "contosoreg.azurecr.io"),
        ("https://contosoreg.azurecr.io/app:1", "contosoreg.azurecr.io"),
        ("localhost/app", "localhost"),
        ("contosoreg/app:1", "docker.io"),
        ("nginx:1.25", "docker.io"),
        ("nginx", "docker.io"),
        ("", "docker.io"),
        ("/", "docker.io"),
    ],
)
def test_the_host_of_an_image(reference, host):
    assert image_host(reference) == host


@pytest.mark.parametrize("image", [None, "contosoreg.azurecr.io/app:1", "CONTOSOREG.azurecr.io:443/app"])
def test_nothing_is_asked_where_the_image_is_in_the_picked_registry(image):
    azure, answers = connect({})
    assert registry_names(azure, choice(image=image), REGISTRY, BOTH, NOTHING) is None
    assert name_availability(azure, choice(image=image), REGISTRY, CLOUD) is None
    assert answers.asked == []


def test_the_registries_that_resource_graph_knows_over_all_pages():
    pages = [
        {
            "totalRecords": 3,
            "count": 2,
            "resultTruncated": "true",
            "$skipToken": "next",
            "data": [row("one", "One.azurecr.io"), row("half", None)],
        },
        {"totalRecords": 3, "count": 1, "resultTruncated": "false", "data": [row("two", "two-hash.azurecr.io")]},
    ]
    azure, answers = connect({QUERY: pages})
    found = registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, NOTHING)
    assert found.by_login_server == {
        "one.azurecr.io": known("one", "One.azurecr.io"),
        "two-hash.azurecr.io": known("two", "two-hash.azurecr.io"),
    }
    first, second = (request.json() for request in answers.asked)
    assert first["subscriptions"] == [SUBSCRIPTION, OTHER]
    assert first["options"]["resultFormat"] == "objectArray"
    assert "$skipToken" not in first["options"]
    assert "microsoft.containerregistry/registries" in first["query"]
    assert second["options"]["$skipToken"] == "next"


def test_without_resource_graph_each_subscription_is_listed():
    registries = list(bodies("registries").values())
    routes = {
        QUERY: refused("Microsoft.ResourceGraph/resources/read", "/"),
        f"GET /subscriptions/{SUBSCRIPTION}/providers/microsoft.containerregistry/registries": {"value": registries},
        f"GET /subscriptions/{OTHER}/providers/microsoft.containerregistry/registries": refused(),
    }
    azure, _ = connect(routes)
    found = registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, NOTHING)
    assert found.by_login_server == {
        one["properties"]["loginServer"]: KnownRegistry(one["id"], one["name"], one["properties"]["loginServer"])
        for one in registries
    }


def test_where_every_subscription_refuses_so_does_the_whole():
    refusals = [refused(READ_REGISTRY, f"/subscriptions/{id_}") for id_ in (SUBSCRIPTION, OTHER)]
    azure, _ = connect({QUERY: refused(), "GET /registries?": refusals})
    with pytest.raises(NotRead) as caught:
        registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, NOTHING)
    outcome = caught.value.outcome
    assert isinstance(outcome, Denied)
    assert {outcome.scope, *outcome.also} == {f"/subscriptions/{id_}" for id_ in (SUBSCRIPTION, OTHER)}


@pytest.mark.parametrize("refusal", [True, False])
def test_subscriptions_that_were_listed_are_not_asked_again(refusal):
    before = ListedRegistries({SUBSCRIPTION: (known("one", "One.azurecr.io"),)})
    rows = {"totalRecords": 1, "count": 1, "resultTruncated": "false", "data": [row("two", "two.azurecr.io")]}
    model = {"id": row("two", "")["id"], "name": "two", "properties": {"loginServer": "two.azurecr.io"}}
    listed = f"GET /subscriptions/{OTHER}/providers/microsoft.containerregistry/registries"
    azure, answers = connect({QUERY: refused() if refusal else rows, listed: {"value": [model]}})
    found = registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, before)
    assert found.by_login_server == {
        "one.azurecr.io": known("one", "One.azurecr.io"),
        "two.azurecr.io": known("two", "two.azurecr.io"),
    }
    assert answers.asked[0].json()["subscriptions"] == [OTHER]
    assert len(answers.asked) == (2 if refusal else 1)


def test_nothing_is_asked_where_everything_was_listed():
    azure, answers = connect({})
    before = ListedRegistries({SUBSCRIPTION: (known("one", "One.azurecr.io"),), OTHER: ()})
    found = registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, before)
    assert found.by_login_server == {"one.azurecr.io": known("one", "One.azurecr.io")}
    assert answers.asked == []


def test_what_was_listed_remains_where_the_rest_refuses():
    azure, _ = connect({QUERY: refused(), "GET /registries?": refused()})
    before = ListedRegistries({SUBSCRIPTION: (known("one", "One.azurecr.io"),)})
    found = registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, before)
    assert list(found.by_login_server) == ["one.azurecr.io"]


def test_pages_that_go_round_in_circles_end():
    page = {"totalRecords": 9, "count": 1, "resultTruncated": "true", "$skipToken": "same", "data": []}
    azure, answers = connect({QUERY: page, "GET /registries?": {"value": []}})
    assert registry_names(azure, choice(image="nginx"), REGISTRY, BOTH, NOTHING).by_login_server == {}
    assert len([request for request in answers.asked if request.method == "POST"]) == 2


@pytest.mark.parametrize("name", bodies("acrCheckName"))
def test_a_recorded_answer_about_a_name(name):
    azure, answers = connect({CHECK: body("acrCheckName", name)})
    pasted = choice(image="contosoregg.azurecr.io/app", registry_id=REGISTRY_ID.lower())
    found = name_availability(azure, pasted, REGISTRY, CLOUD)
    assert found == NameAvailability("contosoregg", available=True)
    (asked,) = answers.asked
    assert asked.json() == {"name": "contosoregg", "type": "Microsoft.ContainerRegistry/registries"}
    assert f"/subscriptions/{SUBSCRIPTION}/" in asked.url


def test_a_name_that_is_taken():
    answer = {"nameAvailable": False, "reason": "AlreadyExists", "message": "The registry other is already in use."}
    azure, _ = connect({CHECK: answer})
    found = name_availability(azure, choice(image="other-hash.azurecr.io/app"), REGISTRY, CLOUD)
    assert found == NameAvailability("other", available=False, message="The registry other is already in use.")


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "ghcr.io/app",
        "contosoreg.azurecr.us/app",
        "azurecr.io/app",
        "reg.azurecr.io/app",
        "a_b_c_d.azurecr.io/x",
    ],
)
def test_names_that_no_registry_of_this_cloud_has_are_not_asked_about(image):
    azure, answers = connect({})
    assert name_availability(azure, choice(image=image), REGISTRY, CLOUD) is None
    assert answers.asked == []
