"""What stands at the addresses that the nodes' routes point to.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#custom-routes
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, key_of, parent_of, taken_apart
from core.collect.endpoints import READ_INTERFACES
from core.collect.firewall_lists import IN_HUBS, ListedFirewall, firewall_at
from core.collect.holders import holder_of
from core.collect.reading import flag, listed, part, parts, required, text
from core.facts.fact import Fact, Known, NotKnown
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.resource_id import same_id
from core.facts.routing import HopKind, NextHop
from core.network.peering import is_virtual_hub

READ_LOAD_BALANCERS = "Microsoft.Network/loadBalancers/read"


def next_hops(
    azure: Azure,
    node_networks: Items[VirtualNetwork],
    hop_addresses: tuple[str, ...],
    firewall_lists: Items[tuple[ListedFirewall, ...]],
) -> Items[NextHop]:
    """Say who has each address.

    Where no firewall has it, the network interfaces and load balancers in the subscription of the network that holds
    it are listed. An address that no known network holds, or only one that belongs to Microsoft, is not seen, unless
    the firewalls of virtual hubs could not be asked for; where a list is refused, so is the answer, unless another
    list has it.
    """
    networks = list(node_networks.known())
    found: dict[str, Fact[NextHop]] = {}
    homes: dict[str, str] = {}
    of_hubs = firewall_lists.by_id.get(IN_HUBS)
    unread = None if isinstance(of_hubs, Known) else of_hubs
    for address in hop_addresses:
        home = holder_of(address, networks)
        firewall = firewall_at(address, home, firewall_lists)
        if firewall is not None:
            network = firewall.firewall.network_id or home
            found[key_of(address)] = Known(
                NextHop(address, HopKind.FIREWALL, firewall.firewall.id, network_id=network)
            )
        elif home is None or is_virtual_hub(home):
            found[key_of(address)] = unread or Known(NextHop(address, HopKind.NOT_SEEN, network_id=home))
        else:
            homes[address] = home
    owners = _owners(azure, homes.values())
    for address, home in homes.items():
        subscription = taken_apart(home).subscription_id.lower()
        own = firewall_lists.get(subscription)
        found[key_of(address)] = _at(address, home, owners[subscription], own)
    return Items(found)


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who has an address in a network."""

    address: str
    network_id: str
    kind: HopKind
    resource_id: str
    forwards: bool | None


_Owners = Fact[Mapping[tuple[str, str], _Owner]]
"""By address and lower-cased network id."""


def _at(
    address: str, home: str, owners: tuple[_Owners, _Owners], firewalls: Fact[tuple[ListedFirewall, ...]]
) -> Fact[NextHop]:
    for known in owners:
        owner = known.value.get((address, key_of(home))) if isinstance(known, Known) else None
        if owner is not None:
            return Known(NextHop(address, owner.kind, owner.resource_id, owner.forwards, home))
    unread: NotKnown | None = next((one for one in (*owners, firewalls) if not isinstance(one, Known)), None)
    return unread or Known(
        NextHop(address, HopKind.NOTHING, network_id=home, firewalls_there=_inside(home, firewalls))
    )


def _inside(home: str, firewalls: Fact[tuple[ListedFirewall, ...]]) -> tuple[str, ...]:
    """The private addresses of the firewalls of a network."""
    known = firewalls.value if isinstance(firewalls, Known) else ()
    own = (one.firewall for one in known if one.firewall.network_id and same_id(one.firewall.network_id, home))
    return tuple(address for firewall in own for address in firewall.private_addresses)


def _owners(azure: Azure, homes: Iterable[str]) -> Mapping[str, tuple[_Owners, _Owners]]:
    """The owners of private addresses by lower-cased subscription id, each list with its outcome."""
    subscriptions = distinct(taken_apart(home).subscription_id for home in homes)
    reads: list[Callable[[], _Owners]] = []
    for subscription in subscriptions:
        reads += (_reader(azure, subscription, _interfaces), _reader(azure, subscription, _load_balancers))
    found = azure.map(lambda read: read(), reads)
    return {
        subscription.lower(): (found[2 * number], found[2 * number + 1])
        for number, subscription in enumerate(subscriptions)
    }


def _reader(azure: Azure, subscription_id: str, read: Callable[[Azure, str], list[_Owner]]) -> Callable[[], _Owners]:
    action = READ_INTERFACES if read is _interfaces else READ_LOAD_BALANCERS

    def call() -> Mapping[tuple[str, str], _Owner]:
        return {(one.address, key_of(one.network_id)): one for one in read(azure, subscription_id)}

    return lambda: outcome_of(lambda: ask(action, f"/subscriptions/{subscription_id}", call))


def _interfaces(azure: Azure, subscription_id: str) -> list[_Owner]:
    """Network interfaces; those of scale sets in uniform orchestration are not among them."""
    found = []
    for model in listed(azure.network(subscription_id).network_interfaces.list_all()):
        forwards = flag(model, "properties", "enableIPForwarding") is True
        found += _addresses(model, "ipConfigurations", HopKind.APPLIANCE, forwards)
    return found


def _load_balancers(azure: Azure, subscription_id: str) -> list[_Owner]:
    found = []
    for model in listed(azure.network(subscription_id).load_balancers.list_all()):
        found += _addresses(model, "frontendIPConfigurations", HopKind.LOAD_BALANCER, None)
    return found


def _addresses(model: object, key: str, kind: HopKind, forwards: bool | None) -> list[_Owner]:
    id_ = required(model, "id")
    found = []
    for one in parts(model, "properties", key):
        configuration = part(one, "properties")
        address, subnet = text(configuration, "privateIPAddress"), text(configuration, "subnet", "id")
        network = parent_of(subnet) if subnet else None
        if address and network:
            found.append(_Owner(address, network, kind, id_, forwards))
    return found
