"""What belongs to a registry and has resources or counts of its own: cache rules, their credentials, its usage.

https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheRule:
    """A rule by which a registry fetches images of another one.

    `source` is "<login server>/<repository>", `target` the repository here; either may end in "/*" for everything
    below. `credential_set_id` is None where the source is asked without credentials.
    """

    id: str
    name: str
    source: str
    target: str
    credential_set_id: str | None = None
    provisioning_state: str | None = None


def rule_for(repository: str, rules: Iterable[CacheRule]) -> CacheRule | None:
    """Give the rule that fills a repository, the longest target first."""
    for rule in sorted(rules, key=lambda rule: -len(rule.target)):
        target = rule.target.lower()
        if target == repository or (target.endswith("*") and repository.startswith(target[:-1])):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class CredentialSet:
    """The credentials for one source of cache rules, never their secrets.

    `problems` are Azure's words about those that it found unhealthy; empty where all are healthy or untried.
    """

    id: str
    name: str
    login_server: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryUsage:
    """How much of one thing a registry uses. "Size" is the name of its storage, in bytes."""

    name: str
    used: int
    limit: int
