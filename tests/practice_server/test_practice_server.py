"""The loopback door of the simulated Azure, over real TLS, by plain HTTP and by the SDKs."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import stat
import threading
from http.client import HTTPSConnection
from urllib.parse import parse_qs, urlsplit

import jwt
import msal
import pytest
import requests

from core.azure.clients import Azure
from core.azure.discovery import discover
from core.azure.sign_in import SignInMethod, sign_in
from core.azure.trust import new_transport
from core.cancel import CancelToken
from core.practice.base import CONTOSO, FABRIKAM, base_public
from core.practice.call_faults import CallFault, Trouble
from core.practice.server import serve
from core.practice.simulator import Simulator

LOOPBACK = "http://localhost:8400"
APP = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@pytest.fixture
def world():
    return base_public()


@pytest.fixture
def server(world, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with serve(Simulator(world)) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.ca_file))
        yield running


@pytest.fixture
def http(server):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        yield session


def token_for(http, server, principal, scope="https://management.azure.com/.default", **more):
    form = {
        "grant_type": "client_credentials",
        "client_id": principal.client_id,
        "client_secret": principal.client_secret,
        "scope": scope,
        **more,
    }
    return http.post(f"{server.arm_endpoint}/{server.tenant}/oauth2/v2.0/token", data=form)


def bearer(http, server, principal, scope="https://management.azure.com/.default"):
    return {"Authorization": f"Bearer {token_for(http, server, principal, scope).json()['access_token']}"}


def test_the_ca_file_is_private_and_goes_away(world):
    with serve(Simulator(world)) as running:
        assert b"BEGIN CERTIFICATE" in running.ca_file.read_bytes()
        assert b"PRIVATE KEY" not in running.ca_file.read_bytes()
        if os.name == "posix":
            assert stat.S_IMODE(running.ca_file.stat().st_mode) == 0o600
            assert stat.S_IMODE(running.ca_file.parent.stat().st_mode) == 0o700
        port = urlsplit(running.arm_endpoint).port
    assert not running.ca_file.parent.exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_listens_on_the_loopback_interface_only(server):
    port = urlsplit(server.arm_endpoint).port
    with socket.socket() as probe:
        # The whole of 127/8 is this computer, and only 127.0.0.1 of it is served.
        assert probe.connect_ex(("127.0.0.2", port)) != 0


def test_a_port_that_is_taken(server):
    with pytest.raises(OSError), serve(Simulator(base_public()), urlsplit(server.arm_endpoint).port):
        pass


def test_the_metadata_have_the_parts_that_programs_look_for(http, server):
    found = http.get(f"{server.arm_endpoint}/metadata/endpoints?api-version=2022-09-01").json()
    assert found["name"] == server.cloud_name
    assert found["authentication"]["loginEndpoint"] == server.arm_endpoint
    assert found["suffixes"]["acrLoginServer"] == "azurecr.io"
    assert found["microsoftGraphResourceId"] == f"{server.arm_endpoint}/graph/"


def test_secrets_are_not_in_the_servers_text(server):
    assert server.reader.client_secret not in repr(server)


@pytest.mark.parametrize(("who", "actions"), [("reader", ["*/read"]), ("owner", ["*"])])
def test_the_two_principals_have_their_roles(http, server, who, actions):
    headers = bearer(http, server, getattr(server, who))
    listed = http.get(f"{server.arm_endpoint}/subscriptions?api-version=2022-12-01", headers=headers)
    scope = listed.json()["value"][0]["id"]
    url = f"{server.arm_endpoint}{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
    assert http.get(url, headers=headers).json()["value"][0]["actions"] == actions


def test_next_links_stay_on_the_loopback_door(world, server):
    world.page_size = 2
    cloud = discover(server.arm_endpoint)
    from azure.identity import ClientSecretCredential

    transport = new_transport()
    credential = ClientSecretCredential(
        server.tenant,
        server.reader.client_id,
        server.reader.client_secret,
        authority=cloud.authority,
        disable_instance_discovery=True,
        transport=transport,
    )
    azure = Azure(cloud, credential, transport, CancelToken())
    names = [one.name for one in azure.container_service(subscription_of(world)).managed_clusters.list()]
    assert len(names) > 2
    assert azure.transport.requests().count > 1
    azure.close()
    credential.close()


def subscription_of(world):
    """The subscription with the most clusters."""
    counts = {}
    for key, body in world.resources.items():
        if body["type"].lower() == "microsoft.containerservice/managedclusters":
            subscription = key.split("/")[2]
            counts[subscription] = counts.get(subscription, 0) + 1
    return max(counts, key=counts.__getitem__)


def test_graph_has_its_own_audience(http, server):
    url = f"{server.arm_endpoint}/graph/v1.0/servicePrincipals?$filter=appId eq '{server.reader.client_id}'"
    scope = f"{server.arm_endpoint}/graph//.default"
    found = http.get(url, headers=bearer(http, server, server.reader, scope)).json()
    assert [one["appId"] for one in found["value"]] == [server.reader.client_id]
    refused = http.get(url, headers=bearer(http, server, server.reader))
    assert refused.status_code == 401


def test_what_the_simulator_does_not_know_is_a_loud_501(http, server):
    headers = bearer(http, server, server.owner)
    answer = http.get(
        f"{server.arm_endpoint}/providers/Microsoft.Nothing/things?api-version=2020-01-01", headers=headers
    )
    assert answer.status_code == 501


def test_a_request_without_a_token(http, server):
    answer = http.get(f"{server.arm_endpoint}/subscriptions?api-version=2022-12-01")
    assert answer.status_code == 401
    assert "authorization_uri" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.TIMEOUT, Trouble.TRUNCATED_BODY])
def test_the_network_can_fail(world, monkeypatch, trouble):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    simulator = Simulator(world, [CallFault(trouble, "*/subscriptions?*")])
    with serve(simulator) as server, requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        headers = bearer(session, server, server.reader)
        url = f"{server.arm_endpoint}/subscriptions?api-version=2022-12-01"
        with pytest.raises(requests.exceptions.RequestException):
            session.get(url, headers=headers, timeout=1)


def test_msal_gets_a_token_for_the_application_by_itself(http, server):
    app = msal.ConfidentialClientApplication(
        server.reader.client_id,
        client_credential=server.reader.client_secret,
        authority=f"{server.arm_endpoint}/{server.tenant}",
        instance_discovery=False,
        http_client=http,
    )
    result = app.acquire_token_for_client(["https://management.core.windows.net//.default"])
    claims = jwt.decode(result["access_token"], options={"verify_signature": False})
    assert (claims["tid"], claims["appid"]) == (CONTOSO, server.reader.client_id)


def test_msal_signs_a_user_in_and_gets_tokens_for_other_services_later(http, server):
    app = msal.PublicClientApplication(
        APP, authority=f"{server.arm_endpoint}/organizations", instance_discovery=False, http_client=http
    )
    flow = app.initiate_auth_code_flow(
        ["https://management.azure.com/.default"], redirect_uri=LOOPBACK, response_mode="form_post"
    )
    page = http.get(flow["auth_uri"]).text
    assert all(name in page for name in server.user_names)
    handed = http.post(flow["auth_uri"], data={"user": picked(page, "jonas@contoso.com")}).text
    assert f'action="{LOOPBACK}"' in handed
    answer = dict(re.findall(r'name="(\w+)" value="([^"]+)"', handed))
    result = app.acquire_token_by_auth_code_flow(flow, answer)
    assert result["id_token_claims"]["preferred_username"] == "jonas@contoso.com"
    account = app.get_accounts()[0]
    graph = app.acquire_token_silent([f"{server.arm_endpoint}/graph/.default"], account)
    assert (
        jwt.decode(graph["access_token"], options={"verify_signature": False})["aud"] == "https://graph.microsoft.com"
    )
    keys = jwt.PyJWKSet.from_dict(http.get(f"{server.arm_endpoint}/{server.tenant}/discovery/v2.0/keys").json())
    jwt.decode(result["id_token"], keys.keys[0].key, algorithms=["RS256"], audience=APP)
    with pytest.raises(KeyError):
        # The code was used up.
        app.acquire_token_by_auth_code_flow(flow, answer)["access_token"]


def picked(page, name):
    before = page[: page.index(f">{name}<")]
    return before.rsplit('value="', 1)[1].split('"')[0]


def authorize(server, **more):
    return {
        "client_id": APP,
        "response_type": "code",
        "redirect_uri": LOOPBACK,
        "state": "s",
        "code_challenge": "c",
        "code_challenge_method": "S256",
        **more,
    }


@pytest.mark.parametrize(
    "redirect", ["https://evil.example/", "http://localhost.evil.example", "http://localhost@evil.example", ""]
)
def test_codes_go_to_this_computer_only(http, server, redirect):
    url = f"{server.arm_endpoint}/{CONTOSO}/oauth2/v2.0/authorize"
    answer = http.get(url, params=authorize(server, redirect_uri=redirect))
    assert answer.status_code == 400
    assert "AADSTS50011" in answer.text


def test_what_a_link_says_is_shown_as_plain_text(http, server):
    url = f"{server.arm_endpoint}/{CONTOSO}/oauth2/v2.0/authorize"
    hostile = '"><script>alert(1)</script>'
    for page in (
        http.get(url, params=authorize(server, redirect_uri=hostile)).text,
        http.get(url, params=authorize(server, state=hostile)).text,
        http.post(url, params=authorize(server, state=hostile, response_mode="form_post"), data={"user": ""}).text,
    ):
        assert "<script>alert" not in page


def test_a_link_that_was_never_encoded_cannot_leave_its_attribute(server):
    url = urlsplit(server.arm_endpoint)
    context = ssl.create_default_context(cafile=str(server.ca_file))
    connection = HTTPSConnection(url.hostname, url.port, context=context, timeout=20)
    query = f'response_type=code&redirect_uri={LOOPBACK}&state="><script>alert(1)</script>'
    connection.request("GET", f"/{CONTOSO}/oauth2/v2.0/authorize?{query}")
    page = connection.getresponse().read().decode()
    connection.close()
    assert "Pick an account" in page
    assert "<script>" not in page


def test_a_code_without_its_verifier_is_worthless(http, server, world):
    url = f"{server.arm_endpoint}/{CONTOSO}/oauth2/v2.0/authorize"
    page = http.get(url, params=authorize(server)).text
    handed = http.post(
        url, params=authorize(server), data={"user": picked(page, "maria@contoso.com")}, allow_redirects=False
    )
    code = parse_qs(urlsplit(handed.headers["location"]).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "client_id": APP,
        "redirect_uri": LOOPBACK,
        "code": code,
        "code_verifier": "guessed",
        "scope": "https://management.azure.com/.default",
    }
    answer = http.post(f"{server.arm_endpoint}/{CONTOSO}/oauth2/v2.0/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("change", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000215),
        ({"client_id": "00000000-0000-0000-0000-00000000dead"}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant", 70000),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant", 70000),
    ],
)
def test_refusals_have_entras_envelope(http, server, change, status, error, code):
    answer = token_for(http, server, server.reader, **change)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= body.keys()


def test_an_unknown_directory(http, server):
    answer = http.get(f"{server.arm_endpoint}/nowhere.example/v2.0/.well-known/openid-configuration")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_tenant"


def test_a_user_without_an_account_in_the_directory_cannot_be_picked(http, server):
    url = f"{server.arm_endpoint}/{FABRIKAM}/oauth2/v2.0/authorize"
    page = http.get(url, params=authorize(server)).text
    assert "maria@contoso.com" not in page


def test_many_clients_at_once(http, server):
    headers = bearer(http, server, server.reader)
    found = []

    def ask():
        url = f"{server.arm_endpoint}/subscriptions?api-version=2022-12-01"
        with requests.Session() as session:
            session.trust_env = False
            found.append(session.get(url, headers=headers, verify=str(server.ca_file), timeout=20).status_code)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 12


def test_a_client_that_does_not_trust_the_server_harms_nobody(http, server):
    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"{server.arm_endpoint}/metadata/endpoints", timeout=20)
    assert json.loads(http.get(f"{server.arm_endpoint}/metadata/endpoints").text)["name"] == server.cloud_name


def test_registries_answer_under_their_public_names_through_the_server_as_proxy(server):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        session.proxies = {"https": server.proxy}
        answer = session.get("https://contosoreg.azurecr.io/v2/")
        assert answer.status_code == 401
        assert 'realm="https://contosoreg.azurecr.io/oauth2/token"' in answer.headers["www-authenticate"]
        assert session.get(f"{server.arm_endpoint}/metadata/endpoints").json()["name"] == server.cloud_name


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://contosoreg.azurecr.io:8443/v2/", "https://localhost:1/"]
)
def test_the_server_is_a_proxy_to_nowhere_else(server, url):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        session.proxies = {"https": server.proxy}
        with pytest.raises(requests.exceptions.ProxyError):
            session.get(url, timeout=5)


def test_the_sdk_reads_images_through_the_server(server, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", server.proxy)
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("AZURE_TENANT_ID", server.tenant)
    monkeypatch.setenv("AZURE_CLIENT_ID", server.reader.client_id)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", server.reader.client_secret)
    cloud = discover(server.arm_endpoint)
    account = sign_in(SignInMethod.ENVIRONMENT, cloud)
    transport = new_transport()
    azure = Azure(cloud, account.credential, transport, CancelToken())
    data = azure.registry_data("contosoreg.azurecr.io")
    tag = data.sdk.get_tag_properties("base/dotnet", "8.0-ltsc2022")
    manifest = data.manifest("base/dotnet", tag.digest)
    assert data.config("base/dotnet", manifest.manifest["config"]["digest"])["os.version"] == "10.0.20348.2527"
    azure.close()
    transport.close()
    account.close()
