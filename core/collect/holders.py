"""Which network an address is in, as far as the nodes' networks and their peerings tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.facts.networks import VirtualNetwork
from core.network.addresses import contains

AZURE_DNS = "168.63.129.16"
"""https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""


def holder_of(address: str, networks: Iterable[VirtualNetwork]) -> str | None:
    """The id of the network that holds an address: one of these, else one that they peer with, else None."""
    among = list(networks)
    for network in among:
        if contains(network.prefixes, address):
            return network.id
    for network in among:
        for peering in network.peerings:
            if contains((*peering.remote_prefixes, *peering.remote_prefixes_now), address):
                return peering.remote_network_id
    return None


def custom_servers(networks: Iterable[VirtualNetwork]) -> Iterator[str]:
    """The DNS servers of networks, other than Azure's own."""
    return (server for network in networks for server in network.dns_servers if server != AZURE_DNS)
