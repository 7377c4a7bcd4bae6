"""From a text that kubectl printed to plain mappings, lists and words, whatever somebody put into it.

Every scalar is taken as the word that stands there. Aliases and tags are refused, since kubectl prints none: the
former can make a small text huge (https://en.wikipedia.org/wiki/Billion_laughs_attack), the latter make objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 2_000_000
"""Characters; a secret holds one million bytes at most, and a list of them is cut before it is pasted."""
MOST_NODES = 200_000
DEEPEST = 40

_BEGIN = re.compile(r"^(?:---|[{]|apiVersion:|kind:|data:|items:|metadata:|type:)", re.MULTILINE)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it; only its events are used."""


class NotReadable(Exception):
    """The text is no YAML and no JSON as kubectl prints it; the message never holds a piece of it."""


def documents(text: str) -> tuple[Any, ...]:
    """Give the documents of a text, in order. A prompt or a remark before the first one is skipped.

    Raises NotReadable.
    """
    if len(text) > LARGEST:
        raise NotReadable(f"It is longer than {LARGEST // 1_000_000} million characters.")
    begin = _BEGIN.search(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))
    if begin is None:
        raise NotReadable("It is neither YAML nor JSON as kubectl prints it.")
    text = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")[begin.start() :]
    found = as_json(text) if text.startswith("{") else None
    return (found,) if found is not None else _as_yaml(text)


def as_json(text: str) -> Any:
    """Give what a JSON text holds, None where it is none. Numbers stay words, so that no length of theirs matters."""
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _as_yaml(text: str) -> tuple[Any, ...]:
    trouble = "It is neither YAML nor JSON as kubectl prints it."
    try:
        return tuple(_built(yaml.parse(text, Loader=_LOADER)))
    except NotReadable as refused:
        trouble = str(refused)
    except yaml.YAMLError:
        pass
    # Raised out here, since the parser's own error quotes the text and would be carried along.
    raise NotReadable(trouble)


def _built(events: Iterator[Any]) -> Iterator[Any]:
    """Put the documents of an event stream together without recursion."""
    open_: list[_Open] = []
    for count, event in enumerate(events):
        if count > MOST_NODES or len(open_) > DEEPEST:
            raise NotReadable("It holds more than kubectl would print of a secret.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise NotReadable("It holds YAML aliases or tags, which kubectl does not print.")
        if isinstance(event, yaml.ScalarEvent):
            done: Any = event.value
        elif isinstance(event, yaml.MappingStartEvent):
            open_.append(_Open({}))
            continue
        elif isinstance(event, yaml.SequenceStartEvent):
            open_.append(_Open([]))
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            done = open_.pop().made
        else:
            continue
        if open_:
            open_[-1].add(done)
        else:
            yield done


class _Open:
    """A mapping or a list whose end has not come yet."""

    def __init__(self, made: dict[str, Any] | list[Any]) -> None:
        self.made = made
        self._key: Any = None
        self._has_key = False

    def add(self, value: Any) -> None:
        if isinstance(self.made, list):
            self.made.append(value)
        elif not self._has_key:
            self._key, self._has_key = value, True
        else:
            if isinstance(self._key, str):
                self.made[self._key] = value
            self._has_key = False
