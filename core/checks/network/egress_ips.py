"""From which public addresses do the nodes leave for the internet?

https://learn.microsoft.com/azure/aks/egress-outboundtype
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.network.sources import first_unread, goes_through_proxy, leaves_from, not_told
from core.checks.network.ways import beside, going, pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.model import Branch, Evidence, FixRef, Status, Verdict
from core.network.allow_list import selects_networks, short

UNSTEADY = (EgressKind.NODE_ADDRESSES, EgressKind.DEFAULT)
"""Addresses that change with the nodes, or whenever Azure likes."""


def evaluate(
    cluster: Cluster, registry: Registry, node_paths: tuple[NodePath, ...], egress: Items[Egress]
) -> Verdict:
    """Name the addresses of every node subnet that comes over the internet.

    They decide something only for a registry that takes selected networks: elsewhere nothing is said about those
    that cannot be told.
    """
    public = going(node_paths, Way.PUBLIC)
    if not public:
        return beside(node_paths)
    ways = [(path, leaves_from(path, Known(egress))) for path in public]
    evidence = tuple(item for path, way in ways for item in _evidence(path, way))
    values = {"pools": pools(public), "registry_name": registry.name}
    if all(isinstance(way, Known) and way.value.kind is EgressKind.NONE for _, way in ways):
        return Verdict(Status.NOT_APPLICABLE, "no-way-out", values=values, evidence=subnets(public))
    told = all(isinstance(way, Known) and not not_told(way) for _, way in ways)
    if told:
        return whole(Verdict(Status.PASS, "told", values=values, evidence=evidence), node_paths)
    if not selects_networks(registry):
        return Verdict(Status.NOT_APPLICABLE, "any-address-will-do", values=values, evidence=evidence)
    return _not_told(cluster, registry, ways, evidence)


def _not_told(
    cluster: Cluster,
    registry: Registry,
    ways: list[tuple[NodePath, Fact[Egress]]],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    unsteady = [path for path, way in ways if isinstance(way, Known) and way.value.kind in UNSTEADY]
    values = {"pools": pools(unsteady), "registry_name": registry.name}
    if unsteady and not goes_through_proxy(cluster, registry):
        return Verdict(
            Status.WARNING,
            "unsteady",
            values=values,
            evidence=evidence,
            fixes=(FixRef("steady-egress", cluster_values(cluster)),),
        )
    unread = first_unread(way for _, way in ways)
    if unread is not None:
        return unknown(unread, evidence)
    hidden = [path for path, way in ways if not_told(way)]
    return Verdict(
        Status.UNKNOWN, "ask-the-network-team", values={**values, "pools": pools(hidden)}, evidence=evidence
    )


def _evidence(path: NodePath, way: Fact[Egress]) -> tuple[Evidence, ...]:
    where = f"{pools((path,))} | {subnet_name(path.where.subnet_id)}"
    if not isinstance(way, Known):
        return (Evidence("egress-not-read", where),)
    addresses = ", ".join(short(prefix) for prefix in way.value.prefixes) or "-"
    return (Evidence("egress", f"{where} | {way.value.kind.value} | {addresses}"),)


CHECK = Check("network.egress-ips", Branch.NETWORK, evaluate)
