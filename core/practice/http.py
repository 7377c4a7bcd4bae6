"""The seam of the simulated Azure: one request in, one response out, no socket in sight.

URLs are absolute and carry the public cloud's own hosts (https://management.azure.com,
https://graph.microsoft.com, https://<login server>), whatever door the request came through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ARM_HOST = "management.azure.com"
GRAPH_HOST = "graph.microsoft.com"
JSON_TYPE = "application/json; charset=utf-8"

Json = dict[str, Any]
"""A JSON object as Azure sends it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Header names are lower-case."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def host(self) -> str:
        """The host the request is meant for, lower-case, without a port."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def path(self) -> str:
        """The percent-decoded path. Doubled slashes count as one, as they do to the resource manager."""
        return re.sub("/{2,}", "/", unquote(urlsplit(self.url).path))

    @property
    def query(self) -> dict[str, str]:
        """The query parameters by lower-cased name; of a name given twice the last value counts."""
        pairs = parse_qsl(urlsplit(self.url).query, keep_blank_values=True)
        return {name.lower(): value for name, value in pairs}

    def json(self) -> Json:
        """The body as a JSON object; raises ValueError where it is none."""
        value = json.loads(self.body or b"{}")
        if isinstance(value, dict):
            return value
        raise ValueError("the body is no JSON object")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response. Header names are lower-case; Content-Length is the door's business unless it is set here."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON; raises ValueError where it is none."""
        return json.loads(self.body)


class NoResponse(Exception):
    """The caller gets no answer at all; each door does to its caller what the network would."""


class ConnectionReset(NoResponse):
    """The connection breaks before a byte of the answer arrives."""


class ReadTimeout(NoResponse):
    """The answer does not arrive within the caller's patience."""


def json_response(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response with `body` as JSON."""
    encoded = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return Response(status, {"content-type": JSON_TYPE, **(headers or {})}, encoded)


def arm_error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error of the resource manager itself, in its usual envelope."""
    body = {"error": {"code": code, "message": message}}
    return json_response(body, status, {"x-ms-failure-cause": "gateway", **(headers or {})})


def merge(into: Json, given: Json) -> None:
    """Lay a request's body over a stored one: objects go together key by key, null means "not given"."""
    for key, value in given.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        elif value is not None:
            into[key] = value
