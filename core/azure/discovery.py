"""Finding out about a cloud from its ARM endpoint: sovereign, air-gapped and Azure Stack style clouds.

`GET <ARM endpoint>/metadata/endpoints?api-version=2022-09-01` needs no sign-in and answers one object (some clouds
answer a list of them). https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles-azurecli2
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ProtocolError

from core.azure.causes import causes
from core.azure.clouds import AZURE_PUBLIC, ENTRA_HOSTS, Cloud, host_of
from core.azure.fan_out import fan_out
from core.azure.trust import CONNECT_TIMEOUT, READ_TIMEOUT, new_session
from core.cancel import Cancelled, CancelToken
from core.scrub import one_line

API_VERSION = "2022-09-01"
MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read; the real one has about 2,000."""
WAITS = (0.5, 1.0)
"""Seconds before the second and the third try."""
LONGEST_WAIT = 5.0
"""Seconds that a busy endpoint may ask to wait; beyond that nobody sits and waits."""

RETIRED_GRAPHS = frozenset({"graph.windows.net", "graph.chinacloudapi.cn", "graph.cloudapi.de"})
"""Hosts of Azure AD Graph, which is no more and never was Microsoft Graph; they stand under `graph`.

https://learn.microsoft.com/graph/migrate-azure-ad-graph-overview
"""


class DiscoveryError(Exception):
    """The cloud behind an ARM endpoint could not be found out; the message is a sentence for the user."""


class NotAnEndpoint(DiscoveryError):
    """What was given is no https URL of an ARM endpoint."""


class CloudUnreachable(DiscoveryError):
    """Nothing answers at the ARM endpoint."""


class CloudNotTrusted(DiscoveryError):
    """The ARM endpoint shows a certificate that is not trusted here."""


class CloudBusy(DiscoveryError):
    """The ARM endpoint throttles or fails, time and again."""


class NotACloud(DiscoveryError):
    """Something answers at the ARM endpoint, but not as Azure's resource manager does."""


def discover(arm_endpoint: str, cancel: CancelToken | None = None) -> Cloud:
    """The cloud whose resource manager answers at `arm_endpoint`, an https URL.

    A connection that breaks off and an endpoint that is busy are tried again, twice at most. A cancel ends this call
    at once. Raises a `DiscoveryError`, `core.azure.trust.BadCertificateFile` or `core.cancel.Cancelled`.
    """
    endpoint = _checked(arm_endpoint)
    token = cancel or CancelToken()
    fetched = fan_out(lambda url: _fetch(url, token), [endpoint], cancel=token, workers=1, name="discovery")
    ((_, metadata),) = fetched
    return cloud_of(metadata, endpoint)


def cloud_of(metadata: object, arm_endpoint: str) -> Cloud:
    """The cloud that a metadata answer describes.

    The ARM endpoint is the one that was asked, whatever the answer says: it is where the user wants to send tokens.
    Raises `NotACloud` where something that is needed is missing.
    """
    found = _described(metadata, arm_endpoint)
    authority = _https(found, "authentication.loginEndpoint")
    return Cloud(
        name=_optional(found, "name") or host_of(arm_endpoint),
        arm_endpoint=arm_endpoint,
        arm_audience=_audience(found, arm_endpoint),
        authority=authority,
        graph_endpoint=_graph_endpoint(found),
        portal=(_optional(found, "portal") or "https://portal.azure.com").rstrip("/"),
        acr_suffix=_required(found, "suffixes.acrLoginServer").lstrip(".").lower(),
        storage_suffix=(_optional(found, "suffixes.storage") or AZURE_PUBLIC.storage_suffix).lstrip(".").lower(),
        instance_discovery=host_of(authority) in ENTRA_HOSTS,
    )


def _checked(text: str) -> str:
    endpoint = text.strip().rstrip("/")
    try:
        parts = urlsplit(endpoint)
        well_formed = bool(parts.hostname) and parts.port != 0
    except ValueError:
        well_formed = False
    shown = one_line(text, 100)
    if not well_formed or parts.username or parts.query or parts.fragment:
        raise NotAnEndpoint(f"{shown} is not the URL of an ARM endpoint. It looks like https://management.azure.com.")
    if parts.scheme.lower() != "https":
        raise NotAnEndpoint(f"{shown} is not an https URL. Your token would travel unprotected, so it is refused.")
    return endpoint


def _fetch(endpoint: str, cancel: CancelToken) -> object:
    host = host_of(endpoint)
    with new_session() as session:
        for waiting in (*WAITS, None):
            wait = waiting
            try:
                answer = _get(session, endpoint)
            except requests.exceptions.RequestException as error:
                if wait is None or not _broke_off(error):
                    raise _explained(host, error) from error
            else:
                if wait is None or not answer.passing or answer.retry_after > LONGEST_WAIT:
                    return _read(host, answer)
                wait = max(wait, answer.retry_after)
            if cancel.wait(wait):
                break
    raise Cancelled


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    retry_after: float

    @property
    def passing(self) -> bool:
        """Whether another try may find the endpoint well."""
        return self.status in (408, 429) or self.status >= 500


