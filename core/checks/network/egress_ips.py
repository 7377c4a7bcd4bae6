"""From which public addresses do the nodes leave for the internet?

https://learn.microsoft.com/azure/aks/egress-outboundtype
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.network.sources import first_unread, goes_through_proxy, in_words, leaves_from, not_told
from core.checks.network.steady import steady_ways
from core.checks.network.ways import beside, going, pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.model import Branch, Evidence, Status, Verdict
from core.network.allow_list import selects_networks


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
    ways = leaves_from(public, Known(egress))
    evidence = tuple(item for path, way in ways for item in _evidence(path, way))
    values = {"pools": pools(public), "registry_name": registry.name}
    if all(isinstance(way, Known) and way.value.kind is EgressKind.NONE for _, way in ways):
        return Verdict(Status.NOT_APPLICABLE, "no-way-out", values=values, evidence=subnets(public))
    told = all(isinstance(way, Known) and not not_told(way) for _, way in ways)
    if not selects_networks(registry):
        if not told:
            return Verdict(Status.NOT_APPLICABLE, "any-address-will-do", values=values, evidence=evidence)
        return whole(Verdict(Status.PASS, "told", values=values, evidence=evidence), node_paths)
    unsteady = [(path, way.value) for path, way in ways if isinstance(way, Known) and not way.value.steady]
    if unsteady and not goes_through_proxy(cluster, registry):
        return Verdict(
            Status.WARNING,
            "unsteady",
            values={**values, "pools": pools(path for path, _ in unsteady)},
            evidence=evidence,
            fixes=steady_ways(cluster, unsteady),
        )
    if told:
        return whole(Verdict(Status.PASS, "told", values=values, evidence=evidence), node_paths)
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
    return (Evidence("egress", f"{where} | {in_words(way.value)}"),)


CHECK = Check("network.egress-ips", Branch.NETWORK, evaluate)
