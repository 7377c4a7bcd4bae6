"""When something was done to a resource, by Azure's activity log.

https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from azure.core.exceptions import DeserializationError
from azure.core.rest import HttpRequest

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import listed, moment, part, text
from core.facts.resource_id import ResourceId

READ_ACTIVITY = "Microsoft.Insights/eventtypes/values/read"

KEPT_DAYS = 89
"""How far back the activity log can be asked; Azure keeps 90 days and refuses a longer stretch."""


def last_done(azure: Azure, resource: ResourceId, operation: str, now: datetime, days: int) -> datetime | None:
    """Find out when an operation on a resource last succeeded; None where it did not in that many days.

    The log goes from the newest event back: no page is asked for behind the one with the operation.
    Raises NotRead and Cancelled.
    """
    since = (now.astimezone(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    which = quote(f"eventTimestamp ge '{since}' and resourceUri eq '{resource.text}'", safe="")
    url = (
        f"{azure.cloud.arm_endpoint.rstrip('/')}/subscriptions/{resource.subscription_id}"
        "/providers/Microsoft.Insights/eventtypes/management/values"
        f"?api-version=2015-04-01&$filter={which}&$select=eventTimestamp,operationName,status"
    )

    def call() -> datetime | None:
        client = azure.container_registry(resource.subscription_id)
        seen: set[str] = set()
        page: str | None = url
        while page is not None:
            if page in seen:
                raise DeserializationError("The pages of the answer lead back to an earlier one.")
            seen.add(page)
            response = client.send_request(HttpRequest("GET", page))
            response.raise_for_status()
            answer = response.json()
            found = _last(listed(part(answer, "value")), operation)
            if found is not None:
                return found
            page = text(answer, "nextLink")
        return None

    return ask(READ_ACTIVITY, f"/subscriptions/{resource.subscription_id}", call)


def _last(events: Iterable[object], operation: str) -> datetime | None:
    times = [
        moment(event, "eventTimestamp")
        for event in events
        if (text(event, "operationName", "value") or "").lower() == operation.lower()
        and (text(event, "status", "value") or "succeeded").lower() == "succeeded"
    ]
    return max((time for time in times if time is not None), default=None)
