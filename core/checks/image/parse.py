"""The grammar of image references: naming the first mistake in one, and correcting it.

`[host[:port]/]path[:tag][@digest]`, as the kubelet reads it.
https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.facts.image_name import COMPONENT, DEFAULT_REGISTRY, DIGEST, TAG, Parts, split
from core.model import ImageReference

LONGEST_PATH = 255

_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[0-9A-Fa-f:.]+\]"
)
_DIGEST_START = re.compile(r"sha256:[a-f0-9]{0,64}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TEMPLATE = re.compile(r"\{\{|\$\{|\$\(|#\{|(?<![A-Za-z0-9_])__[A-Z][A-Z0-9_]*__(?![A-Za-z0-9_])")
_SPACE = re.compile(r"[\s\u200b-\u200d\ufeff\u00ad]+")
_MASK = re.compile(r"\*{2,}|<[^<>]*>|\[[^\[\]:]*\]|REDACTED|\.{3}|…|(?:^|//)[xX]{3,}(?=\.)")
_REGISTRY_ALONE = re.compile(r"[a-z0-9-]+\.azurecr\.[a-z.]+", re.IGNORECASE)


class Mistake(StrEnum):
    """What can be wrong with a reference, in the words that the texts are keyed by."""

    TEMPLATE = "template"
    SCHEME = "scheme"
    SPACES = "spaces"
    TRAILING_SLASH = "trailing-slash"
    HOST = "host"
    PORT = "port-malformed"
    NO_REPOSITORY = "no-repository"
    UPPERCASE = "uppercase"
    CHARACTER = "character"
    TOO_LONG = "too-long"
    EMPTY_TAG = "empty-tag"
    TAG = "tag"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first mistake in a reference and the index of the character where it shows."""

    mistake: Mistake
    position: int


def image_reference(reference: str) -> ImageReference:
    """Give the parts of any text as the report shows them."""
    parts = split(reference)
    host = DEFAULT_REGISTRY if parts.host is None else parts.host
    registry = host if parts.port is None else f"{host}:{parts.port}"
    return ImageReference(parts.text, registry, parts.path, parts.tag or None, parts.digest or None)


def is_masked(reference: str) -> bool:
    """Say whether somebody covered up a part of the name: `***.azurecr.io/<repository>` tells nothing."""
    return _MASK.search(reference.strip()) is not None


def is_host(text: str) -> bool:
    """Say whether a text could be the name of a host."""
    return _HOST.fullmatch(text) is not None


def find_mistake(reference: str) -> Finding | None:
    """Name the first mistake in a reference, None where the kubelet would accept it.

    White space around it does not count: Kubernetes takes no pod with it, so that it can only come from copying.
    """
    parts = split(reference)
    text = parts.text
    if template := _TEMPLATE.search(text):
        return Finding(Mistake.TEMPLATE, template.start())
    if _SCHEME.match(text):
        return Finding(Mistake.SCHEME, 0)
    if space := _SPACE.search(text):
        return Finding(Mistake.SPACES, space.start())
    if text.endswith("/") and parts.path.strip("/"):
        return Finding(Mistake.TRAILING_SLASH, len(text) - 1)
    return _mistake_in_host(parts) or _mistake_in_path(parts) or _mistake_in_tag(parts) or _mistake_in_digest(parts)


def correct(reference: str) -> str | None:
    """Give the reference without its mistakes, None where only its author knows what was meant."""
    text = reference.strip()
    for _ in Mistake:
        finding = find_mistake(text)
        if finding is None:
            return text
        better = _corrected(split(text), finding)
        if better is None or better == text:
            return None
        text = better
    return text if find_mistake(text) is None else None


def _mistake_in_host(parts: Parts) -> Finding | None:
    if parts.host is None:
        return None
    if not is_host(parts.host):
        valid = _HOST.match(parts.host)
        return Finding(Mistake.HOST, valid.end() if valid else 0)
    if parts.port is not None and not (re.fullmatch(r"[0-9]{1,5}", parts.port) and 0 < int(parts.port) < 65536):
        return Finding(Mistake.PORT, len(parts.host))
    return None


def _mistake_in_path(parts: Parts) -> Finding | None:
    path, start = parts.path, parts.path_start
    if path.strip("/") == "":
        return Finding(Mistake.NO_REPOSITORY, min(start, max(len(parts.text) - 1, 0)))
    if parts.host is None and _REGISTRY_ALONE.fullmatch(path):
        return Finding(Mistake.NO_REPOSITORY, len(path) - 1)
    for index, letter in enumerate(path):
        if letter.isascii() and letter.isupper():
            return Finding(Mistake.UPPERCASE, start + index)
    for component in path.split("/"):
        valid = COMPONENT.match(component)
        end = valid.end() if valid else 0
        if end < len(component) or not component:
            return Finding(Mistake.CHARACTER, min(start + end, len(parts.text) - 1))
        start += len(component) + 1
    if len(path) > LONGEST_PATH:
        return Finding(Mistake.TOO_LONG, parts.path_start + LONGEST_PATH)
    return None


def _mistake_in_tag(parts: Parts) -> Finding | None:
    if parts.tag is None or TAG.fullmatch(parts.tag):
        return None
    if not parts.tag:
        return Finding(Mistake.EMPTY_TAG, parts.tag_start - 1)
    valid = TAG.match(parts.tag)
    return Finding(Mistake.TAG, parts.tag_start + (valid.end() if valid else 0))


def _mistake_in_digest(parts: Parts) -> Finding | None:
    if parts.digest is None or DIGEST.fullmatch(parts.digest):
        return None
    valid = _DIGEST_START.match(parts.digest)
    return Finding(Mistake.DIGEST, min(parts.digest_start + (valid.end() if valid else 0), len(parts.text) - 1))


def _corrected(parts: Parts, finding: Finding) -> str | None:
    text = parts.text
    match finding.mistake:
        case Mistake.SCHEME:
            return _SCHEME.sub("", text, count=1)
        case Mistake.SPACES:
            return _SPACE.sub("", text)
        case Mistake.TRAILING_SLASH:
            return text.rstrip("/")
        case Mistake.PORT if parts.host is not None and "." in parts.host and parts.port and not parts.port.isdigit():
            return f"{parts.host}/{text[len(parts.host) + 1 :]}"
        case Mistake.UPPERCASE:
            end = parts.path_start + len(parts.path)
            return text[: parts.path_start] + parts.path.lower() + text[end:]
        case Mistake.CHARACTER | Mistake.HOST:
            return re.sub(r"/{2,}", "/", text.replace("\\", "/"))
        case Mistake.DIGEST if parts.digest is not None:
            return text[: parts.digest_start] + parts.digest.lower()
        case _:
            return None
