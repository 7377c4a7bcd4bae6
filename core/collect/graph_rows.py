"""Rows of Resource Graph over all subscriptions that the signed-in user sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from core.azure.clients import Azure
from core.azure.resource_graph import query_pages
from core.collect.asking import NotRead, ask
from core.collect.reading import listed
from core.facts.fact import Denied

T = TypeVar("T")

SUBSCRIPTIONS_IN_ONE_QUERY = 1000
"""https://learn.microsoft.com/azure/governance/resource-graph/troubleshoot/general"""

_ROLES_HERE = re.compile(r"/subscriptions/.|/providers/Microsoft\.Management/managementGroups/.", re.IGNORECASE)
"""https://learn.microsoft.com/azure/role-based-access-control/scope-overview"""


def graph_rows(
    azure: Azure,
    query: str,
    subscription_ids: Sequence[str],
    action: str,
    read: Callable[[list[Any]], Iterable[T]],
) -> list[T]:
    """What `read` makes of the rows of a query, over all its pages.

    `action` is the permission that makes a resource visible to it. A refusal that names no subscription or
    management group, where roles are given, names all that were asked. Raises NotRead and Cancelled.
    """
    chunks = [
        subscription_ids[start : start + SUBSCRIPTIONS_IN_ONE_QUERY]
        for start in range(0, len(subscription_ids), SUBSCRIPTIONS_IN_ONE_QUERY)
    ]

    def rows(chunk: Sequence[str]) -> list[T]:
        def call() -> list[T]:
            return list(read([row for page in query_pages(azure, query, chunk) for row in listed(page)]))

        first, *rest = (f"/subscriptions/{id_}" for id_ in chunk)
        try:
            return ask(action, "/subscriptions", call)
        except NotRead as refused:
            if isinstance(refused.outcome, Denied) and not _ROLES_HERE.match(refused.outcome.scope):
                outcome = replace(refused.outcome, scope=first, also=tuple(rest))
                raise NotRead(outcome, refused.status) from refused
            raise

    return [row for found in azure.map(rows, chunks) for row in found]
