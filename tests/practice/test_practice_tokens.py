"""Tokens: who they speak for, where they are taken, and what Azure answers to the wrong ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jwt
import pytest
from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from practice_calls import GRAPH, call

from core.practice.base import CONTOSO, FABRIKAM, FABRIKAM_SHARED, MARIA, base_public
from core.practice.directory_faults import registry_abroad
from core.practice.http import Request, Response
from core.practice.names import PRINCIPALS, SCOPES
from core.practice.simulator import Simulator
from core.practice.tokens import BadToken, PracticeCredential, audience_of, mint, read
from core.practice.world import World

PAYLOADS = Path(__file__).parent.parent / "data" / "payloads" / "errors-arm"
CLUSTER = f"https://management.azure.com{SCOPES['cluster']}?api-version=2026-08-01"
ABROAD = f"https://management.azure.com{SCOPES['fabrikam-registry']}?api-version=2025-11-01"


def ask(simulator: Simulator, token: str | None, url: str = CLUSTER) -> Response:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return simulator.handle(Request("GET", url, headers))


def test_a_token_says_who_and_for_whom(world: World) -> None:
    credential = PracticeCredential(world)
    assert isinstance(credential, TokenCredential)
    token = credential.get_token("https://management.azure.com/.default").token
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["oid"] == MARIA
    assert claims["tid"] == CONTOSO
    assert claims["upn"] == "maria@contoso.com"
    assert claims["aud"] == "https://management.azure.com"
    assert credential.get_token_info("https://graph.microsoft.com/.default").token != token
    assert read(world, token).name == "maria@contoso.com"


def test_service_principals_have_an_application_id(world: World) -> None:
    token = mint(world, "https://management.azure.com", PRINCIPALS["kubelet"], CONTOSO)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["idtyp"] == "app"
    assert claims["appid"] == PRINCIPALS["kubelet-client"]
    assert "upn" not in claims


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        ("https://management.azure.com/.default", "https://management.azure.com"),
        ("https://management.azure.com//.default", "https://management.azure.com"),
        ("https://management.core.windows.net//.default", "https://management.core.windows.net"),
    ],
)
def test_audiences(scope: str, audience: str) -> None:
    assert audience_of(scope) == audience


def test_every_world_signs_with_a_key_of_its_own(world: World) -> None:
    other = base_public()
    token = mint(other, "https://management.azure.com", MARIA, CONTOSO)
    with pytest.raises(BadToken):
        read(world, token)


def test_no_token(simulator: Simulator) -> None:
    answer = ask(simulator, None)
    assert answer.status == 401
    assert answer.json()["error"]["code"] == "AuthenticationFailed"
    assert answer.headers["www-authenticate"].startswith(
        f'Bearer authorization_uri="https://login.windows.net/{CONTOSO}", error="invalid_token"'
    )


def test_a_foreign_an_old_and_a_misdirected_token(simulator: Simulator, world: World) -> None:
    foreign = mint(base_public(), "https://management.azure.com", MARIA, CONTOSO)
    old = mint(world, "https://management.azure.com", MARIA, CONTOSO, lifetime=-1)
    misdirected = mint(world, "https://graph.microsoft.com", MARIA, CONTOSO)
    for token, code in (
        (foreign, "InvalidAuthenticationToken"),
        ("not.a.token", "InvalidAuthenticationToken"),
        (old, "ExpiredAuthenticationToken"),
        (misdirected, "InvalidAuthenticationTokenAudience"),
    ):
        answer = ask(simulator, token)
        assert answer.status == 401
        assert answer.json()["error"]["code"] == code
        assert "www-authenticate" in answer.headers


def test_graph_takes_no_resource_manager_token(simulator: Simulator, world: World) -> None:
    token = mint(world, "https://management.azure.com", MARIA, CONTOSO)
    answer = ask(simulator, token, f"{GRAPH}/v1.0/me")
    assert answer.status == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert call(simulator, f"{GRAPH}/v1.0/me").status == 200


def test_another_tenant_is_named(simulator: Simulator, world: World) -> None:
    registry_abroad(world, delegated=False)
    answer = ask(simulator, mint(world, "https://management.azure.com", MARIA, CONTOSO), ABROAD)
    assert answer.status == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationTokenTenant"
    assert f"https://login.windows.net/{FABRIKAM}" in answer.headers["www-authenticate"]
    guest = PracticeCredential(world).get_token("https://management.azure.com/.default", tenant_id=FABRIKAM).token
    assert read(world, guest).object_id != MARIA
    assert ask(simulator, guest, ABROAD).status == 200


def test_a_delegated_subscription_takes_the_managing_tenant(simulator: Simulator, world: World) -> None:
    registry_abroad(world, delegated=True)
    assert ask(simulator, mint(world, "https://management.azure.com", MARIA, CONTOSO), ABROAD).status == 200
    assert world.tenant_of(f"/subscriptions/{FABRIKAM_SHARED}") == FABRIKAM


def test_a_stranger_gets_no_token(world: World) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS50020"):
        PracticeCredential(world).get_token("https://management.azure.com/.default", tenant_id=FABRIKAM)


def recorded(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))["response"]


def without_values(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+/\d+/\d+ \d+:\d\d:\d\d [AP]M", "…", text)


def test_an_expired_and_a_missing_token_get_the_recorded_answers(simulator: Simulator, world: World) -> None:
    old = mint(world, "https://management.azure.com", MARIA, CONTOSO, lifetime=-1)
    for token, name in ((old, "401-expiredauthenticationtoken-03"), (None, "401-authenticationfailed-01")):
        theirs, ours = recorded(name), ask(simulator, token)
        assert ours.status == theirs["status"]
        assert ours.headers["x-ms-failure-cause"] == theirs["headers"]["x-ms-failure-cause"]
        assert ours.json()["error"]["code"] == theirs["body"]["error"]["code"]
        assert without_values(ours.json()["error"]["message"]) == without_values(theirs["body"]["error"]["message"])
        expected = without_values(theirs["headers"]["www-authenticate"])
        assert without_values(ours.headers["www-authenticate"]) == expected
