"""Who gets at what a simulated registry holds: its firewall, its own tokens, and the roles behind them.

https://learn.microsoft.com/azure/container-registry/container-registry-authentication-exchange-tokens
https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-directory-reference
"""

from __future__ import annotations

import ipaddress
import re
import time
from urllib.parse import parse_qsl

import jwt

from core.practice.http import JSON_TYPE, Json, Request, Response, json_response
from core.practice.permissions import assignments_at, block_grants, may, principals_of
from core.practice.tokens import ARM_AUDIENCES, REGISTRY_AUDIENCES, BadToken, read
from core.practice.world import World

UNAUTHORIZED = "authentication required, visit https://aka.ms/acr/authorization for more information."
LIFETIME = 3 * 3600
"""Seconds that a registry's tokens live."""

_NAMESPACE = "Microsoft.ContainerRegistry/registries/"
_LEGACY: dict[str, tuple[str, ...]] = {
    "pull": ("pull/read",),
    "metadata_read": ("pull/read", "metadata/read"),
    "push": ("push/write",),
    "metadata_write": ("push/write", "metadata/write"),
    "delete": ("artifacts/delete",),
    "catalog": ("pull/read", "metadata/read", "catalog/read"),
}
_ABAC = {
    "pull": "repositories/content/read",
    "metadata_read": "repositories/metadata/read",
    "push": "repositories/content/write",
    "metadata_write": "repositories/metadata/write",
    "delete": "repositories/content/delete",
    "catalog": "catalog/read",
}
_CONTROL = {
    "deleted_read": "deleted/read",
    "deleted_restore": "deleted/restore/action",
    "deleted_catalog": "deleted/read",
}
_ON_UNLESS_TOLD = frozenset({"azureADAuthenticationAsArmPolicy"})
"""The policies that a new registry has switched on; an older api-version leaves out those that it does not know."""
_PRIVATE = tuple(ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_NAMED = re.compile(r"repositories:name\]?\s+String(Equals|StartsWith)(IgnoreCase)?\s+'([^']*)'", re.IGNORECASE)


def error(status: int, code: str, message: str, detail: object = None, *, bare: bool = False) -> Response:
    """An error as a registry answers it; a `bare` one has no detail at all."""
    entry: Json = {"code": code, "message": message}
    return json_response({"errors": [entry if bare else entry | {"detail": detail}]}, status)


def refused(host: str, scope: str, detail: list[Json] | None, problem: str) -> Response:
    """The 401 that challenges its caller to get a token; a `scope` is told for repositories and the catalog only."""
    challenge = f'Bearer realm="https://{host}/oauth2/token",service="{host}"'
    challenge += f',scope="{scope}",error="{problem}"' if scope else ""
    answer = error(401, "UNAUTHORIZED", UNAUTHORIZED, detail)
    return Response(401, {**answer.headers, "www-authenticate": challenge}, answer.body)


def firewall(world: World, registry: Json) -> Response | None:
    """The answer of the registry's firewall to the caller's computer; None where it is let in.

    A private address is one that came through a private endpoint.
    """
    address = ipaddress.ip_address(world.workstation)
    properties = registry["properties"]
    rules = properties.get("networkRuleSet", {})
    ranges = [ipaddress.ip_network(rule["value"], strict=False) for rule in rules.get("ipRules", [])]
    public = properties.get("publicNetworkAccess", "Enabled") == "Enabled"
    open_ = rules.get("defaultAction", "Allow") == "Allow" or any(address in one for one in ranges)
    if any(address in one for one in _PRIVATE) or (public and open_):
        return None
    body = (
        f'{{"errors":[{{"code":"DENIED","message":"client with IP \\u0027{address}\\u0027 is not allowed access. '
        'Refer https://aka.ms/acr/firewall to grant access."}]}\n'
    )
    return Response(403, {"content-type": JSON_TYPE}, body.encode())


def policy_is_on(registry: Json, name: str) -> bool:
    """Whether a policy of a registry is switched on; one that its body does not tell is as in a new registry."""
    policy = (registry["properties"].get("policies") or {}).get(name) or {}
    return str(policy.get("status", "enabled" if name in _ON_UNLESS_TOLD else "disabled")).lower() == "enabled"


def exchange(world: World, registry: Json, request: Request) -> Response:
    """Trade an Entra token for a refresh token of the registry, whoever may do anything there."""
    form = _form(request)
    try:
        caller = read(world, form.get("access_token", ""))
    except BadToken:
        return error(401, "UNAUTHORIZED", UNAUTHORIZED, bare=True)
    arm = policy_is_on(registry, "azureADAuthenticationAsArmPolicy")
    audiences = REGISTRY_AUDIENCES | (ARM_AUDIENCES if arm else frozenset())
    at_home = caller.tenant == world.tenant_of(registry["id"])
    rights = (*_LEGACY, *_CONTROL)
    if caller.audience not in audiences or not at_home or caller.expires_on <= time.time():
        return error(401, "UNAUTHORIZED", UNAUTHORIZED, bare=True)
    if not any(granted(world, registry, caller.object_id, None, right) for right in rights):
        return error(401, "UNAUTHORIZED", UNAUTHORIZED, bare=True)
    token = _mint(world, registry, caller.object_id, {"grant_type": "refresh_token"})
    return json_response({"refresh_token": token})


def token(world: World, registry: Json, request: Request) -> Response:
    """Trade a refresh token for an access token that holds as much of the scope as its owner may."""
    form = _form(request)
    owner = _owner(world, registry, form.get("refresh_token", ""), "refresh_token")
    kind, _, rest = form.get("scope", "").partition(":")
    name, _, actions = rest.rpartition(":")
    if owner is None or kind not in ("repository", "registry"):
        return error(401, "UNAUTHORIZED", UNAUTHORIZED, bare=True)
    if kind == "registry":
        held = ["*"] if granted(world, registry, owner, None, name) else []
    else:
        held = [action for action in actions.split(",") if granted(world, registry, owner, name, action)]
    if not held:
        wanted = [{"Type": kind, "Name": name, "Action": action} for action in actions.split(",")]
        return error(401, "UNAUTHORIZED", UNAUTHORIZED, wanted)
    access = [{"type": kind, "name": name, "actions": held}]
    minted = _mint(world, registry, owner, {"grant_type": "access_token", "access": access})
    return json_response({"access_token": minted})


def holder(world: World, registry: Json, request: Request, kind: str, name: str, action: str) -> str | None:
    """The object id of whoever sends a request with a token for this action; None where the token is not good."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    claims = _claims(world, registry, sent, "access_token")
    for entry in claims.get("access", []):
        if entry["type"] == kind and entry["name"] == name and action in entry["actions"]:
            return str(claims["sub"])
    return None


def granted(world: World, registry: Json, principal: str, repository: str | None, action: str) -> bool:
    """Whether a principal may do something in a registry, in a repository of it, or (None) in any."""
    if action in _CONTROL:
        return may(world, principal, _NAMESPACE + _CONTROL[action], registry["id"])
    if registry["properties"].get("roleAssignmentMode") != "AbacRepositoryPermissions":
        return any(may(world, principal, _NAMESPACE + one, registry["id"]) for one in _LEGACY.get(action, ()))
    if action not in _ABAC:
        return False
    for assignment in assignments_at(world, registry["id"], principals_of(world, principal)):
        properties = assignment["properties"]
        if not _covers(properties.get("condition"), repository):
            continue
        role = world.role_definitions.get(str(properties["roleDefinitionId"]).rsplit("/", 1)[-1].lower())
        blocks = role["properties"]["permissions"] if role else []
        if any(block_grants(block, _NAMESPACE + _ABAC[action], data=True) for block in blocks):
            return True
    return False


def sees_quarantine(world: World, registry: Json, principal: str) -> bool:
    """Whether images in quarantine are there for a principal."""
    return may(world, principal, f"{_NAMESPACE}quarantine/read", registry["id"]) and may(
        world, principal, f"{_NAMESPACE}quarantinedArtifacts/read", registry["id"], data=True
    )


def _covers(condition: str | None, repository: str | None) -> bool:
    """Whether a condition lets a repository through; of conditions only those on its name are understood."""
    if not condition or repository is None:
        return True
    named = _NAMED.findall(condition)
    return any(
        repository == name if how.lower() == "equals" else repository.startswith(name) for how, _, name in named
    )


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace")))


def _mint(world: World, registry: Json, owner: str, more: Json) -> str:
    now = int(time.time())
    claims = {"iss": "Azure Container Registry", "aud": registry["properties"]["loginServer"], "sub": owner, **more}
    return jwt.encode(claims | {"iat": now, "nbf": now, "exp": now + LIFETIME}, world.token_key, algorithm="HS256")


def _owner(world: World, registry: Json, sent: str, kind: str) -> str | None:
    claims = _claims(world, registry, sent, kind)
    return str(claims["sub"]) if claims else None


def _claims(world: World, registry: Json, sent: str, kind: str) -> Json:
    try:
        claims: Json = jwt.decode(
            sent, world.token_key, algorithms=["HS256"], audience=registry["properties"]["loginServer"]
        )
    except jwt.InvalidTokenError:
        return {}
    return claims if claims.get("grant_type") == kind else {}
