"""Outcomes of reading an image, for the tests of its checks."""

from __future__ import annotations

from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageContent, ImageManifest, ImageRepository, ImageTag, Platform, VmSizes

DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
REPOSITORY = Known(ImageRepository("web/api", True))
TAG = Known(ImageTag("1.4.2", DIGEST, True))
DENIED = Denied("Microsoft.ContainerRegistry/registries/pull/read", "/registry", "AcrPull")
AWAY = Unavailable(Trouble.WORKSTATION, "client with IP '203.0.113.7' is not allowed access.")
NO_REPOSITORY = Missing("contosoreg.azurecr.io/web/api")
NO_TAG = Missing("contosoreg.azurecr.io/web/api:1.4.2")
NO_MANIFEST = Missing(f"contosoreg.azurecr.io/web/api@{DIGEST}")
DOCKER = "application/vnd.docker.container.image.v1+json"
MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
NOTHING = Known(None)


def manifest(*platforms, config=DOCKER, media=MANIFEST_TYPE, artifact=None, can_read=True, state=None):
    content = ImageContent(media, config, artifact, Known(tuple(platforms)))
    return Known(ImageManifest(DIGEST, can_read, state, Known(content)))


LINUX, ARM = Platform("linux", "amd64"), Platform("linux", "arm64")
IMAGE = manifest(LINUX)
NO_SIZES = Known(VmSizes({}))
NO_RULES = Known(())
