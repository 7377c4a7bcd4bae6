"""Which identity do the nodes use to sign in to the registry?"""

from __future__ import annotations

from core.checks.check import Check
from core.facts.cluster import Cluster
from core.model import Branch, Evidence, Status, Verdict


def evaluate(cluster: Cluster) -> Verdict:
    """Tell the kubelet identity from a service principal; the cluster's own identity never pulls."""
    own = tuple(
        Evidence("control-plane-identity", f"{identity.resource_id or 'system-assigned'} | {identity.principal_id}")
        for identity in cluster.control_plane_identities
    )
    if cluster.service_principal_client_id is not None:
        app_id = cluster.service_principal_client_id
        return Verdict(
            Status.PASS,
            "service-principal",
            values={"cluster_name": cluster.name, "app_id": app_id},
            evidence=(Evidence("application-id", app_id), *own),
        )
    kubelet = cluster.kubelet_identity
    parts = (
        (("resource-id", kubelet.resource_id), ("object-id", kubelet.object_id), ("client-id", kubelet.client_id))
        if kubelet
        else ()
    )
    cache = (
        (Evidence("bootstrap-registry", cluster.bootstrap_registry_id or "managed by AKS"),)
        if (cluster.bootstrap_artifact_source or "").lower() == "cache"
        else ()
    )
    return Verdict(
        Status.PASS,
        "managed-identity",
        values={"cluster_name": cluster.name},
        evidence=(*(Evidence(label, value) for label, value in parts if value), *own, *cache),
    )


CHECK = Check("identity.kind", Branch.IDENTITY, evaluate)
