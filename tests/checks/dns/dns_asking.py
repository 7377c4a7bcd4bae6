"""Asking the checks of private DNS about a world that was changed."""

from __future__ import annotations

from collections.abc import Callable

from private_world import SPOKE, PrivateWorld

from core.checks.check import Check
from core.checks.dns import (
    custom_servers,
    duplicate_zones,
    expected_records,
    records,
    shadow_zones,
    vnet_link,
    zone_exists,
    zone_group,
)
from core.facts.fact import Known
from core.facts.private_dns import DnsServer
from core.model import Status, Verdict

Ask = Callable[[Check], Verdict]

CHECKS = tuple(
    module.CHECK
    for module in (
        custom_servers,
        duplicate_zones,
        expected_records,
        records,
        shadow_zones,
        vnet_link,
        zone_exists,
        zone_group,
    )
)


def only_fails(ask: Ask, *failing: Check) -> None:
    """Prove that nothing but these fails, so that one cause is told once."""
    assert {check.id for check in CHECKS if ask(check).status is Status.FAIL} == {check.id for check in failing}


def use_servers(world: PrivateWorld, *servers: DnsServer) -> None:
    """Have the nodes ask these DNS servers."""
    world.set_network(SPOKE, dns_servers=tuple(server.address for server in servers))
    world.dns_servers = {server.address: Known(server) for server in servers}
