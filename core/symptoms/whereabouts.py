"""The pod, its namespace and its node, from the places where Kubernetes tools print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.symptoms.event import involved

_NAME = r"[a-z0-9][a-z0-9.-]{0,252}"
_POD = rf"(?P<pod>{_NAME})"
_NAMESPACE = rf"(?P<namespace>{_NAME})"
_NODE = r"(?P<node>[A-Za-z0-9][\w.-]{0,252})"
_FAILING = (
    r"(?:Init:)?"
    r"(?:ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)"
)
_WIDE = rf"(?: \d{{1,5}}(?: \(\S{{1,20}} ago\))? \S{{1,20}} (?:[\da-f.:]{{3,39}}|<none>) {_NODE}(?= |$))?"
"""The rest of a row of `kubectl get pods --output wide`: restarts, age, address, node."""


_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"ssigned {_NAMESPACE}/{_POD} to {_NODE}",
        rf"^{_NAMESPACE} +\d\S* +(?:\(x\S+ over \S+\) +)?(?:Normal|Warning) +\S+ +[Pp]od/{_POD}",
        rf"(?<![\w/])[Pp]ods?/{_POD}",
        rf"^(?:{_NAMESPACE} )?{_POD} \d+/\d+ {_FAILING}\b{_WIDE}",
        rf"\bpod=\"?{_NAMESPACE}/{_POD}\"?",
        rf"\bpod[= ]\"?{_POD}_{_NAMESPACE}\(",
        rf"\(\"?{_POD}_{_NAMESPACE}\(",
        rf"\bevent for (?:{_NAMESPACE}/)?{_POD}: \{{kubelet {_NODE}\}}",
        rf"\bdebugging pod {_POD} ",
        rf"\b(?:describe|logs|get|delete|edit) pods? (?:-n \S+ )?{_POD}(?: (?:-n|--namespace)[ =]{_NAMESPACE})?",
        rf"(?:-n|--namespace)[ =]{_NAMESPACE} (?:describe|logs|get) pods?[/ ]{_POD}",
        rf"\bkubectl (?:(?:-n|--namespace)[ =]{_NAMESPACE} )?logs (?:-f |-p |--previous )?{_POD}(?= |$)",
        rf"\bkubectl logs {_POD}(?: -[cfp] ?[\w.-]*){{0,3}} (?:-n|--namespace)[ =]{_NAMESPACE}",
        rf"\bkubectl logs (?:-n|--namespace)[ =]{_NAMESPACE} {_POD}(?= |$)",
        rf"\bin pod \"{_POD}\"",
        rf"\bpod \"{_POD}\"",
        rf"\"?(?:ReplicaName|podName|PodName|pod_name|io\.kubernetes\.pod\.name)\"?[:=] ?\"?{_POD}",
        rf"\{{kubelet {_NODE}\}}",
        rf"\bkubelet, {_NODE}",
        rf"\bon host \[{_NODE}\]",
        rf"\bon node {_NODE}",
        rf"\broot@{_NODE}:",
        rf"^\[root@{_NODE} ",
        rf"\b\d\d:\d\d:\d\d {_NODE} kubelet\[",
        rf"^Name: {_POD}$",
        rf"^Namespace: {_NAMESPACE}$",
        rf"^Node: {_NODE}(?:/|$)",
        rf"\"?(?:nodeName|NodeName|host)\"?: \"?{_NODE}\"?,?$",
        rf"^\s*\"?namespace\"?: \"?{_NAMESPACE}\"?,?$",
        rf"\bkind\"?: \"?Pod\"?,? \"?name\"?: \"?{_POD}",
    )
)
_CRASHED = re.compile(rf"^(?:{_NAMESPACE} )?{_POD} \d+/\d+ (?:CrashLoopBackOff|Error|RunContainerError)\b{_WIDE}")
_JSON_POD = re.compile(r"^\"?kind\"?: \"?Pod\"?,?$")
_JSON_NAME = re.compile(rf"^\"?(?P<key>name|namespace)\"?: \"?(?P<value>{_NAME})\"?,?$")
_NO_POD = re.compile(
    r"^(?:has|is|in|to|and|with|the|was|will|on|status|name|spec|yaml|events?|container|sandbox|logs?|o|all|error)$"
)
_NO_NODE = re.compile(r"^(?:kubelet|Failed|Back|Error|Pulling|Successfully|Normal|Warning|the|a|this)$")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a container was to run; each None where the text does not say."""

    pod: str | None
    namespace: str | None
    node: str | None


def whereabouts(records: Sequence[str], deciding: int, position: int = 0) -> Whereabouts:
    """The pod, namespace and node of `records`, of which the one at index `deciding` decides, at `position` in it.

    What an event says of the object it is about comes first, then the deciding record, then the others. The first
    pod that is named decides, and a namespace or node that stands with the same pod is preferred.
    """
    before = sum(len(record) + 1 for record in records[:deciding])
    event = involved("\n".join(records), before + position)
    ordered = [*records[deciding : deciding + 1], *records[:deciding], *records[deciding + 1 :]]
    matches = [event] if event else []
    matches += [groups for record in ordered for groups in _named(record)] + _from_json(ordered)
    matches += [groups for record in ordered if (groups := _crashed(record))]
    pod = next((groups["pod"] for groups in matches if groups.get("pod")), None)
    same = [groups for groups in matches if pod is not None and groups.get("pod") == pod]
    others = [groups for groups in matches if groups.get("pod") is None]
    namespace = _value("namespace", (*same, *others))
    node = _value("node", (*same, *others)) if pod else _value("node", matches)
    text = " ".join(records)
    return Whereabouts(
        _whole("pod", pod, matches, text),
        _whole("namespace", namespace, matches, text),
        _whole("node", node, matches, text),
    )


def _whole(name: str, value: str | None, matches: Sequence[dict[str, str]], text: str) -> str | None:
    """The value, or the longer one that `text` names elsewhere where it goes on as that one does, behind a break."""
    if value is None:
        return None
    longer = {one for groups in matches if (one := groups.get(name, "")).startswith(value) and one != value}
    return next((one for one in sorted(longer) if f"{value} {one[len(value) :]}" in text), value)


def _crashed(record: str) -> dict[str, str]:
    """The pod of a row that says that its container runs and ends; of no failed pull, so the last to be asked."""
    match = _CRASHED.match(record)
    return {name: value for name, value in match.groupdict().items() if value} if match else {}


def _named(record: str) -> list[dict[str, str]]:
    found = []
    for pattern in _PATTERNS:
        match = pattern.search(record)
        if match is None:
            continue
        groups = {name: value.rstrip(".") for name, value in match.groupdict().items() if value}
        if _NO_POD.match(groups.get("pod", "")) or _NO_NODE.match(groups.get("node", "")):
            continue
        found.append(groups)
    return found


def _from_json(records: Sequence[str]) -> list[dict[str, str]]:
    """The name and namespace that stand next to `"kind": "Pod"` in an event or an object."""
    for index, record in enumerate(records):
        if _JSON_POD.match(record):
            near = [_JSON_NAME.match(line) for line in records[max(0, index - 5) : index + 6]]
            groups = {match["key"]: match["value"] for match in near if match}
            return [{"pod" if key == "name" else key: value for key, value in groups.items()}]
    return []


def _value(name: str, matches: Sequence[dict[str, str]]) -> str | None:
    return next((groups[name] for groups in matches if groups.get(name)), None)
