"""Servers that the nodes ask for names: every answer out of a healthy private world that is changed in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dns_asking import Ask, only_fails, use_servers
from private_world import (
    HUB,
    REFUSED,
    SPOKE,
    SUB,
    PrivateWorld,
    network,
    network_id,
    zone,
)

from core.checks.dns import custom_servers, vnet_link, zone_exists
from core.facts.fact import Known
from core.facts.firewalls import Firewall, FirewallPolicy
from core.facts.networks import NodeSubnet
from core.facts.private_dns import DnsServer, ServerKind
from core.model import Certainty, Status

DNS = network_id("vnet-dns", "rg-dns")
FAR = "/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg/providers/Microsoft.Network"
FAR_HUB = f"{FAR}/virtualNetworks/vnet-far"


@pytest.mark.parametrize(
    ("kind", "certainty"),
    [
        (ServerKind.MACHINE, Certainty.LIKELY),
        (ServerKind.FIREWALL, Certainty.DEFINITE),
        (ServerKind.RESOLVER, Certainty.DEFINITE),
    ],
)
def test_a_custom_server_whose_network_has_no_link(
    world: PrivateWorld, ask: Ask, kind: ServerKind, certainty: Certainty
) -> None:
    """Situation 11: the zone is linked to the nodes' own network, which does not help."""
    use_servers(world, DnsServer("10.0.0.53", kind, DNS))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "server-network-not-linked")
    assert verdict.certainty is certainty
    assert (verdict.values["servers"], verdict.values["network"]) == ("10.0.0.53", "vnet-dns")
    assert verdict.fixes[0].values["network_id"] == DNS
    machine = kind is ServerKind.MACHINE
    assert [fix.key for fix in verdict.fixes] == ["link-zone", *(["forward-to-azure-dns"] if machine else [])]
    beside = ask(custom_servers.CHECK)
    assert (beside.status, beside.reason) == (Status.WARNING, "server-network-not-linked")
    only_fails(ask, vnet_link.CHECK)


def test_a_zone_of_the_servers_network_that_may_be_out_of_sight(world: PrivateWorld, ask: Ask) -> None:
    """A copy that nobody uses is seen; the one that answers may be where the people who look after DNS have it."""
    world.zone_groups = {}
    world.set_zones(zone(links={}, records={}))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, FAR_HUB))
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.UNKNOWN, "may-be-out-of-sight")
    only_fails(ask)


def test_nodes_of_two_networks_whose_zones_are_missing_in_two_ways(world: PrivateWorld, ask: Ask) -> None:
    other = network_id("vnet-two")
    world.networks[other.lower()] = Known(network(other, "10.20.0.0/16", peers={HUB: "Connected"}))
    world.subnets.append(NodeSubnet(f"{other}/subnets/snet-nodes", other, ("new",)))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, DNS))
    world.set_zones(zone(links={}))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.reason, verdict.values["pools"], verdict.values["network"]) == ("not-linked", "new", "vnet-two")
    (fix,) = verdict.fixes
    assert {place["network_id"] for place in fix.each} == {DNS, other}


def test_a_custom_server_whose_network_is_linked(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(links={HUB: "Completed"}))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB))
    assert (ask(custom_servers.CHECK).status, ask(custom_servers.CHECK).reason) == (Status.PASS, "machine")
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.PASS, "linked")
    use_servers(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, HUB))
    assert ask(custom_servers.CHECK).reason == "in-azure"
    world.set_zones(zone(links={HUB: "InProgress"}))
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.WARNING, "in-progress")
    assert ask(custom_servers.CHECK).reason == "server-network-not-linked"
    only_fails(ask)


def test_one_of_several_servers_does_not_know_the_private_names(world: PrivateWorld, ask: Ask) -> None:
    use_servers(
        world,
        DnsServer("10.0.0.53", ServerKind.RESOLVER, HUB),
        DnsServer("10.5.0.53", ServerKind.RESOLVER, DNS),
    )
    verdict = ask(vnet_link.CHECK)
    assert (verdict.reason, verdict.certainty) == ("one-of-several", Certainty.LIKELY)
    assert verdict.values["servers"] == "10.5.0.53"
    only_fails(ask, vnet_link.CHECK)


