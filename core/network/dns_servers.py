"""Which DNS servers the nodes of a network ask, and whose zone links count for each of them.

Nodes use the servers of their virtual network; kubelet and containerd never ask CoreDNS.
https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.fact import Fact, Known, NotKnown, Trouble, Unavailable
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.private_dns import DnsServer, ServerKind

AZURE_DNS = "168.63.129.16"
"""Azure's own DNS server, from inside of every virtual network.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""


@dataclass(frozen=True, slots=True)
class Resolver:
    """One server that nodes ask. `server` is None for Azure's own DNS where no custom server is set.

    `network_id` is the network whose zone links count, None where `why` says that it cannot be told.
    """

    kind: ServerKind
    server: str | None = None
    network_id: str | None = None
    why: NotKnown | None = None


def outside(detail: str) -> Unavailable:
    """The outcome for what stands outside of what Azure tells."""
    return Unavailable(Trouble.OUTSIDE, detail)


def resolvers(
    network_id: str,
    network: Fact[VirtualNetwork],
    servers: Fact[Items[DnsServer]],
    firewalls: Fact[Items[Firewall]],
) -> tuple[Resolver, ...]:
    """Give every server that nodes of a network may ask, in their order."""
    if not isinstance(network, Known):
        return (Resolver(ServerKind.AZURE, why=network),)
    if not network.value.dns_servers:
        return (Resolver(ServerKind.AZURE, network_id=network_id),)
    return tuple(
        resolver
        for address in network.value.dns_servers
        for resolver in _server(address, network_id, servers, firewalls)
    )


def _server(
    address: str, asks_from: str, servers: Fact[Items[DnsServer]], firewalls: Fact[Items[Firewall]]
) -> tuple[Resolver, ...]:
    if address == AZURE_DNS:
        return (Resolver(ServerKind.AZURE, address, asks_from),)
    found = servers.value.get(address) if isinstance(servers, Known) else servers
    if not isinstance(found, Known):
        return (Resolver(ServerKind.OUTSIDE, address, why=found),)
    server = found.value
    match server.kind:
        case ServerKind.OUTSIDE:
            return (Resolver(server.kind, address, why=outside(address)),)
        case ServerKind.AZURE:
            return (Resolver(server.kind, address, asks_from),)
        case ServerKind.FIREWALL_WITHOUT_PROXY:
            return (Resolver(server.kind, address, server.network_id),)
        case ServerKind.FIREWALL:
            return _behind_firewall(server, servers, firewalls)
    if server.network_id is None:
        return (Resolver(server.kind, address, why=outside(address)),)
    return (Resolver(server.kind, address, server.network_id),)


def _behind_firewall(
    server: DnsServer, servers: Fact[Items[DnsServer]], firewalls: Fact[Items[Firewall]]
) -> tuple[Resolver, ...]:
    """A firewall asks the servers of its policy, or Azure's DNS out of its own network.

    https://learn.microsoft.com/azure/firewall/dns-settings
    """
    own = Resolver(server.kind, server.address, server.network_id)
    if server.network_id is None:
        return (Resolver(server.kind, server.address, why=outside(server.address)),)
    firewall = firewalls.value.get(server.resource_id or "") if isinstance(firewalls, Known) else firewalls
    if not isinstance(firewall, Known) or not isinstance(firewall.value.policy, Known):
        return (own,)
    further = firewall.value.policy.value.dns_servers
    if not further:
        return (own,)
    return tuple(
        Resolver(server.kind, server.address, resolver.network_id, resolver.why)
        for address in further
        if address != server.address
        for resolver in _server(address, server.network_id, servers, Known(Items()))
    )
