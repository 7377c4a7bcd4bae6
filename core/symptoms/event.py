"""The object that a Kubernetes event is about, where an event was pasted as JSON or YAML.

`involvedObject` is the field of core/v1 events, `regarding` that of events.k8s.io/v1
(https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). In a list of events only the one
that holds the deciding message counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NEARBY = 20_000
"""How many characters before and after the deciding place an event may reach; the API keeps messages below 1,024."""

_MOST_LEVELS = 12
_MOST_KEYS = 7

_OBJECT = re.compile(r"\b(?:involvedObject|regarding)\b[\"']?\s{0,9}:\s{0,9}\{?")
_KEY = re.compile(
    r"[\s,]{0,40}[\"']?(?P<key>apiVersion|fieldPath|kind|name|namespace|resourceVersion|uid)[\"']?\s{0,9}:\s{0,9}"
    r"(?:\"(?P<double>[^\"\n]{0,300})\"|'(?P<single>[^'\n]{0,300})'|(?P<plain>(?:[^\s,\"'{}]|\{[^\s{}]{0,80}\}){1,300}))"
)
_NAMESPACE = re.compile(
    r"\bmetadata\b[\"']?\s{0,9}:[^{}]{0,9}\{?[^{}]{0,900}?\bnamespace[\"']?\s{0,9}:\s{0,9}[\"']?"
    r"(?P<namespace>[a-z0-9-]{1,63})"
)
_HOST = re.compile(
    r"(?:\b(?:source|deprecatedSource)[\"']?\s{0,9}:\s{0,9}\{?\s{0,9}"
    r"(?:[\"']?component[\"']?\s{0,9}:[^,\n{}]{0,80},?\s{0,9})?"
    r"[\"']?host|\breportingInstance)[\"']?\s{0,9}:\s{0,9}[\"']?(?P<node>[A-Za-z0-9][\w.-]{0,252})"
)
_BRACE = re.compile(r"[{}]")
_ITEM = re.compile(r"^(?:- [A-Za-z]{1,40}:|[\"']?apiVersion[\"']?: [\"']?events\.k8s\.io/)", re.MULTILINE)


def involved(text: str, position: int) -> dict[str, str]:
    """The `pod`, `namespace` and `node` of the event in `text` around `position`; empty where there is no event."""
    first = max(0, position - _NEARBY)
    text, position = text[first : position + _NEARBY], position - first
    if _OBJECT.search(text) is None:
        return {}
    event = _json_event(text, position) or _yaml_event(text, position)
    found = _objects(event)
    if len(found) != 1:
        return {}
    named = {"namespace": found[0].get("namespace", "")}
    if found[0].get("kind") == "Pod":
        named["pod"] = found[0].get("name", "")
    if not named["namespace"] and (of_event := _NAMESPACE.search(event)):
        named["namespace"] = of_event["namespace"]
    if host := _HOST.search(event):
        named["node"] = host["node"]
    return {key: value for key, value in named.items() if value}


def _json_event(text: str, position: int) -> str:
    """The innermost braces around `position` that hold an object; empty where they are not closed on the left."""
    for start, end in _enclosing(text, position):
        if _OBJECT.search(text, start, end):
            return text[start:end]
    return ""


def _enclosing(text: str, position: int) -> Iterator[tuple[int, int]]:
    """The pairs of braces around `position`, the innermost first; one that was cut off reaches to the end."""
    after = _BRACE.finditer(text, position)
    depth, levels = 0, 0
    for brace in reversed(list(_BRACE.finditer(text, 0, position))):
        depth += 1 if brace.group() == "}" else -1
        if depth < 0:
            depth, levels = 0, levels + 1
            yield brace.start(), _closing(after, len(text))
            if levels == _MOST_LEVELS:
                return


def _closing(braces: Iterator[re.Match[str]], end: int) -> int:
    depth = 0
    for brace in braces:
        depth += 1 if brace.group() == "{" else -1
        if depth < 0:
            return brace.end()
    return end


def _yaml_event(text: str, position: int) -> str:
    """The item of a YAML list around `position`; of several events that nothing parts, the one that begins before."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    start = max((place for place in starts if place <= position), default=0)
    end = min((place for place in starts if place > position), default=len(text))
    objects = [match.start() for match in _OBJECT.finditer(text, start, end)]
    # kubectl sorts keys, so involvedObject stands before its message; regarding, behind its note, is parted by _ITEM.
    before = [place for place in objects if place <= position]
    after = [place for place in objects if place > position]
    if before:
        return text[before[-1] : after[0] if after else end]
    return text[start : after[1] if len(after) > 1 else end]


def _objects(event: str) -> list[dict[str, str]]:
    """The keys and values of each involved object in `event` that is spelt out."""
    return [values for match in _OBJECT.finditer(event) if (values := _values(event, match.end()))]


def _values(event: str, start: int) -> dict[str, str]:
    values: dict[str, str] = {}
    for _ in range(_MOST_KEYS):
        match = _KEY.match(event, start)
        # The same key again is already one of the event itself.
        if match is None or match["key"] in values:
            break
        values[match["key"]] = match["double"] or match["single"] or match["plain"] or ""
        start = match.end()
    return values
