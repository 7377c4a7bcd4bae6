"""The login servers of simulated registries: which path needs which right, and who answers it.

Held to recorded answers: challenges with and without a scope, error bodies with and without a detail, relative Link
headers, and a redirect for blobs. https://learn.microsoft.com/rest/api/containerregistry/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.practice import registry_access as access
from core.practice import registry_answers as answers
from core.practice.http import ConnectionReset, Json, Request, Response
from core.practice.registry_answers import Asked
from core.practice.registry_blobs import blob_answer
from core.practice.registry_contents import Contents
from core.practice.routing import Refused
from core.practice.world import World

SUFFIX = ".azurecr.io"

_TYPE = "microsoft.containerregistry/registries"
_NAME = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*")


@dataclass(frozen=True, slots=True)
class DataRoute:
    """A path of a registry, what a token has to allow for it, and who answers.

    The `path` names a repository `name`, or the `right` is one of the registry as a whole.
    """

    method: str
    path: str
    right: str
    answer: Callable[[Asked], Response]

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The named parts of a path that this route answers, or None."""
        found = re.fullmatch(self.path, path) if method == self.method else None
        return None if found is None else {key: text or "" for key, text in found.groupdict().items()}


ROUTES = (
    DataRoute("GET", r"/(?:acr/v1|v2)/_catalog", "catalog", answers.catalog),
    DataRoute("GET", r"/acr/v1/_deleted/_catalog", "deleted_catalog", answers.deleted_catalog),
    DataRoute("GET", r"/acr/v1/_deleted/(?P<name>.+)/_tags", "deleted_read", answers.deleted_tags),
    DataRoute("GET", r"/acr/v1/_deleted/(?P<name>.+)/_manifests", "deleted_read", answers.deleted_manifests),
    DataRoute(
        "POST", r"/acr/v1/_deleted/(?P<name>.+)/_manifests/(?P<reference>[^/]+)", "deleted_restore", answers.restore
    ),
    DataRoute("GET", r"/acr/v1/(?P<name>.+)/_tags/(?P<reference>[^/]+)", "metadata_read", answers.show_tag),
    DataRoute("PATCH", r"/acr/v1/(?P<name>.+)/_tags/(?P<reference>[^/]+)", "metadata_write", answers.change_tag),
    DataRoute("DELETE", r"/acr/v1/(?P<name>.+)/_tags/(?P<reference>[^/]+)", "delete", answers.untag),
    DataRoute("GET", r"/acr/v1/(?P<name>.+)/_tags", "metadata_read", answers.list_tags),
    DataRoute("GET", r"/acr/v1/(?P<name>.+)/_manifests/(?P<reference>[^/]+)", "metadata_read", answers.show_manifest),
    DataRoute(
        "PATCH", r"/acr/v1/(?P<name>.+)/_manifests/(?P<reference>[^/]+)", "metadata_write", answers.change_manifest
    ),
    DataRoute("GET", r"/acr/v1/(?P<name>.+)/_manifests", "metadata_read", answers.list_manifests),
    DataRoute("GET", r"/acr/v1/(?P<name>.+)", "metadata_read", answers.show_repository),
    DataRoute("PATCH", r"/acr/v1/(?P<name>.+)", "metadata_write", answers.change_repository),
    DataRoute("GET", r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)", "pull", answers.pull_manifest),
    DataRoute("DELETE", r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)", "delete", answers.delete_manifest),
    DataRoute("GET", r"/v2/(?P<name>.+)/blobs/(?P<reference>[^/]+)", "pull", answers.pull_blob),
)


def registry_at(world: World, host: str) -> Json | None:
    """The registry with this login server, or None."""
    for body in world.resources.values():
        if str(body.get("type", "")).lower() == _TYPE and body["properties"]["loginServer"].lower() == host:
            return body
    return None


def answer(world: World, request: Request) -> Response | None:
    """Answer a request to a registry or to where its blobs are; None where the address is unknown to both.

    Raises ConnectionReset for a login server that nobody has: its name does not resolve.
    """
    blob = blob_answer(world, request)
    if blob is not None or not request.host.endswith(SUFFIX):
        return blob
    registry = registry_at(world, request.host)
    if registry is None:
        raise ConnectionReset(f"Failed to resolve '{request.host}' ([Errno -2] Name or service not known)")
    found = access.firewall(world, registry) or _answer(world, registry, request)
    if found is None:
        return None
    return Response(found.status, {"docker-distribution-api-version": "registry/2.0", **found.headers}, found.body)


def refusal(request: Request) -> Response:
    """The answer of a registry to a caller who may not do what this request asks for."""
    if request.method == "POST":
        return access.error(401, "UNAUTHORIZED", access.UNAUTHORIZED, bare=True)
    return access.refused(request.host, "", None, "")


def _answer(world: World, registry: Json, request: Request) -> Response | None:
    if request.method == "POST" and request.path == "/oauth2/exchange":
        return access.exchange(world, registry, request)
    if request.method == "POST" and request.path == "/oauth2/token":
        return access.token(world, registry, request)
    if request.path.rstrip("/") == "/v2":
        bare = access.refused(request.host, "", None, "")
        return Response(bare.status, bare.headers, bare.body + b"\n")
    for route in ROUTES:
        parts = route.match(request.method, request.path)
        if parts is not None:
            return _ask(world, registry, request, route, parts)
    return None


def _ask(world: World, registry: Json, request: Request, route: DataRoute, parts: dict[str, str]) -> Response:
    whole = "name" not in parts
    kind, name, action = ("registry", route.right, "*") if whole else ("repository", parts["name"], route.right)
    if not whole and not _NAME.fullmatch(name):
        return Response(404, {"content-type": "text/plain; charset=utf-8"}, b"404 page not found\n")
    principal = access.holder(world, registry, request, kind, name, action)
    if principal is None:
        problem = "malformed_token" if request.path.startswith("/v2/") else "invalid_token"
        detail = [{"Type": kind, "Name": name, "Action": action}]
        return access.refused(request.host, f"{kind}:{name}:{action}", detail, problem)
    contents = world.contents.setdefault(str(registry["id"]).lower(), Contents())
    asked = Asked(world, registry, contents, request, principal, parts.get("name", ""), parts.get("reference", ""))
    try:
        return route.answer(asked)
    except Refused as refusal:
        return refusal.response
