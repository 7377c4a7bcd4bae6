"""Importing images into a registry, from another one of this world or from the internet.

https://learn.microsoft.com/rest/api/containerregistry/registries/import-image
"""

from __future__ import annotations

from core.practice.arm_registry import registry_of
from core.practice.http import Json, Response, arm_error
from core.practice.registry_contents import Contents
from core.practice.registry_images import push_image
from core.practice.routing import Call, Refused, Route

_FROM_ELSEWHERE = ("linux/amd64", "linux/arm64")
"""What every image from outside of this world is for."""


def _import(call: Call) -> Response:
    registry = registry_of(call)
    given = call.body()
    source: Json = given.get("source") or {}
    named = str(source.get("sourceImage") or "")
    repository, _, tag = named.partition(":")
    targets = [str(one) for one in given.get("targetTags") or [named]]
    into = call.world.contents.setdefault(str(registry["id"]).lower(), Contents())
    if given.get("mode") != "Force":
        _refuse_taken(into, targets)
    for target in targets:
        name, _, new = target.partition(":")
        if source.get("resourceId"):
            _copy(call, str(source["resourceId"]), repository, tag, into, name, new)
        else:
            push_image(into, name, new, _FROM_ELSEWHERE, call.world.now)
    return Response(200)


def _refuse_taken(into: Contents, targets: list[str]) -> None:
    for target in targets:
        name, _, tag = target.partition(":")
        there = into.repository(name)
        if there is not None and tag in there.tags:
            message = f"Tag {target} already exists in target registry. Use force mode to overwrite it."
            raise Refused(arm_error(409, "Conflict", message))


def _copy(call: Call, source: str, repository: str, tag: str, into: Contents, name: str, new: str) -> None:
    contents = call.world.contents.get(source.lower(), Contents())
    there = contents.repository(repository)
    stored = there.tags.get(tag) if there else None
    manifest = there.manifests.get(stored.digest) if there and stored else None
    if there is None or manifest is None:
        message = (
            f"Operation registries-import failed. Resource {repository}:{tag} does not exist in the source registry."
        )
        raise Refused(arm_error(400, "InvalidParameters", message))
    parts = [there.manifests[str(one["digest"])] for one in manifest.references]
    into.push(name, new, [*parts, manifest], contents.blobs, call.world.now)


ROUTES = (
    Route(
        "POST",
        "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}/importImage",
        _import,
    ),
)
