"""Rules that let packets through or drop them: network security groups and security admin rules.

https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One rule, in Azure's words.

    `access` is "Allow", "Deny" or, for admin rules only, "AlwaysAllow"; `direction` "Inbound" or "Outbound";
    `protocol` "*", "Tcp", "Udp", "Icmp" and so on. Sources and destinations are CIDR ranges, addresses, "*" or
    service tags, all spellings of the answer in one tuple; the groups are ids of application security groups. Ports
    are "*", "443", "400-500".
    """

    name: str
    priority: int
    direction: str
    access: str
    protocol: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    destination_ports: tuple[str, ...]
    source_ports: tuple[str, ...] = ("*",)
    source_group_ids: tuple[str, ...] = ()
    destination_group_ids: tuple[str, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A network security group with its own and its default rules."""

    id: str
    name: str
    resource_group: str
    subscription_id: str
    rules: tuple[SecurityRule, ...]


@dataclass(frozen=True, slots=True)
class AdminRule:
    """A security admin rule of a network manager that applies to a network, and where it comes from."""

    rule: SecurityRule
    configuration_id: str
    manager: str | None = None
