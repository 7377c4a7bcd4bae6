"""The nodes of a subnet as the rules of security groups see them: addresses, groups, and whose rules they obey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.facts.fact import Fact, Known
from core.facts.networks import ScaleSet, Subnet
from core.facts.paths import NodePath
from core.network.intervals import Intervals, node_addresses


@dataclass(frozen=True, slots=True)
class Nodes:
    """Pools of one subnet whose machines are alike for every rule.

    `prefixes` are the subnet's IPv4 ranges, `groups` the application security groups of the machines, lower-cased
    (None: not known), `security_group_ids` the groups that their interfaces carry.
    """

    path: NodePath
    pools: tuple[str, ...]
    prefixes: tuple[str, ...]
    sources: Intervals
    groups: frozenset[str] | None
    security_group_ids: tuple[str, ...] = ()


def nodes_of(path: NodePath, subnet: Subnet, scale_sets: Fact[tuple[ScaleSet, ...]]) -> tuple[Nodes, ...]:
    """Give the nodes of a subnet, pools that are alike together.

    Nothing is known of the interfaces of machines without a scale set.
    """
    prefixes = tuple(prefix for prefix in subnet.prefixes if ":" not in prefix)
    sources = node_addresses(prefixes)
    alike: dict[tuple[frozenset[str] | None, tuple[str, ...]], list[str]] = {}
    for pool in path.where.pools:
        alike.setdefault(_interfaces(pool, scale_sets), []).append(pool)
    return tuple(Nodes(path, tuple(pools), prefixes, sources, groups, own) for (groups, own), pools in alike.items())


def _interfaces(pool: str, scale_sets: Fact[tuple[ScaleSet, ...]]) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    found = (
        [one for one in scale_sets.value if one.pool.lower() == pool.lower()] if isinstance(scale_sets, Known) else []
    )
    groups = frozenset(_ids(id_ for one in found for id_ in one.application_group_ids))
    read = bool(found) and not any(one.stand_alone for one in found)
    return (groups if read else None), _ids(id_ for one in found for id_ in one.security_group_ids)


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_.rstrip("/").lower() for id_ in ids))
