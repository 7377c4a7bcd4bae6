"""Does this repository come from another registry, through a cache rule that is broken?

https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, NotKnown
from core.facts.image_name import split
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule, CredentialSet, rule_for
from core.facts.resource_id import same_id
from core.model import Branch, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Registry,
    cache_rules: tuple[CacheRule, ...],
    credential_sets: Fact[tuple[CredentialSet, ...]],
) -> Verdict:
    """Find the rule that the repository falls under, and ask how the credentials for its source are."""
    parts = split(choice.image) if choice.image else None
    here = parts is not None and (parts.host or "").lower() == registry.login_server.lower()
    rule = rule_for(parts.path, cache_rules) if parts is not None and here else None
    if rule is None:
        return Verdict(Status.NOT_APPLICABLE, "no-rule", values={"registry_name": registry.name})
    values = {"rule": rule.name, "source": rule.source, "registry_name": registry.name}
    evidence = (Evidence("cache-rule", f"{rule.source} -> {rule.target}"),)
    if rule.credential_set_id is None:
        return Verdict(Status.PASS, "without-credentials", values=values, evidence=evidence)
    credentials = _find(rule.credential_set_id, credential_sets)
    if isinstance(credentials, CredentialSet):
        return _judge(registry, credentials, values, evidence)
    if credentials is not None:
        return unknown(credentials, evidence)
    return Verdict(
        Status.WARNING,
        "credentials-gone",
        values=values,
        evidence=(*evidence, Evidence("credential-set", rule.credential_set_id)),
        fixes=(FixRef("list-credential-sets", registry_values(registry)),),
    )


def _find(id_: str, sets: Fact[tuple[CredentialSet, ...]]) -> CredentialSet | NotKnown | None:
    if not isinstance(sets, Known):
        return sets
    return next((one for one in sets.value if same_id(one.id, id_)), None)


def _judge(
    registry: Registry, credentials: CredentialSet, values: dict[str, str], evidence: tuple[Evidence, ...]
) -> Verdict:
    values = {**values, "credentials": credentials.name}
    evidence = (*evidence, Evidence("credential-set", credentials.name))
    if not credentials.problems:
        return Verdict(Status.PASS, "healthy", values=values, evidence=evidence)
    return Verdict(
        Status.WARNING,
        "unhealthy",
        values=values,
        evidence=(*evidence, *(Evidence("credential-problem", problem) for problem in credentials.problems)),
        fixes=(FixRef("check-credential-set", {**registry_values(registry), "credential_set": credentials.name}),),
    )


CHECK = Check("registry.artifact-cache", Branch.REGISTRY, evaluate)
