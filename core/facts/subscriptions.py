"""Subscriptions and the directories that they belong to.

https://learn.microsoft.com/rest/api/resources/subscriptions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """One visible subscription. `tenant_id` is its home directory, also when it is managed from another one."""

    id: str
    name: str
    state: str
    tenant_id: str | None
    managed_by_tenants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All subscriptions that the signed-in user sees, by lower-cased id."""

    by_id: Mapping[str, Subscription]

    def find(self, subscription_id: str) -> Subscription | None:
        """Give the subscription with this id, whatever its casing, or None where it is not visible."""
        return self.by_id.get(subscription_id.lower())
