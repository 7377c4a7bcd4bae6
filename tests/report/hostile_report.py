"""A report in which everything that could come from outside is the same text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

OURS = {"check", "label", "reason", "key", "moot", "causes", "kind", "branch", "risk"}
"""Fields that only the program writes."""


def with_text(value: Any, text: str) -> Any:
    """Give a report with every string replaced, except the program's own keys."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, tuple):
        return tuple(with_text(item, text) for item in value)
    if isinstance(value, dict):
        return {key: item if key == "by" else with_text(item, text) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: with_text(getattr(value, field.name), text)
            for field in fields(value)
            if field.name not in OURS
        }
        return replace(value, **changed)
    return value
