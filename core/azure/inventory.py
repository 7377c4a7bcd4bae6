"""All subscriptions, clusters and registries that the signed-in user sees.

Clusters and registries come from Azure Resource Graph, one paged query for many subscriptions; where that is refused
or absent, from each subscription's own lists.
https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from azure.core.exceptions import HttpResponseError

from core.azure import resolve
from core.azure.clients import Azure
from core.azure.errors import AZURE_ERRORS, fact_of_error
from core.azure.fan_out import fan_out
from core.azure.inventory_rows import CLUSTERS, REGISTRIES, Kind, subscription_of
from core.azure.resource_graph import query_pages
from core.azure.stumbles import stumbles_are_bad_answers
from core.azure.trust import WIRE_LIMIT
from core.facts.fact import Denied, NotKnown, Trouble, Unavailable
from core.facts.inventory import ClusterRow, Listing, RegistryRow
from core.facts.registry import KnownRegistry, ListedRegistries
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscription

R = TypeVar("R", ClusterRow, RegistryRow)
Progress = Callable[[int, int], None]
"""Told how many subscriptions are listed, and how many there are; may be called from any thread."""

CHUNK = 500
"""Subscriptions in one Resource Graph query; the service takes 1,000."""

_NO_ANSWER_HERE = frozenset({400, 403, 404, 405, 501})


class InventoryError(Exception):
    """A list could not be read at all; `fact` says why, the message is a sentence for the user."""

    def __init__(self, what: str, fact: NotKnown) -> None:
        super().__init__(_sentence(what, fact))
        self.fact = fact


@dataclass(frozen=True, slots=True)
class _Found(Generic[R]):
    rows: tuple[R, ...]
    unread: tuple[Subscription, ...]


def _ignore(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


class Inventory:
    """The lists of one signed-in connection, each read once. Safe to use from several threads.

    Every method raises `InventoryError`, and `core.cancel.Cancelled` when the connection's run is cancelled.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._subscriptions: tuple[Subscription, ...] | None = None
        self._clusters: _Found[ClusterRow] | None = None
        self._registries: _Found[RegistryRow] | None = None
        self._own_lists: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._resource_graph_answers = True
        self._subscriptions_lock = threading.Lock()
        self._clusters_lock = threading.Lock()
        self._registries_lock = threading.Lock()

    @property
    def has_subscriptions(self) -> bool:
        """Whether the subscriptions were read already, so that asking for them costs nothing."""
        return self._subscriptions is not None

    @property
    def listed_registries(self) -> ListedRegistries:
        """The registries that were read so far, without asking for any."""
        if self._registries is None:
            lists = {id_: rows for (type_, id_), rows in self._own_lists.items() if type_ == REGISTRIES.type}
        else:
            lists = {one.id.lower(): () for one in self.subscriptions()}
            for row in self._registries.rows:
                lists[row.subscription_id.lower()] = (*lists.get(row.subscription_id.lower(), ()), row)
        return ListedRegistries({id_: tuple(_known(rows)) for id_, rows in lists.items()})

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The visible subscriptions, by name."""
        with self._subscriptions_lock:
            if self._subscriptions is None:
                self._subscriptions = self._read_subscriptions()
            return self._subscriptions

    def clusters(self, progress: Progress = _ignore) -> tuple[ClusterRow, ...]:
        """The clusters of all subscriptions, by name."""
        return self._found_clusters(progress).rows

    def registries(self, progress: Progress = _ignore) -> tuple[RegistryRow, ...]:
        """The registries of all subscriptions, by name."""
        return self._found_registries(progress).rows

    def listing(self, progress: Progress = _ignore) -> Listing:
        """All lists, clusters and registries read at the same time."""
        self.subscriptions()
        done = [0, 0]

        def tell(position: int) -> Progress:
            def told(count: int, total: int) -> None:
                done[position] = count
                progress(min(done), total)

            return told

        readers: list[Callable[[], _Found[Any]]] = [
            lambda: self._found_clusters(tell(0)),
            lambda: self._found_registries(tell(1)),
        ]
        clusters, registries = self._azure.map(lambda read: read(), readers)
        unread = {one.id: one for one in (*clusters.unread, *registries.unread)}
        return Listing(self.subscriptions(), clusters.rows, registries.rows, tuple(unread.values()))

    def clusters_of(self, subscription: Subscription) -> tuple[ClusterRow, ...]:
        """The clusters of one subscription, from its own list."""
        return self._one_list(CLUSTERS, subscription)

    def registries_of(self, subscription: Subscription) -> tuple[RegistryRow, ...]:
        """The registries of one subscription, from its own list."""
        return self._one_list(REGISTRIES, subscription)

    def resolve_subscription(self, text: str) -> Subscription:
        """The subscription with this id or name; see `core.azure.resolve`."""
        return resolve.resolve_subscription(self, text)

    def resolve_cluster(self, text: str, subscription: str | None = None) -> ResourceId:
        """The cluster with this id or name; see `core.azure.resolve`."""
        return resolve.resolve_cluster(self, text, subscription)

    def resolve_registry(self, text: str, subscription: str | None = None) -> ResourceId:
        """The registry with this id, name or login server; see `core.azure.resolve`."""
        return resolve.resolve_registry(self, text, subscription)

    def _found_clusters(self, progress: Progress) -> _Found[ClusterRow]:
        with self._clusters_lock:
            if self._clusters is None:
                self._clusters = self._read(CLUSTERS, progress)
            return self._clusters

    def _found_registries(self, progress: Progress) -> _Found[RegistryRow]:
        with self._registries_lock:
            if self._registries is None:
                self._registries = self._read(REGISTRIES, progress)
            return self._registries

    def _read_subscriptions(self) -> tuple[Subscription, ...]:
        try:
            with stumbles_are_bad_answers():
                found = [subscription_of(model) for model in self._azure.subscriptions().subscriptions.list()]
        except AZURE_ERRORS as error:
            self._azure.cancel.raise_if_cancelled()
            raise _failed(
                error, "subscriptions", "Microsoft.Resources/subscriptions/read", "/subscriptions"
            ) from error
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    def _read(self, kind: Kind[R], progress: Progress) -> _Found[R]:
        subscriptions = self.subscriptions()
        if not subscriptions:
            return _Found((), ())
        if not self._resource_graph_answers:
            return self._by_lists(kind, subscriptions, progress)
        try:
            with stumbles_are_bad_answers():
                rows = self._by_resource_graph(kind, subscriptions, progress)
        except AZURE_ERRORS as error:
            self._azure.cancel.raise_if_cancelled()
            if not _lists_may_do_better(error):
                raise _failed(error, kind.words, kind.action, "/subscriptions") from error
            self._resource_graph_answers = False
            return self._by_lists(kind, subscriptions, progress)
        return _Found(_by_name(rows), ())

    def _by_resource_graph(
        self, kind: Kind[R], subscriptions: tuple[Subscription, ...], progress: Progress
    ) -> list[R]:
        rows: list[R] = []
        for start in range(0, len(subscriptions), CHUNK):
            chunk = [one.id for one in subscriptions[start : start + CHUNK]]
            for page in query_pages(self._azure, kind.query, chunk):
                rows += kind.from_query(page)
            progress(min(start + CHUNK, len(subscriptions)), len(subscriptions))
        return rows

    def _by_lists(self, kind: Kind[R], subscriptions: tuple[Subscription, ...], progress: Progress) -> _Found[R]:
        """Each subscription's own list; one that cannot be read is left out and named, unless none can be."""
        rows: list[R] = []
        unread: list[Subscription] = []
        first: InventoryError | None = None

        def read(subscription: Subscription) -> tuple[R, ...] | InventoryError:
            try:
                return self._one_list(kind, subscription)
            except InventoryError as error:
                return error

        lists = fan_out(read, subscriptions, cancel=self._azure.cancel, workers=WIRE_LIMIT)
        for done, (index, found) in enumerate(lists, start=1):
            if isinstance(found, InventoryError):
                unread.append(subscriptions[index])
                first = first or found
            else:
                rows += found
            progress(done, len(subscriptions))
        if first is not None and len(unread) == len(subscriptions):
            raise first
        return _Found(_by_name(rows), tuple(unread))

    def _one_list(self, kind: Kind[R], subscription: Subscription) -> tuple[R, ...]:
        key = (kind.type, subscription.id.lower())
        if key in self._own_lists:
            return self._own_lists[key]
        try:
            with stumbles_are_bad_answers():
                rows = _by_name(list(kind.from_list(self._azure, subscription.id)))
        except AZURE_ERRORS as error:
            self._azure.cancel.raise_if_cancelled()
            scope = f"/subscriptions/{subscription.id}"
            raise _failed(error, f"{kind.words} of {subscription.name}", kind.action, scope) from error
        self._own_lists[key] = rows
        return rows


