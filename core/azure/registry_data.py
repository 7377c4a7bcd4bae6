"""What a registry holds, read from its login server: repositories, tags, manifests and image configurations.

https://learn.microsoft.com/rest/api/containerregistry/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from azure.containerregistry import ContainerRegistryClient, GetManifestResult
from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import DecodeError, HttpResponseError, map_error
from azure.core.pipeline.policies import (
    RedirectPolicy,
    RequestIdPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest

from core.azure.own_host import OwnHostPolicy
from core.azure.registry_tokens import AUDIENCE, RegistryTokenPolicy, RegistryTokens
from core.azure.retry import ERRORS, BoundedRetryPolicy
from core.azure.transport import RefusedHost
from core.scrub import one_line

Json = dict[str, Any]

MAX_CONFIG = 4_000_000
"""Bytes of an image's configuration that are read; real ones have some thousand."""
MAX_ITEMS = 2_000
"""Entries of one list that are read."""

_NEXT = re.compile(r"<(/[^>\s]{1,2000})>\s*;\s*rel=\"?next", re.IGNORECASE)


class RegistryData:
    """Reads from one registry. `sdk` is its client; the methods are for what that does not know, or reads unbounded.

    Everything raises `azure.core.exceptions.AzureError`: `ResourceNotFoundError` for 404,
    `ClientAuthenticationError` for 401, `HttpResponseError` for the rest, `DecodeError` for what cannot be read; and
    what the transport raises. `core.azure.registry_errors` turns them into facts.
    """

    def __init__(
        self, login_server: str, credential: TokenCredential, transport: HttpTransport[Any, Any], user_agent: str
    ) -> None:
        """Read from the login server that the resource manager named."""
        self._endpoint = f"https://{login_server}"
        self._tokens = RegistryTokens(login_server, credential, transport, user_agent)
        silent: SansIOHTTPPolicy[Any, Any] = SansIOHTTPPolicy()
        self.sdk = ContainerRegistryClient(
            self._endpoint,
            credential,
            audience=AUDIENCE,
            transport=transport,
            retry_policy=BoundedRetryPolicy(),
            redirect_policy=RedirectPolicy.no_redirects(),
            per_retry_policies=[OwnHostPolicy(self._endpoint), RegistryTokenPolicy(self._tokens)],
            http_logging_policy=silent,
            logging_policy=silent,
            user_agent=user_agent,
        )
        self._plain: PipelineClient[Any, Any] = PipelineClient(
            self._endpoint,
            policies=[
                RequestIdPolicy(),
                UserAgentPolicy(user_agent=user_agent),
                BoundedRetryPolicy(),
                OwnHostPolicy(self._endpoint),
                RegistryTokenPolicy(self._tokens),
            ],
            transport=transport,
        )
        self._layers: PipelineClient[Any, Any] = PipelineClient(
            self._endpoint,
            policies=[UserAgentPolicy(user_agent=user_agent), RetryPolicy(retry_total=2)],
            transport=transport,
        )

    def manifest_attributes(self, repository: str, digest: str) -> Json:
        """What the registry keeps about a manifest: its attributes, its platform and its state in quarantine."""
        answer = self._json(f"{_repository(repository)}/_manifests/{quote(digest, safe='')}")
        found = answer.get("manifest")
        if not isinstance(found, dict):
            raise DecodeError("The answer has no manifest.")
        return found

    def manifest(self, repository: str, digest: str) -> GetManifestResult:
        """A manifest itself; one that is not what its digest says is refused with DecodeError."""
        try:
            return self.sdk.get_manifest(repository, digest)
        except (ValueError, KeyError) as error:
            raise DecodeError(f"The registry's manifest cannot be used: {one_line(str(error), 100)}") from error

    def deleted(self, repository: str, kind: str) -> Iterator[Json]:
        """The deleted artifacts of a repository that can still be restored, at most `MAX_ITEMS`.

        `kind` is "tags" or "manifests". https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy
        """
        path: str | None = f"/acr/v1/_deleted/{quote(repository, safe='')}/_{kind}"
        left = MAX_ITEMS
        while path is not None and left > 0:
            response = self._get(path)
            items = _object(response).get(kind)
            found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
            yield from found[:left]
            left -= len(found)
            link = _NEXT.search(response.headers.get("Link", ""))
            path = link[1] if link and found else None

    def config(self, repository: str, digest: str) -> Json:
        """The configuration of an image, which names its platform.

        A registry sends whoever asks for it to the host where its layers are; that one gets no token.
        """
        response = self._get(
            f"/v2/{quote(repository)}/blobs/{quote(digest, safe=':')}", also=(301, 302, 303, 307, 308)
        )
        if response.status_code == 200:
            content: bytes = response.content
        else:
            content = self._elsewhere(response.headers.get("Location", ""))
        if len(content) > MAX_CONFIG or f"sha256:{hashlib.sha256(content).hexdigest()}" != digest.lower():
            raise DecodeError("The image's configuration is not what its digest says.")
        try:
            config = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise DecodeError("The image's configuration is no JSON.") from error
        if not isinstance(config, dict):
            raise DecodeError("The image's configuration is no JSON object.")
        return config

    def close(self) -> None:
        """Close the pipelines; the transport is shared and stays open."""
        for client in (self.sdk, self._plain, self._layers, self._tokens):
            client.close()

    def _json(self, path: str) -> Json:
        return _object(self._get(path))

    def _get(self, path: str, also: tuple[int, ...] = ()) -> Any:
        response = self._plain.send_request(HttpRequest("GET", f"{self._endpoint}{path}"))
        if response.status_code != 200 and response.status_code not in also:
            map_error(response.status_code, response, ERRORS)
            raise HttpResponseError(response=response)
        return response

    def _elsewhere(self, location: str) -> bytes:
        if not location.lower().startswith("https://") or not urlsplit(location).hostname:
            raise RefusedHost(one_line(location, 100))
        content = b""
        with self._layers.send_request(HttpRequest("GET", location), stream=True) as response:
            if response.status_code != 200:
                raise HttpResponseError(response=response)
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_CONFIG:
                    break
        return content


def _repository(repository: str) -> str:
    return f"/acr/v1/{quote(repository, safe='')}"


def _object(response: Any) -> Json:
    try:
        answer = json.loads(response.text())
    except (ValueError, RecursionError) as error:
        raise DecodeError("The registry answered with something that is no JSON.", response=response) from error
    if not isinstance(answer, dict):
        raise DecodeError("The registry answered with JSON that is no object.", response=response)
    return answer
