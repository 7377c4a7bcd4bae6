"""The managed identities of a cluster, and the ones that its nodes carry.

https://learn.microsoft.com/azure/aks/use-managed-identity
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.reading import entries, entry, flag, listed, number, required, text
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import ManagedIdentity, NodeGroup, NodeIdentities
from core.facts.resource_id import NotAResourceId, ResourceId

READ_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities/read"
READ_SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets/read"
READ_INSTANCES = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read"
READ_MACHINES = "Microsoft.Compute/virtualMachines/read"

_POOL_TAGS = ("aks-managed-poolName", "poolName", "karpenter.sh_nodepool")
"""What AKS writes on the machines of a pool: today, formerly, and where it provisions nodes by itself."""

_STAND_ALONE = ("virtualmachines", "availabilityset")


def kubelet_managed_identity(azure: Azure, cluster: Cluster) -> ManagedIdentity | None:
    """Read the kubelet identity as it exists now; None where the cluster names none, or uses a service principal."""
    kubelet = cluster.kubelet_identity
    if not cluster.uses_managed_identity or kubelet is None or kubelet.resource_id is None:
        return None
    named = kubelet.resource_id

    def call() -> ManagedIdentity:
        try:
            id_ = ResourceId.parse(named)
        except NotAResourceId as error:
            raise DeserializationError(str(error)) from error
        client = azure.managed_identity(id_.subscription_id)
        return to_managed_identity(client.user_assigned_identities.get(id_.resource_group, id_.name))

    return ask(READ_IDENTITIES, named, call)


def node_group_identities(azure: Azure, cluster: Cluster) -> tuple[ManagedIdentity, ...]:
    """List the user-assigned identities in the node resource group; none while the cluster has no such group."""
    group = cluster.node_resource_group
    if group is None:
        return ()

    def call() -> tuple[ManagedIdentity, ...]:
        client = azure.managed_identity(cluster.subscription_id)
        found = listed(client.user_assigned_identities.list_by_resource_group(group))
        return tuple(to_managed_identity(model) for model in found)

    return ask(READ_IDENTITIES, _scope_of_nodes(cluster), call)


def node_identities(azure: Azure, cluster: Cluster) -> NodeIdentities:
    """Read which identities the machines of each pool carry.

    Scale sets and stand-alone machines are listed at the same time, then the instances of every scale set that has
    any. Refused instances leave the rest known. There are no machines while the cluster has no node resource group.
    """
    group = cluster.node_resource_group
    if group is None:
        return NodeIdentities((), Known(True))
    lists: list[Callable[[], list[_Machines]]] = [lambda: _scale_sets(azure, cluster, group)]
    if _may_have_stand_alone_machines(cluster):
        lists.append(lambda: _stand_alone_machines(azure, cluster, group))
    machines = [one for found in azure.map(lambda read: read(), lists) for one in found]
    running = [one.name for one in machines if one.has_instances]
    stale = dict(zip(running, azure.map(lambda name: _stale(azure, cluster, group, name), running), strict=True))
    refused = (outcome for outcome in stale.values() if not isinstance(outcome, Known))
    return NodeIdentities(
        groups=tuple(one.to_group(stale.get(one.name)) for one in machines),
        instances=next(refused, Known(True)),
    )


def to_managed_identity(model: object) -> ManagedIdentity:
    """Read a user-assigned identity off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    id_ = required(model, "id")
    return ManagedIdentity(
        id=id_,
        name=text(model, "name") or id_.rpartition("/")[2],
        principal_id=text(model, "principal_id"),
        client_id=text(model, "client_id"),
        tenant_id=text(model, "tenant_id"),
    )


@dataclass(frozen=True, slots=True)
class _Machines:
    """A scale set, or one stand-alone machine, of a pool."""

    pool: str
    name: str
    identity_ids: tuple[str, ...]
    has_instances: bool = False

    def to_group(self, stale: Fact[tuple[str, ...]] | None) -> NodeGroup:
        instances = stale.value if isinstance(stale, Known) else ()
        return NodeGroup(self.pool, self.name, self.identity_ids, instances)


def _scale_sets(azure: Azure, cluster: Cluster, group: str) -> list[_Machines]:
    def call() -> list[_Machines]:
        client = azure.compute(cluster.subscription_id)
        found = listed(client.virtual_machine_scale_sets.list(group))
        return [
            _Machines(pool, name, _identity_ids(model), has_instances=number(model, "sku", "capacity") != 0)
            for pool, name, model in _of_pools(found)
        ]

    return ask(READ_SCALE_SETS, _scope_of_nodes(cluster), call)


def _stand_alone_machines(azure: Azure, cluster: Cluster, group: str) -> list[_Machines]:
    """The stand-alone machines of each pool; those that carry the same identities stand together."""

    def call() -> list[_Machines]:
        client = azure.compute(cluster.subscription_id)
        alike: dict[tuple[str, frozenset[str]], list[_Machines]] = {}
        for pool, name, model in _of_pools(listed(client.virtual_machines.list(group))):
            machine = _Machines(pool, name, _identity_ids(model))
            alike.setdefault((pool, frozenset(id_.lower() for id_ in machine.identity_ids)), []).append(machine)
        return [
            _Machines(pool, ", ".join(machine.name for machine in machines), machines[0].identity_ids)
            for (pool, _), machines in alike.items()
        ]

    return ask(READ_MACHINES, _scope_of_nodes(cluster), call)


def _stale(azure: Azure, cluster: Cluster, group: str, scale_set: str) -> Fact[tuple[str, ...]]:
    """The instances of a scale set that do not run its latest model; old and flexible ones do not say."""

    def call() -> tuple[str, ...]:
        client = azure.compute(cluster.subscription_id)
        found = listed(client.virtual_machine_scale_set_vms.list(group, scale_set))
        behind = (model for model in found if flag(model, "properties", "latestModelApplied") is False)
        return tuple(text(model, "name") or required(model, "instanceId") for model in behind)

    scope = f"{_scope_of_nodes(cluster)}/providers/Microsoft.Compute/virtualMachineScaleSets/{scale_set}"
    return outcome_of(lambda: ask(READ_INSTANCES, scope, call))


def _of_pools(models: Iterable[object]) -> list[tuple[str, str, object]]:
    """Pool, name and answer of each that AKS tagged as a pool's; others in the group are no nodes."""
    tagged = ((_pool_of(model), required(model, "name"), model) for model in models)
    return [(pool, name, model) for pool, name, model in tagged if pool is not None]


def _pool_of(model: object) -> str | None:
    values = (entry(model, "tags", tag) for tag in _POOL_TAGS)
    return next((value for value in values if isinstance(value, str)), None)


def _identity_ids(model: object) -> tuple[str, ...]:
    return tuple(id_ for id_, _ in entries(model, "identity", "userAssignedIdentities"))


def _may_have_stand_alone_machines(cluster: Cluster) -> bool:
    if (cluster.node_provisioning_mode or "").lower() == "auto":
        return True
    return any(pool.type.lower() in _STAND_ALONE for pool in cluster.agent_pools)


def _scope_of_nodes(cluster: Cluster) -> str:
    return f"/subscriptions/{cluster.subscription_id}/resourceGroups/{cluster.node_resource_group}"
