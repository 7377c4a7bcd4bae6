"""Have the nodes picked up the latest identity change?

A cluster that moved from a service principal to a managed identity keeps the old credentials on its nodes until their
image is upgraded. Azure does not tell what a node holds: an error text can give it away but prove nothing, so that
this never goes beyond a warning.
https://learn.microsoft.com/azure/aks/system-assigned-managed-identity
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.model import Branch, Evidence, FixRef, Status, Verdict

_ONLY_A_CLIENT_SECRET_GIVES = frozenset({"SP_EXPIRED", "SP_BADSECRET", "SP_GONE"})
_REFUSED_CREDENTIALS = "OAUTH_401"


def evaluate(cluster: Cluster, choice: Choice) -> Verdict:
    """Look for an error that nodes with the kubelet identity would not give."""
    names = {"cluster_name": cluster.name}
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values=names)
    kind = choice.symptom.kind if choice.symptom else ""
    shown = tuple(
        Evidence("node-image", f"{pool.name} | {pool.node_image_version}")
        for pool in cluster.agent_pools
        if pool.node_image_version
    )
    fixes = tuple(
        FixRef("upgrade-node-image", {**cluster_values(cluster), "pool": pool.name}) for pool in cluster.agent_pools
    )
    if kind in _ONLY_A_CLIENT_SECRET_GIVES:
        return Verdict(Status.WARNING, "nodes-use-service-principal", values=names, evidence=shown, fixes=fixes)
    if kind == _REFUSED_CREDENTIALS:
        return Verdict(Status.WARNING, "old-credentials-possible", values=names, evidence=shown, fixes=fixes)
    return Verdict(Status.PASS, "no-sign", values=names, evidence=shown)


CHECK = Check("identity.node-image-current", Branch.IDENTITY, evaluate)
