"""Finding out about a cloud, from the served Azure and from answers that go wrong."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from azure.core.exceptions import HttpResponseError

from core.azure import discovery
from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC, KNOWN_CLOUDS, host_of
from core.azure.discovery import (
    WAITS,
    CloudBusy,
    CloudNotTrusted,
    CloudUnreachable,
    NotACloud,
    NotAnEndpoint,
    cloud_of,
    discover,
)
from core.azure.errors import fact_of_error
from core.azure.trust import BadCertificateFile, new_session
from core.cancel import Cancelled, CancelToken
from core.facts.fact import Trouble
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
    assert cloud.acr_suffix == "azsacr.example"
    assert cloud.storage_suffix == "local.example"
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
    """`answers(status, body, headers)` gives the URL of a TLS server that always answers so.

    Before that it answers with each of `first` once: a status and headers, or None for a connection that breaks.
    `answers.asked` are the times of its requests.
    """
    monkeypatch.setattr(discovery, "WAITS", (0.01, 0.01))
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    running = []

    def start(status, body, headers=(), first=()):
        turns = list(first)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                start.asked.append(time.monotonic())
                turn = turns.pop(0) if turns else (status, headers, body)
                if turn is None:
                    self.connection.unwrap = lambda: None
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(turn[0])
                for name, value in turn[1]:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(turn[2] if len(turn) > 2 else b"")

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

    start.asked = []
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
    ],
)
def test_answers_that_are_no_cloud(answers, status, body):
    with pytest.raises(NotACloud):
        discover(answers(status, body))


DESCRIPTION = json.dumps(REAL).encode()


@pytest.mark.parametrize(
    "first",
    [
        [(429, ())],
        [(500, ()), (503, ())],
        [None],
        [None, (429, ())],
        [(200, (("content-length", "900"),), b"{")],
    ],
)
def test_a_passing_trouble_is_no_reason_to_give_up(answers, first):
    assert discover(answers(200, DESCRIPTION, first=first)).name == "AzureCloud"
    assert len(answers.asked) == len(first) + 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_trouble_that_does_not_pass_is_not_called_another_kind_of_server(answers, status):
    with pytest.raises(CloudBusy, match=f"answered {status}"):
        discover(answers(status, b""))
    assert len(answers.asked) == 3


def test_an_endpoint_may_ask_for_a_short_wait(answers):
    discover(answers(200, DESCRIPTION, first=[(429, [("Retry-After", "1")])]))
    first, second = answers.asked
    assert second - first >= 1


@pytest.mark.parametrize("named", ["600", "999999999"])
def test_nobody_waits_for_minutes(answers, named):
    with pytest.raises(CloudBusy):
        discover(answers(429, b"", [("Retry-After", named)]))
    assert len(answers.asked) == 1


def test_a_cancel_ends_discovery_at_once():
    """The server takes the connection and never says a word."""
    cancel = CancelToken()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"

        def stop():
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                cancel.cancel()
                ended.wait(10)

        ended = threading.Event()
        thread = threading.Thread(target=stop, daemon=True)
        thread.start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            discover(url, cancel)
        assert time.monotonic() - started < 5
        ended.set()
        thread.join(10)


def test_a_cancel_ends_the_wait_before_the_next_try(answers):
    cancel = CancelToken()
    url = answers(429, b"", [("Retry-After", "4")])
    threading.Timer(0.2, cancel.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        discover(url, cancel)
    assert time.monotonic() - started < 3


def test_a_cloud_without_microsoft_graph_is_a_cloud_all_the_same():
    cloud = cloud_of({**REAL, "microsoftGraphResourceId": None}, "https://management.azure.com")
    assert cloud.graph_endpoint == ""
    assert cloud.token_hosts == {"management.azure.com"}
    azure = Azure(cloud, None, None, CancelToken())
    with pytest.raises(HttpResponseError) as caught:
        azure.graph_get("/me")
    outcome = fact_of_error(caught.value, action="a", scope="s", resource="r")
    assert outcome.trouble is Trouble.BAD_ANSWER
    assert "Microsoft Graph" in outcome.detail


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
            for _ in range(1 + len(WAITS)):
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
