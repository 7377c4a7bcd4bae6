"""What a simulated registry answers to somebody who may ask: attributes, lists, manifests, and what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from core.practice import registry_access as access
from core.practice.http import Json, Request, Response, json_response
from core.practice.registry_blobs import blob_redirect
from core.practice.registry_contents import Contents, Manifest, Repository, Tag
from core.practice.routing import Refused
from core.practice.world import World, stamp

DISALLOWED = (
    "The operation is disallowed on this registry, repository or image. View troubleshooting steps at "
    "https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation"
)
PAGE = 100
"""Entries of a page where the caller names no number."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that passed the firewall and shows a good token; `principal` is whose token it is."""

    world: World
    registry: Json
    contents: Contents
    request: Request
    principal: str
    name: str
    reference: str

    @property
    def host(self) -> str:
        """The login server."""
        return str(self.registry["properties"]["loginServer"])

    def repository(self) -> Repository:
        """The repository that is asked for; raises Refused where it is not there."""
        found = self.contents.repository(self.name)
        if found is None:
            detail = {"name": self.name}
            raise Refused(access.error(404, "NAME_UNKNOWN", "repository name not known to registry", detail))
        return found

    def sees(self, manifest: Manifest | None) -> bool:
        """Whether a manifest is shown to the caller, who may not be let near what is in quarantine."""
        if manifest is None or manifest.quarantine != "Quarantined" or not self._holds_back():
            return True
        return access.sees_quarantine(self.world, self.registry, self.principal)

    def tag(self) -> Tag:
        """The tag that is asked for; raises Refused where it is not there, or stands for something in quarantine."""
        repository = self.contents.repository(self.name)
        found = repository.tags.get(self.reference) if repository else None
        if repository is None or found is None or not self.sees(repository.manifests.get(found.digest)):
            raise Refused(access.error(404, "TAG_UNKNOWN", "the specified tag does not exist", bare=True))
        return found

    def manifest(self, digest: str) -> Manifest:
        """A manifest by its digest; raises Refused where it is not there for the caller."""
        found = self.repository().manifests.get(digest)
        if found is None or not self.sees(found):
            raise Refused(access.error(404, "MANIFEST_UNKNOWN", "manifest unknown", bare=True))
        return found

    def keeps_deleted(self) -> bool:
        """Whether what is deleted can be restored for a while."""
        return access.policy_is_on(self.registry, "softDeletePolicy")

    def _holds_back(self) -> bool:
        return access.policy_is_on(self.registry, "quarantinePolicy")


def catalog(asked: Asked) -> Response:
    """The names of the repositories that are not hidden from lists."""
    repositories = asked.contents.repositories
    names = sorted(name for name, one in repositories.items() if one.exists and one.attributes.list)
    return _page(asked, names, lambda name: name, lambda found: {"repositories": found})


def deleted_catalog(asked: Asked) -> Response:
    """The names of the repositories of which something was deleted."""
    names = sorted(name for name, one in asked.contents.repositories.items() if one.deleted)
    return _page(asked, names, lambda name: name, lambda found: {"repositories": found})


def show_repository(asked: Asked) -> Response:
    """The attributes of a repository."""
    found = asked.repository()
    latest = max([found.made, *(tag.pushed for tag in found.tags.values())])
    return json_response(
        {
            "registry": asked.host,
            "imageName": asked.name,
            "createdTime": stamp(found.made),
            "lastUpdateTime": stamp(latest),
            "manifestCount": len(found.manifests),
            "tagCount": len(found.tags),
            "changeableAttributes": found.attributes.body(),
        }
    )


def change_repository(asked: Asked) -> Response:
    """Lock or unlock a repository."""
    asked.repository().attributes.change(asked.request.json())
    return show_repository(asked)


def show_tag(asked: Asked) -> Response:
    """The attributes of a tag."""
    return json_response({**_place(asked), "tag": _tag_body(asked.reference, asked.tag())})


def change_tag(asked: Asked) -> Response:
    """Lock or unlock a tag."""
    asked.tag().attributes.change(asked.request.json())
    return show_tag(asked)


def untag(asked: Asked) -> Response:
    """Take a tag away; the manifest stays."""
    asked.tag()
    del asked.repository().tags[asked.reference]
    return Response(202)


def list_tags(asked: Asked) -> Response:
    """The tags of a repository, also those whose manifest is gone."""
    repository = asked.repository()
    tags = [
        (name, tag)
        for name, tag in sorted(repository.tags.items())
        if asked.sees(repository.manifests.get(tag.digest))
    ]
    if "timedesc" in asked.request.query.get("orderby", ""):
        tags.sort(key=lambda entry: entry[1].pushed, reverse=True)
    elif "timeasc" in asked.request.query.get("orderby", ""):
        tags.sort(key=lambda entry: entry[1].pushed)
    return _page(
        asked,
        tags,
        lambda entry: entry[0],
        lambda found: {**_place(asked), "tags": [_tag_body(name, tag) for name, tag in found]},
    )


def show_manifest(asked: Asked) -> Response:
    """The attributes of a manifest."""
    return json_response({**_place(asked), "manifest": _manifest_body(asked, asked.manifest(asked.reference))})


def change_manifest(asked: Asked) -> Response:
    """Lock or unlock a manifest."""
    asked.manifest(asked.reference).attributes.change(asked.request.json())
    return show_manifest(asked)


def list_manifests(asked: Asked) -> Response:
    """The manifests of a repository."""
    shown = [one for _, one in sorted(asked.repository().manifests.items()) if asked.sees(one)]
    if "timedesc" in asked.request.query.get("orderby", ""):
        shown.sort(key=lambda one: one.pushed, reverse=True)
    return _page(
        asked,
        shown,
        lambda one: one.digest,
        lambda found: {**_place(asked), "manifests": [_manifest_body(asked, one) for one in found]},
    )


