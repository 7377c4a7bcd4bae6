"""Tokens of a registry: an Entra token is traded for the registry's own, once for each thing that is read.

https://learn.microsoft.com/azure/container-registry/container-registry-authentication-exchange-tokens
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any
from urllib.parse import unquote, urlsplit

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import (
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    ResourceNotFoundError,
    map_error,
)
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy, RequestIdPolicy, UserAgentPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest

from core.azure.own_host import OwnHostPolicy
from core.azure.retry import ERRORS, BoundedRetryPolicy

AUDIENCE = "https://containerregistry.azure.net"
"""Whom the Entra token is for, in every cloud.

https://learn.microsoft.com/python/api/azure-containerregistry/azure.containerregistry.containerregistryclient
"""

_SCOPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/acr/v1/_catalog"), "registry:catalog:*"),
    (re.compile(r"/acr/v1/_deleted/(?P<name>.+)/_(?:tags|manifests)"), "repository:{name}:deleted_read"),
    (
        re.compile(r"/acr/v1/(?P<name>.+?)(?:/_(?:tags|manifests)(?:/[^/]+)?)?"),
        "repository:{name}:metadata_read,pull",
    ),
    (re.compile(r"/v2/(?P<name>.+)/(?:manifests|blobs)/[^/]+"), "repository:{name}:metadata_read,pull"),
)


class NoScope(Exception):
    """A registry was asked for something that this program never reads: a fault of the program."""


def scope_of(path: str) -> str:
    """The scope of the token that reading a path of the registry takes; raises NoScope."""
    for pattern, scope in _SCOPES:
        if found := pattern.fullmatch(unquote(path)):
            return scope.format(**found.groupdict())
    raise NoScope(path)


class RegistryTokens:
    """The tokens of one registry for one run; they live shorter than no run does.

    `access` raises `ClientAuthenticationError` for a refusal, other `AzureError`s, and what the transport raises.
    Safe to call from several threads.
    """

    def __init__(
        self, login_server: str, credential: TokenCredential, transport: HttpTransport[Any, Any], user_agent: str
    ) -> None:
        self._login_server = login_server
        self._credential = credential
        endpoint = f"https://{login_server}"
        self._client: PipelineClient[Any, Any] = PipelineClient(
            endpoint,
            policies=[
                RequestIdPolicy(),
                UserAgentPolicy(user_agent=user_agent),
                BoundedRetryPolicy(),
                OwnHostPolicy(endpoint),
            ],
            transport=transport,
        )
        self._lock = threading.Lock()
        self._refresh: str | None = None
        self._access: dict[str, str] = {}

    def access(self, scope: str) -> str:
        """A token for a scope, for example "repository:web/api:pull"."""
        with self._lock:
            if scope not in self._access:
                if self._refresh is None:
                    self._refresh = self._trade(
                        "/oauth2/exchange",
                        {
                            "grant_type": "access_token",
                            "service": self._login_server,
                            "access_token": self._credential.get_token(f"{AUDIENCE}/.default").token,
                        },
                        "refresh_token",
                    )
                self._access[scope] = self._trade(
                    "/oauth2/token",
                    {
                        "grant_type": "refresh_token",
                        "service": self._login_server,
                        "scope": scope,
                        "refresh_token": self._refresh,
                    },
                    "access_token",
                )
            return self._access[scope]

    def close(self) -> None:
        """Close the pipeline; the transport is shared and stays open."""
        self._client.close()

    def _trade(self, path: str, form: dict[str, str], wanted: str) -> str:
        try:
            response = self._client.send_request(
                HttpRequest("POST", f"https://{self._login_server}{path}", data=form)
            )
            map_error(response.status_code, response, ERRORS)
        except ResourceNotFoundError as error:
            # It is not what was asked for that is not there, but whoever hands out tokens.
            raise DecodeError("The registry hands out no tokens at the usual place.") from error
        if response.status_code != 200:
            raise HttpResponseError(response=response)
        try:
            answer = json.loads(response.text())
        except (ValueError, RecursionError) as error:
            raise DecodeError("The registry answered with something that is no JSON.", response=response) from error
        token = answer.get(wanted) if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise DecodeError("The registry handed out no token.", response=response)
        return token


class RegistryTokenPolicy(HTTPPolicy[Any, Any]):
    """Adds the registry's token before the first try, in place of asking for a challenge each time.

    A refusal is final: raises `ClientAuthenticationError`, so that nobody above trades tokens once more.
    """

    def __init__(self, tokens: RegistryTokens) -> None:
        super().__init__()
        self._tokens = tokens

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send a request with the token that its path takes."""
        path = urlsplit(request.http_request.url).path
        request.http_request.headers["Authorization"] = f"Bearer {self._tokens.access(scope_of(path))}"
        response = self.next.send(request)
        if response.http_response.status_code == 401:
            raise ClientAuthenticationError(response=response.http_response)
        return response
