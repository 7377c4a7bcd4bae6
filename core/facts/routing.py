"""Routes, and what stands at the next hop.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Route:
    """A user-defined route.

    `prefix` is a CIDR range or a service tag; `next_hop_type` is "VirtualAppliance", "None", "Internet", "VnetLocal"
    or "VirtualNetworkGateway".
    """

    name: str
    prefix: str
    next_hop_type: str
    next_hop_address: str | None = None


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table. `gateway_routes` says whether it also takes the routes that a gateway learns."""

    id: str
    name: str
    resource_group: str
    subscription_id: str
    routes: tuple[Route, ...]
    gateway_routes: bool = True


class HopKind(StrEnum):
    """What answers at a next hop's address."""

    FIREWALL = "firewall"
    APPLIANCE = "appliance"
    LOAD_BALANCER = "load-balancer"
    NOTHING = "nothing"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, slots=True)
class NextHop:
    """Who has the address that routes point to.

    `NOTHING` means that the network of that address could be read and nobody there has it; `NOT_SEEN` that nobody who
    could be seen has it. `forwards` is whether an appliance's interface may forward packets. `firewalls_there` are
    the private addresses of the Azure Firewalls in the network of an address that nobody has.
    """

    address: str
    kind: HopKind
    resource_id: str | None = None
    forwards: bool | None = None
    network_id: str | None = None
    firewalls_there: tuple[str, ...] = ()
