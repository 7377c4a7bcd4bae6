"""Whether a hub carries traffic between two virtual networks that have no peering of their own.

It takes a route from the one to a firewall or another appliance in the hub, and peerings of both with the hub that
let forwarded traffic through.
https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview#service-chaining
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.facts.items import Items
from core.facts.networks import Peering, VirtualNetwork
from core.network.addresses import contains
from core.network.next_hop import Hop, HopType, has_gateway
from core.network.peering import Link, Side, by_virtual_hub, halves, hubs, link


class Transit(StrEnum):
    """What stands between two networks without a peering of their own.

    `NO_HUB`: nothing connects them. `NO_ROUTE`: they share a hub, and no route leads there. `HUB_LINK`: a peering
    with the hub is not in order. `DROPPED`: a route of the nodes leads elsewhere. `NOT_FORWARDED`: a peering with it
    does not let forwarded traffic through. `ROUTED`: a route leads to an appliance, and nothing that can be seen
    stops the traffic on the way there. `VIRTUAL_WAN`: a hub of Virtual WAN decides.
    """

    NO_HUB = "no-hub"
    NO_ROUTE = "no-route"
    DROPPED = "dropped"
    HUB_LINK = "hub-link"
    NOT_FORWARDED = "not-forwarded"
    ROUTED = "routed"
    VIRTUAL_WAN = "virtual-wan"


@dataclass(frozen=True, slots=True)
class Crossing:
    """How it stands. `hub` is the shared network where one matters, `gateway` whether a gateway may know a way.

    `broken` are the two networks whose peering is not in order (`HUB_LINK`), `closed` the halves that do not let
    forwarded traffic through (`NOT_FORWARDED`), `appliance` the address that the route names (`ROUTED`).
    """

    transit: Transit
    hub: Side | None = None
    broken: tuple[Side, Side] | None = None
    closed: tuple[Peering, ...] = ()
    appliance: str | None = None
    gateway: bool = False


def crossing(near: Side, far: Side, networks: Items[VirtualNetwork], hops: Iterable[Hop]) -> Crossing:
    """Say how traffic of the near network comes to the far one. `hops` are the next ones to its addresses."""
    hops = tuple(hops)
    shared = hubs(near, far, networks)
    gateway = any(hop.type is HopType.GATEWAY for hop in hops)
    if _virtual_wan(near) and (far.network is None or _virtual_wan(far)):
        return Crossing(Transit.VIRTUAL_WAN, gateway=gateway)
    appliances = {hop.address for hop in hops if hop.type is HopType.APPLIANCE and hop.address}
    if not appliances or any(hop.type not in (HopType.APPLIANCE, HopType.GATEWAY) for hop in hops):
        if not shared:
            return Crossing(Transit.NO_HUB, gateway=gateway)
        dropped = any(hop.route is not None and hop.type in (HopType.NONE, HopType.INTERNET) for hop in hops)
        return Crossing(Transit.DROPPED if dropped else Transit.NO_ROUTE, shared[0], gateway=gateway)
    appliance = min(appliances)
    hub = next((one for one in shared if contains(one.prefixes, appliance)), None)
    if hub is None:
        isolated = far.network is not None and _is_isolated(far.network)
        return Crossing(Transit.NO_HUB if isolated else Transit.ROUTED, appliance=appliance, gateway=gateway)
    return _through(near, far, hub, appliance, gateway)


def _through(near: Side, far: Side, hub: Side, appliance: str, gateway: bool) -> Crossing:
    closed: list[Peering] = []
    for side in (near, far):
        if side.network is None and hub.network is None:
            continue
        if link(Side(side.network_id, side.network), Side(hub.network_id, hub.network)) is not Link.CONNECTED:
            return Crossing(Transit.HUB_LINK, hub, (side, hub), appliance=appliance, gateway=gateway)
        own = halves(side, hub).near
        if own is not None and not own.allows_forwarded:
            closed.append(own)
    if closed:
        return Crossing(Transit.NOT_FORWARDED, hub, closed=tuple(closed), appliance=appliance, gateway=gateway)
    return Crossing(Transit.ROUTED, hub, appliance=appliance, gateway=gateway)


def _virtual_wan(side: Side) -> bool:
    return side.network is not None and by_virtual_hub(side.network)


def _is_isolated(network: VirtualNetwork) -> bool:
    connected = (half for half in network.peerings if half.state.lower() == "connected")
    return not any(connected) and not has_gateway(network)
