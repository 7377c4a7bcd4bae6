"""Signing in: in the browser, or as the service principal that the environment names.

https://learn.microsoft.com/python/api/overview/azure/identity-readme
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Thread
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import jwt
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.transport import HttpTransport

from core.azure.account_store import AccountStore
from core.azure.authority_answers import AuthorityAnswers
from core.azure.clouds import Cloud
from core.azure.fan_out import fan_out
from core.azure.sign_in_errors import NotConfigured, SignInCancelled, explained
from core.azure.trust import new_transport
from core.cancel import Cancelled, CancelToken

BROWSER_TIMEOUT = 300
"""Seconds that the user has to finish signing in in the browser."""

ENVIRONMENT_VARIABLES = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
"""What a service principal with a secret needs; AZURE_CLIENT_CERTIFICATE_PATH may take the secret's place."""


class SignInMethod(StrEnum):
    """The words of `--sign-in`."""

    BROWSER = "browser"
    ENVIRONMENT = "environment"


class ClosableCredential(TokenCredential, Protocol):
    """A credential of azure-identity."""

    def close(self) -> None:
        """Close its connections."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is signed in. `username` is a sign-in name, or a client id for a service principal."""

    credential: ClosableCredential = field(repr=False)
    username: str
    tenant_id: str

    def close(self) -> None:
        """Close the credential's connections; it cannot get tokens after that."""
        self.credential.close()


def sign_in(
    method: SignInMethod,
    cloud: Cloud,
    tenant: str | None = None,
    cancel: CancelToken | None = None,
    *,
    store: AccountStore | None = None,
    timeout: int = BROWSER_TIMEOUT,
) -> Account:
    """Sign in and get the first ARM token, so that whatever is wrong shows here.

    `tenant` is a directory's id or domain. `store` keeps a browser sign-in for the next time (see
    `core.azure.account_store.encrypted_store`); without one it lives in memory. A cancel ends this call at once,
    however far the browser is, and a sign-in that is finished after that is dropped.

    Raises a `core.azure.sign_in_errors.SignInError`, or `core.azure.trust.BadCertificateFile`.
    """
    cancel = cancel or CancelToken()
    with ExitStack() as undo:
        transport = new_transport()
        answers = AuthorityAnswers()
        undo.callback(transport.close)
        options = _options(cloud, transport, answers)
        try:
            if method is SignInMethod.BROWSER:
                work = _in_browser(cloud, tenant, options, store, timeout, cancel)
            else:
                work = _from_environment(cloud, tenant, options)
            ((_, account),) = fan_out(lambda step: step(), [work], cancel=cancel, workers=1, name="sign-in")
        except Cancelled as error:
            raise SignInCancelled("The sign-in was cancelled.") from error
        except (AzureError, ValueError, OSError) as error:
            raise explained(error, cloud.authority, answers.last) from error
        undo.pop_all()
    return account


def _options(cloud: Cloud, transport: HttpTransport[Any, Any], answers: AuthorityAnswers) -> dict[str, Any]:
    return {
        "authority": cloud.authority,
        "disable_instance_discovery": not cloud.instance_discovery,
        "transport": transport,
        "raw_response_hook": answers.note,
        "retry_total": 2,
        "retry_backoff_max": 3,
    }


def _from_environment(cloud: Cloud, tenant: str | None, options: dict[str, Any]) -> Callable[[], Account]:
    from azure.identity import EnvironmentCredential

    named = os.environ.get("AZURE_TENANT_ID", "")
    if tenant and named and tenant.lower() != named.lower():
        raise NotConfigured(
            f"The environment signs in to tenant {named} (AZURE_TENANT_ID), but tenant {tenant} was asked for. "
            f"Make them the same."
        )
    missing = [name for name in ENVIRONMENT_VARIABLES if not os.environ.get(name)]
    by_other_means = os.environ.get("AZURE_CLIENT_CERTIFICATE_PATH") or os.environ.get("AZURE_PASSWORD")
    if missing and not (missing == ["AZURE_CLIENT_SECRET"] and by_other_means):
        raise NotConfigured(
            f"The environment does not say who signs in: {', '.join(missing)} not set. A service principal needs "
            f"AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH)."
        )

    def work() -> Account:
        credential = EnvironmentCredential(**options)
        claims = _claims(credential.get_token(*cloud.credential_scopes).token)
        return Account(
            credential=credential,
            username=str(claims.get("upn") or claims.get("appid") or os.environ["AZURE_CLIENT_ID"]),
            tenant_id=str(claims.get("tid") or named),
        )

    return work


def _in_browser(
    cloud: Cloud,
    tenant: str | None,
    common: dict[str, Any],
    store: AccountStore | None,
    timeout: int,
    cancel: CancelToken,
) -> Callable[[], Account]:
    from azure.identity import AuthenticationRecord, InteractiveBrowserCredential

    redirect_uri = f"http://localhost:{_free_port()}"
    options = {
        **common,
        "redirect_uri": redirect_uri,
        "timeout": timeout,
        # A token that cannot be had silently later on must fail there, not open a browser in the middle of a run.
        "disable_automatic_authentication": True,
        **({"tenant_id": tenant} if tenant else {}),
        **({"cache_persistence_options": store.cache} if store else {}),
    }

    def account(credential: InteractiveBrowserCredential, record: AuthenticationRecord) -> Account:
        return Account(credential=credential, username=record.username, tenant_id=record.tenant_id)

    def work() -> Account:
        remembered = store.load(cloud, tenant) if store else None
        if remembered is not None:
            # The record brings its own authority; the credential takes only one of the two.
            again = {name: value for name, value in options.items() if name != "authority"}
            credential = InteractiveBrowserCredential(**again, authentication_record=remembered)
            try:
                credential.get_token(*cloud.credential_scopes)
            except ClientAuthenticationError:
                pass  # What the store has is no longer good: the user signs in once more.
            else:
                return account(credential, remembered)
        credential = InteractiveBrowserCredential(**options)
        forget = cancel.on_cancel(lambda: Thread(target=_end_waiting, args=(redirect_uri,), daemon=True).start())
        try:
            record = credential.authenticate(scopes=cloud.credential_scopes)
        finally:
            forget()
        if store is not None and not cancel.cancelled:
            with suppress(OSError):  # What cannot be kept costs the next sign-in a browser, and this one nothing.
                store.save(cloud, tenant, record)
        return account(credential, record)

    return work


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_waiting(redirect_uri: str) -> None:
    """Answer in the browser's place, so that the port is free again and a late sign-in finds nobody.

    The credential takes the first answer that comes; one with a wrong `state` makes it give up.
    """
    try:
        build_opener(ProxyHandler({})).open(f"{redirect_uri}/?error=access_denied&state=cancelled", timeout=5).close()
    except (URLError, OSError):
        return  # Nobody waits any more, which is what this is for.


def _claims(token: str) -> dict[str, Any]:
    """What an access token says about its holder; nothing where it is not readable, which is its issuer's right."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return dict(claims)
