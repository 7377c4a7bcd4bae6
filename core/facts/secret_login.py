"""One of several logins that a node tries for an image, and what is known of its account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.facts.fact import Fact
from core.facts.identities import Application, ServicePrincipal
from core.facts.pull_secret import AdminComparison, PullAccount, RegistryToken, ScopeMap
from core.facts.roles import RoleAssignments, RoleDefinitions


@dataclass(frozen=True, slots=True)
class SecretLogin:
    """A login for the picked registry and image: its server as written, its account, and the facts about that.

    Each fact is None, or empty, where the account is of another kind.
    """

    server: str
    account: PullAccount
    token: Fact[RegistryToken | None]
    scope_map: Fact[ScopeMap | None]
    comparison: Fact[AdminComparison | None]
    regenerated: Fact[datetime | None]
    service_principal: Fact[ServicePrincipal | None]
    application: Fact[Application | None]
    assignments: Fact[RoleAssignments]
    definitions: Fact[RoleDefinitions]
