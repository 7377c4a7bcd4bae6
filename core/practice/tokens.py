"""Access tokens of the simulated Entra, and the credential that stands for a finished sign-in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import jwt
from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
from azure.core.exceptions import ClientAuthenticationError

from core.practice.arm_id import guid
from core.practice.world import World

LIFETIME = 3600
"""Seconds that a token lives, by the clock of the machine (the SDKs compare it with that one)."""

ARM_AUDIENCES = frozenset(
    {
        "https://management.azure.com",
        "https://management.core.windows.net",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    }
)
"""The audiences that the resource manager takes, without a trailing slash."""

GRAPH_AUDIENCES = frozenset({"https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"})
"""The audiences that Microsoft Graph takes, without a trailing slash."""

REGISTRY_AUDIENCES = frozenset({"https://containerregistry.azure.net"})
"""The audiences that every registry takes, without a trailing slash."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token speaks for, and until when (Unix time).

    `name` is the sign-in name of a user, the application id of anything else.
    """

    object_id: str
    tenant: str
    audience: str
    name: str
    expires_on: int = 0


class BadToken(Exception):
    """The token is none of this world's."""


def audience_of(scope: str) -> str:
    """The audience that an OAuth scope asks for: "https://management.azure.com/.default" names its part before."""
    return scope.removesuffix("/.default").rstrip("/")


def mint(world: World, audience: str, object_id: str, tenant: str, *, lifetime: int = LIFETIME) -> str:
    """An access token of this world for a user or service principal. `lifetime` is in seconds."""
    holder = world.directory[object_id]
    issued = int(time.time())
    claims: dict[str, Any] = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{tenant}/",
        "iat": issued,
        "nbf": issued,
        "exp": issued + lifetime,
        "oid": object_id,
        "tid": tenant,
        "sub": guid("subject", object_id, audience),
        "ver": "1.0",
    }
    if holder.kind == "user":
        name = holder.body.get("mail") or holder.body["userPrincipalName"]
        claims |= {"idtyp": "user", "upn": name, "unique_name": name, "name": holder.body["displayName"]}
    else:
        claims |= {"idtyp": "app", "appid": holder.body["appId"]}
    return jwt.encode(claims, world.token_key, algorithm="HS256")


def read(world: World, token: str) -> Caller:
    """Who a token speaks for; raises BadToken for anything that this world did not mint."""
    try:
        claims = jwt.decode(
            token, world.token_key, algorithms=["HS256"], options={"verify_aud": False, "verify_exp": False}
        )
    except jwt.InvalidTokenError as problem:
        raise BadToken(str(problem)) from problem
    return Caller(
        object_id=claims["oid"],
        tenant=claims["tid"],
        audience=str(claims["aud"]).rstrip("/"),
        name=claims.get("upn") or claims["appid"],
        expires_on=claims["exp"],
    )


class PracticeCredential:
    """The signed-in user of a world, as azure-identity's credentials are used (an azure-core TokenCredential)."""

    def __init__(self, world: World) -> None:
        """Sign the world's caller in; tokens are for the caller's home tenant unless asked otherwise."""
        self._world = world

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **kwargs: Any,
    ) -> AccessToken:
        """A token for one scope; raises ClientAuthenticationError where the user is unknown in the tenant."""
        info = self._issue(scopes, tenant_id)
        return AccessToken(info.token, info.expires_on)

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for one scope; raises ClientAuthenticationError where the user is unknown in the tenant."""
        return self._issue(scopes, (options or {}).get("tenant_id"))

    def _issue(self, scopes: tuple[str, ...], tenant_id: str | None) -> AccessTokenInfo:
        world = self._world
        tenant = tenant_id or world.directory[world.caller].tenant
        object_id = world.guest_of(world.caller, tenant)
        if object_id is None:
            name = world.directory[world.caller].body["userPrincipalName"]
            raise ClientAuthenticationError(
                f"AADSTS50020: User account '{name}' from identity provider "
                f"'https://sts.windows.net/{world.home_tenant}/' does not exist in tenant '{tenant}' "
                "and cannot access the application in that tenant. "
                "The account needs to be added as an external user in the tenant first."
            )
        token = mint(world, audience_of(scopes[0]), object_id, tenant)
        return AccessTokenInfo(token, int(time.time()) + LIFETIME)
