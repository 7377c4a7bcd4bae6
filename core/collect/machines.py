"""The machines of a cluster's node pools.

https://learn.microsoft.com/rest/api/compute/virtual-machine-scale-sets/list,
https://learn.microsoft.com/rest/api/compute/virtual-machines/list
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, key_of
from core.collect.endpoints import READ_INTERFACES
from core.collect.reading import entries, entry, listed, number, part, parts, required, text
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing, NotKnown, Trouble, Unavailable
from core.facts.networks import ScaleSet

READ_SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets/read"
READ_MACHINES = "Microsoft.Compute/virtualMachines/read"

_POOL_TAGS = ("aks-managed-poolName", "poolName", "karpenter.sh_nodepool")
"""What AKS writes on the machines of a pool: today, formerly, and where it provisions nodes by itself."""

_STAND_ALONE = ("virtualmachines", "availabilityset")


def scale_sets(azure: Azure, cluster: Cluster) -> tuple[ScaleSet, ...]:
    """Read the scale sets and the stand-alone machines of all pools, both lists at the same time.

    There are no machines while the cluster has no node resource group. Others in that group are no nodes. The network
    interfaces of stand-alone machines are listed only where there are such machines.
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
    """The stand-alone machines of each pool; those with the same identities and groups stand together."""

    def call() -> list[_Machine]:
        found = listed(azure.compute(cluster.subscription_id).virtual_machines.list(group))
        return [_machine(pool, model) for pool, model in _of_pools(found)]

    machines = ask(READ_MACHINES, scope_of_nodes(cluster), call)
    if not machines:
        return []
    interfaces = _interfaces(azure, cluster, group)
    alike: dict[_Kind, list[ScaleSet]] = {}
    for machine in machines:
        one = _on_interfaces(machine, interfaces)
        alike.setdefault(_kind(one), []).append(one)
    return [_together(same) for same in alike.values()]


def _together(machines: Sequence[ScaleSet]) -> ScaleSet:
    """Machines that are alike as one; only their names and their public addresses differ."""
    return replace(
        machines[0],
        name=", ".join(one.name for one in machines),
        capacity=len(machines),
        public_address_ids=distinct(id_ for one in machines for id_ in one.public_address_ids),
    )


@dataclass(frozen=True, slots=True)
class _Machine:
    pool: str
    name: str
    identity_ids: tuple[str, ...]
    interface_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Interface:
    """The ids of the groups and of the public addresses that one network interface carries."""

    security_groups: tuple[str, ...]
    application_groups: tuple[str, ...]
    public_addresses: tuple[str, ...]


_Kind = tuple[str, frozenset[str], frozenset[str], frozenset[str], NotKnown | None]
"""What machines that stand together have in common: pool, identities, groups, and why these are not known."""


def _machine(pool: str, model: object) -> _Machine:
    interfaces = parts(model, "properties", "networkProfile", "networkInterfaces")
    ids = distinct(text(one, "id") for one in interfaces)
    return _Machine(pool, required(model, "name"), _identity_ids(model), ids)


def _interfaces(azure: Azure, cluster: Cluster, group: str) -> Fact[Mapping[str, _Interface]]:
    """The interfaces in the node resource group by their keys, in one list."""

    def call() -> dict[str, _Interface]:
        found = listed(azure.network(cluster.subscription_id).network_interfaces.list(group))
        return {key_of(required(model, "id")): _interface(model) for model in found}

    return outcome_of(lambda: ask(READ_INTERFACES, scope_of_nodes(cluster), call))


def _interface(model: object) -> _Interface:
    properties = part(model, "properties")
    configurations = [part(one, "properties") for one in parts(properties, "ipConfigurations")]
    groups = (group for one in configurations for group in parts(one, "applicationSecurityGroups"))
    return _Interface(
        security_groups=distinct((text(properties, "networkSecurityGroup", "id"),)),
        application_groups=distinct(text(group, "id") for group in groups),
        public_addresses=distinct(text(one, "publicIPAddress", "id") for one in configurations),
    )


def _on_interfaces(machine: _Machine, interfaces: Fact[Mapping[str, _Interface]]) -> ScaleSet:
    bare = ScaleSet(machine.pool, machine.name, machine.identity_ids, capacity=1, stand_alone=True)
    if not isinstance(interfaces, Known):
        return replace(bare, interfaces_unread=interfaces)
    if not machine.interface_ids:
        odd = Unavailable(Trouble.BAD_ANSWER, "The answer names no network interface of a machine.")
        return replace(bare, interfaces_unread=odd)
    own = [interfaces.value.get(key_of(id_)) for id_ in machine.interface_ids]
    known = [one for one in own if one is not None]
    return replace(
        bare,
        security_group_ids=distinct(id_ for one in known for id_ in one.security_groups),
        application_group_ids=distinct(id_ for one in known for id_ in one.application_groups),
        public_address_ids=distinct(id_ for one in known for id_ in one.public_addresses),
        interfaces_unread=None if len(known) == len(own) else Missing(machine.interface_ids[own.index(None)]),
    )


def _kind(one: ScaleSet) -> _Kind:
    ids = (one.identity_ids, one.security_group_ids, one.application_group_ids)
    identities, security, application = (frozenset(key_of(id_) for id_ in own) for own in ids)
    return one.pool, identities, security, application, one.interfaces_unread


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
