"""Taking the rules of an Azure Firewall apart: classic ones and those of policies.

https://learn.microsoft.com/rest/api/firewall/firewall-policy-rule-collection-groups/list
"""

from __future__ import annotations

from collections.abc import Iterator

from core.collect.reading import number, part, parts, text, texts
from core.facts.firewalls import FirewallRule, RuleCollection, RuleGroup, RuleKind

_FILTER = "firewallpolicyfilterrulecollection"
_KINDS = {"networkrule": RuleKind.NETWORK, "applicationrule": RuleKind.APPLICATION}
_USUAL_PORTS = {"http": 80, "https": 443, "mssql": 1433}


def to_rule_group(model: object, policy_id: str) -> RuleGroup:
    """Read a rule collection group of a policy off Azure's answer; address translation is left out."""
    properties = part(model, "properties")
    return RuleGroup(
        name=text(model, "name") or "",
        priority=number(properties, "priority") or 0,
        collections=tuple(_of_group(properties)),
        policy_id=policy_id,
    )


def to_classic_groups(model: object) -> tuple[RuleGroup, ...]:
    """Read the rules that a firewall has of its own as one group; none where it has no such rules."""
    collections = [
        RuleCollection(
            name=text(one, "name") or "",
            priority=number(one, "properties", "priority") or 0,
            action=text(one, "properties", "action", "type") or "",
            kind=kind,
            rules=tuple(to_rule(rule, kind) for rule in parts(one, "properties", "rules")),
        )
        for key, kind in (
            ("networkRuleCollections", RuleKind.NETWORK),
            ("applicationRuleCollections", RuleKind.APPLICATION),
        )
        for one in parts(model, "properties", key)
    ]
    return (RuleGroup(text(model, "name") or "", 0, tuple(collections)),) if collections else ()


def to_rule(model: object, kind: RuleKind) -> FirewallRule:
    """Read a rule off Azure's answer."""
    if kind is RuleKind.NETWORK:
        return FirewallRule(
            name=text(model, "name") or "",
            kind=kind,
            protocols=texts(model, "ipProtocols") or texts(model, "protocols"),
            sources=texts(model, "sourceAddresses"),
            source_group_ids=texts(model, "sourceIpGroups"),
            destinations=texts(model, "destinationAddresses"),
            destination_group_ids=texts(model, "destinationIpGroups"),
            ports=texts(model, "destinationPorts"),
            hosts=texts(model, "destinationFqdns"),
        )
    return FirewallRule(
        name=text(model, "name") or "",
        kind=kind,
        protocols=tuple(_protocols(model)),
        sources=texts(model, "sourceAddresses"),
        source_group_ids=texts(model, "sourceIpGroups"),
        destinations=texts(model, "destinationAddresses"),
        hosts=texts(model, "targetFqdns"),
        host_tags=texts(model, "fqdnTags"),
        urls=texts(model, "targetUrls"),
        categories=texts(model, "webCategories"),
    )


def _of_group(properties: object) -> Iterator[RuleCollection]:
    """The filtering collections of a group; rules of both kinds in one collection are taken as two collections."""
    for one in parts(properties, "ruleCollections"):
        if (text(one, "ruleCollectionType") or "").lower() != _FILTER:
            continue
        by_kind: dict[RuleKind, list[FirewallRule]] = {}
        for rule in parts(one, "rules"):
            kind = _KINDS.get((text(rule, "ruleType") or "").lower())
            if kind is not None:
                by_kind.setdefault(kind, []).append(to_rule(rule, kind))
        for kind, rules in by_kind.items():
            yield RuleCollection(
                name=text(one, "name") or "",
                priority=number(one, "priority") or 0,
                action=text(one, "action", "type") or "",
                kind=kind,
                rules=tuple(rules),
            )


def _protocols(model: object) -> Iterator[str]:
    for protocol in parts(model, "protocols"):
        name = (text(protocol, "protocolType") or "").lower()
        port = number(protocol, "port") or _USUAL_PORTS.get(name)
        if name and port:
            yield f"{name}:{port}"
