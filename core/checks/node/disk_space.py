"""Is there room for the image on the node?

https://learn.microsoft.com/azure/aks/image-cleaner
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.image.node_platforms import pool_of_node
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Fact, Known
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(choice: Choice, cluster: Fact[Cluster]) -> Verdict:
    """Judge by the pasted text alone; the size of the disks, where it can be read, is what to compare with."""
    symptom = choice.symptom
    if symptom is None or symptom.kind != "NO_SPACE":
        return Verdict(Status.NOT_APPLICABLE, "no-sign")
    node = (Evidence("node", symptom.node),) if symptom.node else ()
    picked = cluster.value if isinstance(cluster, Known) else None
    found = _pools(picked, symptom.node) if picked is not None else ()
    return Verdict(
        Status.FAIL,
        "full",
        certainty=Certainty.LIKELY,
        evidence=(*node, *(Evidence("os-disk", _line(pool)) for pool in found)),
        fixes=(FixRef("clean-images", cluster_values(picked)), FixRef("add-pool-with-disk", cluster_values(picked)))
        if picked is not None
        else (FixRef("free-node-disk"),),
    )


def _pools(cluster: Cluster, node: str | None) -> tuple[AgentPool, ...]:
    """The pool of the node, by the name that AKS gives its machines; all where it is not named."""
    own = pool_of_node(node, (pool.name for pool in cluster.agent_pools)) if node is not None else None
    return tuple(pool for pool in cluster.agent_pools if own in (None, pool.name))


def _line(pool: AgentPool) -> str:
    size = f"{pool.os_disk_gb} GB" if pool.os_disk_gb else "?"
    return f"{pool.name} | {size}{f' {pool.os_disk_type}' if pool.os_disk_type else ''}"


CHECK = Check("node.disk-space", Branch.NODE, evaluate)
