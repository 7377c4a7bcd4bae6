"""Keeping each client at its own endpoint."""

from __future__ import annotations

from typing import Any

from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy

from core.azure.clouds import host_of
from core.azure.transport import RefusedHost
from core.scrub import one_line


class OwnHostPolicy(SansIOHTTPPolicy[Any, Any]):
    """Refuses whatever would leave the client's own endpoint, such as a `nextLink` to another host.

    It stands before the policy that adds the token, so that not even a token is asked for.
    """

    def __init__(self, endpoint: str) -> None:
        self._host = host_of(endpoint)

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raise RefusedHost where the request goes to another host or port."""
        url = request.http_request.url
        try:
            host = host_of(url)
        except ValueError as error:
            raise RefusedHost(one_line(url, 100)) from error
        if host != self._host:
            raise RefusedHost(host)
