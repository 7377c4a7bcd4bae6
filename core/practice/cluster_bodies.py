"""Bodies of clusters and of what AKS makes in their node resource groups, as Azure answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.practice.arm_id import guid
from core.practice.http import Json
from core.practice.world import stamp

_IMAGE_VERSION = "202610.15.0"


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """One node pool: Linux, in a scale set. `mode` is "System" or "User"."""

    name: str
    mode: str = "User"
    count: int = 2
    size: str = "Standard_D4s_v5"


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """What tells one cluster of a world from another. `version` is the full Kubernetes version.

    `app_id` makes it a service principal cluster, `private` one whose API server is not public; `subnet` is the id
    of the nodes' subnet where they have one that AKS did not make. `outbound` is the outbound type, `egress` the
    public address that AKS got for it (any, where left out). `cache` is the id of the registry that an isolated
    cluster starts its nodes from.
    """

    subscription: str
    tenant: str
    group: str
    name: str
    location: str
    version: str
    pools: tuple[PoolSpec, ...]
    app_id: str = ""
    private: bool = False
    stopped: bool = False
    subnet: str = ""
    outbound: str = "loadBalancer"
    egress: str = ""
    kubenet: bool = False
    cache: str = ""

    @property
    def node_group(self) -> str:
        """The node resource group's name."""
        return f"MC_{self.group}_{self.name}_{self.location}"

    @property
    def id(self) -> str:
        """The cluster's id as a portal link writes it."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.ContainerService/managedClusters/{self.name}"
        )

    @property
    def kubelet_name(self) -> str:
        """The name of the kubelet identity that AKS makes."""
        return f"{self.name}-agentpool"


def cluster_body(spec: ClusterSpec) -> Json:
    """The cluster as a GET answers it."""
    suffix = guid("cluster", spec.id)[:8]
    dns = f"{spec.name}-{spec.group}-{spec.subscription[:6]}"
    power = {"code": "Stopped" if spec.stopped else "Running"}
    properties: Json = {
        "provisioningState": "Succeeded",
        "powerState": power,
        "kubernetesVersion": spec.version.rpartition(".")[0],
        "currentKubernetesVersion": spec.version,
        "dnsPrefix": dns,
        "fqdn": f"{dns}-{suffix}.hcp.{spec.location}.azmk8s.io",
        "azurePortalFQDN": f"{dns}-{suffix}.portal.hcp.{spec.location}.azmk8s.io",
        "agentPoolProfiles": [_pool_profile(spec, pool, dict(power)) for pool in spec.pools],
        "servicePrincipalProfile": {"clientId": spec.app_id or "msi"},
        "nodeResourceGroup": spec.node_group,
        "enableRBAC": True,
        "supportPlan": "KubernetesOfficial",
        "networkProfile": _network_profile(spec),
        "maxAgentPools": 100,
        "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
        "disableLocalAccounts": False,
        "securityProfile": {},
        "storageProfile": {
            "diskCSIDriver": {"enabled": True},
            "fileCSIDriver": {"enabled": True},
            "snapshotController": {"enabled": True},
        },
        "oidcIssuerProfile": {"enabled": False},
        "workloadAutoScalerProfile": {},
        "resourceUID": guid("uid", spec.id).replace("-", "")[:24],
        "metricsProfile": {"costAnalysis": {"enabled": False}},
        "bootstrapProfile": (
            {"artifactSource": "Cache", "containerRegistryId": spec.cache}
            if spec.cache
            else {"artifactSource": "Direct"}
        ),
    }
    if spec.private:
        del properties["fqdn"]
        properties["privateFQDN"] = f"{dns}-{suffix}.{guid('zone', spec.id)}.privatelink.{spec.location}.azmk8s.io"
        properties["apiServerAccessProfile"] = {
            "enablePrivateCluster": True,
            "privateDNSZone": "system",
            "enablePrivateClusterPublicFQDN": False,
        }
    body: Json = {
        "id": spec.id.replace("/resourceGroups/", "/resourcegroups/"),
        "location": spec.location,
        "name": spec.name,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "kind": "Base",
        "properties": properties,
    }
    if not spec.app_id:
        identity = kubelet_identity_body(spec)
        properties["identityProfile"] = {
            "kubeletidentity": {
                "resourceId": identity["id"],
                "clientId": identity["properties"]["clientId"],
                "objectId": identity["properties"]["principalId"],
            }
        }
        body["identity"] = {
            "type": "SystemAssigned",
            "principalId": control_plane_id(spec),
            "tenantId": spec.tenant,
        }
    body["sku"] = {"name": "Base", "tier": "Standard"}
    body["eTag"] = guid("etag", spec.id)
    return body


def _network_profile(spec: ClusterSpec) -> Json:
    balancer: Json = {"backendPoolType": "nodeIPConfiguration"}
    effective = [
        {
            "id": f"/subscriptions/{spec.subscription}/resourceGroups/{spec.node_group}"
            f"/providers/Microsoft.Network/publicIPAddresses/{guid('egress', spec.id)}"
        }
    ]
    if spec.outbound == "loadBalancer":
        balancer = {"managedOutboundIPs": {"count": 1}, "effectiveOutboundIPs": effective, **balancer}
    profile: Json = {
        **({"networkPlugin": "kubenet"} if spec.kubenet else {"networkPlugin": "azure"}),
        **({} if spec.kubenet else {"networkPluginMode": "overlay", "networkDataplane": "azure"}),
        "loadBalancerSku": "standard",
        "loadBalancerProfile": balancer,
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "172.16.0.0/16",
        "dnsServiceIP": "172.16.0.10",
        "outboundType": spec.outbound,
        "podCidrs": ["10.244.0.0/16"],
        "serviceCidrs": ["172.16.0.0/16"],
        "ipFamilies": ["IPv4"],
    }
    if spec.outbound == "managedNATGateway":
        profile["natGatewayProfile"] = {
            "managedOutboundIPProfile": {"count": 1},
            "effectiveOutboundIPs": effective,
            "idleTimeoutInMinutes": 4,
        }
    return profile


def control_plane_id(spec: ClusterSpec) -> str:
    """The object id of the cluster's system-assigned identity."""
    return guid("control-plane", spec.id)


