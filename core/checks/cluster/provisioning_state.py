"""Is the cluster in a healthy, finished state?

https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/availability-performance/cluster-node-virtual-machine-failed-state
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.cluster.power_state import is_pool_stopped, is_stopped
from core.checks.fix_values import cluster_values
from core.facts.cluster import AgentPool, Cluster
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

ENDED_BADLY = frozenset({"failed", "canceled"})


def evaluate(cluster: Cluster) -> Verdict:
    """Look at the state of the cluster, then at that of each node pool."""
    state = cluster.provisioning_state
    values = {"cluster_name": cluster.name, "state": state or ""}
    evidence = _evidence(cluster)
    repair = (_repair(cluster),)
    match state and state.lower():
        case None:
            return Verdict(Status.UNKNOWN, "not-told", values=values, evidence=evidence)
        case "deleting":
            return Verdict(
                Status.FAIL,
                "deleting",
                certainty=Certainty.DEFINITE,
                values=values,
                evidence=evidence,
                fixes=(FixRef("replace-cluster", cluster_values(cluster)),),
            )
        case "failed":
            return Verdict(Status.WARNING, "failed", values=values, evidence=evidence, fixes=repair)
        case "canceled":
            return Verdict(Status.WARNING, "canceled", values=values, evidence=evidence, fixes=repair)
        case "succeeded":
            return _pools(cluster, values, evidence)
        case _:
            return Verdict(Status.WARNING, "busy", values=values, evidence=evidence)


def _repair(cluster: Cluster) -> FixRef:
    """A cluster without a kubelet identity is one that `az aks update` refuses to touch."""
    half_made = cluster.uses_managed_identity and cluster.kubelet_identity is None
    return FixRef("make-kubelet-identity" if half_made else "reconcile-cluster", cluster_values(cluster))


def _pools(cluster: Cluster, values: dict[str, str], evidence: tuple[Evidence, ...]) -> Verdict:
    """Judge the pools of a cluster that is finished itself. A stopped cluster's pools are stopped with it."""
    broken = [pool for pool in cluster.agent_pools if (pool.provisioning_state or "").lower() in ENDED_BADLY]
    if broken:
        return Verdict(
            Status.WARNING,
            "pool-failed",
            values={**values, "pools": _names(broken)},
            evidence=evidence,
            fixes=(_repair(cluster),),
        )
    if not is_stopped(cluster):
        stopped = [pool for pool in cluster.agent_pools if is_pool_stopped(pool)]
        empty = [pool for pool in cluster.agent_pools if pool.count == 0 and pool not in stopped]
        if stopped or empty:
            starts = [FixRef("start-node-pool", {**cluster_values(cluster), "pool": pool.name}) for pool in stopped]
            scales = [FixRef("scale-node-pool", {**cluster_values(cluster), "pool": pool.name}) for pool in empty]
            return Verdict(
                Status.WARNING,
                "every-pool-asleep" if len(stopped + empty) == len(cluster.agent_pools) else "pool-asleep",
                values={**values, "pools": _names(stopped + empty)},
                evidence=evidence,
                fixes=(*starts, *scales),
            )
    return Verdict(Status.PASS, "succeeded", values=values, evidence=evidence)


def _names(pools: list[AgentPool]) -> str:
    return ", ".join(pool.name for pool in pools)


def _evidence(cluster: Cluster) -> tuple[Evidence, ...]:
    """Give the cluster's state, its error, and a line for each pool: state, power, and count where Azure tells it."""
    lines = []
    if cluster.provisioning_state:
        lines.append(Evidence("provisioning-state", cluster.provisioning_state))
    if cluster.provisioning_error:
        lines.append(Evidence("provisioning-error", cluster.provisioning_error))
    for pool in cluster.agent_pools:
        count = "" if pool.count is None else str(pool.count)
        told = [word for word in (pool.provisioning_state, pool.power_state, count) if word]
        if told:
            lines.append(Evidence("node-pool", f"{pool.name}: {', '.join(told)}"))
    return tuple(lines)


CHECK = Check("cluster.provisioning-state", Branch.CLUSTER, evaluate)
