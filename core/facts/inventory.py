"""What there is to pick from: rows of the lists of clusters and registries."""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One AKS cluster. `version` and `power_state` ("Running", "Stopped") are empty where Azure does not tell."""

    id: ResourceId
    name: str
    resource_group: str
    subscription_id: str
    location: str
    version: str = ""
    power_state: str = ""


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One container registry. `sku` is "Basic", "Standard" or "Premium"; `login_server` may have another name."""

    id: ResourceId
    name: str
    resource_group: str
    subscription_id: str
    location: str
    sku: str = ""
    login_server: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything to pick from, each list by name.

    `unread` are the subscriptions whose clusters or registries could not be listed.
    """

    subscriptions: tuple[Subscription, ...]
    clusters: tuple[ClusterRow, ...]
    registries: tuple[RegistryRow, ...]
    unread: tuple[Subscription, ...] = ()
