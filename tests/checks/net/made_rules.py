"""The firewall rules that a fix makes, read as Azure would give them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from traffic_world import POLICY

from core.facts.firewalls import FirewallRule, RuleCollection, RuleGroup, RuleKind
from core.model import FixRef


def rule_group_of(fix: FixRef, policy: str = POLICY) -> RuleGroup:
    """The rule group that a fix puts into a policy, read as Azure would give it back."""
    properties = json.loads(fix.values["body"])["properties"]
    (made,) = properties["ruleCollections"]
    (rule,) = made["rules"]
    return RuleGroup(
        fix.values["rule_group_name"], properties["priority"], (rule_collection_of(made | {"rules": [rule]}),), policy
    )


def with_collection_of(fix: FixRef, groups: Iterable[RuleGroup]) -> tuple[RuleGroup, ...]:
    """The groups of a policy after a fix has put its collection into one of them."""
    made = rule_collection_of(json.loads(fix.values["body"]))
    return tuple(
        replace(own, collections=(*own.collections, made)) if own.name == fix.values["rule_group_name"] else own
        for own in groups
    )


def rule_collection_of(body: dict[str, Any]) -> RuleCollection:
    """The rule collection in a body that a fix sends, as Azure would give it back."""
    (rule,) = body["rules"]
    if "targetFqdns" in rule:
        kind, protocols = RuleKind.APPLICATION, tuple(f"https:{own['port']}" for own in rule["protocols"])
    else:
        kind, protocols = RuleKind.NETWORK, tuple(rule.get("ipProtocols", rule.get("protocols", ())))
    made = FirewallRule(
        rule["name"],
        kind,
        protocols,
        tuple(rule["sourceAddresses"]),
        destinations=tuple(rule.get("destinationAddresses", ())),
        ports=tuple(rule.get("destinationPorts", ())),
        hosts=tuple(rule.get("targetFqdns", ())),
    )
    return RuleCollection(body["name"], body["priority"], body["action"]["type"], kind, (made,))
