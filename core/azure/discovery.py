"""Finding out about a cloud from its ARM endpoint: sovereign, air-gapped and Azure Stack style clouds.

`GET <ARM endpoint>/metadata/endpoints?api-version=2022-09-01` needs no sign-in and answers one object (some clouds
answer a list of them). https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles-azurecli2
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from core.azure.clouds import ENTRA_HOSTS, Cloud, host_of
from core.azure.trust import CONNECT_TIMEOUT, READ_TIMEOUT, new_session
from core.scrub import one_line

API_VERSION = "2022-09-01"
MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read; the real one has about 2,000."""


class DiscoveryError(Exception):
    """The cloud behind an ARM endpoint could not be found out; the message is a sentence for the user."""


class NotAnEndpoint(DiscoveryError):
    """What was given is no https URL of an ARM endpoint."""


class CloudUnreachable(DiscoveryError):
    """Nothing answers at the ARM endpoint."""


class CloudNotTrusted(DiscoveryError):
    """The ARM endpoint shows a certificate that is not trusted here."""


class NotACloud(DiscoveryError):
    """Something answers at the ARM endpoint, but not as Azure's resource manager does."""


def discover(arm_endpoint: str) -> Cloud:
    """The cloud whose resource manager answers at `arm_endpoint`, an https URL.

    Raises a `DiscoveryError`, or `core.azure.trust.BadCertificateFile`.
    """
    endpoint = _checked(arm_endpoint)
    return cloud_of(_fetch(endpoint), endpoint)


def cloud_of(metadata: object, arm_endpoint: str) -> Cloud:
    """The cloud that a metadata answer describes.

    The ARM endpoint is the one that was asked, whatever the answer says: it is where the user wants to send tokens.
    Raises `NotACloud` where something that is needed is missing.
    """
    found = _described(metadata, arm_endpoint)
    authority = _https(found, "authentication.loginEndpoint")
    # `graph` is the retired Azure AD Graph where both are there.
    graph_key = "microsoftGraphResourceId" if found.get("microsoftGraphResourceId") else "graph"
    return Cloud(
        name=_optional(found, "name") or host_of(arm_endpoint),
        arm_endpoint=arm_endpoint,
        arm_audience=_audience(found, arm_endpoint),
        authority=authority,
        graph_endpoint=_https(found, graph_key),
        portal=(_optional(found, "portal") or "https://portal.azure.com").rstrip("/"),
        acr_suffix=_required(found, "suffixes.acrLoginServer").lstrip(".").lower(),
        blob_suffix="blob." + (_optional(found, "suffixes.storage") or "core.windows.net").lstrip(".").lower(),
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


def _fetch(endpoint: str) -> object:
    host = host_of(endpoint)
    with new_session() as session:
        try:
            with session.get(
                f"{endpoint}/metadata/endpoints",
                params={"api-version": API_VERSION},
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
                body = _bounded(response) if status == 200 else b""
        except requests.exceptions.SSLError as error:
            raise CloudNotTrusted(
                f"The certificate of {host} is not trusted on this computer. If your company inspects TLS or runs "
                f"its own authority, name its certificate file in SSL_CERT_FILE. ({_reason(error)})"
            ) from error
        except requests.exceptions.Timeout as error:
            raise CloudUnreachable(
                f"{host} did not answer in time. Check the URL, your network and proxy."
            ) from error
        except requests.exceptions.RequestException as error:
            raise CloudUnreachable(
                f"{host} cannot be reached. Check the URL, your network and proxy. ({_reason(error)})"
            ) from error
    if status != 200:
        raise NotACloud(f"{host} is not an ARM endpoint: it answered {status} where a cloud describes itself.")
    try:
        return json.loads(body)
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
