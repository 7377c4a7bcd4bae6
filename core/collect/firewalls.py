"""The Azure Firewalls that the nodes' traffic or names go through, with their policies.

https://learn.microsoft.com/rest/api/firewall/firewall-policies/get,
https://learn.microsoft.com/azure/firewall-manager/policy-overview
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.each import distinct, each, key_of
from core.collect.firewall_lists import ListedFirewall, appliance_addresses, firewall_at
from core.collect.firewall_rules import to_rule_group
from core.collect.holders import holder_of
from core.collect.ip_groups import read_ip_groups
from core.collect.public_addresses import read_public_addresses
from core.collect.reading import flag, listed, parsed_id, part, text, texts
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.firewalls import Firewall, FirewallPolicy, RuleGroup
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.resource_id import ResourceId

READ_POLICIES = "Microsoft.Network/firewallPolicies/read"
READ_RULE_GROUPS = "Microsoft.Network/firewallPolicies/ruleCollectionGroups/read"

MOST_LEVELS = 5
"""Policies above each other that are read; Azure allows a policy and its base."""


def firewalls(
    azure: Azure,
    node_networks: Items[VirtualNetwork],
    hop_addresses: tuple[str, ...],
    exit_networks: tuple[str, ...],
    firewall_lists: Items[tuple[ListedFirewall, ...]],
) -> Items[Firewall]:
    """Read what stands at the nodes' next hops and DNS servers, and in networks that they may leave through.

    Policies, IP groups and addresses that several share are read once; a refused part leaves the rest known.
    """
    networks = list(node_networks.known())
    met: dict[str, ListedFirewall] = {}
    for address in appliance_addresses(node_networks, hop_addresses):
        found = firewall_at(address, holder_of(address, networks), firewall_lists)
        if found is not None:
            met[key_of(found.firewall.id)] = found
    exits = {key_of(id_) for id_ in exit_networks}
    for one in (one for firewalls_there in firewall_lists.known() for one in firewalls_there):
        if key_of(one.firewall.network_id or "") in exits:
            met[key_of(one.firewall.id)] = one
    if not met:
        return Items()
    reads: tuple[Callable[[], Any], ...] = (
        lambda: _policies(azure, (one.policy_id for one in met.values())),
        lambda: read_public_addresses(azure, (id_ for one in met.values() for id_ in one.public_address_ids)),
    )
    policies, addresses = azure.map(lambda read: read(), reads)
    complete = {key: _complete(one, policies, addresses) for key, one in met.items()}
    named = {key: _ip_group_ids(firewall) for key, firewall in complete.items()}
    groups = read_ip_groups(azure, (id_ for ids in named.values() for id_ in ids))
    return Items(
        {
            key: Known(replace(one, ip_groups=Items({key_of(id_): groups.get(id_) for id_ in named[key]})))
            for key, one in complete.items()
        }
    )


@dataclass(frozen=True, slots=True)
class _PolicyAnswer:
    """A policy with its own rule groups; `base_id` names the policy that it inherits from."""

    policy: FirewallPolicy
    base_id: str | None


def to_policy(model: object, groups: tuple[RuleGroup, ...]) -> FirewallPolicy:
    """Read a policy off Azure's answer, without the one that it inherits from.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    return FirewallPolicy(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        groups=groups,
        threat_intel_mode=text(properties, "threatIntelMode"),
        dns_proxy=flag(properties, "dnsSettings", "enableProxy") is True,
        dns_servers=texts(properties, "dnsSettings", "servers"),
        snat_private_ranges=texts(properties, "snat", "privateRanges"),
    )


def _policies(azure: Azure, ids: Iterator[str | None]) -> Mapping[str, Fact[_PolicyAnswer]]:
    """Policies and those that they inherit from, level by level."""
    found: dict[str, Fact[_PolicyAnswer]] = {}
    wanted = distinct(ids)
    for _ in range(MOST_LEVELS):
        level = each(azure, wanted, READ_POLICIES, lambda id_: _policy(azure, id_))
        found.update(level.by_id)
        wanted = distinct(
            one.base_id for one in level.known() if one.base_id is not None and key_of(one.base_id) not in found
        )
        if not wanted:
            break
    return found


def _policy(azure: Azure, id_: ResourceId) -> _PolicyAnswer:
    client = azure.network(id_.subscription_id)

    def rules() -> tuple[RuleGroup, ...]:
        found = listed(client.firewall_policy_rule_collection_groups.list(id_.resource_group, id_.name))
        return tuple(to_rule_group(model, id_.text) for model in found)

    reads: tuple[Callable[[], Any], ...] = (
        lambda: ask(READ_POLICIES, id_.text, lambda: client.firewall_policies.get(id_.resource_group, id_.name)),
        lambda: ask(READ_RULE_GROUPS, id_.text, rules),
    )
    model, groups = azure.map(lambda read: read(), reads)
    return _PolicyAnswer(to_policy(model, groups), text(model, "properties", "basePolicy", "id"))


def _with_base(
    id_: str, policies: Mapping[str, Fact[_PolicyAnswer]], above: frozenset[str] = frozenset()
) -> Fact[FirewallPolicy]:
    """A policy and everything that it inherits; policies that inherit from each other end somewhere."""
    key = key_of(id_)
    if key in above or key not in policies:
        return Unavailable(Trouble.BAD_ANSWER, "The firewall policies inherit from each other without an end.")
    found = policies[key]
    if not isinstance(found, Known):
        return found
    base = found.value.base_id
    return Known(
        replace(found.value.policy, base=None if base is None else _with_base(base, policies, above | {key}))
    )


def _complete(
    listed_one: ListedFirewall, policies: Mapping[str, Fact[_PolicyAnswer]], addresses: Items[tuple[str, ...]]
) -> Firewall:
    firewall, policy_id = listed_one.firewall, listed_one.policy_id
    outcomes = [firewall.public_addresses, *(addresses.get(id_) for id_ in listed_one.public_address_ids)]
    unread = next((outcome for outcome in outcomes if not isinstance(outcome, Known)), None)
    told = tuple(address for outcome in outcomes if isinstance(outcome, Known) for address in outcome.value)
    return replace(
        firewall,
        public_addresses=unread or Known(told),
        policy=None if policy_id is None else _with_base(policy_id, policies),
    )


def _ip_group_ids(firewall: Firewall) -> tuple[str, ...]:
    """The IP groups that any rule of a firewall names."""
    groups, policy = [*firewall.groups], firewall.policy
    while isinstance(policy, Known):
        groups += policy.value.groups
        policy = policy.value.base
    return distinct(
        id_
        for group in groups
        for collection in group.collections
        for rule in collection.rules
        for id_ in (*rule.source_group_ids, *rule.destination_group_ids)
    )
