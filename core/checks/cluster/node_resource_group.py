"""Can the node resource group be read, and is it locked?

https://learn.microsoft.com/azure/aks/node-resource-group-lockdown
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.identities import NodeIdentities
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(cluster: Cluster, node_identities: Fact[NodeIdentities]) -> Verdict:
    """Look whether the machines in it could be listed.

    A locked group is normal and only limits how to repair; a cluster in creation may not have its group yet.
    """
    group = cluster.node_resource_group
    restriction = cluster.node_resource_group_restriction
    if group is None:
        return Verdict(Status.UNKNOWN, "not-told", values={"cluster_name": cluster.name})
    values = {"cluster_name": cluster.name, "group": group}
    evidence = [Evidence("node-resource-group", group)]
    if restriction:
        evidence.append(Evidence("restriction", restriction))
    if isinstance(node_identities, Missing) and (cluster.provisioning_state or "").lower() != "creating":
        return Verdict(
            Status.FAIL,
            "gone",
            certainty=Certainty.LIKELY,
            values=values,
            evidence=tuple(evidence),
            fixes=(FixRef("replace-cluster", cluster_values(cluster)),),
        )
    if not isinstance(node_identities, Known):
        return unknown(node_identities, tuple(evidence))
    locked = (restriction or "").lower() == "readonly"
    return Verdict(Status.PASS, "read-only" if locked else "readable", values=values, evidence=tuple(evidence))


CHECK = Check("cluster.node-resource-group", Branch.CLUSTER, evaluate)
