"""What the host of an image reference is, beside the login server of the picked registry.

https://learn.microsoft.com/azure/container-registry/container-registry-endpoint-reference
https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
"""

from __future__ import annotations

from dataclasses import dataclass

from core.checks.image.near import NEAR, distance
from core.facts.cloud import CloudNames
from core.facts.image_name import DEFAULT_REGISTRY, Parts
from core.facts.registry import Registry

SUFFIX_TYPOS = frozenset({"azureacr.io", "azurecr.com", "azurecr.net", "azure.cr.io", "azurcr.io", "azurecr.oi"})
"""Endings that people write for `azurecr.io`; others are found by their nearness."""

RETIRED_SUFFIX = "azurecr.de"
"""The ending of Azure Germany, which closed in 2021."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image is taken from.

    `reason` is the key of the finding, `host` is as written (`docker.io` where none is), `meant` the login server
    that it stands for or None where that cannot be told, `rest` what follows the host.
    """

    reason: str
    host: str
    meant: str | None
    rest: str


def place(parts: Parts, registry: Registry, cloud: CloudNames) -> Place:
    """Say what kind of host a reference names; `same` is the picked registry, `other-registry` a stranger's."""
    rest = parts.text[parts.path_start :]
    own_names = {registry.name.lower(), registry.login_server.lower().split(".")[0]}
    if parts.host is None:
        first, slash, inner = rest.partition("/")
        if slash and first.lower() in own_names:
            return Place("bare-name", first, registry.login_server, inner)
        return Place("docker-hub", DEFAULT_REGISTRY, None, rest)
    asked = parts.host if parts.port in (None, "443") else f"{parts.host}:{parts.port}"
    if asked.lower() == registry.login_server.lower():
        return Place("same", parts.host, registry.login_server, rest)
    reason = _reason(parts.host.lower(), registry, cloud, own_names)
    head = parts.host.lower().split(".")[0]
    if head in own_names or reason in ("hash-wrong", "misspelt"):
        meant: str | None = registry.login_server
    elif reason in ("suffix-typo", "privatelink", "data-endpoint"):
        meant = f"{head}.{cloud.registry_suffix}"
    else:
        meant = None
    return Place(reason, parts.host, meant, rest)


def _reason(host: str, registry: Registry, cloud: CloudNames, own_names: set[str]) -> str:
    login_server, suffix = registry.login_server.lower(), cloud.registry_suffix.lower()
    head, _, tail = host.partition(".")
    if host == login_server:
        return "same"
    if not tail and head in own_names:
        return "bare-name"
    if tail.endswith(f".geo.{suffix}") and tail.count(".") == suffix.count(".") + 2:
        return "regional-endpoint" if head == login_server.split(".")[0] else "other-registry"
    if host.endswith(f".privatelink.{suffix}"):
        return "privatelink"
    if host.endswith(f".data.{suffix}"):
        return "data-endpoint"
    if tail == suffix:
        return _reason_by_name(head, registry.name.lower(), login_server.split(".")[0])
    if any(host.endswith(f".{other.lower()}") for other in cloud.other_registry_suffixes):
        return "other-cloud"
    if host.endswith(f".{RETIRED_SUFFIX}"):
        return "retired-cloud"
    if tail in SUFFIX_TYPOS or distance(tail, suffix) <= NEAR:
        return "suffix-typo"
    return "misspelt" if distance(host, login_server) <= NEAR else "not-a-registry"


def _reason_by_name(head: str, name: str, login_label: str) -> str:
    """Compare the first label: a hyphen is never part of a registry's name, what follows it is Azure's hash."""
    if head == name and login_label != name:
        return "hash-missing"
    if head.partition("-")[0] == name and "-" in head:
        return "hash-wrong"
    return "other-registry"
