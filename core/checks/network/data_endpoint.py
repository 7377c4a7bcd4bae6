"""Where do the layers of an image come from?

https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.network.ways import going, pools, subnets, whole
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

LAYER_TROUBLE = ("BLOB_NET", "BLOB_403")
"""Kinds of texts that say: the login server answered, the host of the layers did not."""


def evaluate(choice: Choice, cloud: CloudNames, registry: Registry, node_paths: tuple[NodePath, ...]) -> Verdict:
    """Name the hosts of the layers, and fail where nodes reach the login server privately and these hosts not."""
    broken = [(path, missing) for path in going(node_paths, Way.PRIVATE) if (missing := _not_private(path))]
    hosts = layer_hosts(registry, node_paths, cloud)
    values = {"registry_name": registry.name, "hosts": ", ".join(hosts)}
    evidence = tuple(Evidence("layer-host", host) for host in hosts)
    if broken:
        names = dict.fromkeys(host.host for _, missing in broken for host in missing)
        return Verdict(
            Status.FAIL,
            "layers-not-private",
            certainty=Certainty.LIKELY,
            values={**values, "pools": pools(path for path, _ in broken), "missing": ", ".join(names)},
            evidence=(*(Evidence("name-not-private", name) for name in names), *evidence, *subnets(node_paths)),
            fixes=(FixRef("show-endpoints", registry_values(registry)),),
        )
    if any(not host.startswith("*.") for host in hosts):
        return whole(Verdict(Status.PASS, "dedicated", values=values, evidence=evidence), node_paths)
    in_trouble = choice.symptom is not None and choice.symptom.kind in LAYER_TROUBLE
    if in_trouble and (registry.sku or "").lower() == "premium":
        fix = FixRef("use-data-endpoints", registry_values(registry))
        return Verdict(Status.WARNING, "shared-storage", values=values, evidence=evidence, fixes=(fix,))
    return whole(Verdict(Status.PASS, "storage", values=values, evidence=evidence), node_paths)


def layer_hosts(registry: Registry, paths: tuple[NodePath, ...], cloud: CloudNames) -> tuple[str, ...]:
    """Give the hosts that layers come from; a wildcard where any storage account of Azure's may be one.

    A registry with a private endpoint has hosts of its own for them, even where an old one does not say so.
    """
    seen = [host.host for path in paths for host in path.hosts if host.role is HostRole.DATA]
    dedicated = tuple(dict.fromkeys((*registry.data_endpoint_hosts, *seen)))
    uses_them = registry.data_endpoint_enabled or any(path.endpoint_id for path in paths)
    return dedicated if uses_them and dedicated else (f"*.blob.{cloud.storage_suffix}",)


def _not_private(path: NodePath) -> list[HostPath]:
    wrong = (Answer.PUBLIC, Answer.NOTHING)
    return [host for host in path.hosts if host.role is HostRole.DATA and host.answer in wrong]


CHECK = Check("network.data-endpoint", Branch.NETWORK, evaluate)
