"""The managed identities of a cluster, the ones that its nodes carry, and the one that a registry reads its key with.

https://learn.microsoft.com/azure/aks/managed-identity-overview
"""

from __future__ import annotations

from dataclasses import dataclass

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import taken_apart
from core.collect.machines import scope_of_nodes
from core.collect.reading import flag, listed, parts, required, text
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import ManagedIdentity, NodeGroup, NodeIdentities
from core.facts.networks import ScaleSet
from core.facts.registry import Registry

READ_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities/read"
READ_INSTANCES = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read"


def kubelet_managed_identity(azure: Azure, cluster: Cluster) -> ManagedIdentity | None:
    """Read the kubelet identity as it exists now; None where the cluster names none, or uses a service principal."""
    kubelet = cluster.kubelet_identity
    if not cluster.uses_managed_identity or kubelet is None or kubelet.resource_id is None:
        return None
    return _identity(azure, kubelet.resource_id)


def key_identity(azure: Azure, registry: Registry) -> ManagedIdentity | None:
    """Read the identity that the registry reads its encryption key with, as it exists now.

    None where the registry has no key of its own, or reads it with no user-assigned identity that it has.
    """
    named = registry.key_identity_id
    return None if named is None else _identity(azure, named)


def node_group_identities(azure: Azure, cluster: Cluster) -> tuple[ManagedIdentity, ...]:
    """List the user-assigned identities in the node resource group; none while the cluster has no such group."""
    group = cluster.node_resource_group
    if group is None:
        return ()

    def call() -> tuple[ManagedIdentity, ...]:
        client = azure.managed_identity(cluster.subscription_id)
        found = listed(client.user_assigned_identities.list_by_resource_group(group))
        return tuple(to_managed_identity(model) for model in found)

    return ask(READ_IDENTITIES, scope_of_nodes(cluster), call)


def node_identities(azure: Azure, cluster: Cluster, scale_sets: tuple[ScaleSet, ...]) -> NodeIdentities:
    """Say which identities the machines of each pool carry.

    The instances of every scale set that has any are listed at the same time; refused ones leave the rest known.
    """
    running = [one.name for one in scale_sets if one.capacity != 0 and not one.stand_alone]
    found = dict(zip(running, azure.map(lambda name: _instances(azure, cluster, name), running), strict=True))
    refused = (outcome for outcome in found.values() if not isinstance(outcome, Known))
    return NodeIdentities(
        groups=tuple(_node_group(one, found.get(one.name)) for one in scale_sets),
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
class _Instance:
    """One instance of a scale set; `trouble` is its state where it does not run or could not be made."""

    name: str
    stale: bool
    trouble: str | None


def _identity(azure: Azure, named: str) -> ManagedIdentity:
    """Read the user-assigned identity that a resource names. Raises NotRead and Cancelled."""

    def call() -> ManagedIdentity:
        id_ = taken_apart(named)
        client = azure.managed_identity(id_.subscription_id)
        return to_managed_identity(client.user_assigned_identities.get(id_.resource_group, id_.name))

    return ask(READ_IDENTITIES, named, call)


def _node_group(machines: ScaleSet, found: Fact[tuple[_Instance, ...]] | None) -> NodeGroup:
    instances = found.value if isinstance(found, Known) else ()
    return NodeGroup(
        machines.pool,
        machines.name,
        machines.identity_ids,
        stale_instances=tuple(one.name for one in instances if one.stale),
        idle_instances=tuple((one.name, one.trouble) for one in instances if one.trouble is not None),
    )


def _instances(azure: Azure, cluster: Cluster, scale_set: str) -> Fact[tuple[_Instance, ...]]:
    """The instances of a scale set; old and flexible ones do not say whether they run its latest model."""

    def call() -> tuple[_Instance, ...]:
        client = azure.compute(cluster.subscription_id)
        group = str(cluster.node_resource_group)
        found = listed(client.virtual_machine_scale_set_vms.list(group, scale_set, expand="instanceView"))
        return tuple(
            _Instance(
                name=text(model, "name") or text(model, "instanceId") or scale_set,
                stale=flag(model, "properties", "latestModelApplied") is False,
                trouble=_trouble(model),
            )
            for model in found
        )

    scope = f"{scope_of_nodes(cluster)}/providers/Microsoft.Compute/virtualMachineScaleSets/{scale_set}"
    return outcome_of(lambda: ask(READ_INSTANCES, scope, call))


def _trouble(model: object) -> str | None:
    """What the instance view says against an instance; None where it runs, or where Azure does not tell.

    https://learn.microsoft.com/azure/virtual-machines/states-billing
    """
    codes = [text(status, "code") or "" for status in parts(model, "properties", "instanceView", "statuses")]
    states = [code.lower().partition("/")[::2] for code in codes]
    if any(kind == "provisioningstate" and state.startswith("failed") for kind, state in states):
        return "failed"
    return next((state for kind, state in states if kind == "powerstate" and state != "running"), None)
