"""When the networks of nodes were changed last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from collect_answers import SUBSCRIPTION, choice, connect, refused
from collect_networks import NODES, SPOKE

from core.collect.network_changes import READ_ACTIVITY, network_changes
from core.facts.fact import Denied, Known
from core.facts.networks import NodeSubnet
from core.facts.paths import NodePath, Way
from core.model import Symptom

LOG = "GET /microsoft.insights/eventtypes/management/values"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REFUSED = Symptom("ANON_403")


def path(way=Way.PRIVATE, subnet=NODES):
    return NodePath(NodeSubnet(subnet, SPOKE, ("usr",)), way, ())


HERE = (path(),)


def event(day, operation="Microsoft.Network/virtualNetworks/write", status="Succeeded"):
    return {
        "eventTimestamp": f"2026-11-{day}T08:00:00Z",
        "operationName": {"value": operation},
        "status": {"value": status},
    }


def read(symptom, paths=HERE, answer=None):
    azure, answers = connect({LOG: answer or {"value": []}})
    return network_changes(azure, replace(choice(), symptom=symptom), NOW, paths), answers.urls()


def test_the_last_write_that_succeeded():
    events = [event(20), event(22), event(23, status="Failed"), event(23, "Microsoft.Network/virtualNetworks/delete")]
    found, (url,) = read(REFUSED, answer={"value": events})
    assert found.get(SPOKE) == Known(datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert url.startswith(f"subscriptions/{SUBSCRIPTION}/")
    assert "2026-11-10T12%3A00%3A00Z" in url
    assert "virtualNetworks%2Fspoke" in url
    assert read(REFUSED)[0].get(SPOKE) == Known(None)


def test_one_network_is_asked_for_once():
    assert len(read(REFUSED, (path(), path(subnet=f"{SPOKE}/subnets/b")))[1]) == 1


@pytest.mark.parametrize(
    ("kind", "address", "asked"),
    [
        ("ANON_403", None, True),
        ("FW_IP", "20.1.2.3", True),
        ("FW_IP", "10.1.2.3", False),
        ("NXDOMAIN", None, True),
        ("DNS_FAIL", None, True),
        ("TIMEOUT_443", "20.1.2.3", True),
        ("TIMEOUT_443", "10.1.2.3", False),
        ("TIMEOUT_443", None, False),
        ("ANON_401", None, False),
        ("NOT_FOUND", None, False),
    ],
)
def test_nothing_is_asked_unless_the_text_shows_another_answer(kind, address, asked):
    assert bool(read(Symptom(kind, address=address))[1]) is asked


def test_nothing_is_asked_without_a_text_or_of_nodes_that_go_another_way():
    assert read(None)[1] == []
    for way in (Way.PUBLIC, Way.UNINTENDED, Way.UNKNOWN, Way.NONE):
        assert read(REFUSED, (path(way),))[1] == []
        assert read(REFUSED, (path(), path(way, f"{SPOKE}/subnets/b")))[1] == []


def test_a_log_that_may_not_be_read():
    found, _ = read(REFUSED, answer=refused(READ_ACTIVITY, f"/subscriptions/{SUBSCRIPTION}"))
    outcome = found.get(SPOKE)
    assert isinstance(outcome, Denied)
    assert outcome.action == READ_ACTIVITY
