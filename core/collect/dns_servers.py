"""What the custom DNS servers of the nodes' networks are.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances,
https://learn.microsoft.com/azure/firewall/dns-settings, https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.azure.clients import Azure
from core.collect.asking import outcome_of
from core.collect.each import key_of, parent_of, taken_apart
from core.collect.firewall_lists import IN_HUBS, ListedFirewall, firewall_at
from core.collect.graph_rows import graph_rows
from core.collect.holders import AZURE_DNS, custom_servers, holder_of
from core.collect.reading import parts, required, text, texts
from core.collect.virtual_networks import READ_NETWORKS
from core.facts.fact import Fact, Known, NotKnown
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.private_dns import DnsServer, ServerKind
from core.facts.subscriptions import Subscriptions
from core.network.addresses import contains
from core.network.peering import is_virtual_hub

READ_RESOLVERS = "Microsoft.Network/dnsResolvers/inboundEndpoints/read"

_RESOLVERS = (
    "resources | where type =~ 'microsoft.network/dnsresolvers/inboundendpoints'"
    " | project id, configurations=properties.ipConfigurations"
)
_NETWORKS = (
    "resources | where type =~ 'microsoft.network/virtualnetworks'"
    " | project id, prefixes=properties.addressSpace.addressPrefixes"
)

_Resolvers = Mapping[str, tuple[str, str | None]]
"""An inbound endpoint's id and network id, by its address."""


def dns_servers(
    azure: Azure,
    node_networks: Items[VirtualNetwork],
    subscriptions: Fact[Subscriptions],
    firewall_lists: Items[tuple[ListedFirewall, ...]],
    firewalls: Items[Firewall],
) -> Items[DnsServer]:
    """Say what each server is; nothing is asked where the nodes' networks use Azure's own DNS.

    The servers that a firewall asks in its turn are among them.
    Resolvers are looked up for addresses that no firewall has, and all visible networks only for those that are in
    none of the nodes' networks or their peers. An address in several networks that know nothing of each other is
    taken to be outside.
    """
    networks = list(node_networks.known())
    found: dict[str, Fact[DnsServer]] = {}
    if any(AZURE_DNS in network.dns_servers for network in networks):
        found[AZURE_DNS] = Known(DnsServer(AZURE_DNS, ServerKind.AZURE))
    homes: dict[str, str | None] = {}
    for address in dict.fromkeys(custom_servers(networks)):
        homes[address] = holder_of(address, networks)
        firewall = firewall_at(address, homes[address], firewall_lists)
        if firewall is not None:
            reached = firewalls.get(firewall.firewall.id)
            found[key_of(address)] = _firewall(address, homes[address], reached)
            homes.update({further: holder_of(further, networks) for further in _asked_by(reached)})
    rest = [address for address in homes if key_of(address) not in found]
    if not rest:
        return Items(found)
    visible = sorted(subscriptions.value.by_id) if isinstance(subscriptions, Known) else []
    resolvers = outcome_of(lambda: _resolvers(azure, visible))
    for address in rest:
        resolver = resolvers.value.get(address) if isinstance(resolvers, Known) else None
        if resolver is not None:
            found[key_of(address)] = Known(DnsServer(address, ServerKind.RESOLVER, resolver[1], resolver[0]))
        elif homes[address] is not None:
            unseen = _unlisted(homes[address], firewall_lists)
            found[key_of(address)] = Known(DnsServer(address, ServerKind.MACHINE, homes[address], unseen=unseen))
    unplaced = [address for address in rest if key_of(address) not in found]
    if not isinstance(subscriptions, Known):
        found.update((key_of(address), subscriptions) for address in unplaced)
    elif unplaced:
        found.update(_elsewhere(azure, visible, unplaced))
    return Items(found)


def _unlisted(network_id: str | None, firewall_lists: Items[tuple[ListedFirewall, ...]]) -> NotKnown | None:
    """Why the firewalls where a network is could not be listed; None where they were, or none was asked for."""
    if network_id is None:
        return None
    hub = is_virtual_hub(network_id)
    outcome = firewall_lists.by_id.get(IN_HUBS if hub else taken_apart(network_id).subscription_id.lower())
    return None if outcome is None or isinstance(outcome, Known) else outcome


def _firewall(address: str, home: str | None, firewall: Fact[Firewall]) -> Fact[DnsServer]:
    """A firewall answers questions only while its policy, or the firewall itself, has the DNS proxy on."""
    if not isinstance(firewall, Known):
        return firewall
    policy = firewall.value.policy
    if policy is None:
        proxy = firewall.value.dns_proxy
    elif isinstance(policy, Known):
        proxy = policy.value.dns_proxy
    else:
        return policy
    kind = ServerKind.FIREWALL if proxy else ServerKind.FIREWALL_WITHOUT_PROXY
    return Known(DnsServer(address, kind, firewall.value.network_id or home, firewall.value.id))


def _asked_by(firewall: Fact[Firewall]) -> tuple[str, ...]:
    """The servers that a firewall's policy names, other than Azure's own DNS."""
    policy = firewall.value.policy if isinstance(firewall, Known) else None
    named = policy.value.dns_servers if isinstance(policy, Known) else ()
    return tuple(address for address in named if address != AZURE_DNS)


def _resolvers(azure: Azure, subscription_ids: Sequence[str]) -> _Resolvers:
    return dict(graph_rows(azure, _RESOLVERS, subscription_ids, READ_RESOLVERS, _inbound_endpoints))


def _inbound_endpoints(rows: Iterable[object]) -> Iterator[tuple[str, tuple[str, str | None]]]:
    for row in rows:
        for configuration in parts(row, "configurations"):
            id_, address = text(row, "id"), text(configuration, "privateIpAddress")
            if id_ and address:
                subnet = text(configuration, "subnet", "id")
                yield address, (id_, parent_of(subnet) if subnet else None)


def _elsewhere(
    azure: Azure, subscription_ids: Sequence[str], addresses: Iterable[str]
) -> Mapping[str, Fact[DnsServer]]:
    """Servers that are in none of the nodes' networks or their peers."""
    networks = outcome_of(
        lambda: graph_rows(azure, _NETWORKS, subscription_ids, READ_NETWORKS, _networks_with_prefixes)
    )
    if not isinstance(networks, Known):
        return {key_of(address): networks for address in addresses}
    found: dict[str, Fact[DnsServer]] = {}
    for address in addresses:
        holders = [id_ for id_, prefixes in networks.value if contains(prefixes, address)]
        server = (
            DnsServer(address, ServerKind.MACHINE, holders[0])
            if len(holders) == 1
            else DnsServer(address, ServerKind.OUTSIDE)
        )
        found[key_of(address)] = Known(server)
    return found


def _networks_with_prefixes(rows: Iterable[object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((required(row, "id"), texts(row, "prefixes")) for row in rows)