def test_a_server_that_may_be_a_firewall_is_not_called_fine(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(links={HUB: "Completed"}))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB, unseen=REFUSED))
    verdict = ask(custom_servers.CHECK)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.missing is not None
    assert verdict.missing.action == REFUSED.action
    only_fails(ask)


def test_servers_that_azure_tells_nothing_of(world: PrivateWorld, ask: Ask) -> None:
    use_servers(world, DnsServer("192.168.1.53", ServerKind.OUTSIDE))
    verdict = ask(custom_servers.CHECK)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "out-of-sight")
    assert ask(vnet_link.CHECK).reason == "custom-servers"
    world.set_zones()
    assert ask(zone_exists.CHECK).reason == "servers-elsewhere"
    only_fails(ask)


def test_servers_or_networks_that_cannot_be_read(world: PrivateWorld, ask: Ask) -> None:
    use_servers(world, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB))
    world.dns_servers = {"10.0.0.53": REFUSED}
    assert (ask(custom_servers.CHECK).status, ask(custom_servers.CHECK).reason) == (Status.UNKNOWN, "denied")
    world.networks[SPOKE.lower()] = REFUSED
    assert (ask(custom_servers.CHECK).status, ask(custom_servers.CHECK).reason) == (Status.UNKNOWN, "denied")
    only_fails(ask)


FIREWALL = f"/subscriptions/{SUB}/resourceGroups/rg-hub/providers/Microsoft.Network/azureFirewalls/fw"
POLICY = FirewallPolicy(f"{FIREWALL}-policy", "fw-policy", "rg-hub", SUB, ())


@pytest.mark.parametrize(
    ("firewall", "fix"),
    [
        (Firewall(FIREWALL, "fw", "rg-hub", SUB, "we", (), Known(()), Known(POLICY)), "turn-on-dns-proxy-of-policy"),
        (
            Firewall(
                FIREWALL, "fw", "rg-hub", SUB, "we", (), Known(()), Known(replace(POLICY, dns_servers=("10.9.9.9",)))
            ),
            "turn-on-dns-proxy-beside-servers",
        ),
        (Firewall(FIREWALL, "fw", "rg-hub", SUB, "we", (), Known(())), "turn-on-dns-proxy-of-firewall"),
        (Firewall(FIREWALL, "fw", "rg-hub", SUB, "we", (), Known(()), REFUSED), "turn-on-dns-proxy"),
        (None, "turn-on-dns-proxy"),
    ],
)
def test_a_firewall_that_does_not_listen(world: PrivateWorld, ask: Ask, firewall: Firewall | None, fix: str) -> None:
    server = DnsServer("10.0.1.4", ServerKind.FIREWALL_WITHOUT_PROXY, HUB, FIREWALL)
    use_servers(world, server)
    world.firewalls = {FIREWALL.lower(): Known(firewall) if firewall else REFUSED}
    verdict = ask(custom_servers.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "firewall-without-proxy")
    assert [one.key for one in verdict.fixes] == [fix]
    only_fails(ask, custom_servers.CHECK)
    use_servers(world, server, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB))
    assert (ask(custom_servers.CHECK).status, ask(custom_servers.CHECK).reason) == (Status.WARNING, "slow-server")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ServerKind.AZURE, "Azure's own DNS"),
        (ServerKind.MACHINE, "machine"),
        (ServerKind.FIREWALL, "Azure Firewall"),
        (ServerKind.FIREWALL_WITHOUT_PROXY, "Azure Firewall without DNS proxy"),
        (ServerKind.RESOLVER, "DNS Private Resolver"),
        (ServerKind.OUTSIDE, "outside of Azure"),
    ],
)
def test_what_a_server_is_is_said_in_words(world: PrivateWorld, ask: Ask, kind: ServerKind, words: str) -> None:
    use_servers(world, DnsServer("10.0.1.4", kind, None if kind is ServerKind.OUTSIDE else HUB))
    shown = [one.value for one in ask(custom_servers.CHECK).evidence if one.label == "dns-server"]
    assert [one.split(" | ")[1] for one in shown] == [words]
