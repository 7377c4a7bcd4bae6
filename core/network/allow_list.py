"""A registry's list of allowed public addresses, and whether what nodes leave from is on it.

https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.facts.registry import Registry
from core.network.addresses import as_cidr, overlaps, parse
from core.network.intervals import intervals, without
from core.network.public_access import is_public, refuses_by_default

MOST_RULES = 200
"""How many address rules a registry can have."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How the addresses of one source stand to the list: what of them is not on it, and whether any is."""

    missing: tuple[str, ...]
    any_listed: bool


def selects_networks(registry: Registry) -> bool:
    """Say whether the registry takes requests from the internet, but only from what its rules name."""
    return is_public(registry) and refuses_by_default(registry)


def compare(prefixes: Iterable[str], rules: Iterable[str]) -> Listing:
    """Look up every address range in the rules. The registry answers over IPv4: other ranges never arrive there."""
    rules = tuple(rules)
    used = tuple(prefix for prefix in prefixes if (found := parse(prefix)) is not None and found.version == 4)
    listed = intervals(rules)
    return Listing(
        missing=tuple(
            short(part) for prefix in used for gap in without(intervals((prefix,)), listed) for part in as_cidr(gap)
        ),
        any_listed=any(overlaps(rules, prefix) for prefix in used),
    )


def short(prefix: str) -> str:
    """Write a range of one address as that address."""
    return prefix.removesuffix("/32")
