"""The virtual networks between the nodes and the registry.

https://learn.microsoft.com/azure/aks/configure-azure-cni
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask
from core.collect.each import each, key_of, parent_of
from core.collect.holders import custom_servers, holder_of
from core.collect.machine_subnets import subnets_of_machines
from core.collect.machines import scope_of_nodes
from core.collect.reading import listed
from core.collect.virtual_networks import READ_NETWORKS, read_virtual_network, to_virtual_network
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known, Missing
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Subnet, VirtualNetwork
from core.network.peering import is_virtual_hub

_AKS_SUBNET = "aks-subnet"
"""What AKS calls the nodes' subnet in a network that it makes."""


def managed_networks(azure: Azure, cluster: Cluster) -> tuple[VirtualNetwork, ...]:
    """List the networks that AKS made for the nodes; nothing is asked where every pool has a subnet of its own."""
    group = cluster.node_resource_group
    if group is None or (cluster.agent_pools and all(pool.subnet_id for pool in cluster.agent_pools)):
        return ()

    def call() -> tuple[VirtualNetwork, ...]:
        client = azure.network(cluster.subscription_id)
        return tuple(to_virtual_network(azure, model) for model in listed(client.virtual_networks.list(group)))

    return ask(READ_NETWORKS, scope_of_nodes(cluster), call)


def node_subnets(
    azure: Azure, cluster: Cluster, managed_networks: tuple[VirtualNetwork, ...]
) -> tuple[NodeSubnet, ...]:
    """Say in which subnets the nodes sit; a cluster that shows no pools has its nodes in the network that AKS made.

    A subnet whose pools have no node, stopped or scaled to none, is where nobody pulls: it is left out. The machines
    are looked at only where AKS should have made a network and there is none; Missing where there are none, either.
    """
    made = _made_by_aks(managed_networks)
    pools: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    shown: list[tuple[str | None, str | None]] = [(pool.name, pool.subnet_id) for pool in cluster.pools_with_nodes]
    for name, subnet_id in shown or [(None, None)]:
        id_ = subnet_id or (made.id if made else None)
        if id_ is not None:
            spelled.setdefault(key_of(id_), id_)
            pools.setdefault(key_of(id_), []).extend([name] if name else [])
    found = [
        NodeSubnet(spelled[key], network, tuple(names))
        for key, names in pools.items()
        if (network := parent_of(spelled[key])) is not None
    ]
    if not found:
        names = tuple(name for name, _ in shown if name)
        ids = subnets_of_machines(azure, cluster)
        found = [NodeSubnet(id_, network, names) for id_ in ids if (network := parent_of(id_)) is not None]
    if not found:
        raise NotRead(Missing(f"{scope_of_nodes(cluster)}/providers/Microsoft.Network/virtualNetworks"))
    return tuple(found)


def node_networks(
    azure: Azure, node_subnets: tuple[NodeSubnet, ...], managed_networks: tuple[VirtualNetwork, ...]
) -> Items[VirtualNetwork]:
    """Read the networks that the nodes sit in; those that AKS made were read already."""
    known: dict[str, Fact[VirtualNetwork]] = {key_of(one.id): Known(one) for one in managed_networks}
    ids = [one.network_id for one in node_subnets]
    here = {key_of(id_) for id_ in ids}
    rest = _read(azure, (id_ for id_ in ids if key_of(id_) not in known))
    return Items({**{key: one for key, one in known.items() if key in here}, **rest.by_id})


def endpoint_networks(
    azure: Azure, node_networks: Items[VirtualNetwork], private_endpoints: Fact[Items[PrivateEndpoint]]
) -> Items[VirtualNetwork]:
    """Read the networks of the registry's endpoints that are not the nodes' own.

    Where the nodes have an approved endpoint in their own or a directly peered network, only those networks are read:
    a registry may have endpoints in 200 networks that have nothing to do with these nodes.
    """
    endpoints = list(private_endpoints.value.known()) if isinstance(private_endpoints, Known) else []
    wanted: list[str] = []
    for outcome in node_networks.by_id.values():
        near = _near(outcome.value, endpoints) if isinstance(outcome, Known) else []
        wanted += [one.network_id for one in near or endpoints]
    return _read(azure, (id_ for id_ in wanted if key_of(id_) not in node_networks.by_id))


def networks(
    azure: Azure,
    node_networks: Items[VirtualNetwork],
    endpoint_networks: Items[VirtualNetwork],
    hop_addresses: tuple[str, ...],
) -> Items[VirtualNetwork]:
    """Add to the nodes' and the endpoints' networks those that stand between them.

    These are the hubs that both peer with, where they do not peer with each other, and the peers that hold a DNS
    server or a next hop of the nodes. No other peer is read: a hub may have 500.
    """
    between: list[str] = []
    for here in node_networks.known():
        between += (hub for there in endpoint_networks.known() for hub in _hubs(here, there))
        holders = (holder_of(address, (here,)) for address in (*hop_addresses, *custom_servers((here,))))
        between += (id_ for id_ in holders if id_ is not None and not is_virtual_hub(id_))
    known = {**node_networks.by_id, **endpoint_networks.by_id}
    return Items({**known, **_read(azure, (id_ for id_ in between if key_of(id_) not in known)).by_id})


def subnets_of_nodes(
    node_subnets: Iterable[NodeSubnet], node_networks: Items[VirtualNetwork]
) -> Iterator[tuple[NodeSubnet, Fact[Subnet]]]:
    """The nodes' subnets as their networks show them; one that is not there is Missing."""
    for where in node_subnets:
        network = node_networks.get(where.network_id)
        yield where, subnet_in(network.value, where.subnet_id) if isinstance(network, Known) else network


def subnet_in(network: VirtualNetwork, subnet_id: str) -> Fact[Subnet]:
    """A subnet of a network by its id."""
    found = (one for one in network.subnets if key_of(one.id) == key_of(subnet_id))
    return next((Known(one) for one in found), Missing(subnet_id))


def _read(azure: Azure, ids: Iterable[str]) -> Items[VirtualNetwork]:
    return each(azure, ids, READ_NETWORKS, lambda id_: read_virtual_network(azure, id_))


def _made_by_aks(managed_networks: tuple[VirtualNetwork, ...]) -> Subnet | None:
    subnets = [subnet for network in managed_networks for subnet in network.subnets]
    named = (subnet for subnet in subnets if subnet.name.lower() == _AKS_SUBNET)
    return next(named, subnets[0] if subnets else None)


def _near(network: VirtualNetwork, endpoints: Iterable[PrivateEndpoint]) -> list[PrivateEndpoint]:
    """The approved endpoints in a network and in those that it peers with."""
    here = {key_of(network.id), *_peers(network)}
    return [
        one
        for one in endpoints
        if key_of(one.network_id) in here and (one.status or "Approved").lower() == "approved"
    ]


def _hubs(here: VirtualNetwork, there: VirtualNetwork) -> list[str]:
    """The networks that two networks both peer with, none where they peer with each other."""
    peers = _peers(here)
    if key_of(there.id) in peers:
        return []
    return [peers[key] for key in _peers(there) if key in peers and not is_virtual_hub(peers[key])]


def _peers(network: VirtualNetwork) -> dict[str, str]:
    return {key_of(one.remote_network_id): one.remote_network_id for one in network.peerings}
