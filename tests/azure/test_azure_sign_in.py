"""Real sign-ins by azure-identity and MSAL against the served authority, over TLS."""

from __future__ import annotations

import gc
import socket
import sys
import threading
import time
import warnings
import webbrowser
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError

from core.azure.account_store import AccountStore
from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.azure.discovery import discover
from core.azure.sign_in import ENVIRONMENT_VARIABLES, SignInMethod, sign_in
from core.azure.sign_in_errors import (
    AuthorityUnreachable,
    NoBrowser,
    NotConfigured,
    SignInCancelled,
    SignInError,
    SignInRefused,
    SignInTimedOut,
    explained,
)
from core.azure.trust import new_transport
from core.cancel import CancelToken
from core.practice.base import CONTOSO, FABRIKAM, MARIA, SP_APP_ID, base_service_principal
from core.practice.entra_bodies import guest_body
from core.practice.server import serve
from core.practice.simulator import Simulator

BROWSER_COMMAND = Path(__file__).with_name("browser_command.py")


@pytest.fixture
def world():
    return base_service_principal()


@pytest.fixture
def server(world, monkeypatch):
    for name in (*ENVIRONMENT_VARIABLES, "AZURE_AUTHORITY_HOST", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with serve(Simulator(world)) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.ca_file))
        yield running


@pytest.fixture
def cloud(server):
    return discover(server.arm_endpoint)


@pytest.fixture
def as_principal(monkeypatch, server):
    def use(client_id, secret, tenant=server.tenant):
        for name, value in zip(ENVIRONMENT_VARIABLES, (tenant, client_id, secret), strict=True):
            monkeypatch.setenv(name, value)

    return use


@pytest.fixture
def browser(monkeypatch, server):
    """`browser(account)` makes the tests' browser the one that programs open; `-` presses Cancel."""

    def use(account):
        command = f"{sys.executable} {BROWSER_COMMAND} {server.ca_file} {account} %s"
        monkeypatch.setenv("BROWSER", command)
        monkeypatch.setattr(webbrowser, "_tryorder", None)

    return use


def subscription_names(cloud, account):
    transport = new_transport()
    azure = Azure(cloud, account.credential, transport, CancelToken())
    try:
        return {one.display_name for one in azure.subscriptions().subscriptions.list()}
    finally:
        azure.close()
        transport.close()


def test_the_environment_signs_a_service_principal_in(server, cloud, as_principal):
    as_principal(server.reader.client_id, server.reader.client_secret)
    account = sign_in(SignInMethod.ENVIRONMENT, cloud)
    assert account.tenant_id == CONTOSO
    assert account.username == server.reader.client_id
    assert "Contoso production" in subscription_names(cloud, account)
    assert server.reader.client_secret not in repr(account)
    account.close()


def test_a_domain_in_the_environment_becomes_the_directory_it_names(server, cloud, as_principal):
    as_principal(server.reader.client_id, server.reader.client_secret, "contoso.com")
    account = sign_in(SignInMethod.ENVIRONMENT, cloud)
    assert account.tenant_id == CONTOSO
    account.close()


def refused(cloud, **more):
    with pytest.raises(SignInRefused) as caught:
        sign_in(SignInMethod.ENVIRONMENT, cloud, **more)
    return caught.value


def test_a_wrong_secret(server, cloud, as_principal):
    as_principal(server.reader.client_id, "Canary-secret-1")
    error = refused(cloud)
    assert error.code == 7000215
    assert "secret is wrong" in str(error)
    assert "Canary" not in str(error)


def test_an_expired_secret(world, server, cloud, as_principal):
    for credential in world.application_of(SP_APP_ID, CONTOSO).body["passwordCredentials"]:
        credential["endDateTime"] = "2020-01-01T00:00:00Z"
    as_principal(SP_APP_ID, "whatever")
    error = refused(cloud)
    assert error.code == 7000222
    assert "expired" in str(error)


def test_an_unknown_application(server, cloud, as_principal):
    as_principal("00000000-0000-0000-0000-00000000dead", "whatever")
    assert refused(cloud).code == 700016


def test_a_disabled_application(world, server, cloud, as_principal):
    world.service_principal_of(SP_APP_ID, CONTOSO).body["accountEnabled"] = False
    as_principal(SP_APP_ID, "whatever")
    assert refused(cloud).code == 7000112


def test_an_unknown_tenant(server, cloud, as_principal):
    as_principal(server.reader.client_id, server.reader.client_secret, "00000000-0000-0000-0000-00000000dead")
    error = refused(cloud)
    assert error.code == 90002
    assert "no directory" in str(error)


def test_an_empty_environment_names_what_is_missing(server, cloud):
    with pytest.raises(NotConfigured, match="AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET"):
        sign_in(SignInMethod.ENVIRONMENT, cloud)


def test_another_tenant_than_the_environments(server, cloud, as_principal):
    as_principal(server.reader.client_id, server.reader.client_secret)
    with pytest.raises(NotConfigured, match=FABRIKAM):
        sign_in(SignInMethod.ENVIRONMENT, cloud, FABRIKAM)


def test_an_authority_that_is_not_trusted(server, cloud, as_principal, monkeypatch):
    as_principal(server.reader.client_id, server.reader.client_secret)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(AuthorityUnreachable, match="SSL_CERT_FILE"):
        sign_in(SignInMethod.ENVIRONMENT, cloud)


