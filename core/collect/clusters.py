"""The picked cluster.

https://learn.microsoft.com/rest/api/aks/managed-clusters/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import entries, entry, flag, number, parsed_id, part, parts, text, texts
from core.facts.choice import Choice
from core.facts.cluster import (
    AddonIdentity,
    AgentPool,
    Cluster,
    ClusterNetwork,
    ControlPlaneIdentity,
    HttpProxy,
    KubeletIdentity,
)

READ_CLUSTER = "Microsoft.ContainerService/managedClusters/read"

_MANAGED_NAT = "managednatgateway"
_PREFIX = "/publicipprefixes/"


def cluster(azure: Azure, choice: Choice) -> Cluster:
    """Read the picked cluster."""
    picked = choice.cluster_id

    def call() -> Cluster:
        client = azure.container_service(picked.subscription_id)
        return to_cluster(client.managed_clusters.get(picked.resource_group, picked.name))

    return ask(READ_CLUSTER, picked.text, call)


def to_cluster(model: object) -> Cluster:
    """Read a cluster off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    client_id = text(properties, "servicePrincipalProfile", "clientId")
    identity_type = text(model, "identity", "type")
    return Cluster(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=text(model, "location") or "",
        power_state=text(properties, "powerState", "code"),
        provisioning_state=text(properties, "provisioningState"),
        provisioning_error=_provisioning_error(properties),
        kubernetes_version=text(properties, "currentKubernetesVersion") or text(properties, "kubernetesVersion"),
        node_resource_group=text(properties, "nodeResourceGroup"),
        node_resource_group_restriction=text(properties, "nodeResourceGroupProfile", "restrictionLevel"),
        tenant_id=text(model, "identity", "tenantId"),
        control_plane_identities=_control_plane_identities(model),
        kubelet_identity=_kubelet_identity(properties),
        service_principal_client_id=None if _is_managed(identity_type, client_id) else client_id,
        addon_identities=_addon_identities(properties),
        agent_pools=tuple(to_agent_pool(pool) for pool in parts(properties, "agentPoolProfiles")),
        bootstrap_artifact_source=text(properties, "bootstrapProfile", "artifactSource"),
        bootstrap_registry_id=text(properties, "bootstrapProfile", "containerRegistryId"),
        node_provisioning_mode=text(properties, "nodeProvisioningProfile", "mode"),
        network=_network(part(properties, "networkProfile")),
        http_proxy=_http_proxy(part(properties, "httpProxyConfig")),
    )


def to_agent_pool(model: object) -> AgentPool:
    """Read a node pool off a cluster's answer. Pools of type VirtualMachines have no count."""
    return AgentPool(
        name=text(model, "name") or "",
        type=text(model, "type") or "",
        mode=text(model, "mode"),
        count=number(model, "count"),
        power_state=text(model, "powerState", "code"),
        provisioning_state=text(model, "provisioningState"),
        node_image_version=text(model, "nodeImageVersion"),
        kubernetes_version=text(model, "currentOrchestratorVersion") or text(model, "orchestratorVersion"),
        subnet_id=text(model, "vnetSubnetID"),
        os_type=text(model, "osType"),
        os_sku=text(model, "osSKU"),
        vm_size=text(model, "vmSize"),
        os_disk_gb=number(model, "osDiskSizeGB"),
        os_disk_type=text(model, "osDiskType"),
        kubelet_disk_type=text(model, "kubeletDiskType"),
        node_public_address=flag(model, "enableNodePublicIP") is True,
        node_prefix_id=text(model, "nodePublicIPPrefixID"),
        machine_sizes=_machine_sizes(model),
    )


