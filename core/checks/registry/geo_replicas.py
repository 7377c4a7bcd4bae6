"""Are all regional copies of the registry healthy?

https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.facts.registry import Registry, Replica
from core.model import Branch, Evidence, FixRef, Status, Verdict


def evaluate(registry: Registry, replications: tuple[Replica, ...]) -> Verdict:
    """Look at the state of each copy; one that the global name does not lead to is only named."""
    if not replications:
        return Verdict(Status.NOT_APPLICABLE, "one-region")
    evidence = tuple(Evidence("replica", _line(replica)) for replica in replications)
    values = {"registry_name": registry.name}
    sick = [replica for replica in replications if (replica.provisioning_state or "Succeeded").lower() != "succeeded"]
    if sick:
        failed = [replica for replica in sick if (replica.provisioning_state or "").lower() in ("failed", "canceled")]
        where = failed or sick
        return Verdict(
            Status.WARNING,
            "failed" if failed else "busy",
            values={**values, "regions": ", ".join(replica.location for replica in where)},
            evidence=evidence,
            fixes=tuple(
                FixRef("inspect-replica", {**registry_values(registry), "region": replica.location})
                for replica in failed
            ),
        )
    return Verdict(Status.PASS, "healthy", values=values, evidence=evidence)


def _line(replica: Replica) -> str:
    told = (replica.provisioning_state, replica.status, "not in use" if replica.serves is False else None)
    return f"{replica.location}: {', '.join(word for word in told if word) or '?'}"


CHECK = Check("registry.geo-replicas", Branch.REGISTRY, evaluate)
