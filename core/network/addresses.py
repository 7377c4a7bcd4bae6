"""Arithmetic of address ranges: single addresses, CIDR ranges and ranges "a-b", IPv4 and IPv6 alike.

Everything takes the spellings of Azure's answers as text; what is no range (a service tag, "*", nonsense) is nothing,
never an error.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

MAX_LENGTH = 100
"""Characters of the longest text that can be a range: two IPv6 addresses and a hyphen stay below."""

EVERYTHING_V4 = "0.0.0.0/0"
EVERYTHING_V6 = "::/0"


class Range(NamedTuple):
    """Addresses from `first` to `last`, both inside, as integers; `version` is 4 or 6."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses there are."""
        return self.last - self.first + 1


def parse(text: str) -> Range | None:
    """Read an address, a CIDR range (bits below its mask do not count) or a range "a-b"; None for anything else."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return None
    first, hyphen, last = text.partition("-")
    try:
        if hyphen:
            start, end = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
            if start.version != end.version or int(start) > int(end):
                return None
            return Range(start.version, int(start), int(end))
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Range(network.version, int(network.network_address), int(network.broadcast_address))


def parse_address(text: str) -> Range | None:
    """Read a single address, with or without the brackets that URLs put around IPv6; None for anything else."""
    found = parse(text.strip().removeprefix("[").removesuffix("]"))
    return found if found is not None and found.size == 1 else None


def covers(prefixes: Iterable[str], prefix: str) -> bool:
    """Say whether every address of a range is in one or another of the prefixes; False where it is no range."""
    wanted = parse(prefix)
    return wanted is not None and covered(wanted, [own for own in map(parse, prefixes) if own is not None])


def covered(wanted: Range, ranges: Iterable[Range]) -> bool:
    """Say the same of ranges that are read already."""
    reached = wanted.first
    for own in sorted(own for own in ranges if own.version == wanted.version):
        if own.first > reached:
            return False
        reached = max(reached, own.last + 1)
        if reached > wanted.last:
            return True
    return False


def contains(prefixes: Iterable[str], address: str) -> bool:
    """Say whether a single address is in one of the prefixes."""
    return parse_address(address) is not None and covers(prefixes, address.strip().strip("[]"))


def overlap(one: str, other: str) -> bool:
    """Say whether two ranges have an address in common."""
    left, right = parse(one), parse(other)
    return left is not None and right is not None and meet(left, right)


def meet(one: Range, other: Range) -> bool:
    """Say the same of ranges that are read already."""
    return one.version == other.version and one.first <= other.last and other.first <= one.last


def overlaps(prefixes: Iterable[str], prefix: str) -> bool:
    """Say whether a range has an address in common with any of the prefixes."""
    return any(overlap(own, prefix) for own in prefixes)


def prefix_length(text: str) -> int | None:
    """Give the length of a CIDR range's mask (32 or 128 for an address); None for what has none."""
    if "-" in text or parse(text) is None:
        return None
    return ipaddress.ip_network(text.strip(), strict=False).prefixlen


def as_cidr(own: Range) -> tuple[str, ...]:
    """Write a range as the fewest CIDR ranges that hold its addresses and no others."""
    kind = ipaddress.IPv4Address if own.version == 4 else ipaddress.IPv6Address
    return tuple(map(str, ipaddress.summarize_address_range(kind(own.first), kind(own.last))))


def is_private(text: str) -> bool:
    """Say whether an address or range lies whole in a private network.

    Private means RFC 1918, carrier-grade NAT (RFC 6598) and unique local IPv6 (RFC 4193): what never is the source of
    a packet on the internet.
    """
    return any(covers((private,), text.strip().strip("[]")) for private in PRIVATE)


PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""The ranges of private networks."""
