"""Recorded and made-up answers of Azure, under the real SDK clients."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from azure.core.credentials import AccessToken

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.facts.choice import Choice
from core.facts.resource_id import ResourceId
from core.practice.http import NoResponse, Request, Response, arm_error, json_response
from core.practice.transport import PracticeTransport

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"

SUBSCRIPTION = "00000000-0000-0000-0000-0000000000a1"
GROUPS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
CLUSTER_ID = f"{GROUPS}/aks-rg/providers/Microsoft.ContainerService/managedClusters/app"
REGISTRY_ID = f"{GROUPS}/acr-rg/providers/Microsoft.ContainerRegistry/registries/contosoreg"

Json = Any


def recorded(kind: str) -> dict[str, Json]:
    """The whole files of one kind, by name without `.json`."""
    files = sorted((PAYLOADS / kind).glob("*.json"))
    assert files, f"no payloads of kind {kind}"
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def body(kind: str, name: str) -> Json:
    """The body of one recorded answer."""
    return recorded(kind)[name]["response"]["body"]


def bodies(kind: str) -> dict[str, Json]:
    """The bodies of one kind, by name."""
    return {name: file["response"]["body"] for name, file in recorded(kind).items()}


def raw(source: Json, *path: str) -> Json:
    """What stands at a path of plain JSON, None where it breaks off."""
    for step in path:
        if not isinstance(source, dict) or source.get(step) is None:
            return None
        source = source[step]
    return source


class SignedIn:
    """A credential that always has a token."""

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:
        return AccessToken("a-token", int(time.time()) + 3600)


class Answers:
    """Stands where the simulator stands.

    A route is "METHOD part-of-the-url" (without regard to case) and its answer: JSON, a Response, an exception of
    the simulated wire, or a list of these for one call after the other. The longest part that fits counts.
    """

    def __init__(self, routes: dict[str, Json]) -> None:
        self._routes: dict[tuple[str, str], Json] = {}
        self.asked: list[Request] = []
        self._lock = threading.Lock()
        for route, answer in routes.items():
            self.route(route, answer)

    def route(self, route: str, answer: Json) -> None:
        """Answer this from now on."""
        method, part = route.lower().split(" ", 1)
        self._routes[method, part] = answer

    def handle(self, request: Request) -> Response:
        with self._lock:
            self.asked.append(request)
            answer = self._answer(request)
        if isinstance(answer, NoResponse):
            raise answer
        return answer if isinstance(answer, Response) else json_response(answer)

    def urls(self, method: str = "GET") -> list[str]:
        """What was asked, without the host."""
        return [request.url.split("/", 3)[3] for request in self.asked if request.method == method]

    def _answer(self, request: Request) -> Json:
        fitting = [
            (method, part)
            for method, part in self._routes
            if method == request.method.lower() and part in request.url.lower()
        ]
        assert fitting, f"nobody answers {request.method} {request.url}"
        key = max(fitting, key=lambda route: len(route[1]))
        answer = self._routes[key]
        return answer.pop(0) if isinstance(answer, list) else answer


def connect(routes: dict[str, Json]) -> tuple[Azure, Answers]:
    """A connection, and who answers on it."""
    answers = Answers(routes)
    return Azure(AZURE_PUBLIC, SignedIn(), PracticeTransport(answers), CancelToken()), answers


def choice(cluster_id: str = CLUSTER_ID, registry_id: str = REGISTRY_ID, image: str | None = None) -> Choice:
    """The picked cluster and registry."""
    return Choice(ResourceId.parse(cluster_id), ResourceId.parse(registry_id), image)


def refused(action: str = "Microsoft.Some/thing/read", scope: str = "/subscriptions/s") -> Response:
    """Azure's refusal."""
    message = (
        f"The client 'me' with object id 'o' does not have authorization to perform action '{action}' over scope "
        f"'{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    )
    return arm_error(403, "AuthorizationFailed", message)


def mutations(source: Json, odd: tuple[Json, ...]) -> Iterator[tuple[str, Json]]:
    """Copies of a JSON value, each with one part of it taken away or replaced by something odd."""
    for path in list(_paths(source, ())):
        copy = json.loads(json.dumps(source))
        holder = _at(copy, path[:-1])
        del holder[path[-1]]
        yield f"{path} taken away", copy
        for value in odd:
            copy = json.loads(json.dumps(source))
            _at(copy, path[:-1])[path[-1]] = value
            yield f"{path} is {value!r}", copy


def _paths(source: Json, here: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    steps = source.items() if isinstance(source, dict) else enumerate(source) if isinstance(source, list) else ()
    for key, value in steps:
        yield (*here, key)
        yield from _paths(value, (*here, key))


def _at(source: Json, path: tuple[Any, ...]) -> Json:
    for step in path:
        source = source[step]
    return source
