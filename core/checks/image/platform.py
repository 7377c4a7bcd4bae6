"""Was the image built for the processors and the operating system of the nodes?

https://learn.microsoft.com/azure/container-registry/push-multi-architecture-images
https://learn.microsoft.com/azure/aks/use-arm64-vm
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from core.checks.check import Check
from core.checks.fix_values import cluster_values, namespace_of
from core.checks.image.artifact import Subject, image_values, subject_of
from core.checks.image.node_platforms import (
    Fit,
    PoolPlatform,
    fit,
    has_other_build,
    pool_of_node,
    pool_platform,
    running_pools,
    told_node,
    told_unfit,
)
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.image import ImageManifest, ImageRepository, Platform, VmSizes
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SIZES = {"arm64": "Standard_D4ps_v5", "amd64": "Standard_D4s_v5"}
"""A machine size for a new pool, by processor."""


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    cluster: Fact[Cluster],
    image_repository: Fact[ImageRepository | None],
    image_manifest: Fact[ImageManifest | None],
    vm_sizes: Fact[VmSizes],
) -> Verdict:
    """Hold the platforms of the image against every pool that has nodes.

    Where the pasted text names the node, its pool decides. Sizes that Azure's list could not be read for are judged
    by their names. Where only the build of Windows keeps the image from the pools that are left, that is the question
    of image.windows-version.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    if not isinstance(image_manifest, Known):
        return unknown(image_manifest)
    if image_manifest.value is None:
        return Verdict(Status.NOT_APPLICABLE, "not-this-registry")
    content = image_manifest.value.content
    if not isinstance(content, Known):
        return unknown(content)
    if not isinstance(content.value.platforms, Known):
        return unknown(content.value.platforms)
    if not isinstance(cluster, Known):
        return unknown(cluster)
    platforms = content.value.platforms.value
    if not platforms:
        return Verdict(
            Status.NOT_APPLICABLE, "no-platform", evidence=(Evidence("media-type", content.value.media_type),)
        )
    sizes = vm_sizes.value if isinstance(vm_sizes, Known) else VmSizes({})
    pools = [pool_platform(pool, sizes) for pool in running_pools(cluster.value)]
    return _judge(choice, subject, cluster.value, platforms, pools)


def _judge(
    choice: Choice, subject: Subject, cluster: Cluster, platforms: Sequence[Platform], pools: Sequence[PoolPlatform]
) -> Verdict:
    told = ", ".join(str(platform) for platform in platforms)
    evidence = [Evidence("image-platforms", told), *(Evidence("pool-platform", str(pool)) for pool in pools)]
    values = {**image_values(subject.registry, subject.image), **cluster_values(cluster), "platforms": told}
    if not pools:
        return Verdict(Status.NOT_APPLICABLE, "without-nodes", values=values, evidence=tuple(evidence))
    fits = {pool.name: fit(platforms, pool) for pool in pools}
    node = told_node(choice)
    target = pool_of_node(node, fits) if node else None
    if target is not None:
        evidence.append(Evidence("node", node or ""))
    status, reason, certainty = _weigh(choice, cluster, fits, target, platforms)
    bad = [pool for pool in pools if fits[pool.name] is Fit.NO] or [
        pool for pool in pools if fits[pool.name] is not Fit.YES
    ]
    good = [name for name, how in fits.items() if how is Fit.YES]
    values |= {
        "pools": ", ".join(pool.name for pool in bad),
        "good_pools": ", ".join(good),
        "needed": ", ".join(dict.fromkeys(f"{pool.os}/{one}" for pool in bad for one in pool.architectures if one)),
    }
    fixes: tuple[FixRef, ...] = ()
    if status is Status.FAIL or reason == "some-pools":
        fixes = _fixes(choice, values, platforms, bad, pinned=bool(good))
    return Verdict(status, reason, certainty=certainty, values=values, evidence=tuple(evidence), fixes=fixes)


def _weigh(
    choice: Choice, cluster: Cluster, fits: Mapping[str, Fit], target: str | None, platforms: Sequence[Platform]
) -> tuple[Status, str, Certainty | None]:
    makes_nodes = (cluster.node_provisioning_mode or "").lower() == "auto"
    on_target = fits[target] if target is not None else None
    if all(how is Fit.NO for how in fits.values()):
        return Status.FAIL, "no-pool", Certainty.LIKELY if makes_nodes else Certainty.DEFINITE
    if on_target is Fit.NO:
        return Status.FAIL, "target-pool", Certainty.DEFINITE
    if on_target is Fit.YES:
        return Status.PASS, "target-fits", None
    if Fit.NO in fits.values():
        good = [pool for pool in running_pools(cluster) if fits[pool.name] is Fit.YES]
        unfit = good and all(has_other_build(platforms, pool) for pool in good)
        if told_unfit(choice) and not unfit:
            return Status.FAIL, "some-pools", Certainty.LIKELY
        return Status.WARNING, "some-pools", None
    if Fit.UNKNOWN in fits.values():
        return Status.UNKNOWN, "pool-not-told", None
    if Fit.MAYBE in fits.values():
        return Status.WARNING, "arm-variant", None
    if makes_nodes and not {"amd64", "arm64"} <= {one.architecture for one in platforms if one.os == "linux"}:
        return Status.WARNING, "nodes-to-come", None
    return Status.PASS, "fits", None


def _fixes(
    choice: Choice,
    values: Mapping[str, str],
    platforms: Sequence[Platform],
    bad: Sequence[PoolPlatform],
    *,
    pinned: bool,
) -> tuple[FixRef, ...]:
    """Give the ways out, the narrowest first: other nodes, another build, another pool.

    What some pools run today is built anew for them too: a tag for the others alone would be taken away from them.
    """
    first = platforms[0]
    needed = list(dict.fromkeys(f"{pool.os}/{one}" for pool in bad for one in pool.architectures if one))
    kept = [_built_for(one) for one in platforms if one.os == "linux"] if pinned else []
    together = list(dict.fromkeys((*kept, *(one for one in needed if one.startswith("linux/")))))
    selector = {"kubernetes.io/os": first.os, "kubernetes.io/arch": first.architecture}
    common = {
        **values,
        "os": first.os,
        "architecture": first.architecture,
        "platform": next(iter(needed), "linux/amd64"),
        "build_platforms": ",".join(together),
        "namespace": namespace_of(choice),
        "size": SIZES.get(first.architecture, "<size>"),
        "body": json.dumps({"spec": {"template": {"spec": {"nodeSelector": selector}}}}, separators=(",", ":")),
    }
    pin = FixRef("pin-platform", common)
    build = FixRef("build-for-platforms" if len(together) > 1 else "build-for-platform", common)
    if pinned:
        return pin, build
    if first.os == "windows":
        return FixRef("add-windows-pool", {**common, "os_sku": "Windows2022", "pool": "win22"}), build
    return build, FixRef("add-node-pool", {**common, "pool": f"pool{first.architecture}"[:12]})


def _built_for(platform: Platform) -> str:
    return "/".join(part for part in (platform.os, platform.architecture, platform.variant) if part)


CHECK = Check("image.platform", Branch.IMAGE, evaluate)
