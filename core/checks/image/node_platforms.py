"""Which platforms the pools of a cluster run, and whether an image has one of them.

https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster
from core.facts.image import Platform, VmSizes
from core.model import Branch, Symptom

_SIZE = re.compile(r"standard_[a-z]+\d+(?:-\d+)?(?P<features>[a-z]*)(?:_|$)", re.IGNORECASE)
"""A machine size: family, number of processors, features as small letters ("p" is an Arm processor), version."""

RUNS = {"amd64": ("amd64", "386"), "arm64": ("arm64",)}
"""The architectures that a processor runs for certain."""

TOLD_BY = frozenset({"NO_PLATFORM", "EXEC_FORMAT"})
"""Symptoms that say that some node was offered the wrong platform."""

_WINDOWS_BUILDS = {"windows2019": 17763, "windows2022": 20348, "windows2025": 26100}
"""The build of Windows by the lower-cased OS SKU of a pool.

https://learn.microsoft.com/windows/release-health/windows-server-release-info
"""


def told_node(choice: Choice) -> str | None:
    """Give the node that the text names, if it speaks of a pod: the check tool of Azure runs on any node."""
    symptom = choice.symptom
    return symptom.node if symptom is not None and not _of_check_tool(symptom) else None


def told_unfit(choice: Choice) -> bool:
    """Say whether the text says that some node was offered the wrong platform of an image."""
    symptom = choice.symptom
    return symptom is not None and symptom.kind in TOLD_BY and not _of_check_tool(symptom)


def _of_check_tool(symptom: Symptom) -> bool:
    """Say whether the text is about the container of `az aks check-acr`, whose own platform is the wrong one."""
    return symptom.kind == "EXEC_FORMAT" and symptom.branch == Branch.NODE


class Fit(StrEnum):
    """How an image goes with a pool. `MAYBE` often runs, `UNKNOWN` is a pool whose processor is not told."""

    YES = "yes"
    MAYBE = "maybe"
    UNKNOWN = "unknown"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PoolPlatform:
    """A running pool, its operating system and its processors; a processor that is not told is empty."""

    name: str
    os: str
    architectures: tuple[str, ...]

    def __str__(self) -> str:
        told = (one or "?" for one in self.architectures)
        return f"{self.name} | {', '.join(f'{self.os}/{one}' for one in told)}"


def running_pools(cluster: Cluster) -> tuple[AgentPool, ...]:
    """Give the pools that have nodes, or may have some: those that are stopped or scaled to none pull nothing."""
    return tuple(pool for pool in cluster.agent_pools if pool.has_nodes)


def pool_platform(pool: AgentPool, sizes: VmSizes) -> PoolPlatform:
    """Say what a pool's machines are."""
    used = (pool.vm_size,) if pool.vm_size else pool.machine_sizes
    architectures = dict.fromkeys(architecture_of(size, sizes) for size in used)
    return PoolPlatform(pool.name, (pool.os_type or "Linux").lower(), tuple(architectures) or ("",))


def architecture_of(size: str, sizes: VmSizes) -> str:
    """Give the processor of a machine size, from Azure's list or else from its name; empty where neither tells."""
    listed = sizes.architectures.get(size.lower())
    if listed:
        return listed
    named = _SIZE.match(size)
    if named is None:
        return ""
    return "arm64" if "p" in named["features"].lower() else "amd64"


def fit(platforms: Iterable[Platform], pool: PoolPlatform) -> Fit:
    """Say how an image goes with a pool; where its machines differ, the worst of them counts."""
    own = [platform.architecture for platform in platforms if platform.os == pool.os]
    if not own:
        return Fit.NO
    return max((_fit(own, architecture) for architecture in pool.architectures), key=list(Fit).index)


def _fit(built_for: list[str], processor: str) -> Fit:
    if not processor:
        return Fit.UNKNOWN
    if any(one in RUNS.get(processor, (processor,)) for one in built_for):
        return Fit.YES
    return Fit.MAYBE if processor == "arm64" and "arm" in built_for else Fit.NO


def is_windows(pool: AgentPool) -> bool:
    """Say whether a pool's nodes run Windows."""
    return (pool.os_type or "").lower() == "windows"


def builds_in(platforms: Iterable[Platform]) -> frozenset[int]:
    """Give the builds of Windows that an image was made for, as far as it tells them."""
    found = (build_of(platform.os_version) for platform in platforms if platform.os == "windows")
    return frozenset(build for build in found if build is not None)


def build_of(version: str) -> int | None:
    """Give the build in a Windows version such as "10.0.20348.2527"; None where it has none."""
    parts = version.split(".")
    return int(parts[2]) if len(parts) >= 3 and parts[2].isdigit() else None


def windows_build(pool: AgentPool) -> int | None:
    """Give the build of Windows that a pool's nodes run; None where its OS SKU tells none."""
    return _WINDOWS_BUILDS.get((pool.os_sku or "").lower())


def has_other_build(platforms: Iterable[Platform], pool: AgentPool) -> bool:
    """Say whether it is certain that a pool of Windows nodes has another build than the image's Windows."""
    own, builds = windows_build(pool), builds_in(platforms)
    return is_windows(pool) and own is not None and bool(builds) and own not in builds


def pool_of_node(node: str, pools: Iterable[str]) -> str | None:
    """Give the pool that a node belongs to by its name: `aks-<pool>-12345678-vmss000001`, `aks<pool>000001`."""
    found = [pool for pool in pools if node.lower().startswith((f"aks-{pool}-", f"aks{pool}0"))]
    return max(found, key=len, default=None)
