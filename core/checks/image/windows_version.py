"""Does the Windows version in the image match that of the Windows nodes?

A container that shares its host's kernel needs the host's build.
https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.image.artifact import image_values, subject_of
from core.checks.image.node_platforms import running_pools
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.image import ImageManifest, ImageRepository
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

BUILDS = {"windows2019": 17763, "windows2022": 20348, "windows2025": 26100}
"""The build of Windows by the lower-cased OS SKU of a pool.

https://learn.microsoft.com/windows/release-health/windows-server-release-info
"""
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
    """Hold the builds of the image's Windows against those of the pools; an image without Windows has none."""
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
    versions = [one.os_version for one in content.value.platforms.value if one.os == "windows"]
    if not versions:
        return Verdict(Status.NOT_APPLICABLE, "not-windows")
    pools = [pool for pool in running_pools(cluster.value) if (pool.os_type or "").lower() == "windows"]
    builds = {build for build in map(build_of, versions) if build is not None}
    wanted = min(builds, default=0)
    values = {
        **image_values(subject.registry, subject.image),
        **cluster_values(cluster.value),
        "versions": ", ".join(version or "?" for version in versions),
        "pools": ", ".join(pool.name for pool in pools),
        "os_sku": SKUS.get(wanted, "<os-sku>"),
        "pool": POOL_NAMES.get(wanted, "<pool>"),
    }
    evidence = (
        Evidence("image-windows", values["versions"]),
        *(Evidence("pool-windows", f"{pool.name} | {pool.os_sku or '?'}") for pool in pools),
    )
    add = FixRef("add-windows-pool", values)
    if not pools:
        return Verdict(Status.FAIL, "no-windows-pool", Certainty.DEFINITE, values, evidence, fixes=(add,))
    known = {pool.name: BUILDS.get((pool.os_sku or "").lower()) for pool in pools}
    if not builds or None in known.values():
        return Verdict(Status.UNKNOWN, "version-not-told", values=values, evidence=evidence)
    fitting = [name for name, build in known.items() if build in builds]
    if not fitting:
        return Verdict(Status.FAIL, "other-build", Certainty.LIKELY, values, evidence, fixes=(add,))
    if len(fitting) < len(pools):
        values["fitting"] = ", ".join(fitting)
        return Verdict(Status.WARNING, "some-pools", values=values, evidence=evidence)
    return Verdict(Status.PASS, "same-build", values=values, evidence=evidence)


def build_of(version: str) -> int | None:
    """Give the build in a Windows version such as "10.0.20348.2527"; None where it has none."""
    parts = version.split(".")
    return int(parts[2]) if len(parts) >= 3 and parts[2].isdigit() else None


CHECK = Check("image.windows-version", Branch.IMAGE, evaluate)
