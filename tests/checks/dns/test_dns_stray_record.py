"""An address that no endpoint has is taken out of the record of the host that was dialled, and of no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dns_asking import Ask
from private_world import DATA, LOGIN, REFUSED, PrivateWorld

from core.checks.dns import records
from core.facts.fact import Known
from core.model import Symptom, Verdict

OLD = "10.0.2.99"


def told(world: PrivateWorld, ask: Ask, kind: str) -> Verdict:
    """Ask about records that nobody may read, after a text of this kind."""
    world.symptom = Symptom(kind, address=OLD, registry=LOGIN)
    verdict = ask(records.CHECK)
    assert verdict.reason == "address-of-no-endpoint"
    return verdict


def with_hidden_records(world: PrivateWorld, *hosts: str) -> None:
    assert isinstance(world.zones, Known)
    names = {host.removesuffix(".azurecr.io") for host in hosts}
    seen = tuple(
        replace(one, records={name: REFUSED if name in names else record for name, record in one.records.items()})
        for one in world.zones.value.zones
    )
    world.zones = Known(replace(world.zones.value, zones=seen))


@pytest.mark.parametrize(
    ("kind", "host", "address"), [("TIMEOUT_443", LOGIN, "10.0.2.5"), ("BLOB_NET", DATA, "10.0.2.4")]
)
def test_the_old_address_gives_way_to_the_endpoint_s(
    world: PrivateWorld, ask: Ask, kind: str, host: str, address: str
) -> None:
    with_hidden_records(world, LOGIN, DATA)
    (fix,) = told(world, ask, kind).fixes
    assert fix.key == "correct-record"
    assert {key: fix.values[key] for key in ("old_address", "record", "address")} == {
        "old_address": OLD,
        "record": host.removesuffix(".azurecr.io"),
        "address": address,
    }
    assert [place["address"] for place in fix.each] == [address]


def test_a_record_that_can_be_read_is_not_the_one(world: PrivateWorld, ask: Ask) -> None:
    with_hidden_records(world, DATA)
    assert told(world, ask, "TIMEOUT_443").fixes == ()


def test_while_no_zone_can_be_seen_none_can_be_named(world: PrivateWorld, ask: Ask) -> None:
    world.zones = REFUSED
    assert told(world, ask, "TIMEOUT_443").fixes == ()
