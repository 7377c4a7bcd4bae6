"""Does the cluster have a kubelet identity?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.facts.cluster import Cluster
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_NOT_FINISHED = ("creating", "starting", "updating", "upgrading", "migrating")


def evaluate(cluster: Cluster) -> Verdict:
    """Look for the identity that the nodes pull with; half-made clusters have none, unfinished ones none yet."""
    names = {"cluster_name": cluster.name, "state": cluster.provisioning_state or ""}
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values=names)
    kubelet = cluster.kubelet_identity
    if kubelet is not None and kubelet.object_id:
        return Verdict(Status.PASS, "present", values=names, evidence=(Evidence("object-id", kubelet.object_id),))
    expected = f"{cluster.name}-agentpool in {cluster.node_resource_group or 'the node resource group'}"
    shown = (
        Evidence("provisioning-state", cluster.provisioning_state or "not told"),
        Evidence("expected-identity", expected),
    )
    if names["state"].lower() in _NOT_FINISHED:
        return Verdict(Status.UNKNOWN, "not-yet", values=names, evidence=shown)
    return Verdict(
        Status.FAIL,
        "none",
        Certainty.LIKELY,
        values=names,
        evidence=shown,
        fixes=(FixRef("make-kubelet-identity", cluster_values(cluster)),),
    )


CHECK = Check("identity.kubelet-present", Branch.IDENTITY, evaluate)