def pull_manifest(asked: Asked) -> Response:
    """A manifest itself, by tag or digest; a lock against reading refuses it."""
    repository = asked.repository()
    tag = None if ":" in asked.reference else repository.tags.get(asked.reference)
    found = repository.manifests.get(tag.digest if tag else asked.reference)
    if found is None or not asked.sees(found):
        by = "by digest" if ":" in asked.reference else "tagged by"
        message = f'manifest {by} "{asked.reference}" is not found'
        detail = {"Name": asked.name, ("Digest" if ":" in asked.reference else "Tag"): asked.reference}
        return access.error(404, "MANIFEST_UNKNOWN", message, detail)
    locks = (repository.attributes, found.attributes, *((tag.attributes,) if tag else ()))
    if not all(lock.read for lock in locks):
        return access.error(405, "REGISTRY_DISALLOWED_OPERATION", DISALLOWED, {})
    headers = {"content-type": found.media_type, "docker-content-digest": found.digest}
    return Response(200, headers, found.content)


def delete_manifest(asked: Asked) -> Response:
    """Delete a manifest with its tags; it can be restored where the registry keeps what is deleted."""
    digest = asked.manifest(asked.reference).digest
    asked.contents.delete_manifest(asked.name, digest, asked.world.now, keep=asked.keeps_deleted())
    return Response(202)


def pull_blob(asked: Asked) -> Response:
    """Where a blob can be had."""
    asked.repository()
    if asked.reference not in asked.contents.blobs:
        return access.error(404, "BLOB_UNKNOWN", "blob unknown to registry", {"digest": asked.reference})
    return blob_redirect(asked.world, asked.registry, asked.reference)


def deleted_tags(asked: Asked) -> Response:
    """The tags that deleted manifests had."""
    tags = [{"tag": tag, "digest": digest, **_deletion(when)} for tag, digest, when in _kept(asked).deleted_tags]
    return _page(asked, tags, lambda one: str(one["tag"]), lambda found: {**_place(asked), "tags": found})


def deleted_manifests(asked: Asked) -> Response:
    """The manifests that were deleted and can be restored."""
    kept = _kept(asked)
    manifests = [
        {
            "digest": digest,
            "imageSize": len(one.content),
            "mediaType": one.media_type,
            "tags": [tag for tag, of, _ in kept.deleted_tags if of == digest],
            **_deletion(when),
        }
        for digest, (one, when) in sorted(kept.deleted.items())
    ]
    return _page(
        asked, manifests, lambda one: str(one["digest"]), lambda found: {**_place(asked), "manifests": found}
    )


def restore(asked: Asked) -> Response:
    """Bring a deleted manifest back under a tag."""
    tag = str(asked.request.json().get("tag") or "")
    if not asked.contents.restore(asked.name, asked.reference, tag, asked.world.now):
        return access.error(404, "MANIFEST_UNKNOWN", "manifest unknown", bare=True)
    return json_response({**_place(asked), "manifest": {"digest": asked.reference, "tag": tag}})


def _kept(asked: Asked) -> Repository:
    """What is left of a repository, even if that is only what was deleted; raises Refused where nothing is."""
    found = asked.contents.repositories.get(asked.name)
    if found is None:
        detail = {"name": asked.name}
        raise Refused(access.error(404, "NAME_UNKNOWN", "repository name not known to registry", detail))
    return found


def _deletion(when: datetime) -> Json:
    return {"deletedAt": stamp(when)}


def _place(asked: Asked) -> Json:
    return {"registry": asked.host, "imageName": asked.name}


def _tag_body(name: str, tag: Tag) -> Json:
    return {
        "name": name,
        "digest": tag.digest,
        "createdTime": stamp(tag.pushed),
        "lastUpdateTime": stamp(tag.pushed),
        "signed": False,
        "changeableAttributes": tag.attributes.body(),
    }


def _manifest_body(asked: Asked, manifest: Manifest) -> Json:
    repository = asked.repository()
    tags = sorted(name for name, tag in repository.tags.items() if tag.digest == manifest.digest)
    changeable = manifest.attributes.body()
    if manifest.quarantine:
        changeable["quarantineState"] = manifest.quarantine
    body: Json = {
        "digest": manifest.digest,
        "imageSize": len(manifest.content),
        "createdTime": stamp(manifest.pushed),
        "lastUpdateTime": stamp(manifest.pushed),
    }
    if manifest.os:
        body |= {"architecture": manifest.architecture, "os": manifest.os}
    body["mediaType"] = manifest.media_type
    if manifest.config_type:
        body["configMediaType"] = manifest.config_type
    if tags:
        body["tags"] = tags
    body["changeableAttributes"] = changeable
    if manifest.references:
        body["references"] = list(manifest.references)
    return body


def _page(asked: Asked, items: Sequence[T], key: Callable[[T], str], body: Callable[[list[T]], Json]) -> Response:
    """One page of a list, with a relative Link header where more follows."""
    query = asked.request.query
    size = int(query["n"]) if query.get("n", "").isdigit() else PAGE
    keys = [key(item) for item in items]
    start = keys.index(query["last"]) + 1 if query.get("last") in keys else 0
    page = list(items[start : start + size])
    headers = {}
    if start + size < len(items):
        path = (
            asked.request.path.replace(asked.name, quote(asked.name, safe="")) if asked.name else asked.request.path
        )
        last, order = quote(key(page[-1]), safe=""), quote(query.get("orderby", ""))
        headers["link"] = f'<{path}?last={last}&n={size}&orderby={order}>; rel="next"'
    return json_response(body(page), headers=headers)
