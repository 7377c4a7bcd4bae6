"""The same kind of resource read several times, each with an outcome of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.facts.fact import Fact
from core.facts.items import Items
from core.facts.resource_id import NotAResourceId, ResourceId

T = TypeVar("T")


def each(azure: Azure, ids: Iterable[str | None], action: str, read: Callable[[ResourceId], T]) -> Items[T]:
    """Read resources by their ids at the same time, each once whatever its spellings.

    `action` is the permission that `read` takes. One that cannot be read leaves the others known. Raises Cancelled.
    """
    wanted = distinct(ids)

    def one(id_: str) -> Fact[T]:
        return outcome_of(lambda: ask(action, id_, lambda: read(taken_apart(id_))))

    return Items(dict(zip((key_of(id_) for id_ in wanted), azure.map(one, wanted), strict=True)))


def distinct(ids: Iterable[str | None]) -> tuple[str, ...]:
    """Each id once, as it is spelled first, without those that are not there."""
    first: dict[str, str] = {}
    for id_ in ids:
        if id_:
            first.setdefault(key_of(id_), id_)
    return tuple(first.values())


def key_of(id_: str) -> str:
    """The key of a thing in `Items`."""
    return id_.rstrip("/").lower()


def taken_apart(id_: str) -> ResourceId:
    """The parts of an id that an answer of Azure's named.

    Raises azure.core.exceptions.DeserializationError where it is none.
    """
    try:
        return ResourceId.parse(id_)
    except NotAResourceId as error:
        raise DeserializationError(str(error)) from error


def parent_of(id_: str) -> str | None:
    """The id of the resource that a part belongs to, for example a subnet's network; None where there is none."""
    parent = id_.rstrip("/").rpartition("/")[0].rpartition("/")[0]
    try:
        return ResourceId.parse(parent).text
    except NotAResourceId:
        return None
