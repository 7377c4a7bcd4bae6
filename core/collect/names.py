"""Registry names beside the picked one: which the user sees, and whether a name is taken anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask, outcome_of
from core.collect.graph_rows import graph_rows
from core.collect.reading import flag, listed, required, text
from core.collect.registries import READ_REGISTRY
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.fact import Fact, Known, together
from core.facts.image_name import DEFAULT_REGISTRY, split
from core.facts.registry import KnownRegistry, ListedRegistries, NameAvailability, Registry, RegistryNames
from core.facts.subscriptions import Subscriptions

CHECK_NAME = "Microsoft.ContainerRegistry/checkNameAvailability/read"

_QUERY = (
    "resources | where type =~ 'microsoft.containerregistry/registries'"
    " | project id, name, subscriptionId, loginServer=properties.loginServer"
)
_TYPE = "Microsoft.ContainerRegistry/registries"
_NAME = re.compile(r"[a-z0-9]{5,50}")


def listed_registries(_azure: Azure) -> ListedRegistries:
    """Say which registries were listed before the run: none, unless whoever starts it gives this fact."""
    return ListedRegistries({})


def registry_names(
    azure: Azure,
    choice: Choice,
    registry: Registry,
    subscriptions: Subscriptions,
    listed_registries: ListedRegistries,
) -> RegistryNames | None:
    """List every registry that the user sees; None unless the image is in another one than the picked.

    Subscriptions that were listed already are not asked again. For the others Resource Graph is asked first; where
    it cannot be, each of them is listed.
    """
    host = _other_host(choice, registry)
    if host is None:
        return None
    before = listed_registries.by_subscription
    found = [known for registries in before.values() for known in registries]
    ids = sorted(one.id for one in subscriptions.by_id.values() if one.id.lower() not in before)
    try:
        found += graph_rows(azure, _QUERY, ids, READ_REGISTRY, lambda rows: to_known_registries(rows, "loginServer"))
    except NotRead:
        found += _by_lists(azure, ids, some_known=bool(before))
    return RegistryNames({known.login_server.lower(): known for known in found})


def name_availability(azure: Azure, choice: Choice, registry: Registry, cloud: CloudNames) -> NameAvailability | None:
    """Ask whether the name in the image's host is still free; None unless that host is another registry's.

    https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability
    """
    host = _other_host(choice, registry)
    name = None if host is None else _name_in(host, cloud.registry_suffix)
    if name is None:
        return None
    subscription = choice.registry_id.subscription_id

    def call() -> NameAvailability:
        client = azure.container_registry(subscription)
        return to_name_availability(name, client.registries.check_name_availability({"name": name, "type": _TYPE}))

    return ask(CHECK_NAME, f"/subscriptions/{subscription}", call)


def to_name_availability(name: str, model: object) -> NameAvailability:
    """Read the answer to "is this name free?"; one that does not say is read as taken."""
    return NameAvailability(name, flag(model, "nameAvailable") is True, text(model, "message") or "")


def to_known_registries(models: Iterable[object], *login_server: str) -> Iterator[KnownRegistry]:
    """Read registries off a list, each with its login server at that path; one without any is left out.

    Raises azure.core.exceptions.DeserializationError where one has no id or no name.
    """
    for model in models:
        server = text(model, *login_server)
        if server is not None:
            yield KnownRegistry(required(model, "id"), required(model, "name"), server)


def image_host(reference: str) -> str:
    """The host of an image reference as written, lower-cased, without a port; "docker.io" where it names none."""
    return (split(reference.rpartition("://")[2]).host or DEFAULT_REGISTRY).lower()


def _other_host(choice: Choice, registry: Registry) -> str | None:
    if choice.image is None:
        return None
    host = image_host(choice.image)
    return None if host == registry.login_server.lower().partition(":")[0] else host


def _name_in(host: str, suffix: str) -> str | None:
    """The registry's name in a host of this cloud, without the hash of its domain name label."""
    if not host.endswith(f".{suffix.lower()}"):
        return None
    name = host.partition(".")[0].partition("-")[0]
    return name if _NAME.fullmatch(name) else None


def _by_lists(azure: Azure, subscription_ids: Sequence[str], *, some_known: bool) -> list[KnownRegistry]:
    """The registries of each subscription; those that refuse are left out, unless all do and none is known.

    Raises NotRead.
    """

    def read(subscription_id: str) -> Fact[list[KnownRegistry]]:
        def call() -> list[KnownRegistry]:
            found = listed(azure.container_registry(subscription_id).registries.list())
            return list(to_known_registries(found, "properties", "loginServer"))

        return outcome_of(lambda: ask(READ_REGISTRY, f"/subscriptions/{subscription_id}", call))

    outcomes = azure.map(read, subscription_ids)
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Known)]
    every = together(refused) if len(refused) == len(outcomes) and not some_known else None
    if every is not None:
        raise NotRead(every)
    return [known for outcome in outcomes if isinstance(outcome, Known) for known in outcome.value]
