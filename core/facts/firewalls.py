"""Azure Firewalls, classic rules and policies alike.

https://learn.microsoft.com/azure/firewall/rule-processing
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.facts.fact import Fact
from core.facts.items import Items


class RuleKind(StrEnum):
    """What a firewall rule looks at."""

    NETWORK = "network"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One rule. Addresses are CIDR ranges, ranges "a-b", "*" or service tags; `ports` "*", "443", "400-500".

    For application rules `protocols` are like "https:443", for network rules "TCP", "UDP", "Any". `hosts` are target
    FQDNs (application) or destination FQDNs (network), `host_tags` FQDN tags, `urls` and `categories` what only TLS
    inspection or a web category decides.
    """

    name: str
    kind: RuleKind
    protocols: tuple[str, ...]
    sources: tuple[str, ...] = ()
    source_group_ids: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    destination_group_ids: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    host_tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCollection:
    """Rules that share an action ("Allow" or "Deny") and a priority."""

    name: str
    priority: int
    action: str
    kind: RuleKind
    rules: tuple[FirewallRule, ...]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """A rule collection group of a policy; classic rules stand in one group without a policy."""

    name: str
    priority: int
    collections: tuple[RuleCollection, ...]
    policy_id: str | None = None


@dataclass(frozen=True, slots=True)
class FirewallPolicy:
    """A policy and its rule groups; those of the policies that it inherits from stand in `base`."""

    id: str
    name: str
    resource_group: str
    subscription_id: str
    groups: tuple[RuleGroup, ...]
    threat_intel_mode: str | None = None
    dns_proxy: bool = False
    dns_servers: tuple[str, ...] = ()
    snat_private_ranges: tuple[str, ...] = ()
    base: Fact[FirewallPolicy] | None = None


@dataclass(frozen=True, slots=True)
class Firewall:
    """An Azure Firewall. Either `policy` or the classic `groups` hold its rules.

    `public_addresses` are what it leaves from, any of them; `ip_groups` the ranges of every IP group that its rules
    name, by lower-cased id.
    """

    id: str
    name: str
    resource_group: str
    subscription_id: str
    location: str
    private_addresses: tuple[str, ...]
    public_addresses: Fact[tuple[str, ...]]
    policy: Fact[FirewallPolicy] | None = None
    groups: tuple[RuleGroup, ...] = ()
    threat_intel_mode: str | None = None
    dns_proxy: bool = False
    ip_groups: Items[tuple[str, ...]] = field(default_factory=Items)
    network_id: str | None = None
