"""Is the cluster running?

https://learn.microsoft.com/azure/aks/start-stop-cluster
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.facts.cluster import Cluster
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(cluster: Cluster) -> Verdict:
    """Look at the power state, which Azure leaves out in old answers."""
    values = {"cluster_name": cluster.name, "state": cluster.power_state or ""}
    evidence = (Evidence("power-state", cluster.power_state),) if cluster.power_state else ()
    match cluster.power_state and cluster.power_state.lower():
        case "stopped":
            return Verdict(
                Status.FAIL,
                "stopped",
                certainty=Certainty.DEFINITE,
                values=values,
                evidence=evidence,
                fixes=(FixRef("start-cluster", cluster_values(cluster)),),
            )
        case "running":
            return Verdict(Status.PASS, "running", values=values, evidence=evidence)
        case None:
            state = cluster.provisioning_state
            told = (Evidence("provisioning-state", state),) if state else ()
            return Verdict(Status.PASS, "not-told", values=values, evidence=told)
        case _:
            return Verdict(Status.UNKNOWN, "unfamiliar", values=values, evidence=evidence)


CHECK = Check("cluster.power-state", Branch.CLUSTER, evaluate)
