"""The machines of a cluster's node pools.

https://learn.microsoft.com/rest/api/compute/virtual-machine-scale-sets/list
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.each import distinct
from core.collect.reading import entries, entry, listed, number, part, parts, required, text
from core.facts.cluster import Cluster
from core.facts.networks import ScaleSet

READ_SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets/read"
READ_MACHINES = "Microsoft.Compute/virtualMachines/read"

_POOL_TAGS = ("aks-managed-poolName", "poolName", "karpenter.sh_nodepool")
"""What AKS writes on the machines of a pool: today, formerly, and where it provisions nodes by itself."""

_STAND_ALONE = ("virtualmachines", "availabilityset")


def scale_sets(azure: Azure, cluster: Cluster) -> tuple[ScaleSet, ...]:
    """Read the scale sets and the stand-alone machines of all pools, both lists at the same time.

    There are no machines while the cluster has no node resource group. Others in that group are no nodes.
    """
    group = cluster.node_resource_group
    if group is None:
        return ()
    lists: list[Callable[[], list[ScaleSet]]] = [lambda: _scale_sets(azure, cluster, group)]
    if _may_have_stand_alone_machines(cluster):
        lists.append(lambda: _stand_alone_machines(azure, cluster, group))
    return tuple(one for found in azure.map(lambda read: read(), lists) for one in found)


def scope_of_nodes(cluster: Cluster) -> str:
    """The id of the resource group that AKS made for the nodes."""
    return f"/subscriptions/{cluster.subscription_id}/resourceGroups/{cluster.node_resource_group}"


def to_scale_set(pool: str, model: object) -> ScaleSet:
    """Read a scale set off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no name.
    """
    profile = part(model, "properties", "virtualMachineProfile", "networkProfile")
    interfaces = [part(one, "properties") for one in parts(profile, "networkInterfaceConfigurations")]
    addresses = [part(one, "properties") for each in interfaces for one in parts(each, "ipConfigurations")]
    groups = (group for each in addresses for group in parts(each, "applicationSecurityGroups"))
    return ScaleSet(
        pool=pool,
        name=required(model, "name"),
        identity_ids=_identity_ids(model),
        capacity=number(model, "sku", "capacity"),
        security_group_ids=distinct(text(each, "networkSecurityGroup", "id") for each in interfaces),
        application_group_ids=distinct(text(group, "id") for group in groups),
        public_addresses=any(part(each, "publicIPAddressConfiguration") is not None for each in addresses),
    )


def _scale_sets(azure: Azure, cluster: Cluster, group: str) -> list[ScaleSet]:
    def call() -> list[ScaleSet]:
        client = azure.compute(cluster.subscription_id)
        found = listed(client.virtual_machine_scale_sets.list(group))
        return [to_scale_set(pool, model) for pool, model in _of_pools(found)]

    return ask(READ_SCALE_SETS, scope_of_nodes(cluster), call)


def _stand_alone_machines(azure: Azure, cluster: Cluster, group: str) -> list[ScaleSet]:
    """The stand-alone machines of each pool; those that carry the same identities stand together."""

    def call() -> list[ScaleSet]:
        client = azure.compute(cluster.subscription_id)
        alike: dict[tuple[str, frozenset[str]], list[tuple[str, tuple[str, ...]]]] = {}
        for pool, model in _of_pools(listed(client.virtual_machines.list(group))):
            ids = _identity_ids(model)
            key = (pool, frozenset(id_.lower() for id_ in ids))
            alike.setdefault(key, []).append((required(model, "name"), ids))
        return [
            ScaleSet(
                pool=pool,
                name=", ".join(name for name, _ in machines),
                identity_ids=machines[0][1],
                capacity=len(machines),
                stand_alone=True,
            )
            for (pool, _), machines in alike.items()
        ]

    return ask(READ_MACHINES, scope_of_nodes(cluster), call)


def _of_pools(models: Iterable[object]) -> list[tuple[str, object]]:
    """Pool and answer of each that AKS tagged as a pool's."""
    tagged = ((_pool_of(model), model) for model in models)
    return [(pool, model) for pool, model in tagged if pool is not None]


def _pool_of(model: object) -> str | None:
    values = (entry(model, "tags", tag) for tag in _POOL_TAGS)
    return next((value for value in values if isinstance(value, str)), None)


def _identity_ids(model: object) -> tuple[str, ...]:
    return tuple(id_ for id_, _ in entries(model, "identity", "userAssignedIdentities"))


def _may_have_stand_alone_machines(cluster: Cluster) -> bool:
    if (cluster.node_provisioning_mode or "").lower() == "auto":
        return True
    return any(pool.type.lower() in _STAND_ALONE for pool in cluster.agent_pools)
