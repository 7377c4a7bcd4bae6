"""Zones, links and servers: every answer out of a healthy private world that is changed in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dns_asking import CHECKS, Ask, only_fails, use_servers
from private_world import (
    ENDPOINT,
    HUB,
    REFUSED,
    SPOKE,
    SUB,
    PrivateWorld,
    connection,
    network,
    network_id,
    zone,
    zone_id,
)

from core.checks.check import Check
from core.checks.dns import (
    records,
    shadow_zones,
    vnet_link,
    zone_exists,
)
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Known, Missing, Trouble, Unavailable
from core.facts.networks import NodeSubnet, Peering
from core.facts.private_dns import DnsServer, PrivateZone, PrivateZones, ServerKind, ZoneLink
from core.model import Certainty, Evidence, Status, Symptom

DNS = network_id("vnet-dns", "rg-dns")


def test_all_is_well_in_a_healthy_private_world(world: PrivateWorld, ask: Ask) -> None:
    for check in CHECKS:
        verdict = ask(check)
        assert (verdict.status, verdict.fixes) == (Status.PASS, ()), check.id


def test_a_public_world_has_nothing_to_say_about_private_names(world: PrivateWorld, ask: Ask) -> None:
    """An endpoint that nobody uses, a zone without a link, no zone at all: the registry takes the nodes anyway."""
    world.set_registry(public_access=True)
    for zones in ((), (zone(links={}),), (zone(links={HUB: "Completed"}, records={}),)):
        world.set_zones(*zones)
        assert {ask(check).status for check in CHECKS} == {Status.NOT_APPLICABLE}
    world.set_registry(default_action="Deny", ip_rules=("20.50.1.10",))
    assert {ask(check).status for check in CHECKS} == {Status.NOT_APPLICABLE}


def test_a_registry_that_nobody_can_come_to_leaves_names_alone(world: PrivateWorld, ask: Ask) -> None:
    world.connections = Known((connection(status="Rejected"),))
    for zones in ((zone(),), (zone(links={}),), ()):
        world.set_zones(*zones)
        assert {ask(check).status for check in CHECKS} == {Status.NOT_APPLICABLE}


def test_an_endpoint_that_waits_for_approval_needs_the_link_as_well(world: PrivateWorld, ask: Ask) -> None:
    world.connections = Known((connection(status="Pending"),))
    assert ask(vnet_link.CHECK).status is Status.PASS
    world.set_zones(zone(links={HUB: "Completed"}))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "not-linked", Certainty.DEFINITE)
    assert {ask(check).status for check in CHECKS if check is not vnet_link.CHECK} == {Status.NOT_APPLICABLE}


def test_the_zone_is_not_linked_to_the_nodes_network(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(links={HUB: "Completed"}))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "not-linked", Certainty.DEFINITE)
    assert verdict.values["network"] == "vnet-spoke"
    (fix,) = verdict.fixes
    assert fix.key == "link-zone"
    assert fix.values["network_id"] == SPOKE
    assert ask(records.CHECK).reason == "not-asked"
    only_fails(ask, vnet_link.CHECK)


def test_the_zone_that_holds_the_records_is_the_one_to_link(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(zone_id(group="rg-old"), links={}, records={}), zone(links={HUB: "Completed"}))
    assert ask(vnet_link.CHECK).fixes[0].values["zone_resource_group"] == "rg-hub"


def test_every_network_without_a_link_is_named_and_linked(world: PrivateWorld, ask: Ask) -> None:
    other = network_id("vnet-two")
    world.networks[other.lower()] = Known(network(other, "10.20.0.0/16", peers={HUB: "Connected"}))
    world.subnets.append(NodeSubnet(f"{other}/subnets/snet-nodes", other, ("new",)))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.values["pools"], verdict.values["network"]) == (Status.FAIL, "new", "vnet-two")
    world.set_zones(zone(links={}))
    (fix,) = ask(vnet_link.CHECK).fixes
    assert [place["network_id"] for place in fix.each] == [SPOKE, other]


def test_a_new_link_has_a_name_that_no_other_has(world: PrivateWorld, ask: Ask) -> None:
    """Networks of two resource groups may be called the same, links of a zone may not."""
    namesake = ZoneLink("", "vnet-spoke-link", network_id("vnet-spoke", "rg-other"))
    world.set_zones(replace(zone(), links=Known((namesake,))))
    (fix,) = ask(vnet_link.CHECK).fixes
    assert [place["link_name"] for place in fix.each] == ["vnet-spoke-link-2"]


def test_a_link_in_progress_asks_for_patience(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(links={SPOKE: "InProgress"}))
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.WARNING, "in-progress")
    only_fails(ask)


def test_links_that_cannot_be_read_name_the_permission(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(replace(zone(), links=REFUSED))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.missing is not None
    only_fails(ask)


def test_whether_the_registry_takes_the_nodes_anyway_may_not_be_known(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True, default_action="Deny", ip_rules=("20.1.1.1",))
    world.egress = {key: Known(Egress(EgressKind.APPLIANCE)) for key in world.egress}
    world.set_zones(zone(links={}))
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.UNKNOWN, "may-be-accepted")
    world.set_zones()
    assert (ask(zone_exists.CHECK).status, ask(zone_exists.CHECK).reason) == (Status.UNKNOWN, "may-be-accepted")
    world.set_zones(zone(links={}))
    use_servers(world, DnsServer("10.0.0.53", ServerKind.MACHINE, DNS))
    assert (ask(vnet_link.CHECK).status, ask(vnet_link.CHECK).reason) == (Status.UNKNOWN, "may-be-accepted")
    only_fails(ask)


def test_a_text_in_which_the_registry_refused_them_settles_that(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True, default_action="Deny", ip_rules=("20.1.1.1",))
    world.egress = {key: Known(Egress(EgressKind.APPLIANCE)) for key in world.egress}
    world.symptom = Symptom("ANON_403")
    world.set_zones(zone(links={}))
    assert ask(vnet_link.CHECK).certainty is Certainty.LIKELY
    only_fails(ask, vnet_link.CHECK)
    use_servers(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, DNS))
    only_fails(ask, vnet_link.CHECK)
    world.set_zones()
    only_fails(ask, zone_exists.CHECK)


def test_no_zone_that_anybody_sees(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones()
    verdict = ask(zone_exists.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "missing", Certainty.LIKELY)
    assert verdict.fixes[0].key == "create-zone"
    assert ask(vnet_link.CHECK).reason == "no-zone"
    only_fails(ask, zone_exists.CHECK)
    namesake = network_id("vnet-spoke", "rg-two")
    world.networks[namesake.lower()] = Known(network(namesake, "10.20.0.0/16", peers={HUB: "Connected"}))
    world.subnets.append(NodeSubnet(f"{namesake}/subnets/snet-nodes", namesake, ("new",)))
    places = ask(zone_exists.CHECK).fixes[0].each
    assert [place["link_name"] for place in places] == ["vnet-spoke-link", "vnet-spoke-link-2"]


FAR_SUBSCRIPTION = "/subscriptions/99999999-9999-9999-9999-999999999999"
FAR = f"{FAR_SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
FAR_HUB = f"{FAR}/virtualNetworks/vnet-far"
LED_OUTSIDE = (
    Symptom("ANON_403"),
    Symptom("FW_IP", address="20.50.1.10"),
    Symptom("TIMEOUT_443", address="20.1.1.1"),
)
LED_INSIDE = (Symptom("TIMEOUT_443", address="10.0.2.5"), Symptom("NXDOMAIN", registry="Contosoreg.azurecr.io"))
COPY = zone(zone_id(group="rg-old"), links={}, records={})


def peer_out_of_sight(world: PrivateWorld, remote: str = FAR_HUB) -> None:
    world.set_network(SPOKE, peerings=(Peering("p", "to-far", remote, "Connected"), *half_to_hub(world)))


def half_to_hub(world: PrivateWorld) -> tuple[Peering, ...]:
    fact = world.networks[SPOKE.lower()]
    assert isinstance(fact, Known)
    return fact.value.peerings


@pytest.mark.parametrize(("check", "zones"), [(zone_exists.CHECK, ()), (vnet_link.CHECK, (COPY,))])
def test_a_network_out_of_sight_may_have_the_zone(
    world: PrivateWorld, ask: Ask, check: Check, zones: tuple[PrivateZone, ...]
) -> None:
    world.set_zones(*zones)
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    assert (ask(check).status, ask(check).certainty) == (Status.FAIL, Certainty.LIKELY)
    peer_out_of_sight(world, FAR_HUB.replace("vnet-far", "HV_hub_1"))
    assert ask(check).status is Status.FAIL
    peer_out_of_sight(world)
    verdict = ask(check)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "may-be-out-of-sight")
    assert verdict.missing is not None
    assert verdict.missing.scope == FAR_SUBSCRIPTION
    for symptom in LED_OUTSIDE:
        world.symptom = symptom
        assert (ask(check).status, ask(check).certainty) == (Status.FAIL, Certainty.LIKELY)
    world.symptom = None
    world.subscriptions = REFUSED
    assert (ask(check).status, ask(check).reason) == (Status.UNKNOWN, "denied")


def test_where_the_zone_may_be_in_several_subscriptions_leave_is_asked_for_in_all(
    world: PrivateWorld, ask: Ask
) -> None:
    other = "/subscriptions/dddddddd-4444-4444-4444-444444444444"
    hubs = (FAR_HUB, f"{other}{FAR_HUB.removeprefix(FAR_SUBSCRIPTION)}", FAR_HUB.upper())
    remotes = tuple(Peering(f"p{number}", "", hub, "Connected") for number, hub in enumerate(hubs))
    world.set_network(SPOKE, peerings=(*remotes, *half_to_hub(world)))
    world.set_zones()
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    verdict = ask(zone_exists.CHECK)
    assert verdict.reason == "may-be-out-of-sight"
    assert verdict.missing is not None
    assert (verdict.missing.scope, verdict.missing.also) == (FAR_SUBSCRIPTION, (other,))
    hidden = [entry.value for entry in verdict.evidence if entry.label == "hidden-subscription"]
    assert [f"/subscriptions/{id_}" for id_ in hidden] == [FAR_SUBSCRIPTION, other]


@pytest.mark.parametrize("symptom", LED_INSIDE)
@pytest.mark.parametrize(("check", "zones"), [(zone_exists.CHECK, ()), (vnet_link.CHECK, (COPY,))])
def test_a_text_may_show_that_a_zone_out_of_sight_answers(
    world: PrivateWorld, ask: Ask, check: Check, zones: tuple[PrivateZone, ...], symptom: Symptom
) -> None:
    world.set_zones(*zones)
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    world.symptom = symptom
    assert (ask(check).status, ask(check).reason) == (Status.UNKNOWN, "answered-out-of-sight")
    world.symptom = Symptom("NXDOMAIN", registry="elsewhere.azurecr.io")
    assert ask(check).status is Status.FAIL


@pytest.mark.parametrize("named", [True, False])
def test_the_endpoints_own_zone_is_the_one_to_link(world: PrivateWorld, ask: Ask, named: bool) -> None:
    """By its zone group, or by its records; what is out of sight does not matter then."""
    peer_out_of_sight(world)
    world.set_zones(zone(links={}, records={} if named else None))
    if not named:
        world.zone_groups = {ENDPOINT.lower(): Known(())}
    verdict = ask(vnet_link.CHECK)
    assert (verdict.reason, verdict.certainty) == ("not-linked", Certainty.DEFINITE)


@pytest.mark.parametrize("part", ["hidden", "zones", "endpoint", "group", "list"])
def test_a_zone_out_of_sight_may_still_be_there(world: PrivateWorld, ask: Ask, part: str) -> None:
    world.set_zones()
    if part == "hidden":
        world.set_zones(hidden={zone_id(group="rg-central"): REFUSED})
    elif part == "zones":
        world.zones = REFUSED
    elif part == "endpoint":
        world.endpoints = {ENDPOINT.lower(): REFUSED}
    elif part == "list":
        world.zones = Known(PrivateZones((), unlisted={"sub-dns": Unavailable(Trouble.TIMEOUT), SUB: REFUSED}))
    else:
        world.zone_groups = {ENDPOINT.lower(): REFUSED}
    verdict = ask(zone_exists.CHECK)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.missing is not None
    only_fails(ask)


def test_a_subscription_whose_zones_could_not_be_listed_may_have_the_one_that_answers(
    world: PrivateWorld, ask: Ask
) -> None:
    def seen(*zones: PrivateZone) -> None:
        world.zones = Known(PrivateZones(zones, unlisted={SUB: REFUSED}))

    seen(zone(links={}))
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason, verdict.missing is not None) == (Status.UNKNOWN, "denied", True)
    assert Evidence("zones-not-listed", f"/subscriptions/{SUB}") in verdict.evidence
    world.symptom = LED_OUTSIDE[0]
    assert ask(vnet_link.CHECK).reason == "not-linked"
    world.symptom = None
    seen(zone(links={}, records={"contosoreg": ("10.9.9.9",)}))
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    verdict = ask(vnet_link.CHECK)
    assert (verdict.status, verdict.reason, verdict.missing is not None) == (Status.UNKNOWN, "denied", True)
    seen(zone())
    assert ask(vnet_link.CHECK).status is Status.PASS
    verdict = ask(shadow_zones.CHECK)
    assert (verdict.status, verdict.reason, verdict.missing is not None) == (Status.UNKNOWN, "denied", True)
    only_fails(ask)


def test_a_deleted_endpoint_cannot_have_its_zone_made(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones()
    world.endpoints = {ENDPOINT.lower(): Missing(ENDPOINT)}
    assert ask(zone_exists.CHECK).reason == "missing-resource"
