"""The simulator's network resources held to what Azure really answered: keys, casing, absence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from practice_calls import get
from practice_payloads import bodies, item_keys, own_ids, recorded_ids, recorded_keys, spelling

from core.practice import network_ids as ids
from core.practice.base import BASES, PRODUCTION, app_cluster, app_registry
from core.practice.cluster_networks import security_group_id
from core.practice.simulator import Simulator

VERSION = "?api-version=2025-05-01"
NODE_GROUP = f"/subscriptions/{PRODUCTION}/resourceGroups/{app_cluster().node_group}"
NETWORK = "providers/Microsoft.Network"
ANSWERS = [
    ("virtualNetworks", "private", ids.NODE_NETWORK),
    ("virtualNetworks", "private-firewall", ids.HUB_NETWORK),
    ("virtualNetworks", "nat-gateway", f"/subscriptions/{PRODUCTION}/{NETWORK}/virtualNetworks"),
    ("virtualNetworks", "kubenet", f"{NODE_GROUP}/{NETWORK}/virtualNetworks"),
    ("subnets", "private-firewall", ids.NODE_SUBNET),
    ("subnets", "private", f"{ids.HUB_NETWORK}/subnets"),
    ("virtualNetworkPeerings", "private", ids.SPOKE_TO_HUB),
    ("virtualNetworkPeerings", "private", f"{ids.HUB_NETWORK}/virtualNetworkPeerings"),
    ("networkSecurityGroups", "kubenet", security_group_id(app_cluster())),
    ("routeTables", "kubenet", f"{NODE_GROUP}/{NETWORK}/routeTables"),
    ("routeTables", "firewall", ids.ROUTE_TABLE),
    ("publicIPAddresses", "public", f"{NODE_GROUP}/{NETWORK}/publicIPAddresses"),
    ("publicIPAddresses", "nat-gateway", ids.NAT_ADDRESS),
    ("natGateways", "nat-gateway", ids.NAT_GATEWAY),
    ("networkInterfaces", "private", f"/subscriptions/{ids.PLATFORM}/{NETWORK}/networkInterfaces"),
    ("loadBalancers", "public", f"{NODE_GROUP}/{NETWORK}/loadBalancers"),
    ("privateEndpoints", "private", ids.ENDPOINT),
    ("privateDnsZoneGroups", "private", f"{ids.ENDPOINT}/privateDnsZoneGroups"),
    ("azureFirewalls", "firewall", f"/subscriptions/{ids.PLATFORM}/{NETWORK}/azureFirewalls"),
    ("azureFirewalls", "secured-hub", ids.VIRTUAL_HUB_FIREWALL),
    ("virtualHubs", "secured-hub", ids.VIRTUAL_HUB),
    ("virtualHubs", "secured-hub", f"/subscriptions/{ids.PLATFORM}/{NETWORK}/virtualHubs"),
    ("firewallPolicies", "firewall", ids.FIREWALL_POLICY),
    ("ruleCollectionGroups", "firewall", f"{ids.FIREWALL_POLICY}/ruleCollectionGroups"),
    ("privateDnsZones", "private", f"/subscriptions/{ids.PLATFORM}/{NETWORK}/privateDnsZones"),
    ("virtualNetworkLinks", "private", f"{ids.PRIVATE_ZONE}/virtualNetworkLinks"),
    ("privateDnsRecordSets", "private", f"{ids.PRIVATE_ZONE}/ALL"),
    ("privateDnsRecordSets", "private", f"{ids.PRIVATE_ZONE}/A"),
    ("privateDnsRecordSets", "private", f"{ids.PRIVATE_ZONE}/A/contosoreg.westeurope.data"),
    (
        "acrPrivateEndpointConnections",
        "private",
        f"{app_registry(datetime(2026, 1, 1)).id}/privateEndpointConnections",  # noqa: DTZ001 - only the id is used
    ),
]


@pytest.mark.parametrize(("folder", "base", "path"), ANSWERS)
def test_a_network_resource_has_recorded_keys_and_spelling(
    folder: str, base: str, path: str, clock: Callable[[], datetime]
) -> None:
    simulator = Simulator(BASES[base](clock))
    ours = get(simulator, path + VERSION)
    assert list(own_ids(ours))
    unknown = item_keys(ours) - recorded_keys(folder) - {"value"}
    assert not unknown
    assert not simulator.unknown
    recorded = {body.get("type") for found in bodies(folder) for body in found.get("value", [found])}
    assert {body["type"] for body in ours.get("value", [ours])} <= recorded
    spellings = {spelling(each) for each in own_ids(ours)}
    assert spellings <= recorded_ids(folder, own_ids)
