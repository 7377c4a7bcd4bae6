"""The public addresses that nodes have for themselves.

https://learn.microsoft.com/azure/aks/use-node-public-ips,
https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/list-virtual-machine-scale-set-public-ip-addresses
"""

from __future__ import annotations

from collections.abc import Iterable

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, key_of
from core.collect.machines import scope_of_nodes
from core.collect.public_addresses import read_public_addresses
from core.collect.reading import listed, text
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import ScaleSet

READ_NODE_ADDRESSES = "Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read"


def node_addresses(
    azure: Azure, cluster: Cluster, scale_sets: Fact[tuple[ScaleSet, ...]], pools: Iterable[str]
) -> Items[tuple[str, ...]]:
    """Read the addresses that the nodes of some pools have now, by pool; nothing is asked where there is no pool.

    One list for each scale set, one call for each machine that stands alone. Raises Cancelled.
    """
    wanted = distinct(pools)
    if not isinstance(scale_sets, Known):
        return Items(dict.fromkeys(map(key_of, wanted), scale_sets))
    of_pools = {
        key_of(pool): [one for one in scale_sets.value if key_of(one.pool) == key_of(pool)] for pool in wanted
    }
    sets = [one for own in of_pools.values() for one in own if one.public_addresses]
    lists = azure.map(lambda one: outcome_of(lambda: _of_instances(azure, cluster, one.name)), sets)
    in_sets = {one.name: found for one, found in zip(sets, lists, strict=True)}
    alone = read_public_addresses(
        azure, (id_ for own in of_pools.values() for one in own for id_ in one.public_address_ids)
    )
    return Items({pool: _together(own, in_sets, alone) for pool, own in of_pools.items()})


def _together(
    own: Iterable[ScaleSet], in_sets: dict[str, Fact[tuple[str, ...]]], alone: Items[tuple[str, ...]]
) -> Fact[tuple[str, ...]]:
    """The addresses of all machines of a pool, or why those of some are not known."""
    told: list[str] = []
    for one in own:
        if one.interfaces_unread is not None:
            return one.interfaces_unread
        outcomes = [in_sets[one.name]] if one.public_addresses else map(alone.get, one.public_address_ids)
        for outcome in outcomes:
            if not isinstance(outcome, Known):
                return outcome
            told += outcome.value
    return Known(tuple(told))


def _of_instances(azure: Azure, cluster: Cluster, name: str) -> tuple[str, ...]:
    group = cluster.node_resource_group or ""

    def call() -> tuple[str, ...]:
        client = azure.network(cluster.subscription_id).public_ip_addresses
        found = listed(client.list_virtual_machine_scale_set_public_ip_addresses(group, name))
        told = (text(one, "properties", "ipAddress") for one in found)
        return tuple(address for address in told if address is not None)

    scope = f"{scope_of_nodes(cluster)}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}"
    return ask(READ_NODE_ADDRESSES, scope, call)