def _get(session: requests.Session, endpoint: str) -> _Answer:
    with session.get(
        f"{endpoint}/metadata/endpoints",
        params={"api-version": API_VERSION},
        timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        allow_redirects=False,
        stream=True,
    ) as response:
        body = _bounded(response) if response.status_code == 200 else b""
        seconds = response.headers.get("Retry-After", "")
        return _Answer(response.status_code, body, float(seconds) if seconds.isdecimal() else 0.0)


def _broke_off(error: requests.exceptions.RequestException) -> bool:
    """Whether there was a connection that ended too early, rather than none at all."""
    broken = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLEOFError, ProtocolError)
    if isinstance(error, (requests.exceptions.ProxyError, requests.exceptions.Timeout)):
        return False
    return any(isinstance(cause, broken) for cause in causes(error))


def _explained(host: str, error: requests.exceptions.RequestException) -> DiscoveryError:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
        return CloudNotTrusted(
            f"The certificate of {host} is not trusted on this computer. If your company inspects TLS or runs "
            f"its own authority, name its certificate file in SSL_CERT_FILE. ({_reason(error)})"
        )
    if isinstance(error, requests.exceptions.Timeout):
        return CloudUnreachable(f"{host} did not answer in time. Check the URL, your network and proxy.")
    return CloudUnreachable(f"{host} cannot be reached. Check the URL, your network and proxy. ({_reason(error)})")


def _read(host: str, answer: _Answer) -> object:
    if answer.passing:
        raise CloudBusy(
            f"{host} has trouble of its own: it answered {answer.status} where a cloud describes itself. "
            f"Try again in some minutes."
        )
    if answer.status != 200:
        raise NotACloud(f"{host} is not an ARM endpoint: it answered {answer.status} where a cloud describes itself.")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NotACloud(
            f"{host} is not an ARM endpoint: its answer is no JSON. "
            f"A proxy or a sign-in page of the network may have answered in its place."
        ) from error


def _bounded(response: requests.Response) -> bytes:
    body = b""
    for chunk in response.iter_content(65_536):
        body += chunk
        if len(body) > MAX_ANSWER:
            break
    return body


def _reason(error: BaseException) -> str:
    """What went wrong underneath: the texts of the outer exceptions repeat the URL and object addresses."""
    inner: object = error
    while isinstance(inner, BaseException):
        error = inner
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
    return one_line(str(error), 160)


def _described(metadata: object, arm_endpoint: str) -> Mapping[str, Any]:
    if isinstance(metadata, Mapping):
        return metadata
    candidates = [item for item in metadata if isinstance(item, Mapping)] if isinstance(metadata, list) else []
    asked = host_of(arm_endpoint)
    for candidate in candidates:
        if host_of(_optional(candidate, "resourceManager")) == asked:
            return candidate
    if len(candidates) == 1:
        return candidates[0]
    raise NotACloud(f"{asked} is not an ARM endpoint: its answer describes no cloud of that address.")


def _walk(found: Mapping[str, Any], path: str) -> Iterator[Any]:
    value: Any = found
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
        yield value


def _optional(found: Mapping[str, Any], path: str) -> str:
    *_, value = _walk(found, path)
    return value.strip() if isinstance(value, str) else ""


def _required(found: Mapping[str, Any], path: str) -> str:
    value = _optional(found, path)
    if not value:
        raise NotACloud(f"The cloud does not say what its {path} is; the program cannot work with it.")
    return value


def _https(found: Mapping[str, Any], path: str) -> str:
    value = _required(found, path).rstrip("/")
    if not value.lower().startswith("https://") or not urlsplit(value).hostname:
        raise NotACloud(f"The cloud names {one_line(value, 100)} as its {path}, which is not an https URL.")
    return value


def _graph_endpoint(found: Mapping[str, Any]) -> str:
    """Microsoft Graph, or an empty text where the cloud names none; some clouds name theirs under `graph` only."""
    for key in ("microsoftGraphResourceId", "graph"):
        if _optional(found, key):
            url = _https(found, key)
            return "" if host_of(url) in RETIRED_GRAPHS else url
    return ""


def _audience(found: Mapping[str, Any], arm_endpoint: str) -> str:
    """Whom ARM tokens are for: the endpoint itself where it is among the audiences, else the first one."""
    *_, audiences = _walk(found, "authentication.audiences")
    named = [item for item in audiences if isinstance(item, str) and item] if isinstance(audiences, list) else []
    if not named:
        raise NotACloud(
            "The cloud does not say what its authentication.audiences are; the program cannot work with it."
        )
    own = [item for item in named if item.rstrip("/").lower() == arm_endpoint.lower()]
    return own[0].rstrip("/") if own else named[0]
