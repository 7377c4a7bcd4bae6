"""The identities that nodes carry, and the ones in Entra ID that clusters sign in with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """A user-assigned managed identity as it exists now.

    https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities/get
    """

    id: str
    name: str
    principal_id: str | None
    client_id: str | None
    tenant_id: str | None


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """The machines behind one node pool: one scale set, or the stand-alone machines of a pool.

    `identity_ids` are the resource ids of the user-assigned identities in its model, as Azure spells them.
    `stale_instances` are instances that do not run the latest model yet, `idle_instances` those that do not run at
    all or could not be made, by name, with Azure's word for their state ("deallocated", "failed").
    """

    pool: str
    name: str
    identity_ids: tuple[str, ...]
    stale_instances: tuple[str, ...] = ()
    idle_instances: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NodeIdentities:
    """Which identities the machines of each pool carry. `instances` says whether the instances could be read too."""

    groups: tuple[NodeGroup, ...]
    instances: Fact[bool]


@dataclass(frozen=True, slots=True)
class PasswordCredential:
    """A client secret's life, never the secret."""

    key_id: str
    starts: datetime | None
    ends: datetime | None
    display_name: str | None = None


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service principal in the directory.

    https://learn.microsoft.com/graph/api/serviceprincipal-get
    """

    object_id: str
    app_id: str
    display_name: str
    enabled: bool
    home_tenant_id: str | None = None
    type: str | None = None
    passwords: tuple[PasswordCredential, ...] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """An app registration in the directory; its object id is not the service principal's.

    https://learn.microsoft.com/graph/api/application-get
    """

    object_id: str
    app_id: str
    passwords: tuple[PasswordCredential, ...]
    certificates: int = 0


@dataclass(frozen=True, slots=True)
class DirectoryNames:
    """Who the principals on the registry are: lower-cased object id -> display name; `gone` ids exist no more."""

    names: Mapping[str, str]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Puller:
    """Who pulls: the kubelet identity's or the service principal's object id, the name to show, and the app id."""

    object_id: str
    name: str
    client_id: str | None
    managed_identity: bool
    resource_id: str | None = None
