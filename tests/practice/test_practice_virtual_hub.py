"""A secured hub: a network is attached to it, and its firewall stands where no peering of the network leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from practice_calls import call, get

from core.practice import network_ids as ids
from core.practice.base import BASES
from core.practice.base_virtual_hub import FIREWALL_INSIDE
from core.practice.simulator import Simulator

VERSION = "?api-version=2025-05-01"


@pytest.fixture
def simulator(clock: Callable[[], datetime]) -> Simulator:
    return Simulator(BASES["secured-hub"](clock))


def test_an_attached_network_peers_with_one_that_nobody_can_read(simulator: Simulator) -> None:
    (connection,) = get(simulator, f"{ids.VIRTUAL_HUB}/hubVirtualNetworkConnections{VERSION}")["value"]
    assert connection["properties"]["remoteVirtualNetwork"]["id"] == ids.NODE_NETWORK
    (half,) = get(simulator, f"{ids.NODE_NETWORK}/virtualNetworkPeerings{VERSION}")["value"]
    remote = half["properties"]["remoteVirtualNetwork"]["id"]
    assert remote.rpartition("/")[2].startswith("HV_vhub-we_")
    assert half["properties"]["useRemoteGateways"]
    assert call(simulator, remote + VERSION).status in (403, 404)


def test_the_hub_and_its_firewall_name_each_other_and_the_nodes_leave_by_it(simulator: Simulator) -> None:
    hub = get(simulator, ids.VIRTUAL_HUB + VERSION)["properties"]
    firewall = get(simulator, hub["azureFirewall"]["id"] + VERSION)["properties"]
    assert firewall["virtualHub"]["id"] == ids.VIRTUAL_HUB
    assert firewall["hubIPAddresses"]["privateIPAddress"] == FIREWALL_INSIDE
    table = get(simulator, ids.NODE_SUBNET + VERSION)["properties"]["routeTable"]["id"]
    (route,) = get(simulator, table + VERSION)["properties"]["routes"]
    assert route["properties"]["nextHopIpAddress"] == FIREWALL_INSIDE
