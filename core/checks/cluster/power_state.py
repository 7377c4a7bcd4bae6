"""Is the cluster there, and is it running?

https://learn.microsoft.com/azure/aks/start-stop-cluster
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.picked import not_found
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(choice: Choice, cluster: Fact[Cluster], subscriptions: Fact[Subscriptions]) -> Verdict:
    """Look at the power state. Where Azure knows no such cluster, first ask whether it would tell."""
    if isinstance(cluster, Known):
        return _state(cluster.value)
    if isinstance(cluster, Missing):
        return _missing(choice.cluster_id, subscriptions)
    return unknown(cluster, (Evidence("cluster", choice.cluster_id.text),))


def is_stopped(cluster: Cluster) -> bool:
    """Say whether a cluster is stopped; old answers tell it by the pools alone."""
    if cluster.power_state:
        return cluster.power_state.lower() == "stopped"
    return bool(cluster.agent_pools) and all(is_pool_stopped(pool) for pool in cluster.agent_pools)


def is_pool_stopped(pool: AgentPool) -> bool:
    """Say whether a node pool is stopped, by itself or with its cluster."""
    return (pool.power_state or "").lower() == "stopped"


def _missing(picked: ResourceId, subscriptions: Fact[Subscriptions]) -> Verdict:
    where = {
        "cluster_name": picked.name,
        "cluster_group": picked.resource_group,
        "cluster_subscription": picked.subscription_id,
    }
    evidence = (Evidence("cluster", picked.text),)
    find = FixRef("find-cluster", where)
    return not_found(picked, subscriptions, evidence, {"cluster_name": picked.name}, find)


def _state(cluster: Cluster) -> Verdict:
    values = {"cluster_name": cluster.name, "state": cluster.power_state or ""}
    evidence = (Evidence("power-state", cluster.power_state),) if cluster.power_state else ()
    if is_stopped(cluster):
        return Verdict(
            Status.FAIL,
            "stopped",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence
            or tuple(Evidence("node-pool", f"{pool.name}: {pool.power_state}") for pool in cluster.agent_pools),
            fixes=(FixRef("start-cluster", cluster_values(cluster)),),
        )
    match cluster.power_state and cluster.power_state.lower():
        case "running":
            return Verdict(Status.PASS, "running", values=values, evidence=evidence)
        case None | "":
            state = cluster.provisioning_state
            told = (Evidence("provisioning-state", state),) if state else ()
            return Verdict(Status.PASS, "not-told", values=values, evidence=told)
        case _:
            return Verdict(Status.UNKNOWN, "unfamiliar", values=values, evidence=evidence)


CHECK = Check("cluster.power-state", Branch.CLUSTER, evaluate)
