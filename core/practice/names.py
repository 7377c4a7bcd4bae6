"""The short names by which scenarios call the people, identities and places of the base worlds."""

from __future__ import annotations

from core.practice import network_ids as ids
from core.practice.arm_id import guid
from core.practice.base import (
    DEVELOPMENT,
    FABRIKAM_SHARED,
    MARIA,
    PRODUCTION,
    PULL_APP_ID,
    SHARED,
    SP_APP_ID,
    app_cluster,
    app_registry,
)
from core.practice.cluster_bodies import control_plane_id, kubelet_identity_body, kubelet_object_id
from core.practice.cluster_networks import security_group_id
from core.practice.private_link_bodies import connection_body, interface_id
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
    "vault-add-on": guid("vault-add-on", _CLUSTER.id),
    "pull-principal": guid("service-principal", PULL_APP_ID),
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
    "node-network": ids.NODE_NETWORK,
    "node-subnet": ids.NODE_SUBNET,
    "node-nsg": security_group_id(_CLUSTER),
    "egress-address": f"/subscriptions/{PRODUCTION}/resourceGroups/{_CLUSTER.node_group}/providers/Microsoft.Network"
    f"/publicIPAddresses/{guid('egress', _CLUSTER.id)}",
    "peering-spoke-hub": ids.SPOKE_TO_HUB,
    "peering-hub-spoke": ids.HUB_TO_SPOKE,
    "route-table": ids.ROUTE_TABLE,
    "nat-gateway": ids.NAT_GATEWAY,
    "nat-address": ids.NAT_ADDRESS,
    "hub-group": ids.hub_side("").partition("/providers/")[0],
    "hub-subscription": f"/subscriptions/{ids.PLATFORM}",
    "hub-network": ids.HUB_NETWORK,
    "endpoint-subnet": ids.ENDPOINT_SUBNET,
    "endpoint": ids.ENDPOINT,
    "endpoint-nic": interface_id(ids.ENDPOINT),
    "endpoint-connection": str(connection_body(_REGISTRY.id, ids.ENDPOINT, "Approved")["id"]),
    "zone": ids.PRIVATE_ZONE,
    "zone-group": ids.ZONE_GROUP,
    "zone-link-spoke": ids.SPOKE_LINK,
    "zone-link-hub": ids.HUB_LINK,
    "login-record": f"{ids.PRIVATE_ZONE}/A/contosoreg",
    "data-record": f"{ids.PRIVATE_ZONE}/A/contosoreg.westeurope.data",
    "firewall": ids.FIREWALL,
    "firewall-subnet": ids.FIREWALL_SUBNET,
    "firewall-address": ids.FIREWALL_PUBLIC,
    "firewall-policy": ids.FIREWALL_POLICY,
    "firewall-applications": ids.APPLICATION_RULES,
    "firewall-networks": ids.NETWORK_RULES,
    "virtual-hub": ids.VIRTUAL_HUB,
    "virtual-hub-firewall": ids.VIRTUAL_HUB_FIREWALL,
    "cache-rule": f"{_REGISTRY.id}/cacheRules/aks-managed-mcr",
    "fabrikam-registry": f"/subscriptions/{FABRIKAM_SHARED}/resourceGroups/rg-images"
    "/providers/Microsoft.ContainerRegistry/registries/fabrikamreg",
}
"""Ids of places and resources by short name; which of them there are depends on the base."""


def principal(name: str) -> str:
    """The object id behind a short name; a name that is not in the table is that of a group a scenario makes."""
    return PRINCIPALS.get(name) or guid("group", name)


def scope(name: str) -> str:
    """The id of a place: a full id is itself, else raises KeyError for a name that is not in the table.

    `short name/more` is what is inside of a place, for example "node-network/subnets/snet-more".
    """
    head, slash, rest = name.partition("/")
    return name if slash and not head else SCOPES[head] + slash + rest
