"""World faults of a registry and of what it holds: pushed wrongly, deleted or locked, or behind a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from core.practice.arm_id import parse
from core.practice.names import scope
from core.practice.reconcile import make_identity
from core.practice.registry_contents import Contents, Repository
from core.practice.registry_images import KINDS, push_image
from core.practice.world import World


def push(
    world: World,
    *,
    repository: str,
    tag: str,
    platforms: Sequence[str] = ("linux/amd64",),
    kind: str = "",
    quarantined: bool = False,
    days_ago: int = 1,
    minutes_ago: int = 0,
    megabytes: int = 0,
) -> None:
    """Push an image for these platforms, or (`kind`) something else; `quarantined` lets it wait for its release.

    It was pushed the days and the minutes ago, together. `megabytes` is the size of an image's layer.
    """
    contents, when = _contents(world), world.now - timedelta(days=days_ago, minutes=minutes_ago)
    if kind:
        KINDS[kind](contents, repository, tag, when)
    else:
        push_image(contents, repository, tag, platforms, when, megabytes=megabytes)
    if quarantined:
        stored = contents.repositories[repository]
        stored.manifests[stored.tags[tag].digest].quarantine = "Quarantined"


def encrypt(world: World, *, identity: str) -> None:
    """Encrypt the registry with a key of the company's own, which it reads with a new identity in its own group."""
    registry = world.resources[scope("registry").lower()]
    at = parse(registry["id"])
    made = make_identity(world, at.subscription, at.group, identity, str(registry["location"]))
    ids = {name: made["properties"][name] for name in ("principalId", "clientId")}
    registry["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {made["id"]: ids}}
    key = {"keyIdentifier": "https://kv-contoso.vault.azure.net/keys/registry", "identity": ids["clientId"]}
    registry["properties"]["encryption"] = {"status": "enabled", "keyVaultProperties": key}


def delete_image(world: World, *, repository: str, tag: str, kept: bool = False, days_ago: int = 2) -> None:
    """Delete an image with all its tags; `kept` is what soft delete does with it."""
    digest = _repository(world, repository).tags[tag].digest
    _contents(world).delete_manifest(repository, digest, world.now - timedelta(days=days_ago), keep=kept)


def lose_manifest(world: World, *, repository: str, tag: str) -> None:
    """Let a tag stand for a manifest that is gone, as deleting a digest that two tags share may leave it."""
    stored = _repository(world, repository)
    del stored.manifests[stored.tags[tag].digest]


def lock(world: World, *, repository: str, tag: str = "", manifest: bool = False) -> None:
    """Lock a repository against reading, or a tag of it, or (`manifest`) what the tag stands for."""
    stored = _repository(world, repository)
    if not tag:
        stored.attributes.read = False
    elif manifest:
        stored.manifests[stored.tags[tag].digest].attributes.read = False
    else:
        stored.tags[tag].attributes.read = False


def set_workstation(world: World, *, address: str) -> None:
    """Put the signed-in user's computer somewhere else: the address is the one that a registry sees."""
    world.workstation = address


def _contents(world: World) -> Contents:
    return world.contents.setdefault(scope("registry").lower(), Contents())


def _repository(world: World, name: str) -> Repository:
    return _contents(world).repositories[name]


FAULTS: dict[str, Callable[..., None]] = {
    "delete-image": delete_image,
    "encrypt-registry": encrypt,
    "lock-image": lock,
    "lose-manifest": lose_manifest,
    "push-image": push,
    "set-workstation": set_workstation,
}
"""The faults of the registry and of what it holds, by name."""
