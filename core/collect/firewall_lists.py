"""All Azure Firewalls where one may be a next hop or a DNS server of the nodes.

https://learn.microsoft.com/rest/api/firewall/azure-firewalls/list-all,
https://learn.microsoft.com/azure/firewall-manager/secured-virtual-hub
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, parent_of, taken_apart
from core.collect.firewall_rules import to_classic_groups
from core.collect.graph_rows import graph_rows
from core.collect.holders import custom_servers, holder_of
from core.collect.reading import entry, listed, parsed_id, part, parts, text
from core.facts.fact import Fact, Known
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.subscriptions import Subscriptions
from core.network.peering import by_virtual_hub, is_virtual_hub

READ_FIREWALLS = "Microsoft.Network/azureFirewalls/read"

IN_HUBS = "virtual-hubs"
"""The key, among the subscriptions' ids, of what was found in virtual hubs."""

_QUERY = "resources | where type =~ 'microsoft.network/azurefirewalls' | project id, name, location, properties"

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
    azure: Azure,
    node_networks: Items[VirtualNetwork],
    hop_addresses: tuple[str, ...],
    exit_networks: tuple[str, ...],
    subscriptions: Fact[Subscriptions],
) -> Items[tuple[ListedFirewall, ...]]:
    """List the firewalls in the subscriptions of the nodes' networks and of those that hold next hops or DNS servers.

    By lower-cased subscription id, those of networks to leave through as well; nothing is asked where there are none.
    An address in a virtual hub may be that of the hub's firewall, which stands in a subscription that no peering
    names: where it is none of those that were listed, Resource Graph is asked for the firewalls in all hubs.
    """
    networks = list(node_networks.known())
    addresses = appliance_addresses(node_networks, hop_addresses)
    if not addresses and not exit_networks:
        return Items()
    holders = {address: holder_of(address, networks) for address in addresses}
    ids = [network.id for network in networks] + [id_ for id_ in holders.values() if id_ and not is_virtual_hub(id_)]
    places = distinct(taken_apart(id_).subscription_id for id_ in (*ids, *exit_networks))
    outcomes = azure.map(lambda subscription: _listed(azure, subscription), places)
    found = Items(dict(zip((one.lower() for one in places), outcomes, strict=True)))
    attached = any(by_virtual_hub(network) for network in networks)
    open_ones = {
        address: holder
        for address, holder in holders.items()
        if firewall_at(address, holder, found) is None and _maybe_in_hub(address, holder, hop_addresses, attached)
    }
    if not open_ones:
        return found
    if not isinstance(subscriptions, Known):
        return Items({**found.by_id, IN_HUBS: subscriptions})
    visible = sorted(subscriptions.value.by_id)
    return Items({**found.by_id, IN_HUBS: outcome_of(lambda: _in_hubs(azure, visible, open_ones))})


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


def _maybe_in_hub(address: str, holder: str | None, hop_addresses: tuple[str, ...], attached: bool) -> bool:
    """Whether a virtual hub may have an address: a peering with it says so, or leaves its ranges out."""
    if holder is not None:
        return is_virtual_hub(holder)
    return attached and address in hop_addresses


def _in_hubs(
    azure: Azure, subscription_ids: Sequence[str], addresses: Mapping[str, str | None]
) -> tuple[ListedFirewall, ...]:
    """The firewalls of virtual hubs that have these addresses, where each is the only one that may be meant.

    `addresses` come with the network of the hub, whose name begins with "HV_" and the hub's own name.
    """
    rows = graph_rows(azure, _QUERY, subscription_ids, READ_FIREWALLS, lambda rows: map(_with_hub, rows))
    found: list[ListedFirewall] = []
    for address, network_id in addresses.items():
        there = [(one, hub) for one, hub in rows if hub and address in one.firewall.private_addresses]
        if len(there) > 1 and network_id is not None:
            name = network_id.rpartition("/")[2].lower()
            there = [(one, hub) for one, hub in there if name.startswith(f"hv_{hub}_")]
        if len(there) == 1:
            found.append(there[0][0])
    return tuple(found)


def _with_hub(row: object) -> tuple[ListedFirewall, str]:
    """A firewall with the lower-cased name of its hub, "" where it is in a network."""
    hub = text(row, "properties", "virtualHub", "id") or ""
    return to_listed_firewall(row), hub.rpartition("/")[2].lower()


def _all(firewall_lists: Items[tuple[ListedFirewall, ...]]) -> Iterator[ListedFirewall]:
    return (one for firewalls in firewall_lists.known() for one in firewalls)
