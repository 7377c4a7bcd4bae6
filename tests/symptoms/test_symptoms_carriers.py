"""The same text through another carrier says the same."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

import pytest
from symptom_corpus import ALL_TEXTS, OWN, VISIBLE

from core.symptoms import classify

CARRIERS: dict[str, Callable[[str], str | bytes]] = {
    "windows-line-ends": lambda text: text.replace("\n", "\r\n"),
    "byte-order-mark": lambda text: "\ufeff" + text,
    "non-breaking-blanks": lambda text: text.replace(" ", "\u00a0"),
    "all-three": lambda text: "\ufeff" + text.replace(" ", "\u00a0").replace("\n", "\r\n"),
    "utf-8": lambda text: text.encode(),
    "utf-8-with-mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "fence": lambda text: f"```\n{text}\n```",
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("entry", VISIBLE, ids=lambda entry: entry["id"])
def test_carrier_changes_nothing(carrier: str, entry: dict[str, str]) -> None:
    assert classify(CARRIERS[carrier](entry["text"])) == classify(entry["text"])


EVENTS = [entry for entry in OWN if entry["id"].startswith("row-") and entry["text"].startswith("Failed to pull")]


@pytest.mark.parametrize("entry", EVENTS, ids=lambda entry: entry["id"])
@pytest.mark.parametrize(
    "wrap",
    [
        json.dumps,
        lambda text: json.dumps(json.dumps(text)),
        lambda text: json.dumps({"items": [{"message": text, "reason": "Failed"}]}, indent=4),
        html.escape,
        lambda text: "> " + text,
        lambda text: f"I get this error:\n\n`{text}`\n\nAny ideas?",
        lambda text: f"- {text}\n- Error: ErrImagePull",
        lambda text: (
            'Normal  Pulled  9s  kubelet  Successfully pulled image "other.azurecr.io/x:1" in 2s\n'
            f"Warning  Failed  9s (x2 over 12s)  kubelet  {text}"
        ),
    ],
    ids=["json", "json-in-json", "event-list", "html", "quoted", "prose", "list", "rows"],
)
def test_event_is_found_inside(entry: dict[str, str], wrap: Callable[[str], str]) -> None:
    bare, wrapped = classify(entry["text"]), classify(wrap(entry["text"]))
    assert wrapped.kind == bare.kind
    assert (wrapped.image, wrapped.registry, wrapped.address, wrapped.http_status) == (
        bare.image,
        bare.registry,
        bare.address,
        bare.http_status,
    )


@pytest.mark.parametrize("width", [79, 80, 100, 120, 132])
@pytest.mark.parametrize("entry", EVENTS, ids=lambda entry: entry["id"])
def test_hard_wrapped_event_is_put_together(entry: dict[str, str], width: int) -> None:
    text = entry["text"]
    wrapped = "\n".join(text[start : start + width] for start in range(0, len(text), width))
    bare, found = classify(text), classify(wrapped)
    assert (found.kind, found.image, found.address) == (bare.kind, bare.image, bare.address)


def test_texts_beside_each_other_do_not_disturb_what_is_read() -> None:
    together = classify("\n\n".join(ALL_TEXTS))
    assert together.kind != "UNKNOWN"
