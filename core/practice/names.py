"""The short names by which scenarios call the people, identities and places of the base worlds."""

from __future__ import annotations

from core.practice.arm_id import guid
from core.practice.base import (
    DEVELOPMENT,
    FABRIKAM_SHARED,
    MARIA,
    PRODUCTION,
    SHARED,
    SP_APP_ID,
    app_cluster,
    app_registry,
)
from core.practice.cluster_bodies import control_plane_id, kubelet_identity_body, kubelet_object_id
from core.practice.world import utc_now

_CLUSTER = app_cluster()
_REGISTRY = app_registry(utc_now())

PRINCIPALS = {
    "maria": MARIA,
    "jonas": guid("user", "jonas"),
    "platform-team": guid("group", "platform"),
    "kubelet": kubelet_object_id(_CLUSTER),
    "kubelet-client": str(kubelet_identity_body(_CLUSTER)["properties"]["clientId"]),
    "control-plane": control_plane_id(_CLUSTER),
    "service-principal": guid("service-principal", SP_APP_ID),
    "application": guid("application", SP_APP_ID),
    "deleted": guid("service-principal", "an application that was deleted last month"),
    "everybody": "00000000-0000-0000-0000-000000000000",
}
"""Object ids (and one client id, which people paste in their place) by short name."""

SCOPES = {
    "cluster": _CLUSTER.id,
    "cluster-group": f"/subscriptions/{PRODUCTION}/resourceGroups/{_CLUSTER.group}",
    "cluster-subscription": f"/subscriptions/{PRODUCTION}",
    "node-group": f"/subscriptions/{PRODUCTION}/resourceGroups/{_CLUSTER.node_group}",
    "registry": _REGISTRY.id,
    "registry-group": f"/subscriptions/{SHARED}/resourceGroups/{_REGISTRY.group}",
    "registry-subscription": f"/subscriptions/{SHARED}",
    "development-registry": f"/subscriptions/{DEVELOPMENT}/resourceGroups/rg-dev"
    "/providers/Microsoft.ContainerRegistry/registries/contosodev",
    "management-group": "/providers/Microsoft.Management/managementGroups/mg-workloads",
    "kubelet-identity": str(kubelet_identity_body(_CLUSTER)["id"]),
    "fabrikam-registry": f"/subscriptions/{FABRIKAM_SHARED}/resourceGroups/rg-images"
    "/providers/Microsoft.ContainerRegistry/registries/fabrikamreg",
}
"""Ids of places by short name."""


def principal(name: str) -> str:
    """The object id behind a short name; a name that is not in the table is that of a group a scenario makes."""
    return PRINCIPALS.get(name) or guid("group", name)


def scope(name: str) -> str:
    """The id of a place; raises KeyError for a name that is not in the table."""
    return SCOPES[name]
