"""Can the registry's tier do what is set up for it?

https://learn.microsoft.com/azure/container-registry/container-registry-skus
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.endpoints import EndpointConnection
from core.facts.fact import Fact, Known
from core.facts.image_name import split
from core.facts.registry import Registry
from core.facts.registry_parts import RegistryUsage
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

NEARLY_FULL = 0.9
"""The share of the storage from which on it is worth a word."""

_GIB = 2**30


def evaluate(
    choice: Choice,
    registry: Registry,
    cluster: Fact[Cluster],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    registry_usages: Fact[tuple[RegistryUsage, ...]],
) -> Verdict:
    """Compare the tier with what needs Premium, then look how full the registry is.

    What the limit tells is the storage that the tier includes, and more is charged for: no pull depends on it.
    """
    sku = registry.sku
    usage = _storage(registry_usages)
    values = {"registry_name": registry.name, "sku": sku or "?"}
    evidence = (Evidence("tier", sku or "?"), *((Evidence("storage", _line(usage)),) if usage else ()))
    if sku is None:
        return Verdict(Status.UNKNOWN, "tier-not-told", values=values, evidence=evidence)
    if sku.lower() != "premium":
        fixes = (FixRef("use-premium", registry_values(registry)),)
        connections = endpoint_connections.value if isinstance(endpoint_connections, Known) else ()
        if connections or registry.public_access is False:
            return Verdict(
                Status.FAIL,
                "private-needs-premium",
                certainty=Certainty.LIKELY,
                values=values,
                evidence=(*evidence, *(Evidence("private-endpoint", one.name) for one in connections)),
                fixes=fixes,
            )
        if _private_wanted(choice, cluster):
            return Verdict(Status.WARNING, "no-private-way", values=values, evidence=evidence, fixes=fixes)
    if usage is not None and usage.limit > 0 and usage.used >= NEARLY_FULL * usage.limit:
        return Verdict(Status.WARNING, "nearly-full", values={**values, "storage": _line(usage)}, evidence=evidence)
    return Verdict(Status.PASS, "enough", values=values, evidence=evidence)


def _private_wanted(choice: Choice, cluster: Fact[Cluster]) -> bool:
    """Whether somebody expects a private way: by the name of the image, or because the nodes have no other."""
    host = (split(choice.image).host or "") if choice.image else ""
    outbound = (cluster.value.network.outbound_type or "") if isinstance(cluster, Known) else ""
    return ".privatelink." in host.lower() or outbound.lower() in ("none", "block")


def _storage(usages: Fact[tuple[RegistryUsage, ...]]) -> RegistryUsage | None:
    if not isinstance(usages, Known):
        return None
    return next((one for one in usages.value if one.name.lower() == "size"), None)


def _line(usage: RegistryUsage) -> str:
    return f"{usage.used / _GIB:.1f} / {usage.limit / _GIB:.0f} GiB"


CHECK = Check("registry.sku-limits", Branch.REGISTRY, evaluate)
