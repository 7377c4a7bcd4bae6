"""Calls on a simulated registry without an SDK in between."""

from __future__ import annotations

from urllib.parse import urlencode

from core.practice.http import Request, Response
from core.practice.simulator import Simulator
from core.practice.tokens import mint

HOST = "contosoreg.azurecr.io"
AUDIENCE = "https://containerregistry.azure.net"


def trade(simulator: Simulator, path: str, **form: str) -> Response:
    """A POST of a form to one of the registry's token endpoints."""
    return simulator.handle(Request("POST", f"https://{HOST}{path}", {}, urlencode(form).encode()))


def exchange(simulator: Simulator, caller: str = "", audience: str = AUDIENCE) -> Response:
    """Trade an Entra token of somebody (the world's caller) for a refresh token."""
    world = simulator.world
    who = caller or world.caller
    token = mint(world, audience, who, world.directory[who].tenant)
    return trade(simulator, "/oauth2/exchange", grant_type="access_token", service=HOST, access_token=token)


def access(simulator: Simulator, scope: str, caller: str = "") -> Response:
    """Get an access token for a scope, as somebody who has a refresh token."""
    refresh = exchange(simulator, caller).json()["refresh_token"]
    return trade(
        simulator, "/oauth2/token", grant_type="refresh_token", service=HOST, scope=scope, refresh_token=refresh
    )


def ask(simulator: Simulator, path: str, scope: str, method: str = "GET", body: bytes = b"") -> Response:
    """One request with a token for a scope."""
    token = access(simulator, scope).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    return simulator.handle(Request(method, f"https://{HOST}{path}", headers, body))
