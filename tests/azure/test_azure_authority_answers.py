"""Authorities that answer badly, and something else that answers in their place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure_answers import Answers

from core.azure import sign_in as signing_in
from core.azure.authority_answers import AuthorityAnswer, read_answer
from core.azure.clouds import AZURE_PUBLIC
from core.azure.sign_in import ENVIRONMENT_VARIABLES, SignInMethod, sign_in
from core.azure.sign_in_errors import (
    AuthorityUnreachable,
    NotAnAuthority,
    NotConfigured,
    SignInError,
    SignInRefused,
    explained,
)
from core.practice.http import Response, arm_error, json_response

CLOUD = replace(AZURE_PUBLIC, instance_discovery=False)
TENANT = "00000000-0000-0000-0000-0000000000d1"
AUTHORITY = f"https://login.microsoftonline.com/{TENANT}"
CONFIGURATION = {
    "issuer": f"{AUTHORITY}/v2.0",
    "authorization_endpoint": f"{AUTHORITY}/oauth2/v2.0/authorize",
    "token_endpoint": f"{AUTHORITY}/oauth2/v2.0/token",
}
HTML = Response(200, {"content-type": "text/html"}, b"<html>Sign in to the hotel's network</html>")
EMPTY = Response(200, {"content-type": "application/json"})
BAD_TENANT = {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 'x' not found."}


@pytest.fixture
def answered(monkeypatch):
    """`answered(configuration, token)` signs in where the authority answers so, and gives what that raises."""
    for name, value in zip(ENVIRONMENT_VARIABLES, (TENANT, "an-app", "Canary-secret-1"), strict=True):
        monkeypatch.setenv(name, value)

    def try_it(configuration, token):
        answers = Answers(lambda request: token if request.method == "POST" else configuration)
        monkeypatch.setattr(signing_in, "new_transport", answers.transport)
        with pytest.raises(SignInError) as caught:
            sign_in(SignInMethod.ENVIRONMENT, CLOUD)
        assert "Canary" not in str(caught.value)
        assert "line 1" not in str(caught.value)
        return caught.value

    return try_it


@pytest.mark.parametrize("where", ["configuration", "token"])
@pytest.mark.parametrize(
    "answer",
    [HTML, EMPTY, json_response({}), json_response(None), arm_error(403, "X", "y"), arm_error(404, "X", "y")],
)
def test_what_is_no_sign_in_service_is_said_to_be_none(answered, where, answer):
    error = answered(answer, None) if where == "configuration" else answered(json_response(CONFIGURATION), answer)
    assert type(error) is NotAnAuthority
    assert "no directory" not in str(error)
    assert str(answer.status) in str(error)


def test_a_tenant_that_is_not_there(answered):
    error = answered(json_response(BAD_TENANT, 400), None)
    assert (type(error), error.code) == (SignInRefused, 90002)
    error = answered(json_response({"error": "invalid_tenant"}, 400), None)
    assert (type(error), error.code) == (SignInRefused, 90002)


def test_an_oauth_error_without_a_number(answered):
    refusal = {"error": "invalid_scope", "error_description": "This scope is not for you."}
    error = answered(json_response(CONFIGURATION), json_response(refusal, 400))
    assert type(error) is SignInRefused
    assert "This scope is not for you." in str(error)


@pytest.mark.parametrize(("status", "words"), [(429, "slow down"), (500, "trouble of its own"), (503, "trouble")])
def test_an_authority_that_is_busy(status, words):
    error = explained(ClientAuthenticationError("HTTP Error"), "https://login", read_answer(status, b"<html>"))
    assert type(error) is AuthorityUnreachable
    assert words in str(error)


def test_what_is_kept_of_an_answer_holds_no_token():
    answer = read_answer(200, json.dumps({"access_token": "Canary-token"}).encode())
    assert answer == AuthorityAnswer(200, expected=True)
    assert "Canary" not in repr(answer)


@pytest.mark.parametrize("body", [b"", b"<", b"[" * 100_000, b"\xff", b"[]", b"7", b'{"a": 1}'])
def test_answers_that_no_sign_in_service_gives(body):
    assert not read_answer(200, body).expected
    assert not read_answer(404, body).expected


def test_a_certificate_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", "an-app")
    monkeypatch.delenv("AZURE_CLIENT_SECRET", raising=False)
    monkeypatch.setenv("AZURE_CLIENT_CERTIFICATE_PATH", str(tmp_path / "none.pem"))
    with pytest.raises(NotConfigured, match=r"none\.pem cannot be read"):
        sign_in(SignInMethod.ENVIRONMENT, AZURE_PUBLIC)
