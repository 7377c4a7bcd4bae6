"""Tokens of a registry, what they may do, and its admin account.

https://learn.microsoft.com/rest/api/containerregistry/tokens/get
https://learn.microsoft.com/rest/api/containerregistry/registries/list-credentials
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from core.azure.clients import Azure
from core.collect.activity import KEPT_DAYS, last_done
from core.collect.asking import ask
from core.collect.reading import moment, parsed_id, parts, switched_on, text, texts
from core.facts.choice import Choice
from core.facts.pull_secret import (
    AccountKind,
    AdminComparison,
    PullAccount,
    RegistryToken,
    ScopeMap,
    TokenPassword,
)
from core.facts.registry import Registry
from core.facts.resource_id import NotAResourceId, ResourceId
from core.pull_secret.fingerprint import fingerprint

READ_TOKENS = "Microsoft.ContainerRegistry/registries/tokens/read"
READ_SCOPE_MAPS = "Microsoft.ContainerRegistry/registries/scopeMaps/read"
LIST_CREDENTIALS = "Microsoft.ContainerRegistry/registries/listCredentials/action"

_REGENERATE = "microsoft.containerregistry/registries/regeneratecredential/action"


def registry_token(azure: Azure, choice: Choice, pull_account: PullAccount | None) -> RegistryToken | None:
    """Read the token that the pull secret names; None where it names none."""
    if pull_account is None or pull_account.kind is not AccountKind.TOKEN:
        return None
    picked, name = choice.registry_id, pull_account.username

    def call() -> RegistryToken:
        client = azure.container_registry(picked.subscription_id)
        return to_token(client.tokens.get(picked.resource_group, picked.name, name))

    return ask(READ_TOKENS, picked.text, call, resource=f"{picked.text}/tokens/{name}")


def token_scope_map(azure: Azure, choice: Choice, registry_token: RegistryToken | None) -> ScopeMap | None:
    """Read the scope map of the pull secret's token; None where there is no token."""
    if registry_token is None or registry_token.scope_map_id is None:
        return None
    picked, id_ = choice.registry_id, registry_token.scope_map_id

    def call() -> ScopeMap:
        client = azure.container_registry(picked.subscription_id)
        return to_scope_map(client.scope_maps.get(picked.resource_group, picked.name, id_.rpartition("/")[2]))

    return ask(READ_SCOPE_MAPS, picked.text, call, resource=id_)


def admin_comparison(
    azure: Azure, choice: Choice, registry: Registry, pull_account: PullAccount | None
) -> AdminComparison | None:
    """Compare the pull secret's password with those of the admin account, if the person agreed to that.

    The passwords are compared by their fingerprints as they come and are kept nowhere. Nothing is asked without
    consent, or where the account is off.
    """
    if pull_account is None or pull_account.kind is not AccountKind.ADMIN or not choice.may_list_passwords:
        return None
    own = pull_account.fingerprint
    if own is None or registry.admin_user_enabled is False:
        return None
    picked = choice.registry_id

    def call() -> AdminComparison:
        client = azure.container_registry(picked.subscription_id)
        found = client.registries.list_credentials(picked.resource_group, picked.name)
        equal = (one for one in parts(found, "passwords") if hmac.compare_digest(_fingerprint(one), own))
        return AdminComparison(next((text(one, "name") or "password" for one in equal), None))

    return ask(LIST_CREDENTIALS, picked.text, call)


def admin_regenerated(
    azure: Azure, choice: Choice, now: datetime, pull_account: PullAccount | None
) -> datetime | None:
    """Find out when the admin account's password was last made anew; None where nobody did in the last 89 days.

    Nothing is asked where the passwords themselves are compared.
    """
    if pull_account is None or pull_account.kind is not AccountKind.ADMIN or choice.may_list_passwords:
        return None
    return last_done(azure, choice.registry_id, _REGENERATE, now, KEPT_DAYS)


def to_token(model: object) -> RegistryToken:
    """Read a token off Azure's answer; the values of its passwords are never in it.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    return RegistryToken(
        id=id_.text,
        name=text(model, "name") or id_.name,
        enabled=switched_on(model, "properties", "status") is not False,
        scope_map_id=_id(text(model, "properties", "scopeMapId")),
        passwords=tuple(
            TokenPassword(text(one, "name") or "", moment(one, "creationTime"), moment(one, "expiry"))
            for one in parts(model, "properties", "credentials", "passwords")
        ),
    )


def to_scope_map(model: object) -> ScopeMap:
    """Read a scope map off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    return ScopeMap(id_.text, text(model, "name") or id_.name, texts(model, "properties", "actions"))


def _fingerprint(password: Any) -> bytes:
    return fingerprint(text(password, "value") or "")


def _id(found: str | None) -> str | None:
    try:
        return ResourceId.parse(found or "").text
    except NotAResourceId:
        return None
