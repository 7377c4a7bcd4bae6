"""Whether nodes may still ask the DNS servers that their network named before.

Nodes take over other DNS servers of their network only when they start again.
https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#change-dns-servers
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from core.checks.dns.names import name_of
from core.checks.fix_values import cluster_values
from core.checks.identity.evidence import moment
from core.checks.network.ways import pools
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Fact, Known
from core.facts.items import Items
from core.facts.networks import ScaleSet
from core.facts.paths import NodePath, Way
from core.model import Evidence, FixRef, Status, Verdict


def changed_lately(
    verdict: Verdict,
    cluster: Cluster,
    paths: Iterable[NodePath],
    changes: Fact[Items[datetime | None]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
    now: datetime,
) -> Verdict:
    """Turn a pass into a warning where a network was changed lately: its DNS servers may be what was changed.

    `changes` are asked only where the pasted text shows another answer than the DNS servers of now give. What they
    would tell is never more than a hint: where they cannot be read, the verdict stays, and says so.
    """
    if verdict.status is not Status.PASS:
        return verdict
    here = [path for path in paths if path.way is Way.PRIVATE]
    seen = _not_seen(here, changes)
    changed = [(path, change.value) for path in here if isinstance(change := _change(path, changes), Known)]
    late = [(path, when) for path, when in changed if when is not None]
    if not late:
        return replace(verdict, evidence=(*verdict.evidence, *seen))
    network, when = max(((path.where.network_id, when) for path, when in late), key=lambda one: one[1])
    here_pools = pools(path for path, _ in late)
    machines = _machines([path for path, _ in late], scale_sets)
    return Verdict(
        Status.WARNING,
        "changed-lately",
        values={
            "pools": here_pools,
            "network": name_of(network),
            "age": _in_words(now, when),
        },
        evidence=(*_shown(late), *seen, *verdict.evidence),
        fixes=(
            FixRef(
                "restart-nodes",
                {**cluster_values(cluster), "pools": here_pools},
                each=tuple({"machines": name} for name in machines),
            ),
        ),
    )


def _change(path: NodePath, changes: Fact[Items[datetime | None]]) -> Fact[datetime | None]:
    if not isinstance(changes, Known):
        return changes
    found = changes.value.by_id.get(path.where.network_id.lower())
    return Known(None) if found is None else found


def _not_seen(paths: Iterable[NodePath], changes: Fact[Items[datetime | None]]) -> tuple[Evidence, ...]:
    """Show of which networks it is not known when they were changed last, and the permission that would tell."""
    entries: dict[Evidence, None] = {}
    for path in paths:
        change = _change(path, changes)
        if isinstance(change, Denied):
            entries[Evidence("missing-permission", change.action)] = None
        if not isinstance(change, Known):
            id_ = path.where.network_id
            entries[Evidence("virtual-network", f"{id_} | could not be read: when it was changed last")] = None
    return tuple(entries)


def _machines(paths: Iterable[NodePath], scale_sets: Fact[tuple[ScaleSet, ...]]) -> tuple[str, ...]:
    """Name the scale sets of the pools in some subnets."""
    here = {name for path in paths for name in path.where.pools}
    known = scale_sets.value if isinstance(scale_sets, Known) else ()
    return tuple(one.name for one in known if one.pool in here and not one.stand_alone) or ("<scale-set>",)


def _shown(late: Iterable[tuple[NodePath, datetime]]) -> tuple[Evidence, ...]:
    changes = {path.where.network_id: when for path, when in late}
    return tuple(Evidence("virtual-network", f"{id_} | changed {moment(when)}") for id_, when in changes.items())


def _in_words(now: datetime, when: datetime) -> str:
    minutes = max(0, round((now.astimezone(UTC) - when).total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 60 * 48 else f"{minutes // (60 * 24)} d"
