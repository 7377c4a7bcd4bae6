"""What lets nodes leave from addresses that stay.

https://learn.microsoft.com/azure/nat-gateway/nat-overview#outbound-connectivity
"""

from __future__ import annotations

from collections.abc import Iterable

from core.checks.fix_values import cluster_values
from core.facts.cluster import Cluster
from core.facts.egress import Egress
from core.facts.paths import NodePath
from core.facts.resource_id import ResourceId, same_id
from core.model import FixRef


def steady_ways(cluster: Cluster, ways: Iterable[tuple[NodePath, Egress]]) -> tuple[FixRef, ...]:
    """Give the fixes for node subnets that leave from addresses that change.

    Addresses of the nodes' own go before a load balancer's, and a NAT gateway goes before them. In a network that AKS
    made, AKS itself makes that gateway.
    """
    fixes: list[FixRef] = []
    for path, egress in ways:
        fix = _steady_way(cluster, path, egress)
        if fix not in fixes:
            fixes.append(fix)
    return tuple(fixes)


def _steady_way(cluster: Cluster, path: NodePath, egress: Egress) -> FixRef:
    values = cluster_values(cluster)
    if not egress.of_nodes:
        return FixRef("steady-egress", values)
    if not any(pool.subnet_id for pool in cluster.agent_pools if pool.name in path.where.pools):
        return FixRef("managed-nat-gateway", values)
    subnet = ResourceId.parse(path.where.subnet_id)
    network = ResourceId.parse(path.where.network_id)
    beside = (pool.name for pool in cluster.agent_pools if pool.subnet_id and same_id(pool.subnet_id, subnet.text))
    return FixRef(
        "nat-gateway",
        {
            **values,
            "location": cluster.location,
            "subnet_id": subnet.text,
            "network_name": network.name,
            "network_group": network.resource_group,
            "network_subscription": network.subscription_id,
            "subnet": subnet.name,
            "pools": ", ".join(beside),
            "gateway_name": f"nat-{cluster.name}",
        },
    )
