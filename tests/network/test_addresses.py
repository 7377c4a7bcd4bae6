"""Arithmetic of address ranges, held to Python's own."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.network.addresses import (
    Range,
    as_cidr,
    contains,
    covers,
    is_private,
    overlap,
    overlaps,
    parse,
    parse_address,
    prefix_length,
)

V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)
SMALL = st.builds(
    lambda low, bits: ipaddress.IPv4Network((0x0A000000 + low, bits), strict=False),
    st.integers(0, 63),
    st.integers(26, 32),
)
"""Networks that lie in 10.0.0.0/26, so that they meet often."""


@given(address=V4 | V6, bits=st.integers(0, 128))
def test_a_range_is_what_python_reads(address: ipaddress.IPv4Address | ipaddress.IPv6Address, bits: int) -> None:
    """CIDR ranges with any bits below the mask."""
    text = f"{address}/{min(bits, address.max_prefixlen)}"
    network = ipaddress.ip_network(text, strict=False)
    assert parse(text) == Range(network.version, int(network[0]), int(network[-1]))
    assert prefix_length(text) == network.prefixlen


@given(one=V4, other=V4)
def test_a_range_with_a_hyphen_has_both_ends(one: ipaddress.IPv4Address, other: ipaddress.IPv4Address) -> None:
    """A range that runs backwards is none."""
    first, last = min(one, other), max(one, other)
    assert parse(f"{first} - {last}") == Range(4, int(first), int(last))
    if first != last:
        assert parse(f"{last}-{first}") is None


@given(own=st.lists(SMALL, max_size=6), wanted=SMALL)
def test_cover_is_that_of_the_sets(own: list[ipaddress.IPv4Network], wanted: ipaddress.IPv4Network) -> None:
    """Several small ranges cover a wide one together."""
    held = {address for network in own for address in network}
    texts = [str(network) for network in own]
    assert covers(texts, str(wanted)) is (set(wanted) <= held)
    assert overlaps(texts, str(wanted)) is bool(set(wanted) & held)
    assert contains(texts, str(wanted[0])) is (wanted[0] in held)


@given(one=SMALL, other=SMALL)
def test_overlap_is_the_same_both_ways(one: ipaddress.IPv4Network, other: ipaddress.IPv4Network) -> None:
    """And the one that Python finds."""
    assert overlap(str(one), str(other)) is one.overlaps(other)
    assert overlap(str(other), str(one)) is one.overlaps(other)


@given(text=st.text(max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    """Hostile text is nothing."""
    parse(text)
    assert isinstance(covers((text,), text), bool)
    assert isinstance(is_private(text), bool)


@pytest.mark.parametrize("text", ["", "*", "AzureCloud", "10.0.0.0/33", "10.0.0", "10.0.0.1-::1", "9" * 500, "-"])
def test_what_is_no_range(text: str) -> None:
    """Service tags and nonsense."""
    assert parse(text) is None
    assert prefix_length(text) is None
    assert not covers(("0.0.0.0/0", "::/0"), text)
    assert not contains(("0.0.0.0/0", "::/0"), text)


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("10.0.2.5", True),
        ("172.31.255.255", True),
        ("172.32.0.0", False),
        ("192.168.0.0/16", True),
        ("192.0.0.0/8", False),
        ("100.64.0.1", True),
        ("[fde4:8dba::1]", True),
        ("20.50.1.10", False),
        ("203.0.113.9", False),
        ("127.0.0.1", False),
        ("***.***.***.***", False),
    ],
)
def test_private_is_what_no_packet_of_the_internet_comes_from(text: str, private: bool) -> None:
    """Ranges for documentation are public here: they stand for public addresses."""
    assert is_private(text) is private


def test_an_address_is_one_address() -> None:
    """A range is none; brackets around IPv6 do not count."""
    assert parse_address("[2001:db8::1]") == parse("2001:db8::1")
    assert parse_address("10.0.0.0/24") is None
    assert parse_address("10.0.0.7/32") == parse("10.0.0.7")
    assert not contains(("10.0.0.0/8",), "10.0.0.0/24")
    assert contains(("2001:db8::/32",), "[2001:db8::1]")


def test_versions_do_not_mix() -> None:
    """`::/0` is not the internet of IPv4."""
    assert not covers(("::/0",), "10.0.0.1")
    assert not overlap("0.0.0.0/0", "::/0")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("20.50.2.0/28", ("20.50.2.0/28",)),
        ("20.50.2.1-20.50.2.4", ("20.50.2.1/32", "20.50.2.2/31", "20.50.2.4/32")),
        ("fd00::1-fd00::2", ("fd00::1/128", "fd00::2/128")),
        ("::-::3", ("::/126",)),
    ],
)
def test_a_range_as_the_fewest_cidr_ranges(text: str, parts: tuple[str, ...]) -> None:
    own = parse(text)
    assert own is not None
    assert as_cidr(own) == parts
