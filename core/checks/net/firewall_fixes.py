"""The rule that lets the nodes through an Azure Firewall: which kind, in which policy, and how far up.

https://learn.microsoft.com/azure/firewall/rule-processing
https://learn.microsoft.com/rest/api/virtualnetwork/firewall-policy-rule-collection-groups/create-or-update
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.checks.fix_values import cluster_values, free_name, registry_values
from core.checks.net.firewall_flows import Judged
from core.facts.cluster import Cluster
from core.facts.fact import Known
from core.facts.firewalls import Firewall, FirewallPolicy, RuleGroup, RuleKind
from core.facts.registry import Registry
from core.facts.resource_id import same_id
from core.model import FixRef
from core.network.firewall_rules import Placed, policies_of
from core.network.tag_match import tag_of
from core.network.targets import Serves, Target

FIRST, LAST = 100, 65000
"""The priorities that a rule collection or a group may have."""

USUAL = 300

_OWN_GROUP = {RuleKind.APPLICATION: "firewall-allow-hosts", RuleKind.NETWORK: "firewall-allow-addresses"}
_IN_GROUP = {
    RuleKind.APPLICATION: "firewall-allow-hosts-in-group",
    RuleKind.NETWORK: "firewall-allow-addresses-in-group",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one firewall has to let through: from where, to what, and the rules that drop it now.

    The targets are DNS servers, or none of them is.
    """

    firewall: Firewall
    sources: tuple[str, ...]
    targets: tuple[Target, ...]
    denying: tuple[Placed, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names, each once."""
        return tuple(dict.fromkeys(target.host for target in self.targets))

    @property
    def destinations(self) -> tuple[str, ...]:
        """What a network rule calls the targets: the endpoint's addresses, or the service tags of public hosts."""
        found = [own for target in self.targets for own in (target.addresses or (tag_of(target),))]
        return tuple(dict.fromkeys(found))

    @property
    def by_network_rule(self) -> bool:
        """Whether no application rule helps: a network rule drops it, which is asked first, or it is no HTTPS."""
        drops = any(placed.rule.kind is RuleKind.NETWORK for placed in self.denying)
        return drops or any(target.serves is Serves.NAMES for target in self.targets)

    @property
    def kinds(self) -> tuple[RuleKind, ...]:
        """The kinds of rules that help, the narrower first: addresses can be named of endpoints only."""
        if self.by_network_rule:
            return (RuleKind.NETWORK,)
        private = all(target.addresses for target in self.targets)
        return (RuleKind.APPLICATION, RuleKind.NETWORK) if private else (RuleKind.APPLICATION,)


def fixes_for(blocked: Iterable[Judged], registry: Registry, cluster: Cluster) -> tuple[FixRef, ...]:
    """Give the fixes, for each firewall those that name hosts before those that name addresses."""
    blocked = list(blocked)
    fixes: list[FixRef] = []
    for wanted in _wanted(blocked):
        names = {**registry_values(registry), **cluster_values(cluster)}
        fixes += _policy_fixes(wanted, names) if wanted.firewall.policy else _classic_fixes(wanted, names)
    if any(one.stretch.target.stored for one in blocked) and (registry.sku or "").lower() == "premium":
        fixes.append(FixRef("layers-from-data-endpoints", registry_values(registry)))
    return tuple(fixes)


def _wanted(blocked: list[Judged]) -> Iterator[Wanted]:
    by_firewall: dict[str, list[Judged]] = {}
    for one in blocked:
        if one.firewall is not None:
            by_firewall.setdefault(one.firewall.id.lower(), []).append(one)
    for judged in by_firewall.values():
        firewall = judged[0].firewall
        if firewall is not None:
            yield Wanted(
                firewall,
                tuple(dict.fromkeys(prefix for one in judged for prefix in one.stretch.prefixes)),
                tuple(dict.fromkeys(one.stretch.target for one in judged)),
                tuple(dict.fromkeys(placed for one in judged for placed in one.denying)),
            )


def _policy_fixes(wanted: Wanted, names: dict[str, str]) -> Iterator[FixRef]:
    firewall = wanted.firewall
    if not isinstance(firewall.policy, Known):
        return
    chain, _ = policies_of(firewall.policy.value)
    policy = _deciding(chain, wanted.denying)
    values = {
        **names,
        "firewall": firewall.name,
        "policy_id": policy.id,
        "policy_name": policy.name,
        "policy_group": policy.resource_group,
        "policy_subscription": policy.subscription_id,
        "rule_name": names["registry_name"],
        **_common(wanted),
    }
    for kind in wanted.kinds:
        above = [
            placed
            for placed in wanted.denying
            if placed.rule.kind is kind and same_id(placed.group.policy_id or policy.id, policy.id)
        ]
        first = min(above, key=lambda placed: (placed.group.priority, placed.collection.priority), default=None)
        place = _place_in(policy, first, f"allow-{names['registry_name']}")
        if place is None:
            yield FixRef("firewall-change-deny", values | {"rule": _place(wanted.denying)})
            continue
        collection = _collection(wanted, kind, place, values["rule_name"])
        if place.group is None:
            body = {
                "properties": {"priority": place.priority, "ruleCollections": [{**collection, "priority": FIRST}]}
            }
            parts = {"rule_group_name": place.name, "priority": str(place.priority), "body": _json(body)}
            yield FixRef(_OWN_GROUP[kind], values | parts)
        else:
            parts = {
                "rule_group_name": place.group.name,
                "group_priority": str(place.group.priority),
                "collection_name": place.name,
                "priority": str(place.priority),
                "body": _json(collection),
            }
            yield FixRef(_IN_GROUP[kind], values | parts)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an allowing collection goes: its priority in `group`, or without one that of a group of its own."""

    name: str
    priority: int
    group: RuleGroup | None = None


def _place_in(policy: FirewallPolicy, first: Placed | None, name: str) -> _Place | None:
    """Find a place before the first rule that denies: a group of its own, or else a collection in that rule's group.

    None where there is no room. Groups count by their priority, and the collections inside of each by theirs.
    """
    priority = free_priority([own.priority for own in policy.groups], first.group.priority if first else None)
    if priority is not None:
        return _Place(free_name(name, [own.name for own in policy.groups]), priority)
    if first is None:
        return None
    beside = first.group.collections
    priority = free_priority([own.priority for own in beside], first.collection.priority)
    if priority is None:
        return None
    return _Place(free_name(name, [own.name for own in beside]), priority, first.group)


def _classic_fixes(wanted: Wanted, names: dict[str, str]) -> Iterator[FixRef]:
    firewall = wanted.firewall
    values = {
        **names,
        "firewall": firewall.name,
        "firewall_id": firewall.id,
        "firewall_group": firewall.resource_group,
        "firewall_subscription": firewall.subscription_id,
        "rule_name": names["registry_name"],
        **_common(wanted),
    }
    for kind in wanted.kinds:
        own = [item for group in firewall.groups for item in group.collections if item.kind is kind]
        above = [placed.collection.priority for placed in wanted.denying if placed.rule.kind is kind]
        priority = free_priority([item.priority for item in own], min(above, default=None))
        if priority is None:
            yield FixRef("classic-firewall-change-deny", values | {"rule": _place(wanted.denying)})
            continue
        name = free_name(f"allow-{names['registry_name']}", [item.name for item in own])
        parts = {"collection_name": name, "priority": str(priority)}
        body = _classic_collection(wanted, kind, name, priority, values["rule_name"])
        if kind is RuleKind.APPLICATION:
            yield FixRef("classic-firewall-allow-hosts", values | parts | {"body": body})
        else:
            yield FixRef("classic-firewall-allow-addresses", values | parts | {"body": body})


def free_priority(used: Iterable[int], below: int | None) -> int | None:
    """Give a priority that nothing has: just before `below`, or after everything where nothing stands in the way.

    None where there is no room.
    """
    taken = set(used)
    if below is not None:
        return next((own for own in range(min(below, LAST + 1) - 1, FIRST - 1, -1) if own not in taken), None)
    start = max((own for own in taken if own < LAST), default=USUAL - FIRST) // FIRST * FIRST + FIRST
    after = next((own for own in range(min(start, LAST), LAST + 1) if own not in taken), None)
    return after or next((own for own in range(FIRST, LAST + 1) if own not in taken), None)


def _deciding(chain: tuple[FirewallPolicy, ...], denying: tuple[Placed, ...]) -> FirewallPolicy:
    """Give the policy to change: what a base policy denies cannot be allowed by one that inherits from it."""
    ids = {(placed.group.policy_id or "").lower() for placed in denying}
    return next((policy for policy in chain if policy.id.lower() in ids), chain[-1])


def _common(wanted: Wanted) -> dict[str, str]:
    return {
        "sources": ",".join(wanted.sources),
        "hosts": ",".join(wanted.hosts),
        "destinations": ",".join(wanted.destinations),
        "protocol": wanted.targets[0].protocol,
        "port": str(wanted.targets[0].port),
    }


def _place(denying: tuple[Placed, ...]) -> str:
    return denying[0].place if denying else "-"


def _application_rule(wanted: Wanted, name: str) -> dict[str, object]:
    return {
        "ruleType": "ApplicationRule",
        "name": name,
        "protocols": [{"protocolType": "Https", "port": 443}],
        "sourceAddresses": list(wanted.sources),
        "targetFqdns": list(wanted.hosts),
    }


def _network_rule(wanted: Wanted, name: str) -> dict[str, object]:
    return {
        "ruleType": "NetworkRule",
        "name": name,
        "ipProtocols": [wanted.targets[0].protocol],
        "sourceAddresses": list(wanted.sources),
        "destinationAddresses": list(wanted.destinations),
        "destinationPorts": [str(wanted.targets[0].port)],
    }


def _collection(wanted: Wanted, kind: RuleKind, place: _Place, rule_name: str) -> dict[str, object]:
    application = kind is RuleKind.APPLICATION
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": place.name,
        "priority": place.priority,
        "action": {"type": "Allow"},
        "rules": [_application_rule(wanted, rule_name) if application else _network_rule(wanted, rule_name)],
    }


def _classic_collection(wanted: Wanted, kind: RuleKind, name: str, priority: int, rule_name: str) -> str:
    rule: dict[str, object] = {"name": rule_name, "sourceAddresses": list(wanted.sources)}
    if kind is RuleKind.APPLICATION:
        rule |= {"protocols": [{"protocolType": "Https", "port": 443}], "targetFqdns": list(wanted.hosts)}
    else:
        rule |= {
            "protocols": [wanted.targets[0].protocol],
            "destinationAddresses": list(wanted.destinations),
            "destinationPorts": [str(wanted.targets[0].port)],
        }
    properties = {"priority": priority, "action": {"type": "Allow"}, "rules": [rule]}
    return _json({"name": name, "properties": properties})


def _json(body: Mapping[str, object]) -> str:
    return json.dumps(body, separators=(",", ":"))
