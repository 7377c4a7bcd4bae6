"""Taking an answer apart, whatever Azure left out, sent as null or spelled differently.

The clients for clusters, registries, machines and subscriptions answer with mappings that keep Azure's own keys
("properties", "powerState"); those for roles, identities and Resource Graph answer with objects that have
attributes only ("role_definition_id"). A path names keys or attributes, whichever its answer has. Nothing here
raises for an odd value: it is read as None, or as nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from azure.core.exceptions import DeserializationError

from core.facts.resource_id import NotAResourceId, ResourceId


def part(source: object, *path: str) -> Any:
    """What stands at the end of a path, or None where the path breaks off."""
    for step in path:
        source = source.get(step) if isinstance(source, Mapping) else getattr(source, "__dict__", {}).get(step)
    return source


def text(source: object, *path: str) -> str | None:
    """The text at a path; an empty one is None."""
    found = part(source, *path)
    return str(found) if isinstance(found, str) and found else None


def flag(source: object, *path: str) -> bool | None:
    """The boolean at a path."""
    found = part(source, *path)
    return found if isinstance(found, bool) else None


def switched_on(source: object, *path: str) -> bool | None:
    """Whether the word at a path is "enabled"; None where it is neither that nor "disabled"."""
    return {"enabled": True, "disabled": False}.get((text(source, *path) or "").lower())


def number(source: object, *path: str) -> int | None:
    """The whole number at a path."""
    found = part(source, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def moment(source: object, *path: str) -> datetime | None:
    """The moment at a path, in UTC. Azure sends none to seven fraction digits; no offset means UTC."""
    found = part(source, *path)
    try:
        found = datetime.fromisoformat(found) if isinstance(found, str) else found
        if not isinstance(found, datetime):
            return None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parts(source: object, *path: str) -> tuple[Any, ...]:
    """The items of the list at a path."""
    found = part(source, *path)
    return tuple(found) if isinstance(found, (list, tuple)) else ()


def texts(source: object, *path: str) -> tuple[str, ...]:
    """The texts in the list at a path."""
    return tuple(item for item in parts(source, *path) if isinstance(item, str))


def entries(source: object, *path: str) -> Iterator[tuple[str, Any]]:
    """The keys and values of the mapping at a path."""
    found = part(source, *path)
    if isinstance(found, Mapping):
        yield from ((key, value) for key, value in found.items() if isinstance(key, str))


def entry(source: object, *path: str) -> Any:
    """Like `part`, but the last step is found whatever its casing."""
    *way, last = path
    return next((value for key, value in entries(source, *way) if key.lower() == last.lower()), None)


def required(source: object, *path: str) -> str:
    """The text at a path without which the answer is of no use.

    Raises azure.core.exceptions.DeserializationError where it is not there.
    """
    found = text(source, *path)
    if found is None:
        raise DeserializationError(f"The answer has no {'.'.join(path)}.")
    return found


def parsed_id(model: object) -> ResourceId:
    """The id of the resource that an answer is about, taken apart.

    Raises azure.core.exceptions.DeserializationError where there is none.
    """
    try:
        return ResourceId.parse(required(model, "id"))
    except NotAResourceId as error:
        raise DeserializationError(str(error)) from error


def listed(pages: object) -> list[Any]:
    """Everything in a list, over all its pages.

    Raises azure.core.exceptions.DeserializationError where it is no list of objects, and what the client raises.
    """
    if not isinstance(pages, Iterable):
        raise DeserializationError("The answer has no list where one should be.")
    found = list(pages)
    if any(isinstance(item, (str, int, float, list, type(None))) for item in found):
        raise DeserializationError("The list holds something that is no object.")
    return found
