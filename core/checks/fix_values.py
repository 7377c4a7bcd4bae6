"""The real names that fix commands are filled with, by the placeholders of resources/fixes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.registry import Registry

_SHORTEST_TOKEN = 5
_LONGEST_TOKEN = 40


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


def token_name(cluster_name: str, namespace: str) -> str:
    """Name a new token of a registry for the cluster and the namespace that pull with it.

    One of a name that is there would get new passwords. A name has 5 to 50 letters, digits and hyphens; 10 are left
    for the scope map that the Azure CLI names after the token. A namespace that is not told is left out.
    """
    words = [re.sub(r"[^a-zA-Z0-9]+", "-", word).strip("-") for word in (cluster_name, namespace) if "<" not in word]
    if len(words) == 1 or len("-".join(words)) < _SHORTEST_TOKEN:
        words.append("pull")
    tail = "-".join(words[1:])[: _LONGEST_TOKEN - 6]
    return f"{words[0][: _LONGEST_TOKEN - 1 - len(tail)]}-{tail}"


def free_name(wanted: str, used: Iterable[str]) -> str:
    """Give a name that nothing has: to write to one that is there would replace what it holds."""
    taken = {name.lower() for name in used}
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.lower() not in taken)
