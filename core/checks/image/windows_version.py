"""Does the Windows version in the image match that of the Windows nodes?

A container that shares its host's kernel needs the host's build.
https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from core.checks.check import Check
from core.checks.fix_values import cluster_values, namespace_of
from core.checks.image.artifact import Subject, image_values, subject_of
from core.checks.image.node_platforms import (
    builds_in,
    is_windows,
    pool_of_node,
    running_pools,
    told_node,
    told_unfit,
    windows_build,
)
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.image import ImageManifest, ImageRepository, Platform
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SKUS = {17763: "Windows2019", 20348: "Windows2022", 26100: "Windows2025"}
POOL_NAMES = {17763: "win19", 20348: "win22", 26100: "win25"}
"""Names of new pools; one of Windows has at most six letters."""


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    cluster: Fact[Cluster],
    image_repository: Fact[ImageRepository | None],
    image_manifest: Fact[ImageManifest | None],
) -> Verdict:
    """Hold the builds of the image's Windows against those of the pools; an image without Windows has none.

    An image that was built for another system as well runs there. Where the pasted text names the node, its pool
    decides; where it only says that some node could not run the image, a pool with another build is the likely one.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    for fact in (image_manifest, cluster):
        if not isinstance(fact, Known):
            return unknown(fact)
    content = image_manifest.value.content if isinstance(image_manifest, Known) and image_manifest.value else None
    if content is None or not isinstance(cluster, Known):
        return Verdict(Status.NOT_APPLICABLE, "not-this-registry")
    if not isinstance(content, Known):
        return unknown(content)
    if not isinstance(content.value.platforms, Known):
        return unknown(content.value.platforms)
    platforms = content.value.platforms.value
    if not any(one.os == "windows" for one in platforms):
        return Verdict(Status.NOT_APPLICABLE, "not-windows")
    return _judge(choice, subject, cluster.value, platforms)


def _judge(choice: Choice, subject: Subject, cluster: Cluster, platforms: Sequence[Platform]) -> Verdict:
    versions = [one.os_version for one in platforms if one.os == "windows"]
    running = running_pools(cluster)
    pools = [pool for pool in running if is_windows(pool)]
    elsewhere = len(versions) < len(platforms) and len(pools) < len(running)
    builds = builds_in(platforms)
    values = {
        **image_values(subject.registry, subject.image),
        **cluster_values(cluster),
        "versions": ", ".join(version or "?" for version in versions),
        "pools": ", ".join(pool.name for pool in pools),
        "os_sku": SKUS.get(min(builds, default=0), "<os-sku>"),
        "pool": POOL_NAMES.get(min(builds, default=0), "<pool>"),
    }
    evidence = (
        Evidence("image-windows", values["versions"]),
        *(Evidence("pool-windows", f"{pool.name} | {pool.os_sku or '?'}") for pool in pools),
    )
    add = FixRef("add-windows-pool", values)
    if not pools:
        if elsewhere:
            return Verdict(Status.NOT_APPLICABLE, "no-windows-nodes", values=values, evidence=evidence)
        return Verdict(Status.FAIL, "no-windows-pool", Certainty.DEFINITE, values, evidence, fixes=(add,))
    known = {pool.name: windows_build(pool) for pool in pools}
    node = told_node(choice)
    target = pool_of_node(node, known) if node else None
    if target is not None:
        known = {target: known[target]}
        evidence = (*evidence, Evidence("node", node or ""))
    if not builds or None in known.values():
        return Verdict(Status.UNKNOWN, "version-not-told", values=values, evidence=evidence)
    fitting = [pool.name for pool in pools if windows_build(pool) in builds]
    values |= {"fitting": ", ".join(fitting), "bad": ", ".join(name for name in known if name not in fitting)}
    if not values["bad"]:
        return Verdict(Status.PASS, "same-build", values=values, evidence=evidence)
    told = told_unfit(choice)
    if not fitting:
        if elsewhere and not told:
            return Verdict(Status.WARNING, "windows-nodes-unfit", values=values, evidence=evidence)
        return Verdict(Status.FAIL, "other-build", Certainty.LIKELY, values, evidence, fixes=(add,))
    if target is None and not told:
        return Verdict(Status.WARNING, "some-pools", values=values, evidence=evidence)
    return Verdict(
        Status.FAIL, "some-pools", Certainty.LIKELY, values, evidence, fixes=(_pin(choice, values, builds),)
    )


def _pin(choice: Choice, values: Mapping[str, str], builds: Collection[int]) -> FixRef:
    """Ask for the fix that sends the pods to nodes of the image's build.

    https://kubernetes.io/docs/reference/labels-annotations-taints/#nodekubernetesiowindows-build
    """
    build = f"10.0.{min(builds)}"
    selector = {"kubernetes.io/os": "windows", "node.kubernetes.io/windows-build": build}
    body = json.dumps({"spec": {"template": {"spec": {"nodeSelector": selector}}}}, separators=(",", ":"))
    namespace = namespace_of(choice)
    return FixRef("pin-windows-build", {**values, "build": build, "namespace": namespace, "body": body})


CHECK = Check("image.windows-version", Branch.IMAGE, evaluate)
