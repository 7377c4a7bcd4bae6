"""The repository that is pulled, and what the conditions of assignments do to it."""

from __future__ import annotations

from core.checks.identity.condition import Effect, effect, speaks_of_repositories
from core.checks.identity.permission import Grant, right_to_pull
from core.facts.choice import Choice
from core.facts.image_name import split
from core.facts.registry import Registry

_UNDERSTOOD_VERSIONS = (None, "2.0")


def repository_in(choice: Choice, registry: Registry) -> str | None:
    """Give the repository of the picked image, None where none is known or it belongs to another registry."""
    image = choice.image or (choice.symptom.image if choice.symptom else None) or ""
    parts = split(image)
    if parts.host is None or parts.host.lower() != registry.login_server.lower():
        return None
    return parts.path or None


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
