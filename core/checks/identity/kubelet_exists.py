"""Does the kubelet identity still exist, and is it still the same one?

https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.unread import hidden, unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.identities import ManagedIdentity
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_CONTROL_PLANE_TO_FILL = "<control-plane-identity-id>"


def evaluate(
    cluster: Cluster,
    kubelet_managed_identity: Fact[ManagedIdentity | None],
    subscriptions: Fact[Subscriptions],
) -> Verdict:
    """Compare the identity that the cluster remembers with the one that exists.

    Azure also says "not found" of what stands in a subscription that the user cannot see.
    """
    names = {"cluster_name": cluster.name}
    kubelet = cluster.kubelet_identity
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values=names)
    if kubelet is None or not kubelet.object_id:
        return Verdict(Status.NOT_APPLICABLE, "no-kubelet-identity", values=names)
    if not kubelet.resource_id:
        return Verdict(
            Status.UNKNOWN, "no-resource-id", values=names, evidence=(Evidence("object-id", kubelet.object_id),)
        )
    remembered = (Evidence("resource-id", kubelet.resource_id), Evidence("object-id", kubelet.object_id))
    values = {**names, "identity": kubelet.resource_id.rpartition("/")[2]}
    if isinstance(kubelet_managed_identity, Missing):
        if not _in_sight(cluster, kubelet.resource_id, subscriptions):
            parsed = _parsed(kubelet.resource_id)
            missing = hidden(parsed) if parsed else None
            return Verdict(Status.UNKNOWN, "hidden", values=values, evidence=remembered, missing=missing)
        return Verdict(
            Status.FAIL,
            "deleted",
            Certainty.DEFINITE,
            values=values,
            evidence=remembered,
            fixes=_put_back(cluster, kubelet.resource_id),
        )
    if not isinstance(kubelet_managed_identity, Known):
        return unknown(kubelet_managed_identity, remembered)
    found = kubelet_managed_identity.value
    principal = found.principal_id if found else None
    if principal is None or principal.lower() == kubelet.object_id.lower():
        return Verdict(Status.PASS, "exists", values=values, evidence=remembered)
    return Verdict(
        Status.FAIL,
        "recreated",
        Certainty.DEFINITE,
        values=values,
        evidence=(*remembered, Evidence("new-object-id", principal)),
        fixes=_put_back(cluster, kubelet.resource_id),
    )


def _in_sight(cluster: Cluster, resource_id: str, subscriptions: Fact[Subscriptions]) -> bool:
    parsed = _parsed(resource_id)
    if parsed is None:
        return False
    listed = isinstance(subscriptions, Known) and subscriptions.value.find(parsed.subscription_id) is not None
    return listed or parsed.subscription_id.lower() == cluster.subscription_id.lower()


def _parsed(resource_id: str) -> ResourceId | None:
    try:
        return ResourceId.parse(resource_id)
    except NotAResourceId:
        return None


def _put_back(cluster: Cluster, resource_id: str) -> tuple[FixRef, ...]:
    """AKS repairs the identity that it made itself, in the node resource group; another one has its owner."""
    parsed = _parsed(resource_id)
    if parsed is None or parsed.resource_group.lower() == (cluster.node_resource_group or "").lower():
        return (FixRef("reconcile-identity", cluster_values(cluster)),)
    own = next((item.resource_id for item in cluster.control_plane_identities if item.resource_id), None)
    values = {
        **cluster_values(cluster),
        "identity_id": resource_id,
        "identity_name": parsed.name,
        "identity_group": parsed.resource_group,
        "identity_subscription": parsed.subscription_id,
        "control_plane_identity_id": own or _CONTROL_PLANE_TO_FILL,
    }
    return (FixRef("recreate-kubelet-identity", values),)


CHECK = Check("identity.kubelet-exists", Branch.IDENTITY, evaluate)
