"""What the conditions of assignments do to the repository that is pulled."""

from __future__ import annotations

from core.checks.identity.condition import Effect, effect, speaks_of_repositories
from core.checks.identity.permission import Grant, right_to_pull
from core.facts.registry import Registry

_UNDERSTOOD_VERSIONS = (None, "2.0")


def effect_of(grant: Grant, registry: Registry, repository: str | None) -> Effect:
    """Weigh an assignment's condition.

    What a repository condition does to a pull in the mode that knows no repositories is not documented.
    """
    condition = grant.assignment.condition
    if not condition:
        return Effect.ALLOWS
    if grant.assignment.condition_version not in _UNDERSTOOD_VERSIONS:
        return Effect.NOT_UNDERSTOOD
    if not registry.abac and speaks_of_repositories(condition):
        return Effect.NOT_UNDERSTOOD
    return effect(condition, right_to_pull(registry).action, repository)
