"""Events as JSON and YAML: the pod is the one that the event of the deciding message is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.symptoms import classify

IMAGE = "contosoreg.azurecr.io/shop/api:1.4"
BACK_OFF = f'Back-off pulling image "{IMAGE}"'
REFUSED = f'Failed to pull image "{IMAGE}": failed to authorize: failed to fetch anonymous token: 401 Unauthorized'
DENIED = (
    f'Failed to pull image "{IMAGE}": '
    '{"errors":[{"code":"DENIED","message":"client with IP \'20.1.2.3\' is not allowed access"}]}'
)


def core_event(pod: str, namespace: str, message: str) -> dict[str, Any]:
    """An event of core/v1, with its keys in the order in which the API lists them."""
    return {
        "kind": "Event",
        "apiVersion": "v1",
        "metadata": {"name": f"{pod}.17a4", "namespace": namespace},
        "involvedObject": {"kind": "Pod", "namespace": namespace, "name": pod, "fieldPath": "spec.containers{api}"},
        "reason": "Failed",
        "message": message,
        "source": {"component": "kubelet", "host": f"node-of-{pod}"},
    }


def new_event(pod: str, namespace: str, message: str) -> dict[str, Any]:
    """The same as an event of events.k8s.io/v1."""
    event = core_event(pod, namespace, message)
    return {
        "apiVersion": "events.k8s.io/v1",
        "deprecatedSource": event["source"],
        "kind": "Event",
        "metadata": event["metadata"],
        "note": message,
        "regarding": event["involvedObject"],
    }


def yaml_lines(value: dict[str, Any], depth: int = 0) -> list[str]:
    """As kubectl prints it: keys sorted, list items not indented, messages in single quotes."""
    lines: list[str] = []
    for key, part in sorted(value.items()):
        if isinstance(part, dict):
            lines += [f"{' ' * depth}{key}:", *yaml_lines(part, depth + 2)]
        elif isinstance(part, list):
            lines.append(f"{' ' * depth}{key}:")
            for item in part:
                first, *rest = yaml_lines(item, depth + 2)
                lines += [f"{' ' * depth}- {first.lstrip()}", *rest]
        else:
            quoted = "'" + part.replace("'", "''") + "'" if '"' in part else part
            lines.append(f"{' ' * depth}{key}: {quoted}")
    return lines


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "compact": lambda value: json.dumps(value, separators=(",", ":")),
    "line": json.dumps,
    "pretty": lambda value: json.dumps(value, indent=4),
    "sorted": lambda value: json.dumps(value, indent=4, sort_keys=True),
    "yaml": lambda value: "\n".join(yaml_lines(value)),
}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
each_version = pytest.mark.parametrize("event", [core_event, new_event])
each_message = pytest.mark.parametrize(("message", "kind"), [(REFUSED, "ANON_401"), (DENIED, "FW_IP")])


def place(text: str) -> tuple[str, str | None, str | None, str | None]:
    symptom = classify(text)
    return symptom.kind, symptom.pod, symptom.namespace, symptom.node


@each_form
@each_version
@each_message
def test_the_pod_of_one_event(form: Any, event: Any, message: str, kind: str) -> None:
    assert place(form(event("inv-api-0", "inv", message))) == (kind, "inv-api-0", "inv", "node-of-inv-api-0")


@each_form
@each_version
@each_message
@pytest.mark.parametrize("position", [0, 1, 2])
def test_in_a_list_the_event_of_the_deciding_message_counts(
    form: Any, event: Any, message: str, kind: str, position: int
) -> None:
    events = [event("web-0", "web", BACK_OFF), event("zed-0", "zed", BACK_OFF)]
    events.insert(position, event("inv-api-0", "inv", message))
    text = form({"apiVersion": "v1", "items": events, "kind": "List"})
    assert place(text) == (kind, "inv-api-0", "inv", "node-of-inv-api-0")


@each_version
@pytest.mark.parametrize(
    ("form", "between"), [("compact", "\n"), ("line", "\n"), ("pretty", "\n"), ("yaml", "\n---\n")]
)
def test_events_one_after_the_other(form: str, between: str, event: Any) -> None:
    events = [event("web-0", "web", BACK_OFF), event("inv-api-0", "inv", REFUSED), event("zed-0", "zed", BACK_OFF)]
    text = between.join(FORMS[form](one) for one in events)
    assert place(text) == ("ANON_401", "inv-api-0", "inv", "node-of-inv-api-0")


@each_form
def test_namespace_of_the_event_where_its_object_names_none(form: Any) -> None:
    event = core_event("inv-api-0", "inv", REFUSED)
    del event["involvedObject"]["namespace"]
    assert place(form(event)) == ("ANON_401", "inv-api-0", "inv", "node-of-inv-api-0")


@each_form
def test_an_object_that_is_no_pod_is_none(form: Any) -> None:
    event = core_event("inv-api", "inv", REFUSED)
    event["involvedObject"]["kind"] = "ReplicaSet"
    assert place(form(event))[1:3] == (None, "inv")


def test_an_event_whose_beginning_was_not_copied() -> None:
    whole = json.dumps(core_event("inv-api-0", "inv", REFUSED), indent=4)
    assert place(whole[whole.index('"involvedObject"') :])[:3] == ("ANON_401", "inv-api-0", "inv")
