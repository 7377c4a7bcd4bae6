"""Does the registry refuse the kind of token that older nodes send?

Registries with "authentication as ARM" off take only tokens that were made for container registries. The nodes'
credential provider asks for such tokens since a change of 2025-03-21; which AKS release carries it is not documented,
so this judges by dates: a node image made before that day cannot have it, nor can a Kubernetes minor that AKS no
longer patched by then (1.29 and older), and a minor that was first released later (1.33 on) must have it. Passwords
of service principals are no tokens and pass.
https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
https://github.com/kubernetes-sigs/cloud-provider-azure/pull/8593
"""

from __future__ import annotations

import re

from core.checks.check import Check
from core.checks.fix_values import cluster_values, registry_values
from core.facts.cluster import AgentPool, Cluster
from core.facts.registry import Registry
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

CHANGED = (2025, 3, 21)
LAST_MINOR_WITHOUT = (1, 29)
FIRST_MINOR_WITH = (1, 33)

_IMAGE_DATE = re.compile(r"-(\d{4})\.?(\d{2})\.(\d{1,2})(?:\.\d+)?$")
_MINOR = re.compile(r"v?(\d+)\.(\d+)")


def evaluate(cluster: Cluster, registry: Registry) -> Verdict:
    """Weigh the registry's policy against the age of the nodes' software."""
    names = {"cluster_name": cluster.name, "registry_name": registry.name}
    if not cluster.uses_managed_identity:
        return Verdict(Status.NOT_APPLICABLE, "service-principal", values=names)
    if registry.arm_audience_enabled is None:
        return Verdict(Status.PASS, "not-reported", values=names)
    if registry.arm_audience_enabled:
        return Verdict(Status.PASS, "accepted", values=names)
    values = {**names, "version": cluster.kubernetes_version or "not told"}
    enable = FixRef("enable-arm-audience", registry_values(registry))
    shown = (
        Evidence("authentication-as-arm", "disabled"),
        Evidence("kubernetes-version", values["version"]),
        *(
            Evidence("node-image", f"{pool.name} | {pool.node_image_version or 'not told'}")
            for pool in cluster.agent_pools
        ),
    )
    if _is_bootstrap_cache(cluster, registry):
        return Verdict(
            Status.FAIL, "bootstrap-cache", Certainty.LIKELY, values=values, evidence=shown, fixes=(enable,)
        )
    too_old = [pool for pool in cluster.agent_pools if is_too_old(pool, cluster)]
    if too_old:
        old_minor = any(has_old_minor(pool, cluster) for pool in too_old)
        upgrade = FixRef("upgrade-cluster" if old_minor else "upgrade-node-images", cluster_values(cluster))
        return Verdict(
            Status.FAIL,
            "nodes-too-old",
            Certainty.LIKELY,
            values={**values, "pools": ", ".join(pool.name for pool in too_old)},
            evidence=shown,
            fixes=(enable, upgrade),
        )
    if cluster.agent_pools and all(has_new_minor(pool, cluster) for pool in cluster.agent_pools):
        return Verdict(Status.PASS, "nodes-current", values=values, evidence=shown)
    return Verdict(Status.WARNING, "nodes-may-be-too-old", values=values, evidence=shown, fixes=(enable,))


def is_too_old(pool: AgentPool, cluster: Cluster) -> bool:
    """Say whether a pool's software was certainly made before the change."""
    made = _IMAGE_DATE.search(pool.node_image_version or "")
    if made and tuple(int(part) for part in made.groups()) < CHANGED:
        return True
    return has_old_minor(pool, cluster)


def has_old_minor(pool: AgentPool, cluster: Cluster) -> bool:
    """Say whether AKS stopped patching a pool's Kubernetes version before the change."""
    minor = _minor(pool, cluster)
    return minor is not None and minor <= LAST_MINOR_WITHOUT


def has_new_minor(pool: AgentPool, cluster: Cluster) -> bool:
    """Say whether a pool's Kubernetes version was first released after the change."""
    minor = _minor(pool, cluster)
    return minor is not None and minor >= FIRST_MINOR_WITH


def _minor(pool: AgentPool, cluster: Cluster) -> tuple[int, int] | None:
    match = _MINOR.match(pool.kubernetes_version or cluster.kubernetes_version or "")
    return (int(match[1]), int(match[2])) if match else None


def _is_bootstrap_cache(cluster: Cluster, registry: Registry) -> bool:
    return (
        (cluster.bootstrap_artifact_source or "").lower() == "cache"
        and cluster.bootstrap_registry_id is not None
        and same_id(cluster.bootstrap_registry_id, registry.id)
    )


CHECK = Check("identity.arm-audience", Branch.IDENTITY, evaluate)
