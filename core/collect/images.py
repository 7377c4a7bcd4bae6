"""The picked image, as its registry holds it: repository, tag, manifest, and what stands there instead.

Of an image of another registry only one thing is asked: whether this one has a repository of that name as well.
https://learn.microsoft.com/rest/api/containerregistry/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.azure.errors import AZURE_ERRORS
from core.azure.registry_errors import fact_of_registry_error
from core.azure.stumbles import stumbles_are_bad_answers
from core.cancel import Cancelled
from core.collect.asking import NotRead
from core.collect.reading import text
from core.facts.choice import Choice
from core.facts.fact import Denied, Fact, Missing
from core.facts.image import DeletedImage, ImageManifest, ImageRepository, ImageTag, NamesThere
from core.facts.image_name import Wanted, is_repository, split, wanted_of
from core.facts.registry import Registry

PULL = "Microsoft.ContainerRegistry/registries/pull/read"
READ_METADATA = "Microsoft.ContainerRegistry/registries/repositories/metadata/read"
READ_CONTENT = "Microsoft.ContainerRegistry/registries/repositories/content/read"
READ_CATALOG = "Microsoft.ContainerRegistry/registries/catalog/read"
READ_DELETED = "Microsoft.ContainerRegistry/registries/deleted/read"

MOST_NAMES = 5_000
"""How many repositories are looked at for a "did you mean"."""
MOST_TAGS = 100
"""How many of the newest tags are."""

T = TypeVar("T")


def wanted(choice: Choice, registry: Registry) -> Wanted | None:
    """What the image asks of the picked registry; None where it asks another one, or nothing that could exist."""
    return None if choice.image is None else wanted_of(choice.image, registry.login_server)


def image_repository(azure: Azure, choice: Choice, registry: Registry) -> ImageRepository | None:
    """Look the repository up; None where the image does not ask for one of the picked registry."""
    image = wanted(choice, registry)
    return None if image is None else _repository(azure, registry, image.repository)


def namesake_repository(azure: Azure, choice: Choice, registry: Registry) -> ImageRepository | None:
    """Look up the repository that an image of another registry would be in here; None where no image is one."""
    if choice.image is None or wanted(choice, registry) is not None:
        return None
    path = split(choice.image).path
    return _repository(azure, registry, path) if is_repository(path) else None


def _repository(azure: Azure, registry: Registry, name: str) -> ImageRepository:
    def call() -> ImageRepository:
        found = azure.registry_data(registry.login_server).sdk.get_repository_properties(name)
        return ImageRepository(name, found.can_read)

    return ask_registry(registry, READ_METADATA, call, f"{registry.login_server}/{name}")


def image_tag(
    azure: Azure, choice: Choice, registry: Registry, image_repository: ImageRepository | None
) -> ImageTag | None:
    """Look the tag up; None where the image names none, but a digest."""
    image = wanted(choice, registry)
    if image is None or image_repository is None or image.tag is None:
        return None
    tag = image.tag

    def call() -> ImageTag:
        found = azure.registry_data(registry.login_server).sdk.get_tag_properties(image.repository, tag)
        if not isinstance(found.digest, str):
            raise DeserializationError("The tag has no digest.")
        return ImageTag(tag, found.digest, found.can_read, found.created_on)

    return ask_registry(registry, READ_METADATA, call, f"{registry.login_server}/{image.repository}:{tag}")


def repository_names(
    azure: Azure, choice: Choice, registry: Registry, image_repository: Fact[ImageRepository | None]
) -> NamesThere | None:
    """List the repositories there are, where the one that is asked for is none of them; None otherwise."""
    if wanted(choice, registry) is None or not isinstance(image_repository, (Missing, Denied)):
        return None

    def call() -> NamesThere:
        names = azure.registry_data(registry.login_server).sdk.list_repository_names(results_per_page=500)
        return _first(names, MOST_NAMES)

    return ask_registry(registry, READ_CATALOG, call, f"{registry.login_server}/_catalog")


def tag_names(
    azure: Azure, choice: Choice, registry: Registry, image_tag: Fact[ImageTag | None]
) -> NamesThere | None:
    """List the newest tags of the repository, where the one that is asked for is none of them; None otherwise."""
    image = wanted(choice, registry)
    if image is None or not isinstance(image_tag, Missing) or image_tag.resource.rpartition(":")[2] != image.tag:
        return None

    def call() -> NamesThere:
        client = azure.registry_data(registry.login_server).sdk
        found = client.list_tag_properties(image.repository, order_by="timedesc", results_per_page=MOST_TAGS)
        return _first((item.name for item in found), MOST_TAGS)

    return ask_registry(registry, READ_METADATA, call, f"{registry.login_server}/{image.repository}/_tags")


def deleted_images(
    azure: Azure,
    choice: Choice,
    registry: Registry,
    image_repository: Fact[ImageRepository | None],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
) -> tuple[DeletedImage, ...]:
    """List what was deleted of the repository and can be restored; nothing is asked where the image is there."""
    image = wanted(choice, registry)
    if image is None or not any(isinstance(one, Missing) for one in (image_repository, image_tag, image_manifest)):
        return ()

    def call() -> tuple[DeletedImage, ...]:
        client = azure.registry_data(registry.login_server)
        tagged = [(text(item, "digest"), text(item, "tag")) for item in client.deleted(image.repository, "tags")]
        found = [DeletedImage(digest, tag) for digest, tag in tagged if digest is not None]
        if image.digest is not None:
            digests = (text(item, "digest") for item in client.deleted(image.repository, "manifests"))
            found += [DeletedImage(digest, None) for digest in digests if digest is not None]
        return tuple(found)

    try:
        return ask_registry(registry, READ_DELETED, call, f"{registry.login_server}/{image.repository}")
    except NotRead as refused:
        if isinstance(refused.outcome, Missing):
            return ()
        raise


def ask_registry(registry: Registry, action: str, call: Callable[[], T], resource: str) -> T:
    """Call a registry's own interface and take its answer apart.

    `action` is what it takes in a registry with permissions for each repository; in others the right to pull is
    enough for everything but deleted artifacts. Raises NotRead and Cancelled.
    """
    needed = action if registry.abac or action == READ_DELETED else PULL
    try:
        with stumbles_are_bad_answers():
            return call()
    except Cancelled:
        raise
    except AZURE_ERRORS as error:
        outcome = fact_of_registry_error(error, action=needed, scope=registry.id, resource=resource)
        raise NotRead(outcome) from error


def _first(names: Iterable[str | None], most: int) -> NamesThere:
    found = [name for name in islice(names, most + 1) if isinstance(name, str)]
    return NamesThere(tuple(found[:most]), complete=len(found) <= most)
