"""Are cluster and registry in different directories?

https://learn.microsoft.com/azure/container-registry/authenticate-aks-cross-tenant
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values, namespace_of, token_name, told_image_values
from core.checks.identity.home import of_cluster, of_registry
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.identities import ManagedIdentity
from core.facts.registry import Registry
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    cluster: Cluster,
    registry: Fact[Registry],
    subscriptions: Fact[Subscriptions],
    kubelet_managed_identity: Fact[ManagedIdentity | None],
) -> Verdict:
    """Compare the directory of whoever pulls with the directory of the registry.

    A subscription belongs to one directory, so that resources in the same one need no name of it.
    """
    visible = subscriptions.value if isinstance(subscriptions, Known) else Subscriptions({})
    names = {"cluster_name": cluster.name, "registry_name": choice.registry_id.name}
    ours = of_cluster(cluster, kubelet_managed_identity, visible)
    theirs = of_registry(choice.registry_id.subscription_id, registry, visible)
    shown = (
        *(Evidence("cluster-directory", f"{tenant} | {source}") for source, tenant in ours),
        *((Evidence("registry-directory", f"{theirs[1]} | {theirs[0]}"),) if theirs else ()),
    )
    if theirs is None or not ours:
        if choice.cluster_id.subscription_id.lower() == choice.registry_id.subscription_id.lower():
            return Verdict(Status.PASS, "same-subscription", values=names, evidence=shown)
        if not isinstance(subscriptions, Known):
            return unknown(subscriptions, shown)
        return Verdict(Status.UNKNOWN, "directory-not-known", values=names, evidence=shown)
    foreign = next((tenant for _, tenant in ours if tenant.lower() != theirs[1].lower()), None)
    if foreign is None:
        return Verdict(Status.PASS, "same-directory", values={**names, "tenant": theirs[1]}, evidence=shown)
    values = {**names, "cluster_tenant": foreign, "registry_tenant": theirs[1]}
    fixes = _ways_round(choice, cluster, registry, theirs[1])
    if not cluster.uses_managed_identity:
        return Verdict(
            Status.WARNING,
            "service-principal-must-be-multitenant",
            values=values,
            evidence=shown,
            fixes=tuple(fix for fix in fixes if fix.key != "cross-tenant-import"),
        )
    return Verdict(
        Status.FAIL,
        "different-directories",
        Certainty.DEFINITE,
        values=values,
        evidence=shown,
        fixes=fixes,
    )


def _ways_round(choice: Choice, cluster: Cluster, registry: Fact[Registry], tenant: str) -> tuple[FixRef, ...]:
    namespace = namespace_of(choice)
    told = told_image_values(choice, choice.registry_id.name)
    values = {
        **cluster_values(cluster),
        **told,
        "registry_id": choice.registry_id.text,
        "registry_name": choice.registry_id.name,
        "registry_group": choice.registry_id.resource_group,
        "registry_subscription": choice.registry_id.subscription_id,
        "registry_tenant": tenant,
        "login_server": registry.value.login_server if isinstance(registry, Known) else told["login_server"],
        "namespace": namespace,
        "token": token_name(cluster.name, namespace),
    }
    return tuple(
        FixRef(key, values) for key in ("cross-tenant-pull-secret", "cross-tenant-import", "cross-tenant-application")
    )


CHECK = Check("identity.cross-tenant", Branch.IDENTITY, evaluate)
