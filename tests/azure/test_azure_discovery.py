"""Finding out about a cloud, from the served Azure and from answers that go wrong."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme

from core.azure.clouds import AZURE_PUBLIC, KNOWN_CLOUDS, host_of
from core.azure.discovery import (
    CloudNotTrusted,
    CloudUnreachable,
    NotACloud,
    NotAnEndpoint,
    cloud_of,
    discover,
)
from core.azure.trust import BadCertificateFile, new_session
from core.practice.base import base_public
from core.practice.server import serve
from core.practice.simulator import Simulator

REAL = {
    "portal": "https://portal.azure.com",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
    "graphAudience": "https://graph.windows.net/",
    "graph": "https://graph.windows.net/",
    "name": "AzureCloud",
    "suffixes": {"acrLoginServer": "azurecr.io", "storage": "core.windows.net"},
    "resourceManager": "https://management.azure.com/",
    "microsoftGraphResourceId": "https://graph.microsoft.com/",
}


@pytest.fixture(autouse=True)
def no_certificate_variables(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)


def test_the_public_cloud_describes_itself_as_our_table_does():
    assert cloud_of(REAL, "https://management.azure.com") == AZURE_PUBLIC


def test_a_list_of_clouds_is_searched_for_the_one_that_was_asked():
    other = {**REAL, "name": "AzureChinaCloud", "resourceManager": "https://management.chinacloudapi.cn"}
    assert cloud_of([other, REAL], "https://management.azure.com") == AZURE_PUBLIC
    with pytest.raises(NotACloud):
        cloud_of([other, REAL], "https://arm.example")


def test_an_azure_stack_keeps_its_own_names():
    stack = {
        **REAL,
        "name": "AzureStack",
        "authentication": {
            "loginEndpoint": "https://adfs.local.example/",
            "audiences": ["https://management.adfs.example/8f5c"],
        },
        "suffixes": {"acrLoginServer": ".azsacr.example", "storage": "local.example"},
        "resourceManager": "https://elsewhere.example/",
        "microsoftGraphResourceId": "",
        "graph": "https://graph.local.example/",
        "portal": None,
    }
    cloud = cloud_of(stack, "https://management.local.example")
    assert cloud.arm_endpoint == "https://management.local.example"
    assert cloud.credential_scopes == ("https://management.adfs.example/8f5c/.default",)
    assert cloud.graph_scope == "https://graph.local.example/.default"
    assert (cloud.acr_suffix, cloud.blob_suffix) == ("azsacr.example", "blob.local.example")
    assert not cloud.instance_discovery
    assert cloud.token_hosts == {"management.local.example", "graph.local.example"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("authentication", None),
        ("authentication.loginEndpoint", ""),
        ("authentication.loginEndpoint", "http://login.example"),
        ("authentication.audiences", []),
        ("authentication.audiences", "https://management.azure.com"),
        ("suffixes", []),
        ("suffixes.acrLoginServer", None),
        ("microsoftGraphResourceId", "ftp://graph.example"),
    ],
)
def test_missing_parts_are_named(path, value):
    broken = json.loads(json.dumps(REAL))
    holder, _, key = path.rpartition(".")
    (broken[holder] if holder else broken)[key] = value
    with pytest.raises(NotACloud, match=r"authentication|suffixes|microsoftGraphResourceId"):
        cloud_of(broken, "https://management.azure.com")


@pytest.mark.parametrize("metadata", [[], [1], "text", None, 7, {}])
def test_what_is_no_description_is_refused(metadata):
    with pytest.raises(NotACloud):
        cloud_of(metadata, "https://management.azure.com")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "management.azure.com",
        "http://management.azure.com",
        "https://",
        "https://user:pw@management.azure.com",
        "https://management.azure.com/?x=1",
        "https://[::1",
        "file:///etc/passwd",
        "https://host:99999999",
    ],
)
def test_what_is_no_https_url_is_refused(url):
    with pytest.raises(NotAnEndpoint):
        discover(url)


def test_the_served_azure_is_discovered(monkeypatch):
    with serve(Simulator(base_public())) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
        cloud = discover(server.arm_endpoint + "/")
    assert cloud.name == "PracticeCloud"
    assert cloud.arm_endpoint == cloud.authority == server.arm_endpoint
    assert cloud.graph_endpoint == f"{server.arm_endpoint}/graph"
    assert cloud.token_hosts == {host_of(server.arm_endpoint)}
    assert not cloud.instance_discovery


def test_a_certificate_that_nobody_here_trusts():
    with serve(Simulator(base_public())) as server, pytest.raises(CloudNotTrusted, match="SSL_CERT_FILE"):
        discover(server.arm_endpoint)


def test_nothing_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(CloudUnreachable, match=f"localhost:{port}"):
        discover(f"https://localhost:{port}")


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """`answers(status, body, headers)` gives the URL of a TLS server that always answers so."""
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    running = []

    def start(status, body, headers=()):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        running.append((server, thread))
        return f"https://localhost:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Sign in to the hotel's network</html>"),
        (200, b""),
        (200, b'{"portal": '),
        (200, b"[" * 100_000),
        (200, b'"' + b"x" * 2_000_000),
        (404, b"{}"),
        (503, b""),
    ],
)
def test_answers_that_are_no_cloud(answers, status, body):
    with pytest.raises(NotACloud):
        discover(answers(status, body))


def test_a_redirect_is_not_followed(answers):
    url = answers(302, b"", [("location", "https://evil.example/")])
    with pytest.raises(NotACloud, match="302"):
        discover(url)


def test_a_connection_that_breaks_off(answers):
    with pytest.raises(CloudUnreachable):
        discover(answers(200, b"{", [("content-length", "900")]))


def test_the_usual_variables_name_the_proxy(monkeypatch):
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def listen():
            connection, _ = proxy.accept()
            with connection:
                heard.append(connection.recv(1000))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(CloudUnreachable):
            discover("https://management.azure.com")
        thread.join(10)
    assert heard[0].startswith(b"CONNECT management.azure.com:443 ")


def test_a_certificate_variable_that_names_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(BadCertificateFile, match=r"REQUESTS_CA_BUNDLE names .*none\.pem"):
        new_session()


def test_a_password_file_of_the_user_does_not_replace_the_token(answers, monkeypatch, tmp_path):
    url = answers(200, b"{}")
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine localhost login somebody password Canary-1\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with new_session() as session, session.get(url, headers={"Authorization": "Bearer ours"}) as response:
        assert response.request.headers["Authorization"] == "Bearer ours"


def test_the_known_clouds_are_consistent():
    assert list(KNOWN_CLOUDS) == ["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"]
    for cloud in KNOWN_CLOUDS.values():
        assert cloud.instance_discovery
        assert cloud.credential_scopes == (f"{cloud.arm_endpoint}/.default",)
        for url in (cloud.arm_endpoint, cloud.authority, cloud.graph_endpoint, cloud.portal):
            assert url.startswith("https://")
            assert not url.endswith("/")
