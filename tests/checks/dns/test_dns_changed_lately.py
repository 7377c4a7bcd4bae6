"""Nodes that may still ask the DNS servers that their network named before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from dns_asking import Ask, use_servers
from private_world import CLUSTER, HUB, NOW, SPOKE, PrivateWorld, zone

from core.checks.dns import custom_servers
from core.checks.dns.changed_lately import changed_lately
from core.facts.fact import Denied, Fact, Known
from core.facts.items import Items
from core.facts.networks import ScaleSet
from core.facts.private_dns import DnsServer, ServerKind
from core.fixes.render import render
from core.model import Certainty, Evidence, FixRef, Status, Verdict
from core.texts import load

HIDDEN = Denied("Microsoft.Insights/eventtypes/values/read", "/subscriptions/s")
PASS = Verdict(Status.PASS, "in-azure")
SETS = (
    ScaleSet("sys", "aks-sys-1-vmss", ()),
    ScaleSet("usr", "aks-usr-1-vmss", ()),
    ScaleSet("usr", "alone", (), stand_alone=True),
    ScaleSet("other", "aks-other-1-vmss", ()),
)


def changed(change: Fact[datetime | None]) -> Known[Items[datetime | None]]:
    return Known(Items({SPOKE.lower(): change}))


@pytest.fixture
def by_servers(world: PrivateWorld) -> PrivateWorld:
    world.set_zones(zone(links={HUB: "Completed"}))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, HUB))
    return world


@pytest.mark.parametrize(
    ("ago", "said"),
    [(timedelta(minutes=30), "30 min"), (timedelta(hours=20), "20 h"), (timedelta(days=5), "5 d")],
)
def test_a_network_that_was_changed_lately(by_servers: PrivateWorld, ask: Ask, ago: timedelta, said: str) -> None:
    by_servers.network_changes = changed(Known(NOW - ago))
    verdict = ask(custom_servers.CHECK)
    assert (verdict.status, verdict.reason, verdict.values["age"]) == (Status.WARNING, "changed-lately", said)
    assert verdict.values["network"] == "vnet-spoke"
    assert any("| changed 2026-11-" in item.value for item in verdict.evidence)
    assert [fix.key for fix in verdict.fixes] == ["restart-nodes"]


def test_azures_own_dns_may_be_new_as_well(world: PrivateWorld, ask: Ask) -> None:
    assert ask(custom_servers.CHECK).reason == "azure-dns"
    world.network_changes = changed(Known(NOW))
    assert ask(custom_servers.CHECK).reason == "changed-lately"


@pytest.mark.parametrize("changes", [Known(Items()), changed(Known(None))])
def test_nothing_was_changed(by_servers: PrivateWorld, ask: Ask, changes: Known[Items[datetime | None]]) -> None:
    by_servers.network_changes = changes
    assert ask(custom_servers.CHECK).reason == "in-azure"


@pytest.mark.parametrize("changes", [HIDDEN, changed(HIDDEN)])
def test_a_log_that_may_not_be_read_leaves_the_verdict_and_is_said(
    by_servers: PrivateWorld, ask: Ask, changes: Fact[Items[datetime | None]]
) -> None:
    by_servers.network_changes = changes
    verdict = ask(custom_servers.CHECK)
    assert (verdict.status, verdict.reason, verdict.missing) == (Status.PASS, "in-azure", None)
    assert "could not be read: when it was changed last" in verdict.evidence[-1].value
    assert Evidence("missing-permission", HIDDEN.action) in verdict.evidence


def test_what_fails_by_the_servers_of_now_fails(world: PrivateWorld) -> None:
    failed = Verdict(Status.FAIL, "any", Certainty.DEFINITE)
    paths = world.paths()
    assert changed_lately(failed, CLUSTER, paths, changed(Known(NOW)), Known(SETS), NOW) is failed


def test_the_machines_of_these_pools_are_restarted(world: PrivateWorld) -> None:
    def fix(sets: Fact[tuple[ScaleSet, ...]]) -> FixRef:
        (found,) = changed_lately(PASS, CLUSTER, world.paths(), changed(Known(NOW)), sets, NOW).fixes
        return found

    assert [place["machines"] for place in fix(Known(SETS)).each] == ["aks-sys-1-vmss", "aks-usr-1-vmss"]
    assert [place["machines"] for place in fix(HIDDEN).each] == ["<scale-set>"]
    steps = " ".join(render(fix(Known(SETS)), load(), {}).portal)
    assert "scale sets of sys, usr" in steps
    assert "virtual machines of sys, usr" in steps
