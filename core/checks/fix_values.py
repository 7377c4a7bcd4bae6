"""The real names that fix commands are filled with, by the placeholders of resources/fixes."""

from __future__ import annotations

from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.registry import Registry


def cluster_values(cluster: Cluster) -> dict[str, str]:
    """Give the cluster's id, name, resource group, subscription and node resource group."""
    return {
        "cluster_id": cluster.id,
        "cluster_name": cluster.name,
        "cluster_group": cluster.resource_group,
        "cluster_subscription": cluster.subscription_id,
        "node_group": cluster.node_resource_group or "<node-resource-group>",
    }


def registry_values(registry: Registry) -> dict[str, str]:
    """Give the registry's id, name, resource group, subscription and login server."""
    return {
        "registry_id": registry.id,
        "registry_name": registry.name,
        "registry_group": registry.resource_group,
        "registry_subscription": registry.subscription_id,
        "login_server": registry.login_server,
    }


def retry_values(choice: Choice, cluster: Cluster) -> dict[str, str]:
    """Give what pulling again takes: the cluster's names, and the pod and its namespace as far as they are told."""
    symptom = choice.symptom
    return {
        **cluster_values(cluster),
        "pod": (symptom.pod if symptom else None) or "<pod>",
        "namespace": choice.namespace or (symptom.namespace if symptom else None) or "<namespace>",
    }
