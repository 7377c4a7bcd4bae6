"""What belongs to the picked registry: cache rules, their credentials, and how full it is.

https://learn.microsoft.com/rest/api/containerregistry/cache-rules/list
https://learn.microsoft.com/rest/api/containerregistry/credential-sets/list
https://learn.microsoft.com/rest/api/containerregistry/registries/list-usages
"""

from __future__ import annotations

from collections.abc import Iterator

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import listed, number, part, parts, required, text
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule, CredentialSet, RegistryUsage

READ_CACHE_RULES = "Microsoft.ContainerRegistry/registries/cacheRules/read"
READ_CREDENTIAL_SETS = "Microsoft.ContainerRegistry/registries/credentialSets/read"
READ_USAGES = "Microsoft.ContainerRegistry/registries/listUsages/read"


def cache_rules(azure: Azure, registry: Registry) -> tuple[CacheRule, ...]:
    """List the cache rules of the registry."""

    def call() -> tuple[CacheRule, ...]:
        client = azure.container_registry(registry.subscription_id)
        found = listed(client.cache_rules.list(registry.resource_group, registry.name))
        return tuple(to_cache_rule(model) for model in found)

    return ask(READ_CACHE_RULES, registry.id, call)


def credential_sets(
    azure: Azure, registry: Registry, cache_rules: tuple[CacheRule, ...]
) -> tuple[CredentialSet, ...]:
    """List the credentials of the cache rules; nothing is asked where no rule has any."""
    if not any(rule.credential_set_id for rule in cache_rules):
        return ()

    def call() -> tuple[CredentialSet, ...]:
        client = azure.container_registry(registry.subscription_id)
        found = listed(client.credential_sets.list(registry.resource_group, registry.name))
        return tuple(to_credential_set(model) for model in found)

    return ask(READ_CREDENTIAL_SETS, registry.id, call)


def registry_usages(azure: Azure, registry: Registry) -> tuple[RegistryUsage, ...]:
    """Read how much the registry holds, and how much its tier allows."""

    def call() -> tuple[RegistryUsage, ...]:
        client = azure.container_registry(registry.subscription_id)
        answer = client.registries.list_usages(registry.resource_group, registry.name)
        return tuple(_usages(answer))

    return ask(READ_USAGES, registry.id, call)


def to_cache_rule(model: object) -> CacheRule:
    """Read a cache rule off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where it has no id, no source or no target.
    """
    id_ = required(model, "id")
    return CacheRule(
        id=id_,
        name=text(model, "name") or id_.rpartition("/")[2],
        source=required(model, "properties", "sourceRepository"),
        target=required(model, "properties", "targetRepository"),
        credential_set_id=text(model, "properties", "credentialSetResourceId"),
        provisioning_state=text(model, "properties", "provisioningState"),
    )


def to_credential_set(model: object) -> CredentialSet:
    """Read a credential set off Azure's answer; the names of its secrets stay there.

    Raises azure.core.exceptions.DeserializationError where it has no id.
    """
    id_ = required(model, "id")
    return CredentialSet(
        id=id_,
        name=text(model, "name") or id_.rpartition("/")[2],
        login_server=text(model, "properties", "loginServer") or "",
        problems=tuple(_problems(model)),
    )


def _problems(model: object) -> Iterator[str]:
    for credential in parts(model, "properties", "authCredentials"):
        if (text(credential, "credentialHealth", "status") or "").lower() == "unhealthy":
            words = (text(credential, "credentialHealth", key) for key in ("errorCode", "errorMessage"))
            yield ": ".join(word for word in words if word) or "Unhealthy"


def _usages(answer: object) -> Iterator[RegistryUsage]:
    for model in listed(part(answer, "value")):
        used, limit = number(model, "currentValue"), number(model, "limit")
        if used is not None and limit is not None:
            yield RegistryUsage(required(model, "name"), used, limit)
