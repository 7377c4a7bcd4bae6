"""Is this the registry that a network-isolated cluster gets its own images from, and does it hold them?

https://learn.microsoft.com/azure/aks/concepts-network-isolated
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import free_name, registry_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.image_name import MCR, split
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SOURCE = "mcr.microsoft.com/*"
TARGET = "aks-managed-repository/*"
"""The cache rule by which nodes find the images of AKS itself."""


def evaluate(
    choice: Choice, cluster: Cluster, registry: Registry, cache_rules: Fact[tuple[CacheRule, ...]]
) -> Verdict:
    """Look for the cache rule, the tier and what such clusters do not support.

    An image of AKS itself fails for want of the rule, and likely one that nobody named; any other image does without
    it. The way there, the role and the token policy have checks of their own.
    """
    if not cluster.bootstraps_from_cache:
        return Verdict(Status.NOT_APPLICABLE, "not-isolated")
    values = {"registry_name": registry.name, "source": SOURCE, "target": TARGET}
    evidence: tuple[Evidence, ...] = (Evidence("bootstrap-registry", cluster.bootstrap_registry_id or "-"),)
    if cluster.bootstrap_registry_id is None or not same_id(cluster.bootstrap_registry_id, registry.id):
        return Verdict(Status.NOT_APPLICABLE, "another-registry", values=values, evidence=evidence)
    if not isinstance(cache_rules, Known):
        unread = unknown(cache_rules, evidence)
        if _does_without(choice):
            return unread
        return Verdict(
            Status.UNKNOWN, "rules-unread", values=values, evidence=unread.evidence, missing=unread.missing
        )
    evidence = (*evidence, *(Evidence("cache-rule", f"{one.source} -> {one.target}") for one in cache_rules.value))
    if not any(_is_for_aks(rule) for rule in cache_rules.value):
        return _without_rule(choice, registry, cache_rules.value, values, evidence)
    unsupported = tuple(_unsupported(cluster))
    if unsupported:
        return Verdict(
            Status.WARNING,
            "not-supported",
            values={**values, "what": ", ".join(unsupported)},
            evidence=(*(Evidence("not-supported", one) for one in unsupported), *evidence),
        )
    return Verdict(Status.PASS, "has-rule", values=values, evidence=evidence)


def _without_rule(
    choice: Choice,
    registry: Registry,
    rules: tuple[CacheRule, ...],
    values: dict[str, str],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    name = free_name("aks-managed-mcr", [rule.name for rule in rules])
    fixes = (FixRef("add-bootstrap-rule", {**registry_values(registry), "rule_name": name}),)
    if _does_without(choice):
        return Verdict(Status.WARNING, "rule-for-aks-missing", values=values, evidence=evidence, fixes=fixes)
    certainty = Certainty.LIKELY if choice.image is None else Certainty.DEFINITE
    return Verdict(Status.FAIL, "no-rule", certainty=certainty, values=values, evidence=evidence, fixes=fixes)


def _does_without(choice: Choice) -> bool:
    """Say whether the image in question is known to be none of AKS itself."""
    return choice.image is not None and not _is_of_aks(choice.image)


def _is_of_aks(image: str) -> bool:
    parts = split(image)
    return (parts.host or "").lower() == MCR or parts.path.lower().startswith(TARGET.removesuffix("*"))


def _is_for_aks(rule: CacheRule) -> bool:
    return rule.source.lower() == SOURCE and rule.target.lower() == TARGET


def _unsupported(cluster: Cluster) -> list[str]:
    windows = [pool.name for pool in cluster.agent_pools if (pool.os_type or "").lower() == "windows"]
    kubenet = ["kubenet"] if (cluster.network.plugin or "").lower() == "kubenet" else []
    return [*(f"Windows ({name})" for name in windows), *kubenet]


CHECK = Check("net.isolated-bootstrap", Branch.NETWORK, evaluate)
