"""All Azure Firewalls where one may be a next hop or a DNS server of the nodes.

https://learn.microsoft.com/rest/api/firewall/azure-firewalls/list-all
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, parent_of, taken_apart
from core.collect.firewall_rules import to_classic_groups
from core.collect.holders import custom_servers, holder_of
from core.collect.reading import entry, listed, parsed_id, part, parts, text
from core.facts.fact import Fact, Known
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.network.peering import is_virtual_hub

READ_FIREWALLS = "Microsoft.Network/azureFirewalls/read"

_DNS_PROXY = "Network.DNS.EnableProxy"


@dataclass(frozen=True, slots=True)
class ListedFirewall:
    """A firewall as a list shows it: its policy, its public addresses and its IP groups are only named.

    `firewall` has the public addresses that the list itself tells, those of a firewall in a virtual hub.
    """

    firewall: Firewall
    policy_id: str | None
    public_address_ids: tuple[str, ...]

    def at(self, address: str, network_id: str | None) -> bool:
        """Whether it has an address; networks that know nothing of each other may use the same one."""
        own = self.firewall.network_id
        elsewhere = network_id is not None and own is not None and own.lower() != network_id.lower()
        return address in self.firewall.private_addresses and not elsewhere


def firewall_lists(
    azure: Azure, node_networks: Items[VirtualNetwork], hop_addresses: tuple[str, ...]
) -> Items[tuple[ListedFirewall, ...]]:
    """List the firewalls in the subscriptions of the nodes' networks and of those that hold next hops or DNS servers.

    By lower-cased subscription id; nothing is asked where the nodes have neither.
    """
    networks = list(node_networks.known())
    addresses = appliance_addresses(node_networks, hop_addresses)
    if not addresses:
        return Items()
    holders = (holder_of(address, networks) for address in addresses)
    ids = [network.id for network in networks] + [id_ for id_ in holders if id_ and not is_virtual_hub(id_)]
    subscriptions = distinct(taken_apart(id_).subscription_id for id_ in ids)
    found = azure.map(lambda subscription: _listed(azure, subscription), subscriptions)
    return Items(dict(zip((one.lower() for one in subscriptions), found, strict=True)))


def appliance_addresses(node_networks: Items[VirtualNetwork], hop_addresses: Iterable[str]) -> tuple[str, ...]:
    """The next hops and the DNS servers of the nodes, each once."""
    return tuple(dict.fromkeys((*hop_addresses, *custom_servers(node_networks.known()))))


def firewall_at(
    address: str, network_id: str | None, firewall_lists: Items[tuple[ListedFirewall, ...]]
) -> ListedFirewall | None:
    """The firewall that has an address in a network (None: in whichever), or None."""
    return next((one for one in _all(firewall_lists) if one.at(address, network_id)), None)


def to_listed_firewall(model: object) -> ListedFirewall:
    """Read a firewall off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    configurations = [part(one, "properties") for one in parts(properties, "ipConfigurations")]
    private = [text(one, "privateIPAddress") for one in configurations]
    private.append(text(properties, "hubIPAddresses", "privateIPAddress"))
    subnets = (text(one, "subnet", "id") for one in configurations)
    public = (text(one, "address") for one in parts(properties, "hubIPAddresses", "publicIPs", "addresses"))
    firewall = Firewall(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=text(model, "location") or "",
        private_addresses=tuple(address for address in private if address),
        public_addresses=Known(tuple(address for address in public if address)),
        groups=to_classic_groups(model),
        threat_intel_mode=text(properties, "threatIntelMode"),
        dns_proxy=str(entry(properties, "additionalProperties", _DNS_PROXY)).lower() == "true",
        network_id=next((network for network in (parent_of(id_) for id_ in subnets if id_) if network), None),
    )
    return ListedFirewall(
        firewall=firewall,
        policy_id=text(properties, "firewallPolicy", "id"),
        public_address_ids=distinct(text(one, "publicIPAddress", "id") for one in configurations),
    )


def _listed(azure: Azure, subscription_id: str) -> Fact[tuple[ListedFirewall, ...]]:
    def call() -> tuple[ListedFirewall, ...]:
        found = listed(azure.network(subscription_id).azure_firewalls.list_all())
        return tuple(to_listed_firewall(model) for model in found)

    return outcome_of(lambda: ask(READ_FIREWALLS, f"/subscriptions/{subscription_id}", call))


def _all(firewall_lists: Items[tuple[ListedFirewall, ...]]) -> Iterator[ListedFirewall]:
    return (one for firewalls in firewall_lists.known() for one in firewalls)
