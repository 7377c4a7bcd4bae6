"""Copies, shadows and records: every answer out of a healthy private world that is changed in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dns_asking import Ask, only_fails
from private_world import (
    DATA,
    ENDPOINT,
    HUB,
    LOGIN,
    REFUSED,
    SPOKE,
    PrivateWorld,
    endpoint,
    endpoint_id,
    network,
    network_id,
    zone,
    zone_id,
)

from core.checks.dns import (
    duplicate_zones,
    expected_records,
    records,
    shadow_zones,
    vnet_link,
    zone_exists,
    zone_group,
)
from core.facts.endpoints import ZoneConfig
from core.facts.fact import Known, Missing
from core.facts.networks import Peering
from core.facts.private_dns import DnsServer, ServerKind, ZoneLink
from core.facts.registry import Replica
from core.model import Certainty, Status, Symptom

SPECIFIC = "westeurope.data.privatelink.azurecr.io"
OTHER_HUB = network_id("vnet-hub-b", "rg-hub-b")
RIGHT = {"contosoreg": ("10.0.2.5",), "contosoreg.westeurope.data": ("10.0.2.4",)}


def test_the_record_is_in_the_copy_that_nobody_asks(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(records={}), zone(zone_id(group="rg-copy"), links={HUB: "Completed"}))
    verdict = ask(duplicate_zones.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "record-in-other-copy")
    assert verdict.values["hosts"] == f"{LOGIN}, {DATA}"
    add, move = verdict.fixes
    assert [(place["record"], place["address"]) for place in add.each] == [
        ("contosoreg", "10.0.2.5"),
        ("contosoreg.westeurope.data", "10.0.2.4"),
    ]
    assert (move.key, move.values["old_link"], move.values["zone_resource_group"]) == (
        "move-zone-link",
        "to-vnet-spoke",
        "rg-copy",
    )
    assert move.values["link_name"] == "vnet-spoke-link"
    only_fails(ask, duplicate_zones.CHECK)
    taken = ZoneLink("/links/vnet-spoke-link", "vnet-spoke-link", network_id("vnet-spoke", "rg-other"))
    world.set_zones(zone(records={}), replace(zone(zone_id(group="rg-copy")), links=Known((taken,))))
    assert ask(duplicate_zones.CHECK).fixes[1].values["link_name"] == "vnet-spoke-link-2"


def test_a_copy_that_cannot_be_read_may_have_the_record(world: PrivateWorld, ask: Ask) -> None:
    hidden = {"contosoreg": REFUSED, "contosoreg.westeurope.data": REFUSED}
    world.set_zones(
        zone(records={}), replace(zone(zone_id(group="rg-copy"), links={HUB: "Completed"}), records=hidden)
    )
    assert (ask(records.CHECK).status, ask(records.CHECK).reason) == (Status.UNKNOWN, "denied")
    only_fails(ask)


def test_copies_do_no_harm_while_the_linked_one_has_the_records(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(), zone(zone_id(group="rg-copy"), links={}, records={"contosoreg": ("10.9.9.9",)}))
    assert (ask(duplicate_zones.CHECK).status, ask(duplicate_zones.CHECK).reason) == (Status.PASS, "several")
    only_fails(ask)


def test_a_copy_with_an_old_address_is_no_better(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(records={}), zone(zone_id(group="rg-copy"), links={}, records={"contosoreg": ("10.9.9.9",)}))
    only_fails(ask, records.CHECK)


def test_a_specific_zone_hides_the_layers(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(), zone(zone_id(SPECIFIC), records={}))
    verdict = ask(shadow_zones.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "specific-zone-without-record")
    assert (verdict.values["hosts"], verdict.values["zone_name"]) == (DATA, SPECIFIC)
    assert (verdict.fixes[0].values["record"], verdict.fixes[0].values["address"]) == ("contosoreg", "10.0.2.4")
    only_fails(ask, shadow_zones.CHECK)
    world.set_zones(zone(), zone(zone_id(SPECIFIC), records={"contosoreg": ("10.0.2.4",)}))
    assert ask(shadow_zones.CHECK).reason == "specific-zone"
    only_fails(ask)


def test_a_linked_zone_hides_the_public_name_of_a_public_registry(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True)
    world.set_zones(zone(records={}))
    verdict = ask(shadow_zones.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "hides-public-name")
    assert [fix.key for fix in verdict.fixes] == ["fall-back-to-internet", "unlink-zone"]
    only_fails(ask, shadow_zones.CHECK)
    world.set_zones(zone(records={}, falls_back=True))
    only_fails(ask)


@pytest.mark.parametrize(
    ("found", "reason", "fix"),
    [
        ({}, "login-missing", "add-record"),
        ({"contosoreg": ("10.0.2.5",)}, "data-missing", "add-record"),
        ({**RIGHT, "contosoreg": ("10.0.2.99",)}, "stale", "replace-record"),
        ({**RIGHT, "contosoreg.westeurope.data": ("10.0.2.99",)}, "stale", "replace-record"),
        ({**RIGHT, "contosoreg": ("10.0.2.5", "10.0.2.99")}, "additional", "replace-record"),
    ],
)
def test_records_that_are_wrong(
    world: PrivateWorld, ask: Ask, found: dict[str, tuple[str, ...]], reason: str, fix: str
) -> None:
    world.set_zones(zone(records=found))
    verdict = ask(records.CHECK)
    assert (verdict.status, verdict.reason) == (Status.FAIL, reason)
    assert verdict.certainty is (Certainty.LIKELY if reason == "additional" else Certainty.DEFINITE)
    assert verdict.fixes[0].key == fix
    only_fails(ask, records.CHECK)


def test_a_missing_record_is_missed_also_where_the_link_falls_back(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(records={}, falls_back=True))
    only_fails(ask, records.CHECK)


def test_one_fix_sets_every_record_right(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(zone(records={"contosoreg": ("10.0.2.99",)}))
    verdict = ask(records.CHECK)
    assert verdict.reason == "stale"
    (fix,) = verdict.fixes
    assert [place["record"] for place in fix.each] == ["contosoreg", "contosoreg.westeurope.data"]


def test_the_layers_of_a_new_region_have_no_record(world: PrivateWorld, ask: Ask) -> None:
    """Situation 24: the login server resolves well, and so do the layers of the first region."""
    north = "contosoreg.northeurope.data.azurecr.io"
    world.replications = Known((Replica("r", "northeurope", "Succeeded", "Ready", True),))
    world.endpoints = {
        ENDPOINT.lower(): Known(endpoint(addresses={LOGIN: "10.0.2.5", DATA: "10.0.2.4", north: "10.0.2.6"}))
    }
    verdict = ask(records.CHECK)
    assert (verdict.status, verdict.reason, verdict.values["hosts"]) == (Status.FAIL, "data-missing", north)
    assert verdict.fixes[0].values["address"] == "10.0.2.6"
    only_fails(ask, records.CHECK)


def test_the_endpoint_has_no_address_for_a_region(world: PrivateWorld, ask: Ask) -> None:
    world.replications = Known((Replica("r", "northeurope", "Succeeded", "Ready", True),))
    verdict = ask(expected_records.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (
        Status.FAIL,
        "host-without-address",
        Certainty.LIKELY,
    )
    assert verdict.fixes[0].key == "renew-endpoint-with-records"
    only_fails(ask, expected_records.CHECK)


def test_without_the_endpoints_addresses_a_region_may_be_missing_there_or_in_the_zone(
    world: PrivateWorld, ask: Ask
) -> None:
    world.replications = Known((Replica("r", "northeurope", "Succeeded", "Ready", True),))
    for unseen in (REFUSED, Known(replace(endpoint(), addresses=REFUSED))):
        world.endpoints = {ENDPOINT.lower(): unseen}
        assert (ask(records.CHECK).status, ask(records.CHECK).reason) == (Status.UNKNOWN, "denied")
    world.set_zones(zone(records={}))
    assert (ask(records.CHECK).status, ask(records.CHECK).reason) == (Status.FAIL, "login-missing")


def test_a_region_without_an_address_is_no_pass_while_its_record_is_not_read(world: PrivateWorld, ask: Ask) -> None:
    world.replications = Known((Replica("r", "northeurope", "Succeeded", "Ready", True),))
    world.set_zones(replace(zone(), records={**zone().records, "contosoreg.northeurope.data": REFUSED}))
    assert (ask(expected_records.CHECK).status, ask(expected_records.CHECK).reason) == (Status.UNKNOWN, "denied")


def test_a_groups_zone_that_may_not_be_seen_may_be_gone(world: PrivateWorld, ask: Ask) -> None:
    copy = zone_id(group="rg-old")
    world.zone_groups = {ENDPOINT.lower(): Known((ZoneConfig("config", copy),))}
    world.set_zones(zone(), hidden={copy: REFUSED})
    assert (ask(zone_group.CHECK).status, ask(zone_group.CHECK).reason) == (Status.UNKNOWN, "denied")


def test_the_record_belongs_to_an_endpoint_out_of_reach(world: PrivateWorld, ask: Ask) -> None:
    """Situation 25: a second endpoint overwrote the record that both share."""
    far = endpoint(endpoint_id("pe-b", "rg-hub-b"), OTHER_HUB, {LOGIN: "10.8.2.5", DATA: "10.8.2.4"})
    world.add_endpoint(far)
    world.set_zones(zone(records={"contosoreg": ("10.8.2.5",), "contosoreg.westeurope.data": ("10.8.2.4",)}))
    verdict = ask(records.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "other-endpoint", Certainty.DEFINITE)
    assert (verdict.values["other"], verdict.values["found"], verdict.values["expected"]) == (
        "pe-b",
        "10.8.2.5",
        "10.0.2.5",
    )
    assert [fix.key for fix in verdict.fixes] == ["own-zone", "replace-record"]
    assert verdict.fixes[0].values["own_zone_group"] == "rg-net"
    only_fails(ask, records.CHECK)


def test_layers_may_come_over_the_internet_where_the_registry_takes_the_nodes(world: PrivateWorld, ask: Ask) -> None:
    world.set_registry(public_access=True)
    world.set_zones(zone(records={"contosoreg": ("10.0.2.5",)}, falls_back=True))
    only_fails(ask)
    world.set_registry(public_access=False)
    only_fails(ask, records.CHECK)


def test_any_endpoint_in_reach_will_do(world: PrivateWorld, ask: Ask) -> None:
    """Two endpoints in one network share the records; the login server may be one's, the layers the other's."""
    world.add_endpoint(endpoint(endpoint_id("pe-second"), HUB, {LOGIN: "10.0.2.15", DATA: "10.0.2.14"}))
    world.set_zones(zone(records={**RIGHT, "contosoreg.westeurope.data": ("10.0.2.14",)}))
    only_fails(ask)
    world.set_zones(
        zone(records={"contosoreg": ("10.0.2.5", "10.0.2.15"), "contosoreg.westeurope.data": ("10.0.2.4",)})
    )
    only_fails(ask)
    world.set_zones(zone(records={**RIGHT, "contosoreg": ("10.0.2.5", "10.0.2.99")}))
    only_fails(ask, records.CHECK)


def test_a_zone_group_for_something_else_keeps_no_records(world: PrivateWorld, ask: Ask) -> None:
    other = zone_id("privatelink.vaultcore.azure.net")
    world.zone_groups = {ENDPOINT.lower(): Known((ZoneConfig("config", other),))}
    assert ask(zone_group.CHECK).reason == "manual"


def test_an_endpoint_that_cannot_be_read_leaves_its_records_open(world: PrivateWorld, ask: Ask) -> None:
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    for check in (records.CHECK, expected_records.CHECK, zone_group.CHECK):
        assert (ask(check).status, ask(check).reason) == (Status.UNKNOWN, "denied")
    world.endpoints = {ENDPOINT.lower(): Known(replace(endpoint(), addresses=REFUSED))}
    for check in (records.CHECK, expected_records.CHECK):
        assert (ask(check).status, ask(check).reason) == (Status.UNKNOWN, "denied")
    assert ask(zone_group.CHECK).status is Status.PASS
    only_fails(ask)


def test_a_record_that_none_of_the_others_has_may_be_that_of_an_endpoint_that_cannot_be_read(
    world: PrivateWorld, ask: Ask
) -> None:
    world.set_network(SPOKE, peerings=(Peering("p", "p", HUB, "Connected", remote_prefixes=("10.0.0.0/16",)),))
    world.add_endpoint(endpoint(endpoint_id("pe-second"), HUB, {LOGIN: "10.0.2.15", DATA: "10.0.2.14"}))
    for unread in (REFUSED, Known(replace(endpoint(), addresses=REFUSED))):
        world.endpoints[ENDPOINT.lower()] = unread
        assert (ask(records.CHECK).status, ask(records.CHECK).reason) == (Status.UNKNOWN, "denied")
        only_fails(ask)


def test_a_record_that_cannot_be_read_leaves_the_link_alone(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(replace(zone(), records={"contosoreg": REFUSED, "contosoreg.westeurope.data": REFUSED}))
    assert (ask(records.CHECK).status, ask(records.CHECK).reason) == (Status.UNKNOWN, "denied")
    assert ask(vnet_link.CHECK).status is Status.PASS
    assert ask(zone_exists.CHECK).status is Status.PASS
    only_fails(ask)


def test_while_the_way_is_not_known_other_records_prove_nothing(world: PrivateWorld, ask: Ask) -> None:
    world.set_zones(replace(zone(), records={"contosoreg": REFUSED}))
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    assert ask(records.CHECK).reason == "denied"
    assert ask(zone_group.CHECK).reason == "denied"


def test_a_zone_group_that_is_not_there_with_its_endpoint_is_not_judged(world: PrivateWorld, ask: Ask) -> None:
    world.zone_groups = {ENDPOINT.lower(): Missing(ENDPOINT)}
    assert ask(zone_group.CHECK).status is Status.UNKNOWN


def test_records_that_nobody_keeps_are_worth_a_remark(world: PrivateWorld, ask: Ask) -> None:
    world.zone_groups = {ENDPOINT.lower(): Known(())}
    verdict = ask(zone_group.CHECK)
    assert (verdict.status, verdict.reason, verdict.fixes[0].key) == (Status.WARNING, "manual", "create-zone-group")
    world.set_zones()
    assert ask(zone_group.CHECK).fixes == ()
    world.zone_groups = {ENDPOINT.lower(): REFUSED}
    assert ask(zone_group.CHECK).reason == "denied"


def test_a_zone_group_whose_zone_was_deleted(world: PrivateWorld, ask: Ask) -> None:
    gone = zone_id(group="rg-gone")
    world.zone_groups = {ENDPOINT.lower(): Known((ZoneConfig("config", gone, "other"),))}
    world.set_zones(zone(), hidden={gone.lower(): Missing(gone)})
    assert (ask(zone_group.CHECK).status, ask(zone_group.CHECK).reason) == (Status.WARNING, "zone-gone-names-right")
    only_fails(ask)
    world.set_zones(zone(records={}), hidden={gone.lower(): Missing(gone)})
    verdict = ask(zone_group.CHECK)
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert (verdict.fixes[0].key, verdict.fixes[0].values["group_name"]) == ("renew-zone-group", "other")


def test_nodes_that_dialled_an_address_of_no_endpoint_were_given_an_old_record(world: PrivateWorld, ask: Ask) -> None:
    world.symptom = Symptom("TIMEOUT_443", address="10.0.2.99", registry=LOGIN)
    verdict = ask(records.CHECK)
    assert (verdict.status, verdict.reason, verdict.values["address"]) == (Status.WARNING, "old-answer", "10.0.2.99")
    world.zones = REFUSED
    verdict = ask(records.CHECK)
    assert (verdict.status, verdict.reason, verdict.certainty) == (
        Status.FAIL,
        "address-of-no-endpoint",
        Certainty.LIKELY,
    )
    assert verdict.fixes == ()


def test_servers_out_of_sight_that_gave_an_old_address_are_to_ask_azure(world: PrivateWorld, ask: Ask) -> None:
    world.networks[SPOKE.lower()] = Known(
        network(SPOKE, "10.10.0.0/16", peers={HUB: "Connected"}, dns=("192.168.1.53",))
    )
    world.dns_servers = {"192.168.1.53": Known(DnsServer("192.168.1.53", ServerKind.OUTSIDE))}
    world.symptom = Symptom("TIMEOUT_443", address="10.0.2.99", registry=LOGIN)
    verdict = ask(records.CHECK)
    assert (verdict.reason, [fix.key for fix in verdict.fixes]) == (
        "address-of-no-endpoint",
        ["forward-to-azure-dns"],
    )
    assert verdict.fixes[0].values["servers"] == "192.168.1.53"


@pytest.mark.parametrize(
    "symptom",
    [
        Symptom("TIMEOUT_443", address="10.0.2.5"),
        Symptom("BLOB_NET", address="10.0.2.4"),
        Symptom("TIMEOUT_443", address="20.1.2.3"),
        Symptom("FW_IP", address="10.10.0.9"),
        Symptom("TIMEOUT_443", address="10.0.2.99", registry="other.azurecr.io"),
    ],
)
def test_texts_that_say_nothing_about_records(world: PrivateWorld, ask: Ask, symptom: Symptom) -> None:
    world.symptom = symptom
    assert ask(records.CHECK).status is Status.PASS


def test_an_address_says_nothing_while_any_endpoint_is_out_of_sight(world: PrivateWorld, ask: Ask) -> None:
    world.symptom = Symptom("TIMEOUT_443", address="10.0.2.99")
    world.endpoints[endpoint_id("pe-b").lower()] = REFUSED
    assert ask(records.CHECK).status is Status.PASS
    world.endpoints[endpoint_id("pe-b").lower()] = Known(replace(endpoint(endpoint_id("pe-b")), addresses=REFUSED))
    assert ask(records.CHECK).status is Status.PASS
