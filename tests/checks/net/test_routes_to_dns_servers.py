"""Routes that keep the nodes from asking for names: one hand-made world per finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from traffic_world import NODES, SPOKE, TrafficWorld

from core.checks.check import Check
from core.checks.net.route_table import CHECK
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.networks import Subnet
from core.facts.paths import Way
from core.facts.registry import Registry
from core.facts.routing import Route
from core.model import Certainty, Status, Symptom, Verdict

NOWHERE = Route("nowhere", "0.0.0.0/0", "None")

Show = Callable[[Check, Verdict], str]


class Case:
    """One world and what the check says of it."""

    def __init__(self, cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> None:
        self.cluster, self.registry, self.choice, self.show = cluster, registry, choice, show

    def says(self, world: TrafficWorld) -> Verdict:
        """What the check says where the nodes' network names DNS servers of its own."""
        world.overrides = {"node_paths": (replace(world.path(), custom_dns=True),)}
        verdict = world.routed(self.cluster, self.registry, self.choice)
        self.show(CHECK, verdict)
        return verdict


@pytest.fixture
def case(cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> Case:
    return Case(cluster, registry, choice, show)


def summary_of(verdict: Verdict) -> tuple[Status, str, Certainty | None]:
    return verdict.status, verdict.reason, verdict.certainty


def test_routes_that_drop_every_question_for_a_name(case: Case) -> None:
    """One DNS server that is left is enough; Azure's own is reached whatever the routes say."""
    gone = Route("gone", "10.0.5.4/32", "None")
    world = TrafficWorld(Way.PRIVATE, routes=(gone,), spoke={"dns_servers": ("10.0.5.4",)})
    verdict = case.says(world)
    assert summary_of(verdict) == (Status.FAIL, "names-dropped", Certainty.DEFINITE)
    assert (verdict.values["hosts"], [fix.key for fix in verdict.fixes]) == ("10.0.5.4", ["route-delete"])
    for other in ("10.0.5.5", "168.63.129.16"):
        world.spoke = {"dns_servers": ("10.0.5.4", other)}
        assert case.says(world).reason == "direct", other
    world.spoke, world.routes = {"dns_servers": ("192.168.0.4",)}, (NOWHERE,)
    verdict = case.says(world)
    assert (verdict.reason, [fix.key for fix in verdict.fixes]) == ("names-dropped", ["route-to-dns-servers"])
    world.spoke = {"dns_servers": ("192.168.0.4", "8.8.8.8", "192.168.0.5")}
    gateway, internet = case.says(world).fixes
    assert [one["server"] for one in gateway.each] == ["192.168.0.4", "192.168.0.5"]
    assert (internet.key, internet.values["servers"]) == ("route-to-public-dns-servers", "8.8.8.8")
    world.spoke = {"dns_servers": ("192.168.0.4", "168.63.129.16")}
    assert case.says(world).reason == "direct"


def test_dns_servers_that_nothing_leads_to(case: Case) -> None:
    """Only where the text speaks of names: a gateway may bring a route to them, and a public address needs none."""
    world = TrafficWorld(Way.PRIVATE, spoke={"dns_servers": ("10.97.0.4", "192.168.0.4")})
    assert case.says(world).reason == "direct"
    case.choice = replace(case.choice, symptom=Symptom("DNS_FAIL"))
    verdict = case.says(world)
    assert summary_of(verdict) == (Status.FAIL, "names-unconnected", Certainty.LIKELY)
    assert (verdict.values["hosts"], verdict.values["network"]) == ("10.97.0.4, 192.168.0.4", "vnet-spoke")
    (fix,) = verdict.fixes
    assert (fix.key, fix.values["servers"]) == ("peer-with-dns-servers", "10.97.0.4, 192.168.0.4")
    for servers in (("10.97.0.4", "8.8.8.8"), ("10.97.0.4", "10.0.0.4"), ("10.97.0.4", "168.63.129.16")):
        world.spoke = {"dns_servers": servers}
        assert case.says(world).reason == "direct", servers
    gateway = Subnet(f"{SPOKE}/subnets/GatewaySubnet", "GatewaySubnet", ("10.10.255.0/27",))
    own = Subnet(NODES, "snet-nodes", ("10.10.0.0/22",))
    world.spoke = {"dns_servers": ("10.97.0.4",), "subnets": (own, gateway)}
    assert case.says(world).reason == "direct"
