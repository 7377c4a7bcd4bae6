"""Reading a registry: its tokens go to its login server alone, blobs are fetched without any."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qs

import pytest
from azure.core.exceptions import ClientAuthenticationError, DecodeError, ResourceNotFoundError
from azure.core.rest import HttpRequest

from core.azure.registry_tokens import NoScope, scope_of
from core.azure.transport import RefusedHost, RefusedWrite, RegistryTransport
from core.practice.http import Response, json_response

HOST = "contosoreg.azurecr.io"
CONFIG = json.dumps({"os": "linux", "architecture": "arm64"}).encode()
DIGEST = f"sha256:{hashlib.sha256(CONFIG).hexdigest()}"
STORAGE = "https://weumanaged1.blob.core.windows.net/blobs/data?sig=abc"


def registry(request, answers=None):
    """A registry that hands out tokens named for their scope, and answers what a test says by path."""
    if request.path == "/oauth2/exchange":
        return json_response({"refresh_token": "refresh"})
    if request.path == "/oauth2/token":
        scope = parse_qs(request.body.decode())["scope"][0]
        return json_response({"access_token": f"access-{scope}"})
    return (answers or {}).get(request.path) or json_response({"errors": [{"code": "NAME_UNKNOWN"}]}, 404)


@pytest.fixture
def open_registry(connect):
    def opened(answers, host=HOST):
        azure, asked = connect(lambda request: registry(request, answers))
        return azure.registry_data(host), asked.asked

    return opened


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/acr/v1/_catalog", "registry:catalog:*"),
        ("/acr/v1/web%2Fapi", "repository:web/api:metadata_read,pull"),
        ("/acr/v1/web%2Fapi/_tags", "repository:web/api:metadata_read,pull"),
        ("/acr/v1/web%2Fapi/_manifests/sha256%3Aab", "repository:web/api:metadata_read,pull"),
        ("/acr/v1/_deleted/web%2Fapi/_tags", "repository:web/api:deleted_read"),
        ("/v2/web%2Fapi/manifests/sha256%3Aab", "repository:web/api:metadata_read,pull"),
        ("/v2/web/api/blobs/sha256:ab", "repository:web/api:metadata_read,pull"),
    ],
)
def test_each_path_takes_a_token_of_its_own(path, scope):
    assert scope_of(path) == scope


def test_what_is_never_read_has_no_token():
    with pytest.raises(NoScope):
        scope_of("/v2/")


def test_tokens_are_traded_once_and_sent_where_they_belong(open_registry):
    attributes = {"imageName": "web/api", "changeableAttributes": {"readEnabled": True}}
    data, asked = open_registry({"/acr/v1/web/api": json_response(attributes)})
    for _ in range(2):
        data.sdk.get_repository_properties("web/api")
    assert [(one.method, one.path) for one in asked] == [
        ("POST", "/oauth2/exchange"),
        ("POST", "/oauth2/token"),
        ("GET", "/acr/v1/web/api"),
        ("GET", "/acr/v1/web/api"),
    ]
    assert {one.host for one in asked} == {HOST}
    entra = parse_qs(asked[0].body.decode())["access_token"]
    assert entra == ["token-for-https://containerregistry.azure.net/.default"]
    assert asked[2].headers["authorization"] == "Bearer access-repository:web/api:metadata_read,pull"


def test_a_refusal_is_not_asked_for_twice(connect):
    challenge = {"www-authenticate": f'Bearer realm="https://evil.example/oauth2/token",service="{HOST}",scope="x"'}

    def answer(request):
        if request.method == "POST":
            return registry(request)
        return json_response({"errors": [{"code": "UNAUTHORIZED", "message": "no"}]}, 401, challenge)

    azure, answers = connect(answer)
    with pytest.raises(ClientAuthenticationError):
        azure.registry_data(HOST).sdk.get_repository_properties("web/api")
    assert [one.path for one in answers.asked] == ["/oauth2/exchange", "/oauth2/token", "/acr/v1/web/api"]
    assert {one.host for one in answers.asked} == {HOST}


@pytest.mark.parametrize(
    "host", ["evil.example/contosoreg.azurecr.io", "user@contosoreg.azurecr.io", "a b", "", "x:y"]
)
def test_a_login_server_is_a_host(connect, host):
    azure, answers = connect(registry)
    with pytest.raises(RefusedHost):
        azure.registry_data(host)
    assert answers.asked == []


def test_the_transport_of_a_registry_lets_tokens_to_its_login_server_only(connect):
    azure, answers = connect(registry)
    door = RegistryTransport(azure.transport, HOST)
    token = {"Authorization": "Bearer secret"}
    for url in (f"http://{HOST}/acr/v1/_catalog", "https://management.azure.com/x", f"https://{HOST}.evil.example/x"):
        with pytest.raises(RefusedHost):
            door.send(HttpRequest("GET", url, headers=token))
    with pytest.raises(RefusedHost):
        door.send(HttpRequest("POST", "https://evil.example/oauth2/exchange", data={"access_token": "secret"}))
    for method, path in (
        ("PATCH", "/acr/v1/web"),
        ("DELETE", "/acr/v1/web"),
        ("POST", "/acr/v1/_deleted/w/_manifests/d"),
    ):
        with pytest.raises(RefusedWrite):
            door.send(HttpRequest(method, f"https://{HOST}{path}", headers=token))
    with pytest.raises(RefusedHost):
        azure.transport.send(HttpRequest("GET", f"https://{HOST}/acr/v1/_catalog", headers=token))
    assert answers.asked == []


def blob(location=STORAGE, status=307):
    return Response(status, {"location": location, "content-type": "text/html"}, b"<a>Temporary Redirect</a>")


def test_a_blob_is_fetched_where_the_registry_says_without_a_token(connect):
    def answer(request):
        if request.host.endswith("blob.core.windows.net"):
            return Response(200, {}, CONFIG)
        return registry(request, {f"/v2/web/api/blobs/{DIGEST}": blob()})

    azure, answers = connect(answer)
    assert azure.registry_data(HOST).config("web/api", DIGEST) == json.loads(CONFIG)
    assert answers.asked[-1].url == STORAGE
    assert "authorization" not in answers.asked[-1].headers


@pytest.mark.parametrize("location", ["http://plain.example/x", "/relative", "", "https:///nowhere"])
def test_a_blob_is_fetched_over_https_only(open_registry, location):
    data, asked = open_registry({f"/v2/web/api/blobs/{DIGEST}": blob(location)})
    with pytest.raises(RefusedHost):
        data.config("web/api", DIGEST)
    assert {one.host for one in asked} == {HOST}


@pytest.mark.parametrize("content", [b"x" * 5_000_000, b"{}", b"not json"])
def test_a_blob_that_is_not_what_its_digest_says_is_refused(connect, content):
    def answer(request):
        return Response(200, {}, content) if request.host != HOST else registry(request, {request.path: blob()})

    azure, _ = connect(answer)
    with pytest.raises(DecodeError):
        azure.registry_data(HOST).config("web/api", DIGEST)


def test_a_manifest_that_is_not_what_its_digest_says_is_refused(open_registry):
    manifest = Response(200, {"content-type": "application/json", "docker-content-digest": DIGEST}, b"{}")
    data, _ = open_registry({f"/v2/web/api/manifests/{DIGEST}": manifest})
    with pytest.raises(DecodeError):
        data.manifest("web/api", DIGEST)


def test_deleted_artifacts_are_read_over_all_pages(open_registry):
    second = "/acr/v1/_deleted/web/api/_tags"
    calls = iter(
        [
            json_response(
                {"tags": [{"tag": "1", "digest": "a"}]}, headers={"link": f'<{second}?last=1>; rel="next"'}
            ),
            json_response({"tags": [{"tag": "2", "digest": "b"}]}),
        ]
    )

    class Pages(dict):
        def get(self, key, default=None):
            return next(calls) if key == second else default

    data, _ = open_registry(Pages({"x": None}))
    assert [one["tag"] for one in data.deleted("web/api", "tags")] == ["1", "2"]


def test_plain_text_is_not_found_as_well(open_registry):
    page = Response(404, {"content-type": "text/plain; charset=utf-8"}, b"404 page not found\n")
    data, _ = open_registry({"/acr/v1/Web/_tags/1": page})
    with pytest.raises(ResourceNotFoundError):
        data.sdk.get_tag_properties("Web", "1")


@pytest.mark.parametrize("status", [200, 404])
def test_a_token_endpoint_without_a_token_is_unreadable(connect, status):
    azure, _ = connect(lambda request: json_response({}, status))
    with pytest.raises(DecodeError):
        azure.registry_data(HOST).sdk.get_repository_properties("web/api")
