"""Whether nodes have a way out at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import NODES, OTHER, leaving, path, unread
from way_facts import network as spoke

from core.checks.check import Check
from core.checks.net.outbound_type import CHECK, evaluate
from core.facts.cluster import AgentPool, Cluster, ClusterNetwork
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Known
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.model import Certainty, Status, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]
POOLS = (AgentPool("sys", "VirtualMachineScaleSets"), AgentPool("usr", "VirtualMachineScaleSets"))


@pytest.fixture
def judge(cluster: Cluster, registry: Registry, show: Show) -> Judge:
    def judged(
        kind: str | None,
        egress: Items[Egress],
        addresses: tuple[str, ...] = (),
        paths: tuple[NodePath, ...] = (path(),),
        pools: tuple[AgentPool, ...] = POOLS,
        sku: str = "Premium",
        old: bool = False,
    ) -> Verdict:
        network = ClusterNetwork(outbound_type=kind, outbound_address_ids=addresses, basic_load_balancer=old)
        asking = replace(cluster, network=network, agent_pools=pools)
        zones = Known(PrivateZones(()))
        verdict = evaluate(asking, replace(registry, sku=sku), paths, Known(egress), spoke(), zones)
        assert show(CHECK, verdict)
        return verdict

    return judged


@pytest.mark.parametrize("kind", ["none", "block", "None"])
def test_an_isolated_cluster_reaches_nothing_public(judge: Judge, kind: str) -> None:
    verdict = judge(kind, leaving(kind=EgressKind.NONE))
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "no-way-out", Certainty.DEFINITE)
    assert judge(kind, unread()).status is Status.FAIL
    assert [fix.key for fix in verdict.fixes] == ["create-endpoint", "leave-through-load-balancer"]
    basic = judge(kind, leaving(kind=EgressKind.NONE), sku="Basic")
    assert [fix.key for fix in basic.fixes] == ["leave-through-load-balancer"]


def test_what_lets_nodes_out_all_the_same(judge: Judge) -> None:
    own = tuple(replace(pool, node_public_address=True) for pool in POOLS)
    assert judge("none", unread(), pools=own).reason == "own-way-out"
    assert judge("none", unread(), pools=(own[0], POOLS[1])).status is Status.FAIL
    assert judge("none", leaving("20.1.1.1", kind=EgressKind.NAT_GATEWAY)).reason == "own-way-out"
    for kind in (EgressKind.NODE_ADDRESSES, EgressKind.NODE_PREFIX):
        assert judge("none", leaving("20.9.0.1", kind=kind), pools=own).reason == "own-way-out"
    assert judge("block", leaving("20.1.1.1", kind=EgressKind.NAT_GATEWAY)).status is Status.FAIL


def test_only_the_pools_that_are_shut_in_are_named(judge: Judge) -> None:
    egress = Items(
        {NODES.lower(): Known(Egress(EgressKind.NODE_ADDRESSES)), OTHER.lower(): Known(Egress(EgressKind.NONE))}
    )
    paths = (path(pools=("sys",)), path(subnet=OTHER, pools=("usr",)))
    own = (replace(POOLS[0], node_public_address=True), POOLS[1])
    assert judge("none", egress, paths=paths, pools=own).values["pools"] == "usr"
    for way in (leaving("20.9.0.1", kind=EgressKind.NODE_ADDRESSES), unread()):
        shut_in = judge("none", way, pools=own)
        assert (shut_in.status, shut_in.reason, shut_in.values["pools"]) == (Status.FAIL, "no-way-out", "usr")
    for way in (leaving(kind=EgressKind.NONE), unread()):
        assert judge("block", way, pools=own).values["pools"] == "sys, usr"


def test_addresses_of_the_nodes_own_stand_in_for_the_load_balancers(judge: Judge) -> None:
    own = tuple(replace(pool, node_public_address=True) for pool in POOLS)
    way = leaving("20.9.0.1", kind=EgressKind.NODE_ADDRESSES)
    assert judge("loadBalancer", way, pools=own).reason == "way-out"
    assert judge("loadBalancer", way, pools=(own[0], POOLS[1])).reason == "no-address"


def test_routes_have_a_check_of_their_own(judge: Judge) -> None:
    assert judge("userDefinedRouting", leaving(kind=EgressKind.NONE)).reason == "routes-decide"


def test_a_load_balancer_without_an_address(judge: Judge) -> None:
    for kind in ("loadBalancer", None):
        verdict = judge(kind, leaving(kind=EgressKind.LOAD_BALANCER))
        assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, "no-address", Certainty.LIKELY)
    assert judge("loadBalancer", leaving("20.1.1.1"), ("/an/address",)).reason == "way-out"
    assert judge("loadBalancer", unread(), ("/an/address",)).status is Status.PASS
    assert judge("loadBalancer", leaving("20.1.1.1", kind=EgressKind.NAT_GATEWAY)).status is Status.PASS
    assert judge("loadBalancer", leaving(kind=EgressKind.DEFAULT), old=True).status is Status.PASS


@pytest.mark.parametrize("way", [Way.PRIVATE, Way.UNINTENDED, Way.NONE, Way.SERVICE_ENDPOINT])
def test_other_ways_need_no_way_out(judge: Judge, way: Way) -> None:
    assert judge("none", leaving(kind=EgressKind.NONE), paths=(path(way),)).status is Status.NOT_APPLICABLE


def test_a_way_that_is_not_known(judge: Judge) -> None:
    assert judge("loadBalancer", leaving("20.1.1.1"), ("/a",), paths=(path(Way.UNKNOWN),)).missing is not None


def test_an_address_that_is_told_in_another_place_is_one(judge: Judge) -> None:
    assert judge("loadBalancer", leaving("20.1.1.0/30", kind=EgressKind.LOAD_BALANCER)).reason == "way-out"
    assert judge("loadBalancer", leaving(kind=EgressKind.APPLIANCE)).reason == "way-out"