def _lists_may_do_better(error: BaseException) -> bool:
    """Whether Resource Graph itself is the trouble, rather than the network or the sign-in."""
    if isinstance(error, HttpResponseError):
        status = error.status_code or 0
        return status in _NO_ANSWER_HERE or status >= 500 or status == 200
    return isinstance(error, ValueError)


def _by_name(rows: list[R]) -> tuple[R, ...]:
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), str(row.id).casefold())))


def _known(rows: Iterable[RegistryRow]) -> Iterator[KnownRegistry]:
    return (KnownRegistry(row.id.text, row.name, row.login_server) for row in rows if row.login_server)


def _failed(error: BaseException, words: str, action: str, scope: str) -> InventoryError:
    return InventoryError(words, fact_of_error(error, action=action, scope=scope, resource=words))


def _sentence(what: str, fact: NotKnown) -> str:
    if isinstance(fact, Denied):
        return (
            f"You are not allowed to list the {what}: that needs {fact.action} on {fact.scope}, "
            f"which the role {fact.role} grants."
        )
    if isinstance(fact, Unavailable):
        reasons = {
            Trouble.THROTTLED: "Azure asks to slow down; try again in some minutes",
            Trouble.TIMEOUT: "Azure did not answer in time",
            Trouble.CONNECTION: "Azure cannot be reached; check your network and proxy",
            Trouble.SIGN_IN: "you have to sign in again",
            Trouble.WRONG_TENANT: "you are signed in to another directory than the one that they belong to",
        }
        reason = reasons.get(fact.trouble, "Azure answered with an error")
        detail = f" ({fact.detail})" if fact.detail else ""
        return f"The {what} could not be listed: {reason}.{detail}"
    return f"The {what} could not be listed: Azure says that there is no such list."
