"""What a registry holds of one image, and what the nodes can run.

https://learn.microsoft.com/rest/api/containerregistry/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.facts.fact import Fact

IMAGE_CONFIGS = frozenset(
    {"application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.config.v1+json"}
)
"""The types of a configuration that make a manifest that of a container image.

https://learn.microsoft.com/azure/container-registry/container-registry-image-formats
"""


@dataclass(frozen=True, slots=True)
class ImageRepository:
    """A repository that exists. `can_read` is False where it is locked against reading, None where not told."""

    name: str
    can_read: bool | None


@dataclass(frozen=True, slots=True)
class ImageTag:
    """A tag that is listed, and the digest that it stands for; whether that manifest exists is another matter.

    `created_on` is when the tag was first pushed, None where not told; it says nothing of what it stands for now.
    """

    name: str
    digest: str
    can_read: bool | None
    created_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """What an image was built for, in the words of its makers: "linux", "amd64", "v7", "10.0.20348.2527".

    `variant` and `os_version` are empty where they are not told.
    """

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""

    def __str__(self) -> str:
        name = "/".join(part for part in (self.os, self.architecture, self.variant) if part)
        return f"{name} ({self.os_version})" if self.os_version else name


@dataclass(frozen=True, slots=True)
class ImageContent:
    """The manifest itself: what kind of thing it describes, and for which platforms.

    `media_type` is the manifest's, `config_type` that of its configuration and `artifact_type` what it says it is;
    both are None for an index. `platforms` leave out what is attached to an index and no image, such as attestations.
    `download` are the bytes of the layers and the configuration together, as they are stored: before they are
    unpacked. It is None where that is not told, and for an index, whose `members` are the digests of its images by
    platform.
    """

    media_type: str
    config_type: str | None
    artifact_type: str | None
    platforms: Fact[tuple[Platform, ...]]
    download: int | None = None
    members: tuple[tuple[Platform, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImageSize:
    """How many bytes a node downloads of an image for one platform, which is None where it is not told."""

    platform: Platform | None
    download: Fact[int]


@dataclass(frozen=True, slots=True)
class ImageManifest:
    """A manifest that exists, and what the registry keeps about it.

    `quarantine_state` is "Passed", "Quarantined" or another word of the registry's, None where it does not tell;
    `created_on` is when the manifest was pushed, None likewise.
    """

    digest: str
    can_read: bool | None
    quarantine_state: str | None
    content: Fact[ImageContent]
    created_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class NamesThere:
    """Names in a registry, newest first where they are tags. `complete` is False where there are more."""

    names: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class DeletedImage:
    """A manifest that was deleted and can be restored, and the tag that it had (None where it had none)."""

    digest: str
    tag: str | None


@dataclass(frozen=True, slots=True)
class VmSizes:
    """The processors of virtual machine sizes in a region: "amd64" or "arm64" by lower-cased name of the size."""

    architectures: Mapping[str, str]
