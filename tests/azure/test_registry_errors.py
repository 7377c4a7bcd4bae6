"""Recorded errors of registries as facts: refused, not there, or nothing about the cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from azure.core.exceptions import AzureError, HttpResponseError

from core.azure.registry_errors import fact_of_registry_error
from core.facts.fact import Denied, Missing, Trouble, Unavailable
from core.practice.http import ConnectionReset, ReadTimeout, Response, json_response

RECORDED = Path(__file__).parents[1] / "data" / "payloads" / "acrDataPlane"
REGISTRY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/contosoreg"
PULL = "Microsoft.ContainerRegistry/registries/pull/read"
FIREWALL = (
    b'{"errors":[{"code":"DENIED","message":"client with IP \\u0027203.0.113.7\\u0027 is not allowed access. '
    b'Refer https://aka.ms/acr/firewall to grant access."}]}'
)


TOKENS = {"refresh_token": "refresh", "access_token": "access"}


@pytest.fixture
def fact(connect):
    """`fact(response)` gives what a registry's error answer means; with `tokens`, one that hands out tokens first."""

    def made(response, tokens=False):
        def answer(request):
            return json_response(TOKENS) if tokens and "/oauth2/" in request.url else response

        azure, _ = connect(answer)
        with pytest.raises(HttpResponseError) as caught:
            azure.registry_data("contosoreg.azurecr.io").sdk.get_repository_properties("web/api")
        return fact_of_registry_error(caught.value, action=PULL, scope=REGISTRY, resource="web/api")

    return made


@pytest.mark.parametrize("file", sorted(RECORDED.glob("*-401-*.json")), ids=lambda file: file.stem)
def test_a_recorded_401_is_a_missing_permission(fact, file):
    answer = json.loads(file.read_text("utf-8"))["response"]
    headers = {"www-authenticate": answer["headers"]["www-authenticate"]}
    assert fact(json_response(answer["body"], 401, headers)) == Denied(PULL, REGISTRY, "AcrPull")


@pytest.mark.parametrize("file", sorted(RECORDED.glob("*-404-*.json")), ids=lambda file: file.stem)
def test_a_recorded_404_is_nothing_there(fact, file):
    body = json.loads(file.read_text("utf-8"))["response"]["body"]
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    missing = Response(404, {"content-type": "text/plain"}, content)
    assert fact(missing, tokens=True) == Missing("web/api")
    assert isinstance(fact(missing), Unavailable)


def test_the_firewall_turned_this_computer_away(fact):
    found = fact(Response(403, {"content-type": "application/json"}, FIREWALL))
    assert isinstance(found, Unavailable)
    assert found.trouble is Trouble.WORKSTATION
    assert "203.0.113.7" in found.detail


def test_a_lock_is_no_missing_permission(fact):
    found = fact(json_response({"errors": [{"code": "REGISTRY_DISALLOWED_OPERATION", "message": "disallowed"}]}, 405))
    assert found == Unavailable(Trouble.LOCKED, "disallowed")


def test_an_unknown_application_is_refused_in_plain_text(fact):
    text = Response(401, {"content-type": "text/plain"}, b"Application not registered with AAD.\n")
    assert fact(text) == Denied(PULL, REGISTRY, "AcrPull")


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_of_somebody_else_is_no_permission(fact, status):
    found = fact(Response(status, {"content-type": "text/html"}, b"<html>Corporate proxy</html>"))
    assert isinstance(found, Unavailable)
    assert found.trouble in (Trouble.BAD_ANSWER, Trouble.SIGN_IN)


@pytest.mark.parametrize(("status", "trouble"), [(429, Trouble.THROTTLED), (500, Trouble.SERVER)])
def test_trouble_of_the_registry_is_told_as_everywhere(fact, status, trouble):
    found = fact(json_response({"errors": [{"code": "X", "message": "busy"}]}, status, {"retry-after": "600"}))
    assert isinstance(found, Unavailable)
    assert found.trouble is trouble


@pytest.mark.parametrize("broken", [ConnectionReset("no such host"), ReadTimeout("silence")])
def test_a_registry_that_does_not_answer_here_may_answer_the_nodes(connect, monkeypatch, broken):
    monkeypatch.setattr("core.azure.retry.BUDGET", 0.5)

    def answer(request):
        raise broken

    azure, _ = connect(answer)
    with pytest.raises(AzureError) as caught:
        azure.registry_data("contosoreg.azurecr.io").sdk.get_repository_properties("web/api")
    found = fact_of_registry_error(caught.value, action=PULL, scope=REGISTRY, resource="web/api")
    assert isinstance(found, Unavailable)
    assert found.trouble is Trouble.WORKSTATION


@pytest.mark.parametrize("status", [200, 500])
def test_a_body_of_nothing_but_brackets_is_a_bad_answer_and_no_fault(fact, status):
    assert isinstance(fact(Response(status, {"content-type": "application/json"}, b"[" * 100_000)), Unavailable)
