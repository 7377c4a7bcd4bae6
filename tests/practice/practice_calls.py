"""Calls on a simulator without an SDK in between, for tests of the bare answers."""

from __future__ import annotations

import json
from typing import Any

from core.practice.http import Request, Response
from core.practice.simulator import Simulator
from core.practice.tokens import mint

ARM = "https://management.azure.com"
GRAPH = "https://graph.microsoft.com"


def call(simulator: Simulator, url: str, *, method: str = "GET", body: Any = None, caller: str = "") -> Response:
    """One call as the world's caller (or as another object id), at home. A path means the resource manager."""
    world = simulator.world
    if url.startswith("/"):
        url = ARM + url
    audience = GRAPH if url.startswith(GRAPH) else ARM
    who = caller or world.caller
    token = mint(world, audience, who, world.directory[who].tenant)
    content = b"" if body is None else json.dumps(body).encode()
    return simulator.handle(Request(method, url, {"authorization": f"Bearer {token}"}, content))


def get(simulator: Simulator, url: str, *, caller: str = "") -> Any:
    """The JSON of a GET that succeeds."""
    response = call(simulator, url, caller=caller)
    assert response.status == 200, response.body
    return response.json()
