"""A container registry, as far as a pull depends on it.

https://learn.microsoft.com/rest/api/containerregistry/registries/get
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Registry:
    """The picked registry.

    `abac` is True in the mode "RBAC Registry + ABAC Repository Permissions"; an absent mode means the legacy one.
    `arm_audience_enabled` is None where Azure does not report the policy. `public_access` is None in old answers,
    which means that it is on; `default_action` ("Allow", "Deny") is None on tiers without network rules, which means
    "Allow". `ip_rules` are the allowed addresses and CIDR ranges. `data_endpoint_hosts` are the hosts of dedicated
    data endpoints. `encryption` and `identity` are None where the registry has none of its own.
    """

    id: str
    name: str
    resource_group: str
    subscription_id: str
    location: str
    sku: str | None
    login_server: str
    provisioning_state: str | None
    status_message: str | None
    created_on: datetime | None
    abac: bool
    arm_audience_enabled: bool | None
    anonymous_pull_enabled: bool | None
    tenant_id: str | None = None
    public_access: bool | None = None
    default_action: str | None = None
    ip_rules: tuple[str, ...] = ()
    data_endpoint_enabled: bool = False
    data_endpoint_hosts: tuple[str, ...] = ()
    admin_user_enabled: bool | None = None
    quarantine_enabled: bool | None = None
    retention_days: int | None = None
    encryption: Encryption | None = None
    identity: RegistryIdentity | None = None

    @property
    def key_identity_id(self) -> str | None:
        """The resource id of the user-assigned identity that the key is read with; None where it has no such one."""
        wanted = None if self.encryption is None else self.encryption.identity
        if wanted is None or self.identity is None:
            return None
        held = self.identity.client_ids.items()
        return next((id_ for id_, client_id in held if (client_id or "").lower() == wanted.lower()), None)


@dataclass(frozen=True, slots=True)
class Encryption:
    """A key of the customer's own. `identity` is "system" or a client id, None where Azure does not tell."""

    key_id: str | None
    identity: str | None


@dataclass(frozen=True, slots=True)
class RegistryIdentity:
    """The registry's own identities: the system-assigned one, and the others' client ids by resource id."""

    principal_id: str | None
    client_ids: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """A rule that lets a subnet in over its service endpoint."""

    subnet_id: str
    action: str


@dataclass(frozen=True, slots=True)
class RegistryExtras:
    """What only a preview of Azure's interface tells of a registry; None where it does not tell.

    https://learn.microsoft.com/azure/container-registry/container-registry-vnet
    """

    network_rules: tuple[NetworkRule, ...] | None
    soft_delete_enabled: bool | None
    soft_delete_days: int | None


@dataclass(frozen=True, slots=True)
class Replica:
    """A regional copy of a registry. `serves` is whether the global name leads to it."""

    id: str
    location: str
    provisioning_state: str | None
    status: str | None
    serves: bool | None


@dataclass(frozen=True, slots=True)
class KnownRegistry:
    """A registry in the tenant that is not the picked one: enough for "did you mean"."""

    id: str
    name: str
    login_server: str


@dataclass(frozen=True, slots=True)
class RegistryNames:
    """Every registry that the signed-in user sees, by lower-cased login server."""

    by_login_server: Mapping[str, KnownRegistry]


@dataclass(frozen=True, slots=True)
class ListedRegistries:
    """Registries that were listed before the run, by lower-cased subscription id.

    A subscription that is there was listed whole, or refused to be; of all others nothing is known.
    """

    by_subscription: Mapping[str, tuple[KnownRegistry, ...]]


@dataclass(frozen=True, slots=True)
class NameAvailability:
    """Azure's answer to "is this registry name still free?"; free means that no such registry exists anywhere.

    https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability
    """

    name: str
    available: bool
    message: str = ""
