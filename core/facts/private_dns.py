"""Private DNS zones and the servers that nodes ask.

https://learn.microsoft.com/azure/dns/private-dns-overview
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.facts.fact import Fact, NotKnown, together


@dataclass(frozen=True, slots=True)
class ZoneLink:
    """A virtual network link. `state` is "InProgress" or "Completed"; `falls_back` means policy NxDomainRedirect."""

    id: str
    name: str
    network_id: str
    state: str | None = None
    falls_back: bool = False


@dataclass(frozen=True, slots=True)
class PrivateZone:
    """A private DNS zone that the registry's names may be answered from.

    `records` holds the addresses of the A records that were asked for, by lower-cased record name relative to the
    zone; `Missing` where there is no such record.
    """

    id: str
    name: str
    resource_group: str
    subscription_id: str
    links: Fact[tuple[ZoneLink, ...]]
    records: Mapping[str, Fact[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrivateZones:
    """Every zone for the registry's names that the signed-in user can see.

    `hidden` are ids of zones that somebody's zone group names and that could not be read, with the outcome.
    `unlisted` are subscriptions, by lower-cased id, whose zones could not be listed where Resource Graph was no help.
    """

    zones: tuple[PrivateZone, ...]
    hidden: Mapping[str, Fact[PrivateZone]] = field(default_factory=dict)
    unlisted: Mapping[str, NotKnown] = field(default_factory=dict)

    @property
    def doubt(self) -> NotKnown | None:
        """Why there may be more zones, a refusal first; None where all subscriptions were looked through."""
        return together(self.unlisted.values())


class ServerKind(StrEnum):
    """What a DNS server of a virtual network is."""

    AZURE = "azure"
    MACHINE = "machine"
    FIREWALL = "firewall"
    FIREWALL_WITHOUT_PROXY = "firewall-without-proxy"
    RESOLVER = "resolver"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class DnsServer:
    """One DNS server. `network_id` is the virtual network whose zone links count for it; None outside of Azure.

    A MACHINE has an address inside a virtual network; what it forwards to cannot be read. `unseen` says why it may be
    a firewall all the same: those of its subscription could not be listed. `resource_id` is the firewall or the
    resolver's inbound endpoint.
    """

    address: str
    kind: ServerKind
    network_id: str | None = None
    resource_id: str | None = None
    unseen: NotKnown | None = None
