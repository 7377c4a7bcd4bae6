"""Making the things that people push to registries: images for one platform or several, charts, old formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from core.practice.arm_id import guid
from core.practice.http import Json
from core.practice.registry_contents import Contents, Manifest, digest_of

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json"
HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

Blobs = dict[str, bytes]


def push_image(
    contents: Contents, name: str, tag: str, platforms: Sequence[str], when: datetime, *, megabytes: int = 0
) -> None:
    """Push an image for platforms such as "linux/amd64", "linux/arm/v7" or "windows/amd64/10.0.20348.2527".

    More than one make an index, with an attestation beside the images as Docker's builder writes it. `megabytes` is
    the size that the manifest tells of its layer, 0 for that of the few bytes that stand for it.
    """
    blobs: Blobs = {}
    images = [_image(f"{name}:{tag}", platform, when, blobs, megabytes) for platform in platforms]
    if len(images) > 1:
        described = [_platform(platform) for platform in platforms]
        images.append(_index(images, described, when, f"{name}:{tag}"))
    contents.push(name, tag, images, blobs, when)


def push_chart(contents: Contents, name: str, tag: str, when: datetime) -> None:
    """Push a Helm chart, which is no image although it has a repository and a tag like one."""
    config = _json({"name": name.rpartition("/")[2], "version": tag, "apiVersion": "v2"})
    layer = f"chart {name}:{tag}".encode()
    body = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(HELM_CONFIG, config),
        "layers": [_descriptor(HELM_LAYER, layer)],
    }
    manifest = Manifest(OCI_MANIFEST, _json(body), when, HELM_CONFIG)
    contents.push(name, tag, [manifest], {digest_of(config): config, digest_of(layer): layer}, when)


def push_schema_1(contents: Contents, name: str, tag: str, when: datetime) -> None:
    """Push an image in the format that Docker left in 2017."""
    layer = digest_of(f"layer {name}:{tag}".encode())
    body = {
        "schemaVersion": 1,
        "name": name,
        "tag": tag,
        "architecture": "amd64",
        "fsLayers": [{"blobSum": layer}],
        "history": [{"v1Compatibility": json.dumps({"architecture": "amd64", "os": "linux"})}],
        "signatures": [],
    }
    manifest = Manifest(DOCKER_SCHEMA_1, _json(body), when, "", "linux", "amd64")
    contents.push(name, tag, [manifest], {}, when)


KINDS: dict[str, Callable[[Contents, str, str, datetime], None]] = {"chart": push_chart, "schema-1": push_schema_1}
"""What can be pushed that is no image of today, by the word that scenarios use."""


def _image(seed: str, platform: str, when: datetime, blobs: Blobs, megabytes: int) -> Manifest:
    told = _platform(platform)
    layer = f"layer {seed} {platform}".encode()
    config = _json(
        {
            **told,
            "created": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "config": {"Entrypoint": ["/app"]},
            "rootfs": {"type": "layers", "diff_ids": [digest_of(layer)]},
        }
    )
    body = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": _descriptor(DOCKER_CONFIG, config),
        "layers": [_descriptor(DOCKER_LAYER, layer) | ({"size": megabytes * 1_000_000} if megabytes else {})],
    }
    blobs |= {digest_of(config): config, digest_of(layer): layer}
    return Manifest(
        DOCKER_MANIFEST, _json(body), when, DOCKER_CONFIG, str(told["os"]), str(told["architecture"]), (), "Passed"
    )


def _index(images: list[Manifest], platforms: list[Json], when: datetime, seed: str) -> Manifest:
    entries = [
        _descriptor(image.media_type, image.content) | {"platform": platform}
        for image, platform in zip(images, platforms, strict=True)
    ]
    attestation = _json({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": [], "seed": guid("proof", seed)})
    entries.append(
        _descriptor(OCI_MANIFEST, attestation)
        | {
            "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
            "platform": {"architecture": "unknown", "os": "unknown"},
        }
    )
    body = {"schemaVersion": 2, "mediaType": DOCKER_LIST, "manifests": entries}
    references = tuple(
        {"digest": image.digest, "architecture": image.architecture, "os": image.os} for image in images
    )
    return Manifest(DOCKER_LIST, _json(body), when, references=references)


def _platform(text: str) -> Json:
    os, architecture, *rest = text.split("/")
    told = {"architecture": architecture, "os": os}
    if rest:
        told["os.version" if os == "windows" else "variant"] = rest[0]
    return told


def _descriptor(media_type: str, content: bytes) -> Json:
    return {"mediaType": media_type, "size": len(content), "digest": digest_of(content)}


def _json(body: Json) -> bytes:
    return json.dumps(body, indent=3).encode()
