"""The way to the registry and its private endpoint: every answer out of a healthy private world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from private_world import (
    DATA,
    ENDPOINT,
    HUB,
    LOGIN,
    REFUSED,
    SPOKE,
    PrivateWorld,
    connection,
    endpoint,
    endpoint_id,
    network,
    network_id,
    zone,
)

from core.checks.check import Check
from core.checks.network import path, pe_connection, pe_exists
from core.facts.fact import Known, Missing
from core.facts.networks import NodeSubnet, Peering
from core.facts.private_dns import ZoneLink
from core.facts.registry import RegistryExtras
from core.model import Certainty, Status, Verdict

Ask = Callable[[Check], Verdict]


@pytest.fixture
def world() -> PrivateWorld:
    return PrivateWorld()


@pytest.fixture
def ask(world: PrivateWorld, show: Callable[[Check, Verdict], str]) -> Ask:
    def asked(check: Check) -> Verdict:
        verdict = world.judge(check)
        assert show(check, verdict)
        return verdict

    return asked


def answers(ask: Ask) -> list[tuple[Status, str]]:
    verdicts = [ask(module.CHECK) for module in (path, pe_exists, pe_connection)]
    return [(verdict.status, verdict.reason) for verdict in verdicts]


def test_through_an_approved_endpoint(ask: Ask) -> None:
    assert answers(ask) == [(Status.PASS, "private"), (Status.PASS, "exists"), (Status.PASS, "approved")]


def test_over_the_internet(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True)
    world.set_zones()
    skipped = (Status.NOT_APPLICABLE, "way-public")
    assert answers(ask) == [(Status.PASS, "public"), skipped, skipped]


def test_meant_privately_but_led_elsewhere_is_no_cause_by_itself(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(links={}))
    assert answers(ask)[0] == (Status.WARNING, "unintended")
    assert answers(ask)[1:] == [(Status.PASS, "exists"), (Status.PASS, "approved")]


def test_closed_and_without_an_endpoint(world: PrivateWorld, ask: Ask) -> None:
    world.connections = Known(())
    world.set_zones()
    verdict = ask(path.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "no-endpoint", Certainty.DEFINITE)
    (fix,) = verdict.fixes
    assert fix.key == "create-endpoint"
    assert fix.values["subnet_id"] == f"{SPOKE}/subnets/snet-nodes"
    assert fix.values["endpoint_name"] == "pe-contosoreg-vnet-spoke"
    assert answers(ask)[1:] == [(Status.NOT_APPLICABLE, "none"), (Status.NOT_APPLICABLE, "none")]


def test_a_new_endpoint_uses_the_zone_that_is_there(world: PrivateWorld, ask: Ask) -> None:
    """A network can be linked to one zone of a name only, so that a second one would be refused."""
    world.connections = Known(())
    assert ask(path.CHECK).fixes[0].key == "create-endpoint-in-linked-zone"
    world.set_zones(zone(links={HUB: "Completed"}))
    fix = ask(path.CHECK).fixes[0]
    assert (fix.key, fix.values["zone_resource_group"]) == ("create-endpoint-in-zone", "rg-hub")
    assert fix.values["link_name"] == "vnet-spoke-link"


def test_a_new_link_takes_no_name_that_another_one_has(world: PrivateWorld, ask: Ask) -> None:
    """Networks of two resource groups may have one name; the link of the other one is not to be replaced."""
    world.connections = Known(())
    taken = ZoneLink("/links/vnet-spoke-link", "vnet-spoke-link", network_id("vnet-spoke", "rg-other"))
    world.set_zones(replace(zone(), links=Known((taken,))))
    fix = ask(path.CHECK).fixes[0]
    assert (fix.key, fix.values["link_name"]) == ("create-endpoint-in-zone", "vnet-spoke-link-2")


def test_every_network_without_a_way_gets_an_endpoint(world: PrivateWorld, ask: Ask) -> None:
    other = network_id("vnet-two", "rg-two")
    world.networks[other.lower()] = Known(network(other, "10.20.0.0/16"))
    world.subnets += [NodeSubnet(f"{other}/subnets/{name}", other, (name,)) for name in ("one", "two")]
    world.connections = Known(())
    world.set_zones()
    assert [fix.values["network_name"] for fix in ask(path.CHECK).fixes] == ["vnet-spoke", "vnet-two"]
    third = network_id("vnet-three", "rg-two")
    world.networks[third.lower()] = Known(network(third, "10.30.0.0/16"))
    world.subnets.append(NodeSubnet(f"{third}/subnets/three", third, ("three",)))
    assert [fix.values["network_name"] for fix in ask(path.CHECK).fixes] == ["vnet-spoke", "vnet-two"]


def test_an_endpoint_that_waits_is_the_cause_and_not_the_way(world: PrivateWorld, ask: Ask) -> None:
    world.connections = Known((connection(status="Pending"),))
    assert answers(ask) == [(Status.WARNING, "not-approved"), (Status.PASS, "exists"), (Status.FAIL, "pending")]
    verdict = ask(pe_connection.CHECK)
    assert verdict.certainty is Certainty.DEFINITE
    assert verdict.fixes[0].key == "approve-endpoint"
    assert verdict.fixes[0].values["connection_name"] == "pe-contosoreg-conn"


def test_while_no_endpoint_is_read_the_one_that_waits_may_be_meant(world: PrivateWorld, ask: Ask) -> None:
    other = endpoint(endpoint_id("pe-other"))
    world.add_endpoint(other, "Pending")
    world.endpoints = dict.fromkeys((ENDPOINT.lower(), other.id.lower()), REFUSED)
    world.set_zones()
    verdict = ask(pe_connection.CHECK)
    assert (verdict.status, verdict.missing is not None) == (Status.UNKNOWN, True)
    world.endpoints[ENDPOINT.lower()] = Known(endpoint())
    assert ask(pe_connection.CHECK).reason == "approved"
    world.endpoints[ENDPOINT.lower()] = REFUSED
    world.connections = Known((connection(), connection(other.id, "Rejected")))
    assert ask(pe_connection.CHECK).reason == "approved"


def test_one_that_waits_and_is_not_read_is_not_surely_the_one_that_is_meant(world: PrivateWorld, ask: Ask) -> None:
    far = endpoint(endpoint_id("pe-far"), network_id("vnet-far"), {})
    world.connections = Known((connection(status="Pending"),))
    world.add_endpoint(far)
    world.endpoints[ENDPOINT.lower()] = REFUSED
    world.zones = REFUSED
    assert world.path().endpoint_id == ENDPOINT
    verdict = ask(pe_connection.CHECK)
    assert (verdict.status, verdict.missing is not None) == (Status.UNKNOWN, True)
    world.set_network(SPOKE, peerings=(Peering("p", "p", HUB, "Connected", remote_prefixes=("10.0.0.0/16",)),))
    world.set_zones(zone())
    assert ask(pe_connection.CHECK).reason == "pending"


def test_where_no_network_is_read_nobody_knows_which_endpoint_is_near(world: PrivateWorld, ask: Ask) -> None:
    far = endpoint(endpoint_id("pe-far"), network_id("vnet-far"), {LOGIN: "10.8.0.5"})
    world.networks[far.network_id.lower()] = Known(network(far.network_id, "10.8.0.0/16"))
    own = world.networks[SPOKE.lower()]
    world.connections = Known((connection(status="Pending"),))
    world.add_endpoint(far)
    world.networks = dict.fromkeys(world.networks, REFUSED)
    verdict = ask(pe_connection.CHECK)
    assert (verdict.status, verdict.missing is not None) == (Status.UNKNOWN, True)
    # One in the nodes' own network waits, and another one may be in a network that they peer with.
    world.endpoints[ENDPOINT.lower()] = Known(endpoint(where=SPOKE))
    assert ask(pe_connection.CHECK).reason == "denied"
    # One that is approved in their own network is reached, wherever the other one is.
    world.connections = Known((connection(), connection(far.id, "Pending")))
    assert ask(pe_connection.CHECK).reason == "approved"
    world.endpoints[ENDPOINT.lower()] = Known(endpoint())
    assert ask(pe_connection.CHECK).reason == "denied"
    world.connections = Known((connection(), connection(far.id)))
    assert ask(pe_connection.CHECK).reason == "approved"
    world.connections = Known((connection(status="Pending"), connection(far.id)))
    world.networks[SPOKE.lower()] = own
    assert ask(pe_connection.CHECK).reason == "pending"


@pytest.mark.parametrize("status", ["Rejected", "Disconnected"])
def test_an_endpoint_that_was_refused_is_made_again(world: PrivateWorld, ask: Ask, status: str) -> None:
    world.connections = Known((connection(status=status),))
    verdict = ask(pe_connection.CHECK)
    assert (verdict.status, verdict.reason, verdict.values["state"]) == (Status.FAIL, "refused", status)
    assert verdict.fixes[0].key == "renew-endpoint-with-records"
    world.set_zones()
    assert ask(pe_connection.CHECK).fixes[0].key == "renew-endpoint"
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    assert ask(pe_connection.CHECK).fixes[0].key == "inspect-endpoint"


def test_one_that_waits_beside_the_one_in_use_does_no_harm(world: PrivateWorld, ask: Ask) -> None:
    far = endpoint(endpoint_id("pe-far"), network_id("vnet-far"), {LOGIN: "10.8.0.5", DATA: "10.8.0.4"})
    world.add_endpoint(far, "Pending")
    assert answers(ask) == [(Status.PASS, "private"), (Status.PASS, "exists"), (Status.PASS, "approved")]


def test_one_near_by_that_waits_is_the_cause_where_the_approved_one_is_out_of_reach(
    world: PrivateWorld, ask: Ask
) -> None:
    world.connections = Known((connection(status="Pending"),))
    world.add_endpoint(endpoint(endpoint_id("pe-far"), network_id("vnet-far"), {LOGIN: "10.8.0.5"}))
    world.set_zones(zone(records={}))
    assert answers(ask)[1:] == [(Status.PASS, "exists"), (Status.FAIL, "pending")]


def test_two_endpoints_in_one_network_share_a_record(world: PrivateWorld, ask: Ask) -> None:
    world.add_endpoint(endpoint(endpoint_id("pe-second"), HUB, {LOGIN: "10.0.2.15", DATA: "10.0.2.14"}))
    verdict = ask(pe_exists.CHECK)
    assert (verdict.status, verdict.reason) == (Status.WARNING, "two-in-one-network")
    assert verdict.values["endpoints"] == "pe-contosoreg, pe-second"


def test_what_cannot_be_read_names_the_permission(world: PrivateWorld, ask: Ask) -> None:
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    assert answers(ask) == [(Status.PASS, "private"), (Status.UNKNOWN, "denied"), (Status.PASS, "approved")]
    world.endpoints = {ENDPOINT.lower(): Missing(ENDPOINT)}
    assert ask(pe_exists.CHECK).reason == "not-found"
    world.connections = REFUSED
    assert [reason for _, reason in answers(ask)] == ["private", "denied", "denied"]
    world.set_zones(zone(links={}))
    assert ask(path.CHECK).missing is not None
    assert answers(ask)[0] == (Status.UNKNOWN, "denied")


def test_different_subnets_may_go_different_ways(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True)
    other = network_id("vnet-two")
    world.networks[other.lower()] = Known(network(other, "10.20.0.0/16"))
    world.subnets.append(NodeSubnet(f"{other}/subnets/snet-nodes", other, ("new",)))
    verdict = ask(path.CHECK)
    assert (verdict.status, verdict.reason) == (Status.PASS, "several")
    assert [entry.value.rpartition("| ")[2] for entry in verdict.evidence] == [
        "through a private endpoint",
        "over the internet",
    ]


def test_a_cluster_without_nodes_has_no_way(world: PrivateWorld, ask: Ask) -> None:
    world.subnets = []
    world.extras = Known(RegistryExtras(None, None, None))
    assert answers(ask)[0] == (Status.NOT_APPLICABLE, "no-node-subnet")