def _network(profile: object) -> ClusterNetwork:
    """How the nodes leave.

    A load balancer profile stands in the answer for every outbound type, also for those that do not leave through
    it. Where the load balancer has public IP prefixes, these stand among its effective addresses.
    """
    outbound_type = text(profile, "outboundType")
    ids: list[str] = []
    kind = (outbound_type or "loadBalancer").lower()
    if kind.startswith(_MANAGED_NAT):
        ids += _ids(profile, "natGatewayProfile", "effectiveOutboundIPs")
    elif kind == "loadbalancer":
        ids += _ids(profile, "loadBalancerProfile", "effectiveOutboundIPs")
        ids += _ids(profile, "loadBalancerProfile", "outboundIPPrefixes", "publicIPPrefixes")
    distinct = {id_.lower(): id_ for id_ in reversed(ids)}
    ordered = tuple(reversed(distinct.values()))
    return ClusterNetwork(
        outbound_type=outbound_type,
        outbound_address_ids=tuple(id_ for id_ in ordered if _PREFIX not in id_.lower()),
        outbound_prefix_ids=tuple(id_ for id_ in ordered if _PREFIX in id_.lower()),
        plugin=text(profile, "networkPlugin"),
        basic_load_balancer=_is_basic(profile),
    )


def _is_basic(profile: object) -> bool:
    """Whether the load balancer is an old one; answers that tell neither its tier nor its profile come from such."""
    tier = text(profile, "loadBalancerSku")
    return tier.lower() == "basic" if tier is not None else part(profile, "loadBalancerProfile") is None


def _ids(source: object, *path: str) -> list[str]:
    return [id_ for id_ in (text(one, "id") for one in parts(source, *path)) if id_]


def _http_proxy(config: object) -> HttpProxy | None:
    """The web proxy of the nodes; old clusters do not say whether it is on, and then it is if there is one.

    `effectiveNoProxy` is what the nodes got, with what AKS adds by itself.
    """
    http, https = text(config, "httpProxy"), text(config, "httpsProxy")
    if flag(config, "enabled") is False or not (http or https):
        return None
    return HttpProxy(
        http_proxy=http,
        https_proxy=https,
        no_proxy=texts(config, "effectiveNoProxy") or texts(config, "noProxy"),
        trusted_ca=text(config, "trustedCa") is not None,
    )


def _machine_sizes(model: object) -> tuple[str, ...]:
    """The sizes of a pool's stand-alone machines: those that it has, and those that it is to have."""
    told = (*parts(model, "virtualMachineNodesStatus"), *parts(model, "virtualMachinesProfile", "scale", "manual"))
    sizes = (text(one, "size") for one in told if number(one, "count") != 0)
    return tuple(dict.fromkeys(size for size in sizes if size is not None))


def _is_managed(identity_type: str | None, client_id: str | None) -> bool:
    """Whether the nodes use a managed identity.

    A cluster with a service principal has no `identity` at all; with a managed identity the client id is "msi".
    """
    if client_id is None or client_id.lower() == "msi":
        return True
    return identity_type is not None and identity_type.lower() != "none"


def _provisioning_error(properties: object) -> str | None:
    error = part(properties, "status", "provisioningError")
    words = [word for word in (text(error, "code"), text(error, "message")) if word]
    return ": ".join(words) or None


def _control_plane_identities(model: object) -> tuple[ControlPlaneIdentity, ...]:
    system = text(model, "identity", "principalId")
    found = [ControlPlaneIdentity(system)] if system else []
    for resource_id, identity in entries(model, "identity", "userAssignedIdentities"):
        principal = text(identity, "principalId")
        if principal:
            found.append(ControlPlaneIdentity(principal, resource_id))
    return tuple(found)


def _kubelet_identity(properties: object) -> KubeletIdentity | None:
    identity = entry(properties, "identityProfile", "kubeletidentity")
    if identity is None:
        return None
    return KubeletIdentity(
        object_id=text(identity, "objectId"),
        client_id=text(identity, "clientId"),
        resource_id=text(identity, "resourceId"),
    )


def _addon_identities(properties: object) -> tuple[AddonIdentity, ...]:
    found = []
    for addon, profile in entries(properties, "addonProfiles"):
        object_id = text(profile, "identity", "objectId")
        if object_id:
            found.append(AddonIdentity(addon, object_id, text(profile, "identity", "resourceId")))
    return tuple(found)
