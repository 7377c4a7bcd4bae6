"""The real names that fix commands are filled with, by the placeholders of resources/fixes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.image_name import split, wanted_of
from core.facts.registry import Registry

LOGIN_SERVER = "<login-server>"
"""What stands for a login server that nothing tells."""

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
        "namespace": namespace_of(choice),
    }


def namespace_of(choice: Choice) -> str:
    """Give the namespace that was named, else the one that the text tells, else a placeholder to fill in."""
    return choice.namespace or (choice.symptom.namespace if choice.symptom else None) or "<namespace>"


def told_image_values(choice: Choice, registry_name: str) -> dict[str, str]:
    """Give the login server, repository and tag of a registry that cannot be read, as the image's name tells them."""
    image = choice.image or (choice.symptom.image if choice.symptom else None) or ""
    host = (split(image).host or "").lower()
    wanted = wanted_of(image, host) if names_registry(host, registry_name) else None
    return {
        "login_server": host if wanted else LOGIN_SERVER,
        "repository": wanted.repository if wanted else "<repository>",
        "tag": (wanted.tag if wanted else None) or "<tag>",
    }


def names_registry(host: str, registry_name: str) -> bool:
    """Say whether a lower-cased host can be nothing but the login server of a registry of this name.

    A login server begins with the registry's name, maybe with a hyphen and a hash behind it.
    https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal#configure-domain-name-label-dnl-option
    """
    return bool(re.fullmatch(rf"{re.escape(registry_name.lower())}(?:-[a-z0-9]+)?\.azurecr\.(?:io|us|cn)", host))


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