def kubelet_object_id(spec: ClusterSpec) -> str:
    """The object id of the kubelet identity that AKS made."""
    return guid("kubelet", spec.id)


def kubelet_identity_body(spec: ClusterSpec) -> Json:
    """The kubelet identity in the node resource group."""
    return identity_body(
        spec.subscription,
        spec.node_group,
        spec.kubelet_name,
        spec.location,
        spec.tenant,
        principal=kubelet_object_id(spec),
        client=guid("kubelet-client", spec.id),
    )


def identity_body(
    subscription: str, group: str, name: str, location: str, tenant: str, *, principal: str, client: str
) -> Json:
    """A user-assigned identity as a GET answers it."""
    return {
        "location": location,
        "tags": {},
        "id": f"/subscriptions/{subscription}/resourcegroups/{group}"
        f"/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
        "name": name,
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
        "properties": {"tenantId": tenant, "principalId": principal, "clientId": client},
    }


def _pool_profile(spec: ClusterSpec, pool: PoolSpec, power: Json) -> Json:
    profile: Json = {
        "name": pool.name,
        "count": pool.count,
        "vmSize": pool.size,
        "osDiskSizeGB": 128,
        "osDiskType": "Managed",
        "kubeletDiskType": "OS",
        "maxPods": 250,
        "type": "VirtualMachineScaleSets",
        "enableAutoScaling": False,
        "scaleDownMode": "Delete",
        "provisioningState": "Succeeded",
        "powerState": power,
        "orchestratorVersion": spec.version.rpartition(".")[0],
        "currentOrchestratorVersion": spec.version,
        "enableNodePublicIP": False,
        "mode": pool.mode,
        "enableEncryptionAtHost": False,
        "enableUltraSSD": False,
        "osType": "Linux",
        "osSKU": "Ubuntu",
        "nodeImageVersion": f"AKSUbuntu-2204gen2containerd-{_IMAGE_VERSION}",
        "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"},
        "enableFIPS": False,
        "securityProfile": {"enableVTPM": False, "enableSecureBoot": False},
    }
    if spec.subnet:
        profile["vnetSubnetID"] = spec.subnet
    return profile


def cluster_number(spec: ClusterSpec) -> str:
    """The number that stands in the names of what AKS makes for a cluster."""
    return f"{int(guid('number', spec.id)[:8], 16) % 10**8:08d}"


def node_subnet(spec: ClusterSpec) -> str:
    """The id of the nodes' subnet: the one that was brought along, or that of the network that AKS makes."""
    return spec.subnet or (
        f"/subscriptions/{spec.subscription}/resourceGroups/{spec.node_group}/providers/Microsoft.Network"
        f"/virtualNetworks/aks-vnet-{cluster_number(spec)}/subnets/aks-subnet"
    )


def scale_set_name(spec: ClusterSpec, pool: PoolSpec) -> str:
    """The scale set's name: `aks-<pool>-<number>-vmss`."""
    return f"aks-{pool.name}-{cluster_number(spec)}-vmss"


