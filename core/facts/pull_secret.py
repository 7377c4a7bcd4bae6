"""Image pull secrets, without their passwords.

https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Flaw(StrEnum):
    """What keeps a node from reading a login off a secret."""

    WRONG_TYPE = "wrong-type"
    NO_DATA = "no-data"
    NOT_BASE64 = "not-base64"
    ENCODED_TWICE = "encoded-twice"
    NOT_JSON = "not-json"
    NO_SERVERS = "no-servers"
    NO_PASSWORD = "no-password"
    AUTH_NOT_READABLE = "auth-not-readable"
    AUTH_DIFFERS = "auth-differs"
    LINE_BREAK = "line-break"


@dataclass(frozen=True, slots=True)
class Login:
    """One registry in a secret: its server as written and who signs in there.

    `flaw` says why a node cannot use it. `fingerprint` tells equal passwords from different ones (see
    `core.pull_secret.fingerprint`), None where there is no password; the password itself is not kept.
    """

    server: str
    username: str
    flaw: Flaw | None = None
    fingerprint: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PullSecret:
    """A secret of a cluster. `made_at` is when the object was made, which a change in place does not alter.

    `flaw` is what is wrong with the whole of it; `logins` is then empty, unless only its type is wrong.
    """

    name: str | None
    namespace: str | None
    type: str | None
    made_at: datetime | None
    logins: tuple[Login, ...]
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class SecretUser:
    """A pod, or what pods are made from, and the pull secrets that it names. `kind` is Kubernetes' own word."""

    kind: str
    name: str | None
    namespace: str | None
    secret_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PullSecrets:
    """What somebody gave of a cluster's objects."""

    secrets: tuple[PullSecret, ...]
    users: tuple[SecretUser, ...] = ()


class AccountKind(StrEnum):
    """What a user name at a registry stands for."""

    SERVICE_PRINCIPAL = "service-principal"
    ADMIN = "admin-account"
    SHORT_LIVED = "short-lived"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class PullAccount:
    """Who a pull secret signs in as at the picked registry, and when the secret was made."""

    username: str
    kind: AccountKind
    made_at: datetime | None
    fingerprint: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TokenPassword:
    """A password's life, never the password; one without `ends` does not expire."""

    name: str
    made_at: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class RegistryToken:
    """A token of a registry.

    https://learn.microsoft.com/rest/api/containerregistry/tokens/get
    """

    id: str
    name: str
    enabled: bool
    scope_map_id: str | None
    passwords: tuple[TokenPassword, ...]


@dataclass(frozen=True, slots=True)
class ScopeMap:
    """What a token may do: actions such as `repositories/web/*/content/read`.

    https://learn.microsoft.com/rest/api/containerregistry/scope-maps/get
    """

    id: str
    name: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdminComparison:
    """Whether the secret holds one of the admin account's passwords; `matches` names it, None for neither."""

    matches: str | None
