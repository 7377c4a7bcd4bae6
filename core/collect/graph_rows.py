"""Rows of Resource Graph over all subscriptions that the signed-in user sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from core.azure.clients import Azure
from core.azure.resource_graph import query_pages
from core.collect.asking import ask
from core.collect.reading import listed

T = TypeVar("T")

SUBSCRIPTIONS_IN_ONE_QUERY = 1000
"""https://learn.microsoft.com/azure/governance/resource-graph/troubleshoot/general"""


def graph_rows(
    azure: Azure,
    query: str,
    subscription_ids: Sequence[str],
    action: str,
    read: Callable[[list[Any]], Iterable[T]],
) -> list[T]:
    """What `read` makes of the rows of a query, over all its pages.

    `action` is the permission that makes a resource visible to it. Raises NotRead and Cancelled.
    """
    chunks = [
        subscription_ids[start : start + SUBSCRIPTIONS_IN_ONE_QUERY]
        for start in range(0, len(subscription_ids), SUBSCRIPTIONS_IN_ONE_QUERY)
    ]

    def rows(chunk: Sequence[str]) -> list[T]:
        def call() -> list[T]:
            return list(read([row for page in query_pages(azure, query, chunk) for row in listed(page)]))

        return ask(action, "/subscriptions", call)

    return [row for found in azure.map(rows, chunks) for row in found]
