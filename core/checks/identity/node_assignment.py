"""Is the kubelet identity attached to the nodes?

https://learn.microsoft.com/azure/aks/support-policies
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.unread import unknown
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Denied, Fact, Known, Missing, Unavailable
from core.facts.identities import NodeGroup, NodeIdentities
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(cluster: Cluster, node_identities: Fact[NodeIdentities]) -> Verdict:
    """Compare the identities that the machines of each pool carry with the one that the cluster pulls with.

    What is missing in a scale set is missing on its machines, whatever they show. That they have what it has can only
    be said by somebody who may look at them. Where a pool without nodes lacks the identity no pod has missed it yet.
    """
    names = {"cluster_name": cluster.name, "node_group": cluster.node_resource_group or ""}
    kubelet = cluster.kubelet_identity
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values=names)
    if kubelet is None or not kubelet.resource_id:
        return Verdict(Status.NOT_APPLICABLE, "no-kubelet-identity", values=names)
    if not isinstance(node_identities, Known):
        return unknown(node_identities, (Evidence("resource-id", kubelet.resource_id),))
    groups = node_identities.value.groups
    wanted = Evidence("resource-id", kubelet.resource_id)
    lacking = [group for group in groups if not carries(group, kubelet.resource_id)]
    asleep = {pool.name.lower() for pool in set(cluster.agent_pools) - set(cluster.pools_with_nodes)}
    without = [group for group in lacking if group.pool.lower() not in asleep]
    values = {**names, "identity": kubelet.resource_id.rpartition("/")[2], "pools": _pools(without)}
    shown = (wanted, *(_seen(group, kubelet.resource_id) for group in groups))
    if without:
        return Verdict(
            Status.FAIL,
            "missing-everywhere" if len(without) == len(groups) else "missing-on-pools",
            Certainty.DEFINITE,
            values=values,
            evidence=shown,
            fixes=(FixRef("reconcile-identity", cluster_values(cluster)),),
        )
    unseen = [pool for pool in cluster.agent_pools if must_have_machines(pool) and not _has_group(pool, groups)]
    if unseen:
        return Verdict(
            Status.UNKNOWN,
            "machines-not-found",
            values={**values, "pools": ", ".join(pool.name for pool in unseen)},
            evidence=(*shown, *(Evidence("pool-without-machines", f"{pool.name} | {pool.type}") for pool in unseen)),
        )
    stale = [group for group in groups if group.stale_instances]
    if stale:
        return Verdict(
            Status.WARNING,
            "stale-instances",
            values={**values, "pools": _pools(stale)},
            evidence=(*shown, *(Evidence("stale-instances", _stale(group)) for group in stale)),
            fixes=tuple(
                FixRef("upgrade-node-image", {**cluster_values(cluster), "pool": group.pool}) for group in stale
            ),
        )
    if not groups:
        return Verdict(Status.NOT_APPLICABLE, "no-machines", values=values, evidence=(wanted,))
    instances = node_identities.value.instances
    if isinstance(instances, Denied | Unavailable):
        return unknown(instances, shown)
    if lacking:
        return Verdict(
            Status.WARNING,
            "missing-on-empty-pools",
            values={**values, "pools": _pools(lacking)},
            evidence=shown,
            fixes=(FixRef("reconcile-identity", cluster_values(cluster)),),
        )
    unseen_instances = () if isinstance(instances, Known) else (Evidence("instances-not-read", _why(instances)),)
    return Verdict(Status.PASS, "attached", values=values, evidence=(*shown, *unseen_instances))


def carries(group: NodeGroup, identity_id: str) -> bool:
    """Say whether the machines of a pool carry an identity, however Azure spells its id."""
    return any(same_id(item, identity_id) for item in group.identity_ids)


def must_have_machines(pool: AgentPool) -> bool:
    """Say whether a pool has a scale set or machines to show: a scale set stays when empty, machines do not."""
    kind = pool.type.lower()
    return kind == "virtualmachinescalesets" or (kind == "availabilityset" and pool.has_nodes)


def _has_group(pool: AgentPool, groups: tuple[NodeGroup, ...]) -> bool:
    return any(group.pool.lower() == pool.name.lower() for group in groups)


def _pools(groups: list[NodeGroup]) -> str:
    return ", ".join(dict.fromkeys(group.pool for group in groups))


def _seen(group: NodeGroup, identity_id: str) -> Evidence:
    has = "has the identity" if carries(group, identity_id) else "does not have the identity"
    carried = ", ".join(item.rpartition("/")[2] for item in group.identity_ids) or "none"
    return Evidence("pool-identity", f"{group.pool} | {group.name} | {has} | identities: {carried}")


def _why(outcome: Missing | Unavailable) -> str:
    if isinstance(outcome, Missing):
        return outcome.resource
    return outcome.detail or outcome.trouble.value


def _stale(group: NodeGroup) -> str:
    return f"{group.pool} | {group.name} | {', '.join(group.stale_instances)}"


CHECK = Check("identity.node-assignment", Branch.IDENTITY, evaluate)
