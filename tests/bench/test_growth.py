"""How the work grows with the world, counted in requests and calls, never timed: a busy machine changes neither."""

from __future__ import annotations

import cProfile
from collections.abc import Callable, Mapping

import pytest

from bench.diagnosis import one_run
from bench.large_worlds import LARGE
from bench.run import Run, longest_chain, run
from bench.scale import choice_of
from core.facts.fact import Known
from core.facts.filtering import SecurityRule
from core.facts.firewalls import Firewall, FirewallRule, RuleCollection, RuleGroup, RuleKind
from core.facts.networks import Subnet
from core.facts.routing import Route, RouteTable
from core.network.firewall_rules import Flow as Packets
from core.network.firewall_rules import decide, read_rules
from core.network.intervals import intervals
from core.network.next_hop import reach_of, to_public
from core.network.security_rules import Flow, Rules
from core.network.service_tags import Destination
from core.network.targets import Serves, Target

FEW = {name: max(4, large.size // 100) for name, large in LARGE.items()} | {"role-assignments": 180}
TIMES = 5
"""How many times as much there is in the larger of two worlds."""

UNAFFECTED = (
    *("zone-records", "peerings-of-hub", "peerings-of-nodes", "security-rules", "tags"),
    *("repositories", "role-assignments"),
)
"""Worlds of which no more is asked, however large they are."""

PAGES = 100_000
"""Azure's pages are large; how many there are is not what is counted here."""


def diagnosed(name: str, count: int) -> tuple[Run, int]:
    """Diagnose a large world; gives the run and how many calls the thread that judges made."""
    world = LARGE[name].build(count)
    world.page_size = PAGES
    found: list[Run] = []
    calls = counted(lambda: found.append(run(world, choice_of(LARGE[name]))))
    assert found[0].requests.repeated == 0
    return found[0], calls


def counted(work: Callable[[], object]) -> int:
    """Count the calls that this thread makes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", LARGE)
def test_requests_and_judging_grow_no_faster_than_the_world(name: str) -> None:
    small, calls_small = diagnosed(name, FEW[name])
    large, calls_large = diagnosed(name, FEW[name] * TIMES)
    more = large.requests.count - small.requests.count
    if name in UNAFFECTED:
        assert more == 0
    else:
        assert more <= small.requests.count
    assert calls_large < calls_small * (TIMES + 1)
    assert longest_chain(large.rounds) <= longest_chain(small.rounds) + 1


def test_what_rules_may_decide_is_not_gone_through_for_every_rule() -> None:
    target = Target("contosoreg.azurecr.io", Serves.LOGIN, "westeurope")
    flow = Flow(Destination(target.host, "Tcp", 443, target=target), intervals(["10.10.0.0/20"]))

    def rules(count: int) -> Rules:
        return Rules.of((doubtful(number) for number in range(count)), "Outbound")

    few, many = rules(50), rules(500)
    assert len(many.decide(flow)) == 501
    assert counted(lambda: many.decide(flow)) < 20 * counted(lambda: few.decide(flow))


def test_ranges_of_a_service_tag_are_not_gone_through_for_every_rule_and_route() -> None:
    blobs = Target("*.blob.core.windows.net", Serves.LAYERS)
    numbers = range(60)
    nodes = intervals(["10.10.0.0/22"])
    ranges = [f"52.{number}.0.0/24" for number in numbers]
    routes = tuple(Route(f"route-{range_}", range_, "VirtualAppliance", "10.0.1.4") for range_ in ranges)
    table = RouteTable("rt", "rt", "rg", "s", routes)
    rules = Rules.of((to_range(number, ranges[number]) for number in numbers), "Outbound")
    allowing = tuple(
        FirewallRule(range_, RuleKind.NETWORK, ("TCP",), ("*",), destinations=(range_,), ports=("443",))
        for range_ in ranges
    )
    group = RuleGroup("group", 100, (RuleCollection("collection", 100, "Allow", RuleKind.NETWORK, allowing),))
    firewall = Firewall("fw", "fw", "rg", "s", "westeurope", (), Known(()), groups=(group,))

    def judge(tags: Mapping[str, tuple[str, ...]]) -> None:
        to_public(blobs, table, Subnet("snet", "snet", ()), tags)
        rules.decide(Flow(Destination(blobs.host, "Tcp", 443, reach_of(blobs, tags), target=blobs), nodes))
        decide(read_rules(firewall, tags), Packets(nodes, blobs))

    few, many = ({"Storage": tuple(f"20.{n // 256}.{n % 256}.0/25" for n in range(count))} for count in (8, 2_000))
    for tags in (few, many):
        judge(tags)
    assert counted(lambda: judge(many)) < 2 * counted(lambda: judge(few))


def to_range(number: int, range_: str) -> SecurityRule:
    """A rule for all nodes, about one range on the internet."""
    return SecurityRule(f"rule-{number}", 100 + number, "Outbound", "Deny", "Tcp", ("*",), (range_,), ("443",))


def doubtful(number: int) -> SecurityRule:
    """A rule for one node, about a range on the internet that may hold the registry."""
    source = f"10.10.{number // 250}.{number % 250}"
    return SecurityRule(
        f"rule-{number}", 100 + number, "Outbound", "Deny", "Tcp", (source,), ("20.0.0.0/9",), ("443",), ("*",)
    )


@pytest.mark.parametrize("name", ["healthy-public", "healthy-private", "healthy-firewall", "healthy-spoke-to-spoke"])
def test_an_ordinary_diagnosis_waits_for_six_answers_in_turn(name: str) -> None:
    found = one_run(name, 0.0)
    assert found.requests.repeated == 0
    assert found.requests.count < 50
    assert longest_chain(found.rounds) == 6
