"""Rules of security groups, held to an evaluator that asks about one packet at a time and guesses in every way."""

from __future__ import annotations

import ipaddress
import itertools
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facts.filtering import SecurityRule
from core.network.intervals import intervals, node_addresses, size
from core.network.match import Match
from core.network.security_rules import Flow, Part, Rules
from core.network.service_tags import Destination, Platform, meant_by_address, meant_by_tag
from core.network.targets import Serves, Target

NODES = ipaddress.ip_network("10.10.0.0/28")
ENDPOINT = "10.0.2.5"
GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/asg-nodes"
PRIVATE = Destination(ENDPOINT, "Tcp", 443, intervals((ENDPOINT,)), ENDPOINT, Match.YES)
REGISTRY = Target("contosoreg.azurecr.io", Serves.LOGIN, "westeurope")
PUBLIC = Destination(REGISTRY.host, "Tcp", 443, target=REGISTRY)
LAYERS = Target("*.blob.core.windows.net", Serves.LAYERS, "westeurope")
DEFAULTS = (
    ("AllowVnetOutBound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Allow", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Deny", "*", "*"),
)


def rule(
    name: str = "rule",
    priority: int = 100,
    access: str = "Deny",
    source: str | Sequence[str] = "*",
    destination: str | Sequence[str] = "*",
    ports: Sequence[str] = ("*",),
    protocol: str = "*",
    direction: str = "Outbound",
    source_ports: Sequence[str] = ("*",),
    source_groups: tuple[str, ...] = (),
    destination_groups: tuple[str, ...] = (),
) -> SecurityRule:
    def texts(value: str | Sequence[str]) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    return SecurityRule(
        name,
        priority,
        direction,
        access,
        protocol,
        texts(source),
        texts(destination),
        tuple(ports),
        tuple(source_ports),
        source_groups,
        destination_groups,
    )


def with_defaults(*rules: SecurityRule) -> Rules:
    return Rules.of((*rules, *(rule(*one) for one in DEFAULTS)), "Outbound")


def decide(rules: Rules, destination: Destination, source: str = "10.10.0.0/28", **flow: object) -> tuple[Part, ...]:
    return rules.decide(Flow(destination, intervals((source,)), **flow))  # type: ignore[arg-type]


def accesses(parts: Sequence[Part]) -> list[tuple[str, ...]]:
    return [tuple(one.access if one else "-" for one in part.rules) for part in parts]


# Small rules around a small subnet, so that they meet often.
PREFIXES = st.sampled_from(
    [
        "*",
        "10.10.0.0/28",
        "10.10.0.0/29",
        "10.10.0.8/29",
        "10.10.0.3",
        "10.10.0.0/30",
        "10.11.0.0/16",
        "VirtualNetwork",
    ]
)
DESTINATIONS = st.sampled_from(
    ["*", ENDPOINT, "10.0.2.0/24", "10.0.0.0/8", "Internet", "VirtualNetwork", "Storage", "10.0.3.0/24"]
)
RULES = st.builds(
    rule,
    access=st.sampled_from(["Allow", "Deny"]),
    source=st.lists(PREFIXES, min_size=1, max_size=3),
    destination=st.lists(DESTINATIONS, min_size=1, max_size=2),
    ports=st.lists(st.sampled_from(["443", "400-500", "*", "80", "1-442"]), min_size=1, max_size=2),
    protocol=st.sampled_from(["*", "Tcp", "Udp"]),
    direction=st.sampled_from(["Outbound", "Outbound", "Inbound"]),
    destination_groups=st.sampled_from([(), (), (GROUP,)]),
)


def numbered(rules: Sequence[SecurityRule], order: Sequence[int]) -> tuple[SecurityRule, ...]:
    return tuple(replace(one, priority=number) for one, number in zip(rules, order, strict=False))


def source_holds(text: str, address: ipaddress.IPv4Address) -> bool:
    return text in ("*", "VirtualNetwork") or (text[0].isdigit() and address in ipaddress.ip_network(text))


def destination_holds(text: str) -> bool:
    if text[0].isdigit():
        return ipaddress.ip_address(ENDPOINT) in ipaddress.ip_network(text)
    return text in ("*", "VirtualNetwork")


def port_holds(text: str) -> bool:
    if text == "*":
        return True
    low, _, high = text.partition("-")
    return int(low) <= 443 <= int(high or low)


def deciding(rules: Sequence[SecurityRule], address: ipaddress.IPv4Address) -> set[str | None]:
    """The names of all rules that may decide about one packet, guessing about application groups in both ways."""
    names: set[str | None] = set()
    for guess in itertools.product((True, False), repeat=len(rules)):
        names.add(one_packet(sorted(rules, key=lambda one: one.priority), address, guess))
    return names


def one_packet(rules: Sequence[SecurityRule], address: ipaddress.IPv4Address, guess: Sequence[bool]) -> str | None:
    for one, in_group in zip(rules, guess, strict=True):
        if (
            one.direction == "Outbound"
            and one.protocol in ("*", "Tcp")
            and any(port_holds(text) for text in one.destination_ports)
            and any(source_holds(text, address) for text in one.sources)
            and (
                any(destination_holds(text) for text in one.destinations)
                or (bool(one.destination_group_ids) and in_group)
            )
        ):
            return one.name
    return None


@given(rules=st.lists(RULES, max_size=6), order=st.permutations(range(100, 106)))
def test_every_packet_is_decided_as_one_by_one(rules: list[SecurityRule], order: list[int]) -> None:
    named = numbered([replace(one, name=f"rule-{number}") for number, one in enumerate(rules)], order)
    parts = decide(Rules.of(named, "Outbound"), PRIVATE)
    for address in NODES:
        number = int(address)
        holding = [part for part in parts if any(own.first <= number <= own.last for own in part.sources)]
        assert len(holding) == 1, address
        found = {one.name if one else None for one in holding[0].rules}
        assert found == deciding(named, address)


@given(rules=st.lists(RULES, max_size=6), order=st.permutations(range(100, 106)))
def test_every_source_is_in_exactly_one_part(rules: list[SecurityRule], order: list[int]) -> None:
    parts = decide(Rules.of(numbered(rules, order), "Outbound"), PRIVATE)
    assert sum(size(part.sources) for part in parts) == NODES.num_addresses


def test_the_default_rules_let_everything_out() -> None:
    for destination in (PRIVATE, PUBLIC):
        assert accesses(decide(with_defaults(), destination)) == [("Allow",)]


def test_the_lowest_number_decides_whatever_the_order_of_the_answer() -> None:
    rules = with_defaults(rule("late", 300, "Allow"), rule("early", 200, "Deny", destination=ENDPOINT))
    (part,) = decide(rules, PRIVATE)
    assert part.surely("Deny")
    assert part.first("Deny") == part.rules[0]
    assert part.rules[0] is not None
    assert part.rules[0].name == "early"


def test_a_source_that_covers_some_nodes_splits_them() -> None:
    rules = with_defaults(rule(source="10.10.0.0/24"))
    parts = rules.decide(Flow(PRIVATE, node_addresses(("10.10.0.0/22",))))
    assert {part.rules[0].access if part.rules[0] else "": size(part.sources) for part in parts} == {
        "Deny": 252,
        "Allow": 767,
    }


@pytest.mark.parametrize(
    ("tag", "destination", "match"),
    [
        ("azurecontainerregistry", PUBLIC, Match.YES),
        ("azurecontainerregistry.westeurope", PUBLIC, Match.YES),
        ("azurecontainerregistry.northeurope", PUBLIC, Match.NO),
        ("azurecloud.westeurope", PUBLIC, Match.YES),
        ("internet", PUBLIC, Match.YES),
        ("storage", PUBLIC, Match.NO),
        ("virtualnetwork", PUBLIC, Match.NO),
        ("storage.westeurope", Destination("blob", "Tcp", 443, target=LAYERS), Match.YES),
        ("azurecontainerregistry", Destination("blob", "Tcp", 443, target=LAYERS), Match.NO),
        ("azurecloud.germanywc", Destination("x", "Tcp", 443, target=Target("x", Serves.LOGIN, "germanywestcentral")),
         Match.YES),
        ("azurecontainerregistry.westeurope", Destination("x", "Tcp", 443, target=Target("x", Serves.LOGIN)),
         Match.MAYBE),
        ("internet", PRIVATE, Match.NO),
        ("azurecloud", PRIVATE, Match.NO),
        ("azureloadbalancer", Destination("8.8.8.8", "Udp", 53, intervals(("8.8.8.8",))), Match.NO),
        ("azurecloud", Destination("8.8.8.8", "Udp", 53, intervals(("8.8.8.8",))), Match.MAYBE),
        ("azureplatformdns", Destination("dns", "Udp", 53, platform=Platform.DNS), Match.YES),
        ("internet", Destination("dns", "Udp", 53, platform=Platform.DNS), Match.NO),
    ],
)  # fmt: skip
def test_tags(tag: str, destination: Destination, match: Match) -> None:
    assert meant_by_tag(tag, destination) is match


@pytest.mark.parametrize(
    ("ranges", "within", "match"),
    [
        (("0.0.0.0/1", "128.0.0.0/1"), (), Match.YES),
        (("20.0.0.0/8",), (), Match.MAYBE),
        (("10.0.0.0/8",), (), Match.NO),
        (("::/0", "10.0.0.0/8"), (), Match.NO),
        (("20.0.0.0/8",), ("20.1.0.0/16", "20.2.0.0/16"), Match.YES),
        (("20.1.0.0/16",), ("20.1.0.0/16", "20.2.0.0/16"), Match.MAYBE),
        (("20.3.0.0/16",), ("20.1.0.0/16", "20.2.0.0/16"), Match.NO),
        ((), ("20.1.0.0/16",), Match.NO),
    ],
)
def test_ranges(ranges: tuple[str, ...], within: tuple[str, ...], match: Match) -> None:
    destination = Destination("x", "Tcp", 443, intervals(within), target=REGISTRY)
    assert meant_by_address(intervals(ranges), destination) is match


def test_no_rule_by_address_reaches_the_platform() -> None:
    for platform in Platform:
        destination = Destination("platform", "Udp", 53, platform=platform)
        assert accesses(decide(Rules.of([rule()], "Outbound"), destination)) == [("-",)]
        rules = Rules.of([rule(destination=platform.value)], "Outbound")
        assert accesses(decide(rules, destination)) == [("Deny",)]


def test_groups_of_the_nodes_are_told_exactly_where_they_are_known() -> None:
    rules = with_defaults(rule(source=(), source_groups=(GROUP,)))
    assert accesses(decide(rules, PRIVATE, groups=frozenset({GROUP.lower()}))) == [("Deny",)]
    assert accesses(decide(rules, PRIVATE, groups=frozenset())) == [("Allow",)]
    assert accesses(decide(rules, PRIVATE, groups=None)) == [("Deny", "Allow")]


def test_a_group_at_the_far_end_may_be_the_endpoint_but_no_public_service() -> None:
    rules = with_defaults(rule(destination=(), destination_groups=(GROUP,)))
    assert accesses(decide(rules, PRIVATE)) == [("Deny", "Allow")]
    assert accesses(decide(rules, PUBLIC)) == [("Allow",)]


def test_something_on_the_way_may_hide_the_nodes_addresses() -> None:
    rules = with_defaults(rule(source="10.99.0.0/16"))
    assert accesses(decide(rules, PRIVATE)) == [("Allow",)]
    assert accesses(decide(rules, PRIVATE, exact=False)) == [("Deny", "Allow")]


@pytest.mark.parametrize(
    ("ports", "found"), [(("443",), ("Allow",)), (("1024-65535",), ("Deny",)), (("40000-50000",), ("Deny", "Allow"))]
)
def test_ports_that_nodes_come_from(ports: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert accesses(decide(with_defaults(rule(source_ports=ports)), PRIVATE)) == [found]


def test_a_thousand_rules_are_asked_quickly() -> None:
    crowd = tuple(
        rule(
            f"r{n}", 100 + n, "Allow", [f"10.{n % 200}.{k}.0/24" for k in range(20)], f"10.{n % 250}.3.0/24", ["443"]
        )
        for n in range(1000)
    )
    began = time.process_time()
    rules = with_defaults(*crowd)
    for _ in range(20):
        assert decide(rules, PRIVATE, "10.10.0.0/22")
    assert time.process_time() - began < 2.0
