"""The manifest of the picked image, and the processors of the nodes that are to run it.

https://learn.microsoft.com/azure/container-registry/container-registry-image-formats
https://learn.microsoft.com/rest/api/compute/resource-skus/list
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask, outcome_of
from core.collect.images import READ_CONTENT, READ_METADATA, ask_registry, wanted
from core.collect.reading import flag, listed, moment, number, part, parts, text
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.image import (
    IMAGE_CONFIGS,
    ImageContent,
    ImageManifest,
    ImageRepository,
    ImageSize,
    ImageTag,
    Platform,
    VmSizes,
)
from core.facts.registry import Registry
from core.facts.told_image import wanted_by_text

READ_SIZES = "Microsoft.Compute/skus/read"

ARCHITECTURES = {"x64": "amd64", "arm64": "arm64"}
"""Azure's words for processors, lower case, and those of container images."""

MOST_MEMBERS = 8
"""How many images of one index are looked at for their size: as many as differ in what AKS nodes are."""

_UNKNOWN = ("unknown", "")

T = TypeVar("T")


def image_manifest(
    azure: Azure,
    choice: Choice,
    registry: Registry,
    image_repository: ImageRepository | None,
    image_tag: Fact[ImageTag | None],
) -> ImageManifest | None:
    """Look up the manifest that the image's digest or tag stands for, and read it.

    None where the image asks for nothing of the picked registry. A tag that could not be read leaves it unread, too.
    """
    image = wanted(choice, registry)
    if image is None or image_repository is None:
        return None
    digest = image.digest or _digest_of(image_tag)
    if digest is None:
        return None
    reader = _Reader(azure, registry, image.repository)
    reads: tuple[Callable[[], Any], ...] = (lambda: reader.attributes(digest), lambda: reader.manifest(digest))
    attributes, manifest = azure.map(outcome_of, reads)
    if not isinstance(attributes, Known):
        raise NotRead(attributes)
    kept = attributes.value
    return ImageManifest(
        digest=digest,
        can_read=flag(kept, "changeableAttributes", "readEnabled"),
        quarantine_state=text(kept, "changeableAttributes", "quarantineState"),
        content=outcome_of(lambda: reader.content(manifest, kept)),
        created_on=moment(kept, "createdTime"),
    )


def image_sizes(
    azure: Azure, choice: Choice, registry: Registry, image_manifest: ImageManifest | None
) -> tuple[ImageSize, ...]:
    """Say how much nodes download of the image, for each platform that they can have.

    Nothing is asked unless the pasted text says that the image found no room. An image for one platform tells its
    size in the manifest that was read; of an index the manifests of its images are read, which do.
    """
    image = wanted_by_text(choice, registry.login_server, "NO_SPACE")
    if image is None or image_manifest is None:
        return ()
    if not isinstance(image_manifest.content, Known):
        raise NotRead(image_manifest.content)
    content = image_manifest.content.value
    if content.download is not None:
        told = content.platforms.value if isinstance(content.platforms, Known) else ()
        return (ImageSize(told[0] if told else None, Known(content.download)),)
    reader = _Reader(azure, registry, image.repository)
    usable = [one for one in content.members if one[0].architecture in ARCHITECTURES.values()][:MOST_MEMBERS]
    sizes = azure.map(lambda one: outcome_of(lambda: reader.download(one[1])), usable)
    return tuple(ImageSize(platform, size) for (platform, _), size in zip(usable, sizes, strict=True))


def vm_sizes(azure: Azure, choice: Choice, cluster: Cluster, registry: Registry) -> VmSizes:
    """Look up which processors the machine sizes of the cluster's region have.

    Nothing is asked where the image asks for nothing of the picked registry.
    """
    if wanted(choice, registry) is None:
        return VmSizes({})
    used = {size.lower() for pool in cluster.agent_pools for size in (pool.vm_size, *pool.machine_sizes) if size}

    def call() -> VmSizes:
        client = azure.compute(cluster.subscription_id)
        found = listed(client.resource_skus.list(filter=f"location eq '{cluster.location}'"))
        sizes = ((text(item, "name") or "", item) for item in found if _is_machine(item))
        return VmSizes({name.lower(): to_architecture(item) or "" for name, item in sizes if name.lower() in used})

    return ask(READ_SIZES, f"/subscriptions/{cluster.subscription_id}", call)


def to_architecture(model: object) -> str | None:
    """Read the processor off a machine size: "amd64" or "arm64", None where Azure tells neither."""
    for capability in parts(model, "capabilities"):
        if (text(capability, "name") or "").lower() == "cpuarchitecturetype":
            return ARCHITECTURES.get((text(capability, "value") or "").lower())
    return None


