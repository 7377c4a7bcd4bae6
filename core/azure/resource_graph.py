"""Resource Graph: one query over many subscriptions, page by page.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data#paging-results
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure

PAGE = 1000
"""Rows on one page of an answer, the service's maximum."""


def query_pages(azure: Azure, query: str, subscription_ids: Sequence[str]) -> Iterator[Any]:
    """The `data` of every page of the answer, as Azure sent it: a list of objects if all is well.

    `subscription_ids` may be 1,000 at most. Raises what the client raises, and
    azure.core.exceptions.DeserializationError where a page leads back to one that was there before.
    """
    from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

    client = azure.resource_graph()
    token: str | None = None
    seen: set[str] = set()
    while True:
        options = QueryRequestOptions(top=PAGE, skip_token=token, result_format="objectArray")
        answer = client.resources(QueryRequest(query=query, subscriptions=list(subscription_ids), options=options))
        yield getattr(answer, "data", None)
        token = getattr(answer, "skip_token", None)
        if not isinstance(token, str) or not token:
            return
        if token in seen:
            raise DeserializationError("The pages of the answer lead back to an earlier one.")
        seen.add(token)