def test_the_browser_signs_a_user_in(server, cloud, browser):
    browser("maria@contoso.com")
    account = sign_in(SignInMethod.BROWSER, cloud, timeout=30)
    assert (account.username, account.tenant_id) == ("maria@contoso.com", CONTOSO)
    assert "Contoso production" in subscription_names(cloud, account)
    assert account.credential.get_token(cloud.graph_scope).token
    account.close()


def test_a_guest_signs_in_to_another_directory(world, server, cloud, browser):
    guest = guest_body("00000000-0000-0000-0000-00000000feed", world.directory[MARIA].body, "fabrikam.com")
    world.add_object(FABRIKAM, "user", guest)
    browser("maria@contoso.com")
    account = sign_in(SignInMethod.BROWSER, cloud, FABRIKAM, timeout=30)
    assert account.tenant_id == FABRIKAM
    account.close()


def test_cancel_on_the_sign_in_page(server, cloud, browser):
    browser("-")
    with pytest.raises(SignInCancelled, match="declined"):
        sign_in(SignInMethod.BROWSER, cloud, timeout=30)


@pytest.fixture
def no_browser(monkeypatch):
    """`no_browser()` takes all browsers away; azure-identity then leaves its socket to the garbage collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)

        def use():
            monkeypatch.setenv("BROWSER", "false %s")
            monkeypatch.setenv("PATH", "/nonexistent")
            monkeypatch.setattr(webbrowser, "_tryorder", None)

        yield use
        gc.collect()


def test_no_browser(server, cloud, no_browser):
    no_browser()
    with pytest.raises(NoBrowser, match="--sign-in environment"):
        sign_in(SignInMethod.BROWSER, cloud, timeout=30)


def test_nobody_signs_in(server, cloud, monkeypatch):
    monkeypatch.setenv("BROWSER", "true %s")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    with pytest.raises(SignInTimedOut):
        sign_in(SignInMethod.BROWSER, cloud, timeout=1)


def test_a_cancel_answers_at_once_and_frees_the_port(server, cloud, monkeypatch, tmp_path):
    url_file = tmp_path / "url"
    command = tmp_path / "browser.sh"
    command.write_text(f'#!/bin/sh\nprintf %s "$1" > "{url_file}.part" && mv "{url_file}.part" "{url_file}"\n')
    command.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{command} %s")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    cancel = CancelToken()
    cancelled_at = []

    def cancel_once_the_browser_is_open():
        deadline = time.monotonic() + 20
        while not url_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        cancelled_at.append(time.monotonic())
        cancel.cancel()

    threading.Thread(target=cancel_once_the_browser_is_open, daemon=True).start()
    with pytest.raises(SignInCancelled):
        sign_in(SignInMethod.BROWSER, cloud, cancel=cancel, timeout=60)
    assert time.monotonic() - cancelled_at[0] < 2
    port = int(url_file.read_text().split("localhost%3A")[1][:5].split("&")[0])
    deadline = time.monotonic() + 20
    while is_listening(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_listening(port)


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store in a folder of the test; its cache may be plain text, which only a test may do."""
    from azure.identity import TokenCachePersistenceOptions

    for name in ("HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return AccountStore(
        TokenCachePersistenceOptions(name="test", allow_unencrypted_storage=True), tmp_path / "accounts"
    )


def test_the_second_sign_in_asks_nobody(server, cloud, browser, store, no_browser):
    browser("maria@contoso.com")
    sign_in(SignInMethod.BROWSER, cloud, store=store, timeout=30).close()
    no_browser()
    account = sign_in(SignInMethod.BROWSER, cloud, store=store, timeout=30)
    assert account.username == "maria@contoso.com"
    account.close()
    store.forget(cloud, None)
    with pytest.raises(NoBrowser):
        sign_in(SignInMethod.BROWSER, cloud, store=store, timeout=30)


def test_an_account_that_cannot_be_kept_is_signed_in_all_the_same(server, cloud, browser, store):
    browser("maria@contoso.com")
    store.folder.write_text("no folder")
    account = sign_in(SignInMethod.BROWSER, cloud, store=store, timeout=30)
    assert account.username == "maria@contoso.com"
    account.close()


def test_a_broken_record_counts_as_none(store, tmp_path):
    store.folder.mkdir()
    for text in ("", "{}", "[]", '{"version": "9"}'):
        for cloud_file in store.folder.iterdir():
            cloud_file.unlink()
        (store.folder / "account-azurecloud-home.json").write_text(text)
        assert store.load(AZURE_PUBLIC, None) is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("AADSTS53003: Access has been blocked by Conditional Access policies.", SignInRefused, "Conditional Access"),
        ("AADSTS50020: User account does not exist", SignInRefused, "invite you"),
        ("AADSTS50173: The provided grant has expired", SignInRefused, "revoked"),
        ("AADSTS9999999: Something new. Trace ID: abc Correlation ID: def", SignInRefused, "Something new."),
        ("Failed to open a browser", NoBrowser, "No browser"),
        ("Timed out after waiting 300 seconds", SignInTimedOut, "within the time"),
        ("something else", SignInRefused, "something else"),
    ],
)
def test_sentences(text, kind, words):
    error = explained(ClientAuthenticationError(message=text), "https://login.microsoftonline.com")
    assert type(error) is kind
    assert words in str(error)
    assert "Trace ID" not in str(error)
    assert isinstance(error, SignInError)


def test_an_unreachable_authority():
    error = ClientAuthenticationError(message="failed")
    error.__cause__ = OSError("connection refused")
    explanation = explained(error, "https://login.microsoftonline.com")
    assert type(explanation) is AuthorityUnreachable
