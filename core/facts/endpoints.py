"""Private endpoints of the registry.

https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints/get
"""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class EndpointConnection:
    """What the registry knows of one endpoint; its `status` ("Approved", "Pending", "Rejected", "Disconnected")
    counts.

    `endpoint_id` may be in a subscription that the signed-in user cannot see.
    """

    id: str
    name: str
    status: str
    endpoint_id: str | None = None
    description: str | None = None
    provisioning_state: str | None = None


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """One private address of an endpoint, and the host names that it answers for.

    `member` is "registry" (login server), "registry_data_<region>" (layers of a region) or "registry_<region>".
    """

    address: str
    hosts: tuple[str, ...]
    member: str | None = None


@dataclass(frozen=True, slots=True)
class PrivateEndpoint:
    """A private endpoint as its own side shows it.

    `addresses` come from its network interface, or from the endpoint itself where that cannot be read; not known
    where neither tells. `application_group_ids` are the application security groups that it belongs to.
    """

    id: str
    name: str
    resource_group: str
    subscription_id: str
    location: str
    subnet_id: str
    network_id: str
    status: str | None
    addresses: Fact[tuple[EndpointAddress, ...]]
    provisioning_state: str | None = None
    application_group_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneConfig:
    """One zone that an endpoint keeps its records in: an entry of the zone group that is named `group`."""

    name: str
    zone_id: str
    group: str = "default"