def scale_set_body(spec: ClusterSpec, pool: PoolSpec, made: datetime) -> Json:
    """The scale set of a pool as a list in the node resource group answers it."""
    name = scale_set_name(spec, pool)
    tags = {
        "aks-managed-createOperationID": guid("operation", spec.id, pool.name),
        "aks-managed-creationSource": f"vmssclient-{name}",
        "aks-managed-orchestrator": f"Kubernetes:{spec.version}",
        "aks-managed-poolName": pool.name,
        "aks-managed-resourceNameSuffix": name.split("-")[-2],
        "aks-managed-coordination": "true",
    }
    body: Json = {
        "name": name,
        "id": f"/subscriptions/{spec.subscription}/resourceGroups/{spec.node_group}"
        f"/providers/Microsoft.Compute/virtualMachineScaleSets/{name}",
        "type": "Microsoft.Compute/virtualMachineScaleSets",
        "location": spec.location,
        "tags": tags,
    }
    if not spec.app_id:
        identity = kubelet_identity_body(spec)["properties"]
        tags["aks-managed-kubeletIdentityClientID"] = identity["clientId"]
        body["identity"] = {
            "type": "UserAssigned",
            "userAssignedIdentities": {kubelet_key(spec): {k: identity[k] for k in ("principalId", "clientId")}},
        }
    body["sku"] = {"name": pool.size, "tier": "Standard", "capacity": 0 if spec.stopped else pool.count}
    body["etag"] = '"2"'
    body["properties"] = {
        "singlePlacementGroup": False,
        "orchestrationMode": "Uniform",
        "upgradePolicy": {"mode": "Manual"},
        "virtualMachineProfile": {"networkProfile": _node_interfaces(spec, name), "priority": "Regular"},
        "provisioningState": "Succeeded",
        "overprovision": False,
        "doNotRunExtensionsOnOverprovisionedVMs": False,
        "uniqueId": guid("scale-set", spec.id, pool.name),
        "platformFaultDomainCount": 1,
        "timeCreated": stamp(made).replace("Z", "+00:00"),
    }
    return body


def _node_interfaces(spec: ClusterSpec, name: str) -> Json:
    """The network interfaces that a scale set gives its machines, with the security group of AKS on them."""
    below = f"/subscriptions/{spec.subscription}/resourceGroups/{spec.node_group}/providers/Microsoft.Network"
    address: Json = {
        "name": "ipconfig1",
        "properties": {
            "primary": True,
            "subnet": {"id": node_subnet(spec)},
            "privateIPAddressVersion": "IPv4",
        },
    }
    interface: Json = {
        "name": name,
        "properties": {
            "primary": True,
            "enableAcceleratedNetworking": True,
            "networkSecurityGroup": {"id": f"{below}/networkSecurityGroups/aks-agentpool-{cluster_number(spec)}-nsg"},
            "dnsSettings": {"dnsServers": []},
            "enableIPForwarding": spec.kubenet,
            "ipConfigurations": [address],
        },
    }
    return {"networkInterfaceConfigurations": [interface]}


def kubelet_key(spec: ClusterSpec) -> str:
    """The kubelet identity's id as a scale set spells it: with a capital G, unlike the cluster."""
    return str(kubelet_identity_body(spec)["id"]).replace("/resourcegroups/", "/resourceGroups/")


def instance_body(scale_set: Json, number: int) -> Json:
    """One virtual machine of a scale set, with its instance view."""
    body: Json = {
        "name": f"{scale_set['name']}_{number}",
        "id": f"{scale_set['id']}/virtualMachines/{number}",
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "location": scale_set["location"],
        "tags": dict(scale_set["tags"]),
        "instanceId": str(number),
        "sku": {"name": scale_set["sku"]["name"], "tier": "Standard"},
        "properties": {
            "latestModelApplied": True,
            "modelDefinitionApplied": "VirtualMachineScaleSet",
            "provisioningState": "Succeeded",
            "hardwareProfile": {"vmSize": scale_set["sku"]["name"]},
            "vmId": guid("machine", scale_set["id"], str(number)),
            "instanceView": {
                "statuses": [
                    {
                        "code": "ProvisioningState/succeeded",
                        "level": "Info",
                        "displayStatus": "Provisioning succeeded",
                    },
                    {"code": "PowerState/running", "level": "Info", "displayStatus": "VM running"},
                ]
            },
        },
    }
    if "identity" in scale_set:
        body["identity"] = {
            "type": scale_set["identity"]["type"],
            "userAssignedIdentities": dict(scale_set["identity"]["userAssignedIdentities"]),
        }
    return body
