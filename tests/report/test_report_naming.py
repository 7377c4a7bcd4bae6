"""Of whatever a check can tell, it has been decided what it names, if anything: nothing new slips through the mask.

Values are those that a sentence or a command asks for: no other is seen. Labels are those that have words: no other
can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from string import Formatter
from typing import Any

import pytest

from core.fixes import catalogue
from core.fixes.quoting import fields_of
from core.model import Evidence
from core.report.nameless import NAMELESS_EVIDENCE, NAMELESS_KEYS
from core.report.naming import EVIDENCE, KINDS_OF_WHOLE_KEYS, in_evidence, in_ids, in_value, kind_of_key
from core.texts import load

TEXTS = load()


def sentences(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from sentences(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from sentences(item)


def placeholders() -> set[str]:
    """Every value that a sentence about a finding, or a line of a fix, is filled with."""
    recipes = [asdict(recipe) for recipe in catalogue.load().values()]
    tables = [dict(TEXTS.table("checks")), dict(TEXTS.table("fixes")), TEXTS.table("words")["reasons"]]
    parts = (part for sentence in sentences(tables) for part in Formatter().parse(sentence))
    in_lines = {name for line in sentences(recipes) for name in fields_of(line)}
    return in_lines | {name for _, name, _, _ in parts if name is not None and name.isidentifier()}


def test_of_every_value_it_is_known_what_it_names() -> None:
    found = placeholders()
    assert len(found) > 200
    assert {key for key in found - NAMELESS_KEYS if kind_of_key(key) is None} == set()


def test_of_every_label_it_is_known_what_its_evidence_names() -> None:
    assert set(TEXTS.table("labels")) - NAMELESS_EVIDENCE == set(EVIDENCE)


def test_nothing_is_known_of_what_no_check_tells() -> None:
    assert set(TEXTS.table("labels")) >= NAMELESS_EVIDENCE
    assert placeholders() >= NAMELESS_KEYS | set(KINDS_OF_WHOLE_KEYS)
    assert not NAMELESS_KEYS & set(KINDS_OF_WHOLE_KEYS)


SUBSCRIPTION = "6f0c2c1e-0000-4000-8000-0000000000a1"


def test_an_id_says_what_each_of_its_parts_names() -> None:
    policy = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/policy"
    assert set(in_ids(f"at {policy}/ruleCollectionGroups/ours/ruleCollections/block ")) == {
        (SUBSCRIPTION, "subscription"),
        ("rg", "group"),
        ("policy", "policy"),
        ("ours", "rule-group"),
        ("block", "rule-collection"),
    }


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("rule", "deny-all", {("deny-all", "rule")}),
        ("rule", "block > deny-all", {("block", "rule-collection"), ("deny-all", "rule")}),
        (
            "rule",
            "ours (300) > block (100) > deny-all: Deny",
            {("ours", "rule-group"), ("block", "rule-collection"), ("deny-all", "rule")},
        ),
        ("policy_subscription", SUBSCRIPTION, {(SUBSCRIPTION, "subscription")}),
        ("registry_tenant", SUBSCRIPTION, {(SUBSCRIPTION, "directory")}),
        ("server", "https://harbor.example:443/shop", {("harbor.example", "host"), ("shop", "repository")}),
        ("server", "contosoreg.azurecr.io/shop", {("shop", "repository")}),
        ("found", "10.0.0.4", set()),
    ],
)
def test_a_value_names_what_its_key_says(key: str, value: str, named: set[tuple[str, str]]) -> None:
    assert {one for one in in_value(key, value) if one[0]} == named


@pytest.mark.parametrize(
    ("label", "value", "named"),
    [
        ("cluster-subscription", f"Contoso Shop ({SUBSCRIPTION}), Enabled", {("Contoso Shop", "subscription-name")}),
        ("secret-server", "harbor.example", {("harbor.example", "host")}),
        ("image-host", "harbor.example", {("harbor.example", "host")}),
        ("directory", SUBSCRIPTION, {(SUBSCRIPTION, "directory")}),
        ("admin-rules-not-read", "hub", {("hub", "network")}),
    ],
)
def test_evidence_names_what_its_label_says(label: str, value: str, named: set[tuple[str, str]]) -> None:
    assert {one for one in in_evidence(Evidence(label, value)) if one[0]} == named
