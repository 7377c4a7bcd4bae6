"""Is there room for the image on the node?

https://learn.microsoft.com/azure/aks/image-cleaner
https://learn.microsoft.com/azure/aks/concepts-storage
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.image.node_platforms import Fit, fit, pool_of_node, pool_platform
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.fact import Fact, Known
from core.facts.image import ImageSize, VmSizes
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    cluster: Fact[Cluster],
    image_sizes: Fact[tuple[ImageSize, ...]],
    vm_sizes: Fact[VmSizes],
) -> Verdict:
    """Judge by the pasted text alone; the sizes of disks and image, where they can be read, are what to compare."""
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
        evidence=(*node, *_disks(found), *_downloads(found, image_sizes, vm_sizes)),
        fixes=(FixRef("clean-images", cluster_values(picked)), FixRef("add-pool-with-disk", cluster_values(picked)))
        if picked is not None
        else (FixRef("free-node-disk", {"node": symptom.node or "<node>"}),),
    )


def _pools(cluster: Cluster, node: str | None) -> tuple[AgentPool, ...]:
    """The pool of the node, by the name that AKS gives its machines; all where it is not named."""
    own = pool_of_node(node, (pool.name for pool in cluster.agent_pools)) if node is not None else None
    return tuple(pool for pool in cluster.agent_pools if own in (None, pool.name))


def _disks(pools: Sequence[AgentPool]) -> Iterator[Evidence]:
    yield from (Evidence("os-disk", _line(pool)) for pool in pools)
    kept = ((pool.name, pool.kubelet_disk_type) for pool in pools if pool.kubelet_disk_type)
    yield from (Evidence("kubelet-disk", f"{name} | {disk}") for name, disk in kept)


def _downloads(
    pools: Sequence[AgentPool], sizes: Fact[tuple[ImageSize, ...]], machines: Fact[VmSizes]
) -> Iterator[Evidence]:
    """Show the sizes that were read, of the platforms that the pools run where the image has any of them."""
    read = sizes.value if isinstance(sizes, Known) else ()
    known = machines.value if isinstance(machines, Known) else VmSizes({})
    kinds = [pool_platform(pool, known) for pool in pools]
    fitting = [one for one in read if one.platform and any(fit([one.platform], kind) is not Fit.NO for kind in kinds)]
    for one in fitting or read:
        if isinstance(one.download, Known):
            size = _in_words(one.download.value)
            yield Evidence("image-size", f"{one.platform} | {size}" if one.platform else size)


def _in_words(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


def _line(pool: AgentPool) -> str:
    size = f"{pool.os_disk_gb} GB" if pool.os_disk_gb else "?"
    return f"{pool.name} | {size}{f' {pool.os_disk_type}' if pool.os_disk_type else ''}"


CHECK = Check("node.disk-space", Branch.NODE, evaluate)
