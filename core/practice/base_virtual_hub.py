"""The secured hub of a base world: a hub of Virtual WAN with the spoke attached, and a firewall in it.

https://learn.microsoft.com/azure/firewall-manager/secured-virtual-hub,
https://learn.microsoft.com/rest/api/virtualwan/virtual-hubs/get
"""

from __future__ import annotations

from collections.abc import Sequence

from core.practice import network_ids as ids
from core.practice.arm_id import guid
from core.practice.base_networks import LOCATION, add_firewall_policy, route_to
from core.practice.firewall_bodies import hub_firewall_body
from core.practice.http import Json
from core.practice.network_bodies import part, peering_body, virtual_hub_body, virtual_wan_body
from core.practice.world import World

HUB_RANGE = "10.100.0.0/23"
FIREWALL_INSIDE = "10.100.0.132"
FIREWALL_EGRESS = "20.50.4.40"


def add_secured_hub(world: World, hosts: Sequence[str]) -> None:
    """A hub that the spoke is attached to; the nodes' default route leads to its firewall, which knows `hosts`.

    Attaching a network gives it half of a peering with a network of Microsoft's, which nobody else can read.
    """
    world.add_group(ids.PLATFORM, ids.HUB_GROUP, LOCATION)
    world.add_resource(virtual_wan_body(ids.VIRTUAL_WAN, LOCATION, [ids.VIRTUAL_HUB]))
    world.add_resource(
        virtual_hub_body(
            ids.VIRTUAL_HUB,
            LOCATION,
            prefix=HUB_RANGE,
            wan=ids.VIRTUAL_WAN,
            firewall=ids.VIRTUAL_HUB_FIREWALL,
        )
    )
    connection = f"{ids.VIRTUAL_HUB}/hubVirtualNetworkConnections/vnet-spoke"
    attached: Json = {
        "remoteVirtualNetwork": {"id": ids.NODE_NETWORK},
        "allowHubToRemoteVnetTransit": True,
        "allowRemoteVnetToUseHubVnetGateways": True,
        "enableInternetSecurity": True,
    }
    world.add_resource(part(connection, attached))
    own = guid("peering", connection)
    group = f"/subscriptions/{guid('subscription', 'Virtual WAN')}/resourceGroups/RG_vhub-we_{own[:8]}"
    inside: Json = {
        "id": f"{group}/providers/Microsoft.Network/virtualNetworks/HV_vhub-we_{own}",
        "properties": {"addressSpace": {"addressPrefixes": [HUB_RANGE]}},
    }
    half = f"{ids.NODE_NETWORK}/virtualNetworkPeerings/RemoteVnetToHubPeering_{own}"
    world.add_resource(peering_body(half, inside, forwarded=False, useRemoteGateways=True))
    add_firewall_policy(world, hosts)
    world.add_resource(
        hub_firewall_body(
            ids.VIRTUAL_HUB_FIREWALL,
            LOCATION,
            hub=ids.VIRTUAL_HUB,
            address=FIREWALL_INSIDE,
            public_address=FIREWALL_EGRESS,
            policy=ids.FIREWALL_POLICY,
        )
    )
    route_to(world, FIREWALL_INSIDE)
