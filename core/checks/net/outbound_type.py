"""Does the cluster have a way out to the internet at all?

https://learn.microsoft.com/azure/aks/egress-outboundtype
https://learn.microsoft.com/azure/aks/concepts-network-isolated
"""

from __future__ import annotations

from dataclasses import replace

from core.checks.check import Check
from core.checks.fix_values import cluster_values, registry_values
from core.checks.network.endpoint_fixes import new_endpoint
from core.checks.network.sources import leaves_from
from core.checks.network.ways import beside, going, pools, subnets, whole
from core.facts.cluster import Cluster
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

CLOSED = ("none", "block")
"""Outbound types of network-isolated clusters."""

DEFAULT_TYPE = "loadBalancer"


def evaluate(
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    egress: Fact[Items[Egress]],
    networks: Fact[Items[VirtualNetwork]],
    private_zones: Fact[PrivateZones],
) -> Verdict:
    """Look whether nodes that come to the registry over the internet can leave for it.

    Where routes decide, they have a check of their own.
    """
    public = going(node_paths, Way.PUBLIC)
    if not public:
        return beside(node_paths)
    kind = cluster.network.outbound_type or DEFAULT_TYPE
    evidence = (Evidence("outbound-type", kind), *subnets(public))
    values = {"outbound_type": kind, "pools": pools(public), "registry_name": registry.name}
    leaving = leaves_from(public, egress)
    if kind.lower() in CLOSED:
        blocked = kind.lower() == "block"
        closed = [
            _shut_in(cluster, path, way, blocked=blocked)
            for path, way in leaving
            if _is_closed(cluster, path, way, blocked=blocked)
        ]
        if closed:
            return Verdict(
                Status.FAIL,
                "no-way-out",
                certainty=Certainty.DEFINITE,
                values={**values, "pools": pools(closed)},
                evidence=evidence,
                fixes=_ways_out(cluster, registry, new_endpoint(registry, closed, networks, private_zones)),
            )
        return whole(Verdict(Status.PASS, "own-way-out", values=values, evidence=evidence), node_paths)
    if kind.lower() == "userdefinedrouting":
        return whole(Verdict(Status.PASS, "routes-decide", values=values, evidence=evidence), node_paths)
    stuck = [path for path, way in leaving if _has_no_address(cluster, path, way)]
    if kind.lower() == "loadbalancer" and stuck:
        return Verdict(
            Status.FAIL,
            "no-address",
            certainty=Certainty.LIKELY,
            values={**values, "pools": pools(stuck)},
            evidence=evidence,
            fixes=(FixRef("make-outbound-address", cluster_values(cluster)),),
        )
    return whole(Verdict(Status.PASS, "way-out", values=values, evidence=evidence), node_paths)


def _ways_out(cluster: Cluster, registry: Registry, endpoints: tuple[FixRef, ...]) -> tuple[FixRef, ...]:
    """An endpoint keeps the cluster isolated, and comes first where the registry's tier has them."""
    leave = FixRef("leave-through-load-balancer", {**cluster_values(cluster), **registry_values(registry)})
    return (*endpoints, leave) if (registry.sku or "").lower() == "premium" else (leave,)


def _is_closed(cluster: Cluster, path: NodePath, way: Fact[Egress], *, blocked: bool) -> bool:
    """Whether nodes cannot leave: addresses of their own or a NAT gateway of the subnet let them, unless blocked."""
    if blocked:
        return True
    if isinstance(way, Known) and not way.value.of_nodes:
        return way.value.kind in (EgressKind.NONE, EgressKind.DEFAULT)
    return not _have_own_addresses(cluster, path)


def _shut_in(cluster: Cluster, path: NodePath, way: Fact[Egress], *, blocked: bool) -> NodePath:
    """Leave out the pools whose nodes have addresses of their own, where these let them out."""
    if blocked or (isinstance(way, Known) and not way.value.of_nodes):
        return path
    own = {pool.name for pool in cluster.agent_pools if pool.node_public_address}
    pools_left = tuple(name for name in path.where.pools if name not in own)
    return replace(path, where=replace(path.where, pools=pools_left))


def _has_no_address(cluster: Cluster, path: NodePath, way: Fact[Egress]) -> bool:
    """Whether the load balancer that nodes leave through has no public address for it.

    Old load balancers do not tell theirs.
    """
    network = cluster.network
    if network.outbound_address_ids or network.outbound_prefix_ids:
        return False
    if network.basic_load_balancer:
        return False
    if isinstance(way, Known) and not way.value.of_nodes:
        return not way.value.prefixes and way.value.kind not in _BESIDE_THE_LOAD_BALANCER
    return not _have_own_addresses(cluster, path)


_BESIDE_THE_LOAD_BALANCER = frozenset(EgressKind) - {EgressKind.LOAD_BALANCER, EgressKind.DEFAULT, EgressKind.NONE}


def _have_own_addresses(cluster: Cluster, path: NodePath) -> bool:
    """Whether every node of the pools in a subnet has a public address of its own."""
    here = [pool for pool in cluster.agent_pools if pool.name in path.where.pools]
    return bool(here) and all(pool.node_public_address for pool in here)


CHECK = Check("net.outbound-type", Branch.NETWORK, evaluate)
