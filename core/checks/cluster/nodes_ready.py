"""Are there running nodes to pull the image?

https://learn.microsoft.com/azure/virtual-machines/states-billing
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.cluster.power_state import is_stopped
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.identities import NodeIdentities
from core.model import Branch, Evidence, Status, Verdict

SHOWN = 20
"""How many machines are named."""


def evaluate(cluster: Cluster, node_identities: Fact[NodeIdentities]) -> Verdict:
    """Look at the machines from outside: whether Kubernetes finds its nodes ready, Azure does not know.

    No finding here is a cause: a machine that does not run pulls nothing, and reports no error either.
    """
    if is_stopped(cluster):
        return Verdict(Status.NOT_APPLICABLE, "stopped")
    if isinstance(node_identities, Missing):
        return Verdict(Status.NOT_APPLICABLE, "no-machines")
    if not isinstance(node_identities, Known):
        return unknown(node_identities)
    found = node_identities.value
    idle = [(group.pool, name, state) for group in found.groups for name, state in group.idle_instances]
    if idle:
        pools = ", ".join(dict.fromkeys(pool for pool, _, _ in idle))
        return Verdict(
            Status.WARNING,
            "not-running",
            values={"count": str(len(idle)), "pools": pools},
            evidence=tuple(Evidence("machine-state", f"{name} | {state}") for _, name, state in idle[:SHOWN]),
        )
    if not isinstance(found.instances, Known):
        return unknown(found.instances)
    if not found.groups:
        return Verdict(Status.NOT_APPLICABLE, "no-machines")
    return Verdict(Status.PASS, "running")


CHECK = Check("cluster.nodes-ready", Branch.CLUSTER, evaluate)
