"""A managed Kubernetes cluster, as far as a pull depends on it.

https://learn.microsoft.com/rest/api/aks/managed-clusters/get
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KubeletIdentity:
    """The user-assigned identity that the nodes pull with. Any part may be absent on a half-made cluster."""

    object_id: str | None
    client_id: str | None
    resource_id: str | None


@dataclass(frozen=True, slots=True)
class ControlPlaneIdentity:
    """An identity of the cluster itself; never the puller. `resource_id` is None for the system-assigned one."""

    principal_id: str
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddonIdentity:
    """An identity that belongs to an add-on of the cluster."""

    addon: str
    object_id: str
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class AgentPool:
    """A node pool, in Azure's words; `type` is VirtualMachineScaleSets, VirtualMachines or AvailabilitySet.

    `subnet_id` is None where the nodes sit in a network that AKS made; a pool of VirtualMachines has no `vm_size`,
    but `machine_sizes`. With a `node_public_address` every node has a public address of its own, out of a public IP
    prefix where `node_prefix_id` names one.
    Images are kept on the disk that `kubelet_disk_type` names: "OS" or "Temporary".
    """

    name: str
    type: str
    mode: str | None = None
    count: int | None = None
    power_state: str | None = None
    provisioning_state: str | None = None
    node_image_version: str | None = None
    kubernetes_version: str | None = None
    subnet_id: str | None = None
    os_type: str | None = None
    os_sku: str | None = None
    vm_size: str | None = None
    os_disk_gb: int | None = None
    os_disk_type: str | None = None
    kubelet_disk_type: str | None = None
    node_public_address: bool = False
    node_prefix_id: str | None = None
    machine_sizes: tuple[str, ...] = ()

    @property
    def has_nodes(self) -> bool:
        """Whether any node of it can run; a pool of stand-alone machines does not say how many it has."""
        return self.count != 0 and (self.power_state or "").lower() != "stopped"


@dataclass(frozen=True, slots=True)
class ClusterNetwork:
    """How the nodes leave. `outbound_type` is None in old answers, which means "loadBalancer".

    `outbound_address_ids` are the *effective* outbound public addresses of the load balancer or the managed NAT
    gateway, `outbound_prefix_ids` public IP prefixes of the load balancer. A `basic_load_balancer` is an old one that
    tells none of its addresses.
    """

    outbound_type: str | None = None
    outbound_address_ids: tuple[str, ...] = ()
    outbound_prefix_ids: tuple[str, ...] = ()
    plugin: str | None = None
    basic_load_balancer: bool = False


@dataclass(frozen=True, slots=True)
class HttpProxy:
    """The web proxy that nodes use. `trusted_ca` says whether a certificate of it was handed over."""

    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: tuple[str, ...] = ()
    trusted_ca: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """The picked cluster.

    `service_principal_client_id` is None on managed-identity clusters (Azure's "msi" is read as None).
    `power_state` is None in old answers.
    `tenant_id` is the directory of its control-plane identity where Azure tells it. `http_proxy` is None where
    the nodes use none.
    """

    id: str
    name: str
    resource_group: str
    subscription_id: str
    location: str
    power_state: str | None
    provisioning_state: str | None
    provisioning_error: str | None
    kubernetes_version: str | None
    node_resource_group: str | None
    node_resource_group_restriction: str | None
    tenant_id: str | None
    control_plane_identities: tuple[ControlPlaneIdentity, ...]
    kubelet_identity: KubeletIdentity | None
    service_principal_client_id: str | None
    addon_identities: tuple[AddonIdentity, ...]
    agent_pools: tuple[AgentPool, ...]
    bootstrap_artifact_source: str | None = None
    bootstrap_registry_id: str | None = None
    node_provisioning_mode: str | None = None
    network: ClusterNetwork = ClusterNetwork()
    http_proxy: HttpProxy | None = None

    @property
    def bootstraps_from_cache(self) -> bool:
        """Whether nodes get the images of AKS itself through a registry of the customer's."""
        return (self.bootstrap_artifact_source or "").lower() == "cache"

    @property
    def uses_managed_identity(self) -> bool:
        """Whether the nodes pull with the kubelet identity rather than with a service principal."""
        return self.service_principal_client_id is None

    @property
    def pools_with_nodes(self) -> tuple[AgentPool, ...]:
        """The pools that a pod can land on; all of them where none has a node, as in a stopped cluster."""
        return tuple(pool for pool in self.agent_pools if pool.has_nodes) or self.agent_pools
