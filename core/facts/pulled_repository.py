"""Which repository of the picked registry a pull is about."""

from __future__ import annotations

from core.facts.choice import Choice
from core.facts.image_name import split
from core.facts.registry import Registry


def repository_in(choice: Choice, registry: Registry) -> str | None:
    """Give the repository of the picked image, None where none is known or it belongs to another registry."""
    image = choice.image or (choice.symptom.image if choice.symptom else None) or ""
    parts = split(image)
    if parts.host is None or parts.host.lower() != registry.login_server.lower():
        return None
    return parts.path or None
