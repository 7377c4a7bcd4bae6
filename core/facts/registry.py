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
    `arm_audience_enabled` is None where Azure does not report the policy.
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
