"""Clusters and registries as rows to pick from, how a search finds them, and what a pasted id or image means.

Plain values and pure functions, quick enough for thousands of rows at every key that is pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.facts.inventory import ClusterRow, RegistryRow
from core.facts.resource_id import NotAResourceId, ResourceId

CLUSTER_TYPE = "microsoft.containerservice/managedclusters"
REGISTRY_TYPE = "microsoft.containerregistry/registries"

_LOGIN_SERVER = re.compile(
    r"(?:https://)?([a-z0-9][a-z0-9-]{3,80}\.azurecr\.[a-z]{2,10})(/[^\s\"']*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster or registry. `detail` and `subscription` are to show, `login_server` is empty for clusters.

    `key` is the id in small letters, `haystack` all that a search looks in.
    """

    id: ResourceId
    name: str
    detail: str
    subscription: str
    login_server: str = ""
    key: str = field(init=False, repr=False, compare=False)
    haystack: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = (self.name, self.detail, self.subscription, self.id.subscription_id, self.login_server)
        object.__setattr__(self, "key", key_of(self.id))
        object.__setattr__(self, "haystack", "\n".join(words).casefold())


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text in a search field is besides words to look for."""

    cluster: ResourceId | None = None
    registry: ResourceId | None = None
    login_server: str | None = None
    image: str | None = None


def cluster_row(found: ClusterRow, subscriptions: Mapping[str, str], regions: Mapping[str, str]) -> Row:
    """Make the row of a cluster; `subscriptions` are names by id in small letters, `regions` by short name."""
    region = regions.get(found.location.replace(" ", "").lower(), found.location)
    details = (found.resource_group, region, found.version, found.power_state.lower())
    return Row(found.id, found.name, _joined(details), _subscription(found.subscription_id, subscriptions))


def registry_row(found: RegistryRow, subscriptions: Mapping[str, str]) -> Row:
    """Make the row of a registry; `subscriptions` are names by id in small letters."""
    details = _joined((found.resource_group, found.sku))
    return Row(found.id, found.name, details, _subscription(found.subscription_id, subscriptions), found.login_server)


def _joined(details: Iterable[str]) -> str:
    return " · ".join(detail for detail in details if detail)


def _subscription(identifier: str, names: Mapping[str, str]) -> str:
    return names.get(identifier.lower(), identifier)


def key_of(resource: ResourceId) -> str:
    """Give what two ids of the same resource have in common."""
    return str(resource).strip("/").lower()


def understand(text: str) -> Pasted | None:
    """Recognise a cluster's or registry's id, a login server, or an image on a registry of Azure's; else None."""
    text = text.strip()
    try:
        resource = ResourceId.parse(text)
    except NotAResourceId:
        found = _LOGIN_SERVER.fullmatch(text)
        if found is None:
            return None
        path = (found[2] or "").rstrip("/")
        return Pasted(login_server=found[1].lower(), image=found[1].lower() + path if path else None)
    kind = resource.type.lower()
    if kind == CLUSTER_TYPE:
        return Pasted(cluster=resource)
    if kind == REGISTRY_TYPE:
        return Pasted(registry=resource)
    return None


def in_order(rows: Iterable[Row], first: ResourceId | None = None) -> list[Row]:
    """Sort by name, with the row of `first` on top."""
    top = key_of(first) if first is not None else ""
    return sorted(rows, key=lambda row: (row.key != top, row.name.casefold(), row.key))


def matching(rows: Sequence[Row], query: str, subscription_id: str = "") -> list[int]:
    """Give the positions of the rows in which every word of the query stands, in one subscription or in all.

    An empty query matches everything.
    """
    words = query.casefold().split()
    wanted = subscription_id.casefold()
    return [
        position
        for position, row in enumerate(rows)
        if (not wanted or row.id.subscription_id.casefold() == wanted) and all(word in row.haystack for word in words)
    ]


def find(rows: Iterable[Row], resource: ResourceId | None) -> Row | None:
    """Give the row of a resource."""
    if resource is None:
        return None
    wanted = key_of(resource)
    return next((row for row in rows if row.key == wanted), None)


def find_login_server(rows: Iterable[Row], login_server: str | None) -> Row | None:
    """Give the row of the registry with this login server, whatever its casing."""
    if not login_server:
        return None
    wanted = login_server.casefold()
    return next((row for row in rows if row.login_server.casefold() == wanted), None)


def unlisted(resource: ResourceId) -> Row:
    """Make a row for an id that is on no list: it may still be readable, or the answer to the question."""
    return Row(resource, resource.name, resource.resource_group, resource.subscription_id)
