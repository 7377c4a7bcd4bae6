"""Routes, against the rules as they are documented; the longest prefix against trying them all."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facts.networks import Peering, ServiceEndpoint, Subnet, VirtualNetwork
from core.facts.routing import Route, RouteTable
from core.network.next_hop import EndpointPlace, HopType, place_of, to_address, to_endpoint, to_public
from core.network.targets import Serves, Target

NET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks"
SPOKE, HUB, FAR = f"{NET}/vnet-spoke", f"{NET}/vnet-hub", f"{NET}/vnet-far"
LOGIN = Target("contosoreg.azurecr.io", Serves.LOGIN, "westeurope")
BLOBS = Target("*.blob.core.windows.net", Serves.LAYERS, "westeurope")
TOKENS = Target("login.microsoftonline.com", Serves.TOKENS)
NODES = Subnet(f"{SPOKE}/subnets/snet-nodes", "snet-nodes", ("10.10.0.0/22",))


def spoke(*peerings: Peering, subnets: tuple[Subnet, ...] = ()) -> VirtualNetwork:
    return VirtualNetwork(
        SPOKE,
        "vnet-spoke",
        "rg",
        "s",
        "westeurope",
        ("10.10.0.0/16", "fd10::/48"),
        subnets=subnets,
        peerings=peerings,
    )


TO_HUB = Peering("p", "to-hub", HUB, "Connected", remote_prefixes=("10.0.0.0/16", "fd00::/48"))


def table(*routes: tuple[str, str], gateway_routes: bool = True) -> RouteTable:
    made = tuple(
        Route(f"r{number}", prefix, kind, "10.0.1.4" if kind == "VirtualAppliance" else None)
        for number, (prefix, kind) in enumerate(routes)
    )
    return RouteTable("rt", "rt", "rg", "s", made, gateway_routes)


def in_hub(obeys: bool | None) -> EndpointPlace:
    return EndpointPlace(HUB, ("10.0.0.0/16", "fd00::/48"), obeys)


@pytest.mark.parametrize(
    ("routes", "obeys", "expected"),
    [
        ([], False, [HopType.ENDPOINT]),
        ([("0.0.0.0/0", "VirtualAppliance")], False, [HopType.ENDPOINT]),
        ([("0.0.0.0/0", "None")], True, [HopType.ENDPOINT]),
        ([("10.0.2.0/24", "VirtualAppliance")], False, [HopType.ENDPOINT]),
        ([("10.0.2.0/24", "VirtualAppliance")], True, [HopType.APPLIANCE]),
        ([("10.0.0.0/16", "VirtualAppliance")], True, [HopType.APPLIANCE]),
        ([("10.0.0.0/8", "VirtualAppliance")], True, [HopType.ENDPOINT]),
        ([("10.0.2.5/32", "VirtualAppliance")], False, [HopType.APPLIANCE]),
        ([("10.0.2.5/32", "None"), ("10.0.2.0/24", "VirtualAppliance")], True, [HopType.NONE]),
        ([("10.0.2.0/24", "VirtualAppliance")], None, [HopType.ENDPOINT, HopType.APPLIANCE]),
        ([("10.0.9.0/24", "None")], True, [HopType.ENDPOINT]),
        ([("AzureContainerRegistry", "None")], True, [HopType.ENDPOINT]),
    ],
)
def test_what_beats_the_route_to_an_endpoint(
    routes: list[tuple[str, str]], obeys: bool | None, expected: list[HopType]
) -> None:
    hops = to_endpoint("10.0.2.5", table(*routes), spoke(TO_HUB), in_hub(obeys))
    assert [hop.type for hop in hops] == expected


def test_a_default_route_never_counts_even_where_the_endpoint_s_network_is_hidden() -> None:
    hops = to_endpoint("10.0.2.5", table(("0.0.0.0/0", "None")), spoke(TO_HUB), EndpointPlace(HUB))
    assert [hop.type for hop in hops] == [HopType.ENDPOINT]


def test_an_endpoint_with_an_ipv6_address_follows_the_same_rules() -> None:
    rule = ("fd00:0:0:2::/64", "VirtualAppliance")
    assert to_endpoint("fd00:0:0:2::5", table(rule), spoke(TO_HUB), in_hub(True))[0].type is HopType.APPLIANCE
    assert to_endpoint("fd00:0:0:2::5", table(rule), spoke(TO_HUB), in_hub(False))[0].type is HopType.ENDPOINT
    default = table(("::/0", "None"))
    assert to_endpoint("fd00:0:0:2::5", default, spoke(TO_HUB), in_hub(True))[0].type is HopType.ENDPOINT


def test_an_endpoint_in_the_nodes_own_network_needs_no_peering() -> None:
    own = EndpointPlace(SPOKE, ("10.10.0.0/16",), False)
    assert to_endpoint("10.10.9.5", table(("0.0.0.0/0", "None")), spoke(), own)[0].type is HopType.ENDPOINT


def test_an_endpoint_behind_a_hub_takes_the_default_route() -> None:
    far = EndpointPlace(FAR, ("10.8.0.0/16",), False)
    through = table(("0.0.0.0/0", "VirtualAppliance"), gateway_routes=False)
    assert [hop.type for hop in to_endpoint("10.8.2.5", through, spoke(TO_HUB), far)] == [HopType.APPLIANCE]
    assert [hop.type for hop in to_endpoint("10.8.2.5", None, spoke(TO_HUB), far)] == [HopType.UNROUTED]
    gateway = replace(TO_HUB, uses_remote_gateways=True)
    assert [hop.type for hop in to_endpoint("10.8.2.5", None, spoke(gateway), far)] == [HopType.GATEWAY]
    learned = table(("0.0.0.0/0", "VirtualAppliance"))
    assert [hop.type for hop in to_endpoint("10.8.2.5", learned, spoke(gateway), far)] == [
        HopType.APPLIANCE,
        HopType.GATEWAY,
    ]


def test_over_a_broken_peering_the_default_route_leads_nowhere() -> None:
    broken = replace(TO_HUB, state="Disconnected")
    default = table(("0.0.0.0/0", "VirtualAppliance"))
    assert to_endpoint("10.0.2.5", default, spoke(broken), in_hub(False))[0].type is HopType.UNROUTED


def test_the_place_of_an_endpoint() -> None:
    subnet = Subnet(f"{HUB}/subnets/pe", "pe", ("10.0.2.0/24",))
    for policies, obeys in (
        ("Enabled", True),
        ("RouteTableEnabled", True),
        ("NetworkSecurityGroupEnabled", False),
        ("Disabled", False),
        (None, False),
    ):
        hub = VirtualNetwork(
            HUB, "h", "rg", "s", "w", ("10.0.0.0/16",), subnets=(replace(subnet, endpoint_policies=policies),)
        )
        assert place_of(subnet.id.upper(), HUB, hub) == EndpointPlace(HUB, ("10.0.0.0/16",), obeys)
    assert place_of(subnet.id, HUB, None) == EndpointPlace(HUB)


def routed(*routes: tuple[str, str], target: Target = LOGIN, address: str | None = None) -> list[HopType]:
    return [hop.type for hop in to_public(target, table(*routes), NODES, {}, address)]


def test_the_default_route_takes_public_hosts() -> None:
    assert [hop.type for hop in to_public(LOGIN, None, NODES, {})] == [HopType.INTERNET]
    assert routed(("0.0.0.0/0", "VirtualAppliance")) == [HopType.APPLIANCE]
    assert routed(("0.0.0.0/0", "None"), ("::/0", "Internet"), ("nonsense", "Internet")) == [HopType.NONE]
    assert routed(("10.0.0.0/8", "None")) == [HopType.INTERNET]


@pytest.mark.parametrize(
    ("tag", "target", "taken"),
    [
        ("AzureContainerRegistry", LOGIN, True),
        ("AzureContainerRegistry.WestEurope", LOGIN, True),
        ("AzureContainerRegistry.NorthEurope", LOGIN, False),
        ("AzureCloud", LOGIN, True),
        ("AzureCloud.westeurope", BLOBS, True),
        ("Storage", LOGIN, False),
        ("Storage.WestEurope", BLOBS, True),
        ("AzureContainerRegistry", BLOBS, False),
        ("AzureActiveDirectory", TOKENS, True),
        ("MicrosoftContainerRegistry", LOGIN, False),
        ("Sql", LOGIN, False),
    ],
)
def test_service_tags_in_routes(tag: str, target: Target, taken: bool) -> None:
    expected = [HopType.NONE] if taken else [HopType.INTERNET]
    assert routed((tag, "None"), target=target) == expected


def test_the_narrower_tag_wins() -> None:
    assert routed(("AzureCloud", "None"), ("AzureContainerRegistry", "Internet")) == [HopType.INTERNET]
    assert routed(("AzureContainerRegistry", "None"), ("AzureContainerRegistry.WestEurope", "Internet")) == [
        HopType.INTERNET
    ]
    assert routed(("AzureCloud.WestEurope", "None"), ("AzureCloud", "Internet")) == [HopType.NONE]


def test_a_public_range_may_or_may_not_take_a_host() -> None:
    assert routed(("20.0.0.0/8", "None")) == [HopType.NONE, HopType.INTERNET]
    assert routed(("0.0.0.0/1", "VirtualAppliance"), ("128.0.0.0/1", "VirtualAppliance")) == [HopType.APPLIANCE] * 2
    tags = {"AzureContainerRegistry.westeurope": ("20.50.0.0/16", "2603::/16")}
    for prefix, expected in (
        ("20.0.0.0/8", [HopType.NONE]),
        ("20.50.0.0/17", [HopType.NONE, HopType.INTERNET]),
        ("40.0.0.0/8", [HopType.INTERNET]),
    ):
        assert [hop.type for hop in to_public(LOGIN, table((prefix, "None")), NODES, tags)] == expected
    assert routed(("20.0.0.0/8", "None"), address="20.1.2.3") == [HopType.NONE]
    assert routed(("20.0.0.0/8", "None"), address="40.1.2.3") == [HopType.INTERNET]


def test_a_service_endpoint_goes_past_the_default_route() -> None:
    default = table(("0.0.0.0/0", "None"))
    subnet = replace(
        NODES,
        service_endpoints=(
            ServiceEndpoint("Microsoft.ContainerRegistry", "Succeeded", ("*",)),
            ServiceEndpoint("Microsoft.Storage", "Succeeded", ("northeurope",)),
        ),
    )
    assert to_public(LOGIN, default, subnet, {})[0].type is HopType.SERVICE_ENDPOINT
    assert to_public(BLOBS, default, subnet, {})[0].type is HopType.NONE
    near = replace(NODES, service_endpoints=(ServiceEndpoint("Microsoft.Storage", None, ("West Europe",)),))
    assert to_public(BLOBS, default, near, {})[0].type is HopType.SERVICE_ENDPOINT
    assert to_public(TOKENS, default, near, {})[0].type is HopType.NONE


addresses = st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number)))
prefixes = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
    lambda parts: str(ipaddress.ip_network(parts, strict=False))
)


@given(addresses, st.lists(prefixes, max_size=12, unique=True), st.data())
def test_the_longest_prefix_wins(address: str, written: list[str], data: st.DataObject) -> None:
    around = data.draw(st.lists(st.integers(0, 32), max_size=6, unique=True))
    near = [str(ipaddress.ip_network(f"{address}/{length}", strict=False)) for length in around]
    routes = table(
        *((prefix, "VirtualAppliance") for prefix in dict.fromkeys((*written, *near))), gateway_routes=False
    )
    found = to_address(address, routes, replace(spoke(), prefixes=()))
    holding = [
        ipaddress.ip_network(route.prefix)
        for route in routes.routes
        if ipaddress.ip_address(address) in ipaddress.ip_network(route.prefix)
    ]
    if not holding:
        assert found[0].type is HopType.UNROUTED
        return
    longest = max(network.prefixlen for network in holding)
    assert ipaddress.ip_network(found[0].prefix).prefixlen == longest
    assert ipaddress.ip_address(address) in ipaddress.ip_network(found[0].prefix)
