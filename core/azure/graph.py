"""Microsoft Graph through an azure-core pipeline: plain JSON in, plain JSON out.

https://learn.microsoft.com/graph/use-the-api
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import DecodeError, HttpResponseError, map_error
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RequestIdPolicy, UserAgentPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest

from core.azure.clouds import Cloud
from core.azure.own_host import OwnHostPolicy
from core.azure.retry import ERRORS, BoundedRetryPolicy

Json = dict[str, Any]


class GraphClient:
    """Reads from Microsoft Graph v1.0. Paths are like `/servicePrincipals/{id}`.

    Everything raises `azure.core.exceptions.AzureError`: `ResourceNotFoundError` for 404,
    `ClientAuthenticationError` for 401, `HttpResponseError` for the rest, `DecodeError` where the body is no JSON
    object; and what the transport raises.
    """

    def __init__(
        self, cloud: Cloud, credential: TokenCredential, transport: HttpTransport[Any, Any], user_agent: str
    ) -> None:
        self._base = f"{cloud.graph_endpoint}/v1.0"
        self._client: PipelineClient[Any, Any] = PipelineClient(
            cloud.graph_endpoint,
            policies=[
                RequestIdPolicy(),
                UserAgentPolicy(user_agent=user_agent),
                BoundedRetryPolicy(),
                OwnHostPolicy(cloud.graph_endpoint),
                BearerTokenCredentialPolicy(credential, cloud.graph_scope),
            ],
            transport=transport,
        )

    def get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Json:
        """One object, or the first page of a list."""
        return self._send(HttpRequest("GET", f"{self._base}{path}", params=params, headers=dict(headers or {})))

    def pages(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[Json]:
        """The items of a list, over all its pages."""
        page = self.get(path, params, headers)
        while True:
            yield from page.get("value", [])
            following = page.get("@odata.nextLink")
            if not following:
                return
            page = self._send(HttpRequest("GET", following, headers=dict(headers or {})))

    def post(self, path: str, body: Json) -> Json:
        """Call an action that only reads, such as `/directoryObjects/getByIds`."""
        return self._send(HttpRequest("POST", f"{self._base}{path}", json=body))

    def _send(self, request: HttpRequest) -> Json:
        response = self._client.send_request(request)
        if response.status_code != 200:
            map_error(response.status_code, response, ERRORS)
            raise HttpResponseError(response=response)
        try:
            answer = json.loads(response.text())
        except (ValueError, RecursionError) as error:
            raise DecodeError(
                "Microsoft Graph answered with something that is no JSON.", response=response
            ) from error
        if not isinstance(answer, dict):
            raise DecodeError("Microsoft Graph answered with JSON that is no object.", response=response)
        return answer

    def close(self) -> None:
        """Close the pipeline; the transport is shared and stays open."""
        self._client.close()
