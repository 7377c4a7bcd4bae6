"""The address ranges behind service tags, where rules make them necessary.

https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import part, required, text, texts
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.filtering import AdminRule, SecurityGroup, SecurityRule
from core.facts.firewalls import Firewall, RuleGroup, RuleKind
from core.facts.items import Items
from core.network.addresses import covers, is_private, parse

READ_SERVICE_TAGS = "Microsoft.Network/locations/serviceTags/read"

_TAGS = ("azurecontainerregistry", "storage", "azureactivedirectory", "microsoftcontainerregistry")
"""What a pull needs, with and without a region; the whole list has thousands of tags."""

_PLATFORM = ("168.63.129.16/32", "169.254.0.0/16", "127.0.0.0/8", "224.0.0.0/4", "fe80::/10")
"""Ranges that are neither private networks nor the internet."""


def service_tags(
    azure: Azure,
    cluster: Cluster,
    security_groups: Fact[Items[SecurityGroup]],
    admin_rules: Fact[Items[tuple[AdminRule, ...]]],
    firewalls: Fact[Items[Firewall]],
) -> Mapping[str, tuple[str, ...]]:
    """Read the ranges of the registry's tags; none where no rule names public ranges.

    Rules that name tags, everything or private ranges can be judged without: whether a range on the internet holds
    the registry is what nothing else tells. The answer is one of Azure's largest.
    """
    named = (*_of_groups(security_groups), *_of_managers(admin_rules), *_of_firewalls(firewalls))
    if not any(is_public_range(prefix) for prefix in dict.fromkeys(named)):
        return {}

    def call() -> Mapping[str, tuple[str, ...]]:
        answer = azure.network(cluster.subscription_id).service_tags.list(cluster.location)
        required(answer, "id")
        return dict(_kept(part(answer, "values")))

    return ask(READ_SERVICE_TAGS, f"/subscriptions/{cluster.subscription_id}", call)


def is_public_range(prefix: str) -> bool:
    """Whether a text is a range on the internet, but not half of it or more."""
    found = parse(prefix)
    if found is None or is_private(prefix) or any(covers((own,), prefix) for own in _PLATFORM):
        return False
    return found.size < 1 << (31 if found.version == 4 else 127)


def _kept(values: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    for model in values if isinstance(values, (list, tuple)) else ():
        name = text(model, "name")
        if name and name.lower().partition(".")[0] in _TAGS:
            yield name, texts(model, "properties", "addressPrefixes")


def _of_groups(security_groups: Fact[Items[SecurityGroup]]) -> Iterator[str]:
    if isinstance(security_groups, Known):
        yield from _outbound(rule for group in security_groups.value.known() for rule in group.rules)


def _of_managers(admin_rules: Fact[Items[tuple[AdminRule, ...]]]) -> Iterator[str]:
    if isinstance(admin_rules, Known):
        yield from _outbound(one.rule for rules in admin_rules.value.known() for one in rules)


def _outbound(rules: Iterable[SecurityRule]) -> Iterator[str]:
    for rule in rules:
        if rule.direction.lower() == "outbound":
            yield from rule.destinations


def _of_firewalls(firewalls: Fact[Items[Firewall]]) -> Iterator[str]:
    if not isinstance(firewalls, Known):
        return
    for firewall in firewalls.value.known():
        for group in _groups(firewall):
            for collection in group.collections:
                if collection.kind is RuleKind.NETWORK:
                    for rule in collection.rules:
                        yield from rule.destinations
        for ranges in firewall.ip_groups.known():
            yield from ranges


def _groups(firewall: Firewall) -> Iterator[RuleGroup]:
    yield from firewall.groups
    policy = firewall.policy
    while isinstance(policy, Known):
        yield from policy.value.groups
        policy = policy.value.base