def to_platform(model: object) -> Platform | None:
    """Read a platform; one that is unknown belongs to no image (attestations are marked so) and is None."""
    os, architecture = (text(model, "os") or "").lower(), (text(model, "architecture") or "").lower()
    if os in _UNKNOWN or architecture in _UNKNOWN:
        return None
    return Platform(os, architecture, (text(model, "variant") or "").lower(), text(model, "os.version") or "")


def _digest_of(tag: Fact[ImageTag | None]) -> str | None:
    """The digest of the tag, None where the image has no tag. Raises NotRead where it could not be read."""
    if not isinstance(tag, Known):
        raise NotRead(tag)
    return None if tag.value is None else tag.value.digest


class _Reader:
    """Reads manifests of one repository: attributes, the manifest, and by these what it holds."""

    def __init__(self, azure: Azure, registry: Registry, repository: str) -> None:
        self._client = azure.registry_data(registry.login_server)
        self._registry = registry
        self._repository = repository

    def attributes(self, digest: str) -> Mapping[str, Any]:
        return self._ask(READ_METADATA, lambda: self._client.manifest_attributes(self._repository, digest), digest)

    def manifest(self, digest: str) -> tuple[str, Mapping[str, Any]]:
        """The manifest with the type that the registry names for it."""
        found = self._ask(READ_CONTENT, lambda: self._client.manifest(self._repository, digest), digest)
        if not isinstance(found.manifest, Mapping):
            raise NotRead(Unavailable(Trouble.BAD_ANSWER, "The manifest is no JSON object."))
        return str(found.media_type).partition(";")[0].strip(), found.manifest

    def content(self, read: Fact[tuple[str, Mapping[str, Any]]], kept: Mapping[str, Any]) -> ImageContent:
        if not isinstance(read, Known):
            raise NotRead(read)
        media_type, manifest = read.value
        config_type = text(manifest, "config", "mediaType")
        return ImageContent(
            media_type=text(manifest, "mediaType") or media_type,
            config_type=config_type,
            artifact_type=text(manifest, "artifactType"),
            platforms=outcome_of(lambda: self._platforms(manifest, kept)),
            download=_download(manifest),
            members=_members(manifest),
        )

    def download(self, digest: str) -> int:
        """How many bytes a pull of this manifest's image takes."""
        size = _download(self.manifest(digest)[1])
        if size is None:
            raise NotRead(Unavailable(Trouble.BAD_ANSWER, "The manifest does not tell the size of its layers."))
        return size

    def _platforms(self, manifest: Mapping[str, Any], kept: Mapping[str, Any]) -> tuple[Platform, ...]:
        if "manifests" in manifest:
            return _known(to_platform(part(entry, "platform")) for entry in parts(manifest, "manifests"))
        if (text(manifest, "config", "mediaType") or "") not in IMAGE_CONFIGS:
            return ()
        # The registry tells a platform without the version that a Windows image needs, and of old images none.
        platform = to_platform({"os": text(kept, "os"), "architecture": text(kept, "architecture")})
        if platform is not None and platform.os != "windows":
            return (platform,)
        digest = text(manifest, "config", "digest") or ""
        config = self._ask(READ_CONTENT, lambda: self._client.config(self._repository, digest), digest)
        return _known((to_platform(config),))

    def _ask(self, action: str, call: Callable[[], T], digest: str) -> T:
        place = f"{self._registry.login_server}/{self._repository}@{digest}"
        return ask_registry(self._registry, action, call, place)


def _known(platforms: Iterable[Platform | None]) -> tuple[Platform, ...]:
    return tuple(platform for platform in platforms if platform is not None)


def _download(manifest: Mapping[str, Any]) -> int | None:
    """The bytes that a manifest names; the size that the registry keeps beside it may be that of the manifest.

    https://github.com/opencontainers/image-spec/blob/main/descriptor.md
    """
    named = (part(manifest, "config"), *parts(manifest, "layers"))
    sizes = [number(one, "size") for one in named]
    found = [size for size in sizes if size is not None and size >= 0]
    return sum(found) if len(found) == len(named) > 1 else None


def _members(manifest: Mapping[str, Any]) -> tuple[tuple[Platform, str], ...]:
    named = ((to_platform(part(one, "platform")), text(one, "digest")) for one in parts(manifest, "manifests"))
    return tuple((platform, digest) for platform, digest in named if platform is not None and digest is not None)


def _is_machine(model: object) -> bool:
    return (text(model, "resourceType") or "").lower() == "virtualmachines"
