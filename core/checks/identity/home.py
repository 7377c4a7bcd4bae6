"""Which directories a cluster and a registry belong to, and what says so."""

from __future__ import annotations

from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, NotKnown, Unavailable
from core.facts.identities import ManagedIdentity
from core.facts.registry import Registry
from core.facts.subscriptions import Subscriptions


def of_cluster(
    cluster: Cluster, identity: Fact[ManagedIdentity | None], visible: Subscriptions
) -> tuple[tuple[str, str], ...]:
    """Give what names a directory on the cluster's side, what decides first: source and tenant id.

    An id of nothing but zeros names no directory.
    """
    kubelet = identity.value.tenant_id if isinstance(identity, Known) and identity.value else None
    subscription = visible.find(cluster.subscription_id)
    sources = (
        ("kubelet identity", kubelet),
        ("cluster", cluster.tenant_id),
        (f"subscription {cluster.subscription_id}", subscription.tenant_id if subscription else None),
    )
    return tuple((source, tenant) for source, tenant in sources if tenant and tenant.strip("0-"))


def of_registry(subscription_id: str, registry: Fact[Registry], visible: Subscriptions) -> tuple[str, str] | None:
    """Give what names the registry's directory; Azure also names it when it refuses a token of another one."""
    subscription = visible.find(subscription_id)
    if subscription and subscription.tenant_id:
        return f"subscription {subscription.id}", subscription.tenant_id
    if isinstance(registry, Known) and registry.value.tenant_id:
        return "registry", registry.value.tenant_id
    if isinstance(registry, Unavailable) and registry.tenant_id:
        return "Azure's answer about the registry", registry.tenant_id
    return None


def in_two_directories(cluster: Cluster, registry: Registry, subscriptions: Fact[Subscriptions]) -> bool | NotKnown:
    """Say whether cluster and registry are in different directories, which hold different principals.

    Why that is open where the subscriptions, which tell, could not be read; resources in the same one are in one.
    """
    visible = subscriptions.value if isinstance(subscriptions, Known) else Subscriptions({})
    theirs = of_registry(registry.subscription_id, Known(registry), visible)
    ours = of_cluster(cluster, Known(None), visible)
    if theirs is not None and ours:
        return any(tenant.lower() != theirs[1].lower() for _, tenant in ours)
    if isinstance(subscriptions, Known) or cluster.subscription_id.lower() == registry.subscription_id.lower():
        return False
    return subscriptions
