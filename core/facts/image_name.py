"""Image names: cutting one at its separators.

`[host[:port]/]path[:tag][@digest]`, as the kubelet reads it.
https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"
"""Where an image comes from whose name has no host."""

MCR = "mcr.microsoft.com"
"""Where the images of AKS itself come from, by name; a network-isolated cluster asks another one for them."""

DEFAULT_TAG = "latest"
"""The tag of an image whose name has none."""

COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
"""One part of a repository's name, between two slashes."""

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
"""A whole tag."""

DIGEST = re.compile(r"sha256:[a-f0-9]{64}")
"""A whole digest."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A reference cut at its separators; nothing in it has been judged.

    `text` has no white space around it. `host` is None where none is written, `port` without the colon; `tag` and
    `digest` are None where their separator is missing, and empty where nothing follows it.
    """

    text: str
    host: str | None
    port: str | None
    path: str
    tag: str | None
    digest: str | None

    @property
    def path_start(self) -> int:
        """Where the path begins in `text`."""
        if self.host is None:
            return 0
        return len(self.host) + (0 if self.port is None else len(self.port) + 1) + 1

    @property
    def tag_start(self) -> int:
        """Where the tag begins, or would begin after its colon."""
        return self.path_start + len(self.path) + 1

    @property
    def digest_start(self) -> int:
        """Where the digest begins, or would begin after its at-sign."""
        return self.tag_start + (0 if self.tag is None else len(self.tag) + 1)


def split(reference: str) -> Parts:
    """Cut any text at the separators of an image reference.

    The first piece before a slash is a host if it has a dot or a colon in it or is `localhost`.
    """
    text = reference.strip()
    name, at, digest = text.partition("@")
    first, slash, rest = name.partition("/")
    host, port = None, None
    if slash and ("." in first or ":" in first or first == "localhost"):
        closing = first.find("]") + 1 if first.startswith("[") else 0
        before, colon, after = first[closing:].partition(":")
        host, port = first[:closing] + before, after if colon else None
        name = rest
    path, colon, tag = name.partition(":")
    return Parts(text, host, port, path, tag if colon else None, digest if at else None)


def is_repository(text: str) -> bool:
    """Say whether a registry can have a repository of this name."""
    return all(COMPONENT.fullmatch(component) for component in text.split("/"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an image's name asks a registry for; the digest, where there is one, decides."""

    repository: str
    tag: str | None
    digest: str | None


def wanted_of(image: str, login_server: str) -> Wanted | None:
    """Say what an image asks of a registry; None where it asks another one, or for nothing that could exist."""
    parts = split(image)
    host = (parts.host or "").lower()
    if login_server.lower() not in (host, f"{host}:{parts.port}") or not is_repository(parts.path):
        return None
    tag = DEFAULT_TAG if parts.tag is None and parts.digest is None else parts.tag
    if (tag is not None and not TAG.fullmatch(tag)) or (parts.digest and not DIGEST.fullmatch(parts.digest)):
        return None
    return Wanted(parts.path, tag, parts.digest)
