"""Whether two virtual networks are connected: by a peering of their own, or through a hub that forwards.

Peering is not transitive: two networks that both peer with a third do not reach each other by that.
https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.facts.fact import Known
from core.facts.items import Items
from core.facts.networks import Peering, VirtualNetwork
from core.facts.resource_id import same_id
from core.network.addresses import covers


class Link(StrEnum):
    """How two networks stand to each other. `NONE`: neither has a half of a peering with the other."""

    SAME = "same"
    CONNECTED = "connected"
    NONE = "none"
    DISCONNECTED = "disconnected"
    HALF_MISSING = "half-missing"
    ACCESS_OFF = "access-off"
    OUT_OF_SYNC = "out-of-sync"
    SUBNETS_LEFT_OUT = "subnets-left-out"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two networks, as far as it could be read, and the addresses and the subnet that matter in it.

    `prefixes` are of the node subnet, or the endpoint's own addresses.
    """

    network_id: str
    network: VirtualNetwork | None
    prefixes: tuple[str, ...] = ()
    subnet: str = ""

    def halves_to(self, other: Side) -> tuple[Peering, ...]:
        """Give this side's halves of peerings with another network."""
        if self.network is None:
            return ()
        return tuple(half for half in self.network.peerings if same_id(half.remote_network_id, other.network_id))


@dataclass(frozen=True, slots=True)
class Halves:
    """The two halves between two networks, each None where there is none or its network could not be read."""

    near: Peering | None
    far: Peering | None

    def __iter__(self) -> Iterator[Peering]:
        return (half for half in (self.near, self.far) if half is not None)


def halves(near: Side, far: Side) -> Halves:
    """Give the halves between two networks: of several the one that is connected."""
    return Halves(_best(near.halves_to(far)), _best(far.halves_to(near)))


def link(near: Side, far: Side) -> Link:
    """Say how two networks stand to each other; `NONE` as well where neither could be read.

    A half that is connected says that the other one exists, whether that can be read or not.
    """
    if same_id(near.network_id, far.network_id):
        return Link.SAME
    found = halves(near, far)
    states = {half.state.lower() for half in found}
    if not states:
        return Link.NONE
    if "disconnected" in states or (found.near and found.far and states != {"connected"}):
        return Link.DISCONNECTED
    if states != {"connected"} or _lacks(near, found.near) or _lacks(far, found.far):
        return Link.HALF_MISSING
    if not all(half.allows_access for half in found):
        return Link.ACCESS_OFF
    if _leaves_out(found.near, near, far) or _leaves_out(found.far, far, near):
        return Link.SUBNETS_LEFT_OUT
    if stale(found.near, far) or stale(found.far, near):
        return Link.OUT_OF_SYNC
    return Link.CONNECTED


def stale(half: Peering | None, other: Side) -> bool:
    """Say whether a half was made or synced before the other network got the range that matters."""
    if half is None or not half.remote_prefixes or (half.sync_level or "FullyInSync").lower() == "fullyinsync":
        return False
    return not all(covers(half.remote_prefixes, prefix) for prefix in other.prefixes)


def hubs(near: Side, far: Side, networks: Items[VirtualNetwork]) -> tuple[Side, ...]:
    """Give the networks that both peer with, known or not; `prefixes` are their address spaces."""
    beside_near, beside_far = _neighbours(near, networks), _neighbours(far, networks)
    return tuple(_hub(beside_near[key], near, networks) for key in beside_near if key in beside_far)


def _hub(network_id: str, near: Side, networks: Items[VirtualNetwork]) -> Side:
    found = networks.get(network_id)
    if isinstance(found, Known):
        return Side(found.value.id, found.value, found.value.prefixes)
    hub = Side(network_id, None)
    return Side(network_id, None, tuple(prefix for half in near.halves_to(hub) for prefix in half.remote_prefixes))


def by_virtual_hub(network: VirtualNetwork) -> bool:
    """Say whether a network is attached to a hub of Virtual WAN, which forwards by routes of its own.

    https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
    """
    return any(is_virtual_hub(half.remote_network_id) for half in network.peerings)


def is_virtual_hub(network_id: str) -> bool:
    """Say whether a network is that of a virtual hub: it lives in a subscription of Microsoft's and cannot be read.

    https://learn.microsoft.com/azure/virtual-wan/virtual-wan-faq
    """
    return network_id.rpartition("/")[2].upper().startswith("HV_")


def _neighbours(side: Side, networks: Items[VirtualNetwork]) -> dict[str, str]:
    """Give the networks that a side peers with, by its own halves and by theirs: ids by lower-cased id."""
    ids = [half.remote_network_id for half in side.network.peerings] if side.network else []
    for network in networks.known():
        if any(same_id(half.remote_network_id, side.network_id) for half in network.peerings):
            ids.append(network.id)
    return {one.rstrip("/").lower(): one for one in ids}


def _best(own: Iterable[Peering]) -> Peering | None:
    order = ("connected", "initiated")
    ranked = sorted(own, key=lambda half: order.index(half.state.lower()) if half.state.lower() in order else 2)
    return ranked[0] if ranked else None


def _lacks(side: Side, half: Peering | None) -> bool:
    return side.network is not None and half is None


def _leaves_out(half: Peering | None, own: Side, other: Side) -> bool:
    """Say whether a peering of subnets does not name the subnets that matter."""
    if half is None or half.complete_networks:
        return False
    return not (_names(half.local_subnets, own) and _names(half.remote_subnets, other))


def _names(subnets: tuple[str, ...], side: Side) -> bool:
    return not side.subnet or side.subnet.lower() in (name.lower() for name in subnets)
