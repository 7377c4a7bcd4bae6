"""Several things of one kind, each of which could be read or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.facts.fact import Fact, Known, Missing, NotKnown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """Things by id, each with its own outcome: one that is refused leaves the others known.

    Keys are lower-cased without a trailing slash (ids of resources, addresses of DNS servers and next hops).
    """

    by_id: Mapping[str, Fact[T]] = field(default_factory=dict)

    def get(self, key: str) -> Fact[T]:
        """Give the outcome for one thing; `Missing` for what nobody asked about."""
        return self.by_id.get(key.rstrip("/").lower(), Missing(key))

    def known(self) -> Iterator[T]:
        """Give the things that could be read."""
        return (fact.value for fact in self.by_id.values() if isinstance(fact, Known))

    def unread(self) -> Iterator[tuple[str, NotKnown]]:
        """Give key and outcome of those that could not."""
        return ((key, fact) for key, fact in self.by_id.items() if not isinstance(fact, Known))
