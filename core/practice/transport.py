"""The simulated Azure without a socket: a transport that any azure-core client takes.

It is azure-core's own requests transport over a session whose only adapter asks the simulator, so that bodies,
errors, timeouts and cut-off answers reach the clients exactly as they do from the network.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any

import requests
from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from core.practice.http import ConnectionReset, ReadTimeout, Request
from core.practice.simulator import Simulator


class PracticeAdapter(BaseAdapter):
    """Hands the requests of a session to a simulator. It knows no network."""

    def __init__(self, simulator: Simulator) -> None:
        """Ask this simulator."""
        super().__init__()
        self._simulator = simulator

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer one request; raises what requests raises for a broken or silent connection."""
        try:
            answer = self._simulator.handle(_as_request(request))
        except ConnectionReset as problem:
            raise requests.exceptions.ConnectionError(str(problem), request=request) from problem
        except ReadTimeout as problem:
            raise requests.exceptions.ReadTimeout(str(problem), request=request) from problem
        headers = {"content-length": str(len(answer.body)), **answer.headers}
        response = requests.Response()
        response.status_code = answer.status
        response.reason = responses.get(answer.status, "")
        response.headers = CaseInsensitiveDict(headers)
        response.url = request.url or ""
        response.request = request
        response.raw = HTTPResponse(
            body=io.BytesIO(answer.body),
            headers=headers,
            status=answer.status,
            reason=response.reason,
            preload_content=False,
            request_method=request.method,
        )
        return response

    def close(self) -> None:
        """Nothing is open."""


def _as_request(request: requests.PreparedRequest) -> Request:
    body = request.body or b""
    return Request(
        method=request.method or "GET",
        url=request.url or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else bytes(body),
    )


class PracticeTransport(HttpTransport[Any, Any]):
    """The transport for the SDK's clients. `sleep` is what a client's waits between tries go through."""

    def __init__(self, simulator: Simulator, sleep: Callable[[float], None] = time.sleep) -> None:
        """Talk to this simulator only: no proxy, no certificate and no environment variable has a say."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", PracticeAdapter(simulator))
        self._inner: HttpTransport[Any, Any] = RequestsTransport(
            session=session, session_owner=False, use_env_settings=False
        )
        self._sleep = sleep

    def open(self) -> None:
        """Nothing needs opening."""

    def close(self) -> None:
        """Nothing is open."""

    def __exit__(self, *args: object) -> None:
        """Nothing is open."""

    def sleep(self, duration: float) -> None:
        """Wait between two tries, for `duration` seconds."""
        self._sleep(duration)

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send one request of either azure-core kind; raises what azure-core's own transport raises."""
        return self._inner.send(request, **kwargs)
