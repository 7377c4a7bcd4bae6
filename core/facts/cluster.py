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
    """A node pool, in Azure's words; `type` is VirtualMachineScaleSets, VirtualMachines or AvailabilitySet."""

    name: str
    type: str
    mode: str | None = None
    count: int | None = None
    power_state: str | None = None
    provisioning_state: str | None = None
    node_image_version: str | None = None
    kubernetes_version: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The picked cluster.

    `service_principal_client_id` is None on managed-identity clusters (Azure's "msi" is read as None).
    `power_state` is None in old answers.
    `tenant_id` is the directory of its control-plane identity where Azure tells it.
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

    @property
    def uses_managed_identity(self) -> bool:
        """Whether the nodes pull with the kubelet identity rather than with a service principal."""
        return self.service_principal_client_id is None
