"""Whom the program trusts on the wire, and through which proxy: one place for discovery, sign-in and SDK clients.

Certificates are judged by the operating system (Windows and macOS with their own verifiers, so that certificates
that a company rolled out count). `SSL_CERT_FILE` and `REQUESTS_CA_BUNDLE` name further authorities. Proxies follow
`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import requests
import truststore
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
READ_TIMEOUT = 40.0
"""Seconds to wait for an answer; ARM gives up on its resource providers before that in nearly all cases."""
WIRE_LIMIT = 8
"""Requests on the wire at the same time."""

CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class BadCertificateFile(Exception):
    """A certificate variable names a file that is not there or holds no certificates."""

    def __init__(self, variable: str, path: str) -> None:
        super().__init__(
            f"{variable} names {path}, which is not a readable file with certificates in PEM form. "
            f"Correct the variable or unset it."
        )


def tls_context(environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """A TLS context that trusts what the operating system and the certificate variables name.

    Raises `BadCertificateFile`.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in CA_VARIABLES:
        path = environment.get(variable)
        if not path:
            continue
        try:
            if Path(path).is_dir():
                context.load_verify_locations(capath=path)
            else:
                context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise BadCertificateFile(variable, path) from error
    return context


class _ContextAdapter(HTTPAdapter):
    """Sends through one TLS context that alone decides; requests' own certificate bundle stays out of it."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=4, pool_maxsize=WIRE_LIMIT)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        return super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        return super().build_connection_pool_key_attributes(request, True, cert)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Do nothing: the pool already has the context, and a bundle given here would add to its trust."""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave the request as it is; without this, requests puts passwords from ~/.netrc over the bearer token."""
    return request


def new_session() -> requests.Session:
    """A session with the program's trust and proxies, no cookies, no retries, and no ~/.netrc.

    Raises `BadCertificateFile`.
    """
    session = requests.Session()
    session.mount("https://", _ContextAdapter(tls_context()))
    session.auth = _no_auth
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session


def new_transport() -> RequestsTransport:
    """A transport of its own for SDK clients or a credential; whoever makes it closes it.

    Raises `BadCertificateFile`.
    """
    return RequestsTransport(
        session=new_session(), session_owner=True, connection_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT
    )
