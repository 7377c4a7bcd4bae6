"""The addresses that nodes leave from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import NODES, OTHER, apart, leaving, path, unread

from core.checks.check import Check
from core.checks.network.egress_ips import CHECK, evaluate
from core.checks.network.sources import in_words
from core.facts.cluster import Cluster, HttpProxy
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Known
from core.facts.items import Items
from core.facts.paths import Way
from core.facts.registry import Registry
from core.fixes.render import render
from core.model import Status, Verdict
from core.texts import load

Show = Callable[[Check, Verdict], str]
HIDDEN = (EgressKind.APPLIANCE, EgressKind.GATEWAY)
UNSTEADY = (EgressKind.NODE_ADDRESSES, EgressKind.DEFAULT)


@pytest.fixture
def selective(registry: Registry) -> Registry:
    return replace(registry, public_access=True, default_action="Deny")


def test_addresses_are_shown(cluster: Cluster, registry: Registry, show: Show) -> None:
    verdict = evaluate(cluster, registry, (path(),), leaving("20.50.1.10/32", "20.60.0.0/30"))
    assert (verdict.status, verdict.reason) == (Status.PASS, "told")
    shown = "sys, usr | vnet-spoke/snet-nodes | load balancer | 20.50.1.10, 20.60.0.0/30"
    assert verdict.evidence[0].value == shown
    assert show(CHECK, verdict)


@pytest.mark.parametrize("kind", EgressKind)
def test_how_nodes_leave_is_said_in_words(kind: EgressKind) -> None:
    said = in_words(Egress(kind)).removesuffix(" | -")
    assert "-" not in said
    assert len(said.split()) > 1 or said == "appliance"


@pytest.mark.parametrize("kind", [*HIDDEN, *UNSTEADY])
def test_an_open_registry_does_not_ask(cluster: Cluster, registry: Registry, show: Show, kind: EgressKind) -> None:
    verdict = evaluate(cluster, registry, (path(),), leaving(kind=kind))
    assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "any-address-will-do")
    assert show(CHECK, verdict)
    assert evaluate(cluster, registry, (path(),), unread()).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_selective_one_asks(cluster: Cluster, selective: Registry, show: Show, kind: EgressKind) -> None:
    verdict = evaluate(cluster, selective, (path(),), leaving(kind=kind))
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "ask-the-network-team")
    assert "Ask who runs it" in show(CHECK, verdict)


@pytest.mark.parametrize("kind", UNSTEADY)
def test_addresses_that_change(cluster: Cluster, selective: Registry, show: Show, kind: EgressKind) -> None:
    verdict = evaluate(cluster, selective, (path(),), leaving(kind=kind))
    assert (verdict.status, verdict.reason) == (Status.WARNING, "unsteady")
    assert show(CHECK, verdict)
    proxied = replace(cluster, http_proxy=HttpProxy(https_proxy="http://proxy.corp:3128"))
    assert evaluate(proxied, selective, (path(),), leaving(kind=kind)).status is Status.UNKNOWN


def test_addresses_that_change_are_told_and_change_all_the_same(
    cluster: Cluster, selective: Registry, show: Show
) -> None:
    now = leaving("20.9.0.1/32", "20.9.0.2/32", kind=EgressKind.NODE_ADDRESSES)
    verdict = evaluate(cluster, selective, (path(),), now)
    assert (verdict.status, verdict.reason) == (Status.WARNING, "unsteady")
    assert "20.9.0.1, 20.9.0.2" in verdict.evidence[0].value
    assert show(CHECK, verdict)
    everybody = replace(selective, default_action="Allow")
    assert evaluate(cluster, everybody, (path(),), now).reason == "told"


def test_addresses_out_of_a_prefix_stay(cluster: Cluster, selective: Registry) -> None:
    verdict = evaluate(cluster, selective, (path(),), leaving("20.9.0.0/28", kind=EgressKind.NODE_PREFIX))
    assert (verdict.status, verdict.reason, verdict.fixes) == (Status.PASS, "told", ())


def test_a_thousand_nodes_are_not_all_listed(cluster: Cluster, registry: Registry) -> None:
    many = leaving(*(f"20.9.{n // 256}.{n % 256}/32" for n in range(1000)), kind=EgressKind.NODE_ADDRESSES)
    shown = evaluate(cluster, registry, (path(),), many).evidence[0].value
    assert shown.endswith("20.9.0.19 (+980)")


def test_what_makes_addresses_stay(cluster: Cluster, selective: Registry) -> None:
    def fixes(kind: EgressKind, subnet_id: str | None) -> list[str]:
        pools = tuple(replace(pool, name="usr", subnet_id=subnet_id) for pool in cluster.agent_pools[:1])
        here = (path(pools=("usr",)), path(pools=("usr",)))
        verdict = evaluate(replace(cluster, agent_pools=pools), selective, here, leaving(kind=kind))
        return [fix.key for fix in verdict.fixes]

    assert fixes(EgressKind.DEFAULT, NODES) == ["steady-egress"]
    assert fixes(EgressKind.NODE_ADDRESSES, NODES) == ["nat-gateway"]
    assert fixes(EgressKind.NODE_ADDRESSES, None) == ["managed-nat-gateway"]


def test_who_else_leaves_through_the_gateway_of_a_subnet_is_told(cluster: Cluster, selective: Registry) -> None:
    first = cluster.agent_pools[0]
    subnets = {"sys": NODES, "usr": NODES.upper(), "other": f"{NODES}-2", "managed": None}
    pools = tuple(replace(first, name=name, subnet_id=subnet) for name, subnet in subnets.items())
    own = Known(Egress(EgressKind.NODE_ADDRESSES, ("20.9.0.1/32",)))
    steady = Known(Egress(EgressKind.LOAD_BALANCER, ("20.50.1.10/32",)))
    here = replace(cluster, agent_pools=pools)
    (fix,) = evaluate(here, selective, (path(),), apart(sys=steady, usr=own)).fixes
    assert "from the pools sys, usr and " in render(fix, load(), {}).changes


def test_only_the_pools_whose_addresses_change_are_named(cluster: Cluster, selective: Registry) -> None:
    steady = Known(Egress(EgressKind.LOAD_BALANCER, ("20.50.1.10/32",)))
    own = Known(Egress(EgressKind.NODE_ADDRESSES, ("20.9.0.1/32",)))
    verdict = evaluate(cluster, selective, (path(),), apart(sys=steady, usr=own))
    assert (verdict.reason, verdict.values["pools"]) == ("unsteady", "usr")
    assert [one.value.split(" | ")[0] for one in verdict.evidence] == ["sys", "usr"]


def test_what_may_not_be_read(cluster: Cluster, selective: Registry, show: Show) -> None:
    verdict = evaluate(cluster, selective, (path(),), unread())
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.evidence[-1].label == "egress-not-read"
    assert show(CHECK, verdict)


def test_nobody_leaves(cluster: Cluster, selective: Registry, show: Show) -> None:
    verdict = evaluate(cluster, selective, (path(),), leaving(kind=EgressKind.NONE))
    assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "no-way-out")
    assert show(CHECK, verdict)
    others = Items({NODES.lower(): Known(Egress(EgressKind.NONE)), OTHER.lower(): Known(Egress(EgressKind.DEFAULT))})
    assert evaluate(cluster, selective, (path(), path(subnet=OTHER)), others).reason == "unsteady"


@pytest.mark.parametrize("way", [Way.PRIVATE, Way.UNINTENDED, Way.NONE, Way.SERVICE_ENDPOINT])
def test_other_ways(cluster: Cluster, selective: Registry, way: Way) -> None:
    assert evaluate(cluster, selective, (path(way),), leaving("20.50.1.10")).status is Status.NOT_APPLICABLE
