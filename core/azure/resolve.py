"""From what a person types to the one resource that is meant: a full id, a name or a login server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Protocol, TypeVar

from core.azure.inventory_rows import CLUSTER_TYPE, REGISTRY_TYPE
from core.facts.inventory import ClusterRow, RegistryRow
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.subscriptions import Subscription
from core.scrub import one_line

SHOWN = 5
"""Candidates that a sentence names."""


class UnknownResource(Exception):
    """Nothing that the user sees is called that; the message names what comes near."""


class AmbiguousResource(Exception):
    """Several resources are called that; the message names them."""


class Lists(Protocol):
    """Where the candidates come from; see `core.azure.inventory.Inventory`."""

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The visible subscriptions."""

    def clusters(self) -> tuple[ClusterRow, ...]:
        """The clusters of all of them."""

    def registries(self) -> tuple[RegistryRow, ...]:
        """The registries of all of them."""

    def clusters_of(self, subscription: Subscription) -> tuple[ClusterRow, ...]:
        """The clusters of one subscription."""

    def registries_of(self, subscription: Subscription) -> tuple[RegistryRow, ...]:
        """The registries of one subscription."""


R = TypeVar("R", ClusterRow, RegistryRow)


def resolve_subscription(lists: Lists, text: str) -> Subscription:
    """The visible subscription with this id or name.

    Raises `UnknownResource`, `AmbiguousResource` and what reading the lists raises.
    """
    wanted = text.strip().removeprefix("/subscriptions/").lower()
    visible = lists.subscriptions()
    found = [one for one in visible if wanted in (one.id.lower(), one.name.strip().lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        near = _near(wanted, [one.name for one in visible])
        raise UnknownResource(f"You see no subscription {_shown(text)}. {near or _nothing_visible(visible)}".strip())
    listed = ", ".join(one.id for one in found[:SHOWN])
    raise AmbiguousResource(f"{len(found)} subscriptions are called {_shown(text)}; use the id of one: {listed}.")


def resolve_cluster(lists: Lists, text: str, subscription: str | None = None) -> ResourceId:
    """The cluster with this id or name. A full id is taken as it is, without asking Azure.

    Raises `UnknownResource`, `AmbiguousResource` and what reading the lists raises.
    """
    by_id = _given_id(text, CLUSTER_TYPE, "an AKS cluster")
    if by_id is not None:
        return by_id
    rows = _rows(lists, subscription, lists.clusters, lists.clusters_of)
    return _pick(lists, rows, text, "cluster", lambda row: (row.name,))


def resolve_registry(lists: Lists, text: str, subscription: str | None = None) -> ResourceId:
    """The registry with this id, name or login server. A full id is taken as it is, without asking Azure.

    Raises `UnknownResource`, `AmbiguousResource` and what reading the lists raises.
    """
    by_id = _given_id(text, REGISTRY_TYPE, "a container registry")
    if by_id is not None:
        return by_id
    rows = _rows(lists, subscription, lists.registries, lists.registries_of)
    host = re.sub(r"^https?://", "", text.strip(), flags=re.IGNORECASE).rstrip("/")

    def names(row: RegistryRow) -> tuple[str, ...]:
        return (row.name, row.login_server)

    return _pick(lists, rows, host, "registry", names)


def _given_id(text: str, type_: str, words: str) -> ResourceId | None:
    if not text.strip().startswith("/"):
        return None
    try:
        given = ResourceId.parse(text)
    except NotAResourceId as error:
        raise UnknownResource(f"{_shown(text)} is not the id of {words}.") from error
    if given.type.lower() != type_.lower():
        raise UnknownResource(f"{_shown(text)} is not the id of {words}; it is one of type {given.type}.")
    return given


def _rows(
    lists: Lists,
    subscription: str | None,
    everywhere: Callable[[], tuple[R, ...]],
    in_one: Callable[[Subscription], tuple[R, ...]],
) -> tuple[R, ...]:
    return in_one(resolve_subscription(lists, subscription)) if subscription else everywhere()


def _pick(lists: Lists, rows: Sequence[R], text: str, kind: str, names: Callable[[R], tuple[str, ...]]) -> ResourceId:
    wanted = text.strip().lower()
    found = [row for row in rows if wanted in {name.lower() for name in names(row) if name}]
    if len(found) == 1:
        return found[0].id
    if found:
        titles = {one.id.lower(): one.name for one in lists.subscriptions()}
        listed = "; ".join(
            f"{titles.get(row.subscription_id.lower(), row.subscription_id)} / {row.resource_group}"
            for row in found[:SHOWN]
        )
        raise AmbiguousResource(
            f"{len(found)} {_plural(kind)} are called {_shown(text)}: {listed}. "
            "Use the full id, or name the subscription."
        )
    near = _near(wanted, [name for row in rows for name in names(row) if name])
    if not rows:
        near = _nothing_visible(lists.subscriptions()) or f"You see no {kind} there at all."
    raise UnknownResource(f"You see no {kind} {_shown(text)}. {near}".strip())


def _near(wanted: str, names: Sequence[str]) -> str:
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(wanted, list(by_lower), n=SHOWN, cutoff=0.6)
    return f"Did you mean {' or '.join(by_lower[name] for name in close)}?" if close else ""


def _nothing_visible(subscriptions: Sequence[Subscription]) -> str:
    if subscriptions:
        return ""
    return (
        "You see no subscription at all in this directory: sign in to another one (--tenant), or ask for the role "
        "Reader on a subscription."
    )


def _shown(text: str) -> str:
    return f'"{one_line(text, 120)}"'


def _plural(kind: str) -> str:
    return "registries" if kind == "registry" else f"{kind}s"
