"""The nodes of a subnet as the rules of security groups see them: addresses, groups, and whose rules they obey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.facts.fact import Fact, Known, NotKnown
from core.facts.networks import ScaleSet, Subnet
from core.facts.paths import NodePath
from core.network.intervals import Intervals, node_addresses


@dataclass(frozen=True, slots=True)
class Nodes:
    """Pools of one subnet whose machines are alike for every rule.

    `prefixes` are the subnet's IPv4 ranges, `groups` the application security groups of the machines, lower-cased
    (None: not known), `security_group_ids` the groups that their interfaces carry, as far as these could be read;
    `unread` says why some could not.
    """

    path: NodePath
    pools: tuple[str, ...]
    prefixes: tuple[str, ...]
    sources: Intervals
    groups: frozenset[str] | None
    security_group_ids: tuple[str, ...] = ()
    unread: NotKnown | None = None


def nodes_of(path: NodePath, subnet: Subnet, scale_sets: Fact[tuple[ScaleSet, ...]]) -> tuple[Nodes, ...]:
    """Give the nodes of a subnet, pools that are alike together; a pool of machines that differ is in several."""
    prefixes = tuple(prefix for prefix in subnet.prefixes if ":" not in prefix)
    sources = node_addresses(prefixes)
    alike: dict[_Interfaces, list[str]] = {}
    for pool in path.where.pools:
        for interfaces in _interfaces(pool, scale_sets):
            alike.setdefault(interfaces, []).append(pool)
    return tuple(
        Nodes(path, tuple(own), prefixes, sources, groups, carried, unread)
        for (groups, carried, unread), own in alike.items()
    )


_Interfaces = tuple[frozenset[str] | None, tuple[str, ...], NotKnown | None]
"""The application groups of some nodes, the security groups that they carry, and why any of these is not known."""


def _interfaces(pool: str, scale_sets: Fact[tuple[ScaleSet, ...]]) -> tuple[_Interfaces, ...]:
    machines = scale_sets.value if isinstance(scale_sets, Known) else ()
    own = tuple(dict.fromkeys(_of(one) for one in machines if one.pool.lower() == pool.lower()))
    return own or ((None, (), None),)


def _of(one: ScaleSet) -> _Interfaces:
    groups = None if one.interfaces_unread else frozenset(_ids(one.application_group_ids))
    return groups, _ids(one.security_group_ids), one.interfaces_unread


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_.rstrip("/").lower() for id_ in ids))
