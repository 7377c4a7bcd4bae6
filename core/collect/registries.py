"""The picked registry.

https://learn.microsoft.com/rest/api/containerregistry/registries/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import (
    entries,
    flag,
    moment,
    number,
    parsed_id,
    part,
    parts,
    required,
    switched_on,
    text,
    texts,
)
from core.facts.choice import Choice
from core.facts.registry import Encryption, Registry, RegistryIdentity

READ_REGISTRY = "Microsoft.ContainerRegistry/registries/read"

_ABAC_MODE = "abacrepositorypermissions"


def registry(azure: Azure, choice: Choice) -> Registry:
    """Read the picked registry."""
    picked = choice.registry_id

    def call() -> Registry:
        client = azure.container_registry(picked.subscription_id)
        return to_registry(client.registries.get(picked.resource_group, picked.name))

    return ask(READ_REGISTRY, picked.text, call)


def to_registry(model: object) -> Registry:
    """Read a registry off Azure's answer.

    Its login server may carry a hash and is never made up from the name; its role assignment mode is absent in
    answers of older api-versions, which means the legacy mode.
    Raises azure.core.exceptions.DeserializationError where the answer has no usable id or no login server.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    status = (text(properties, "status", "displayStatus"), text(properties, "status", "message"))
    return Registry(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=text(model, "location") or "",
        sku=text(model, "sku", "name"),
        login_server=required(properties, "loginServer"),
        provisioning_state=text(properties, "provisioningState"),
        status_message=": ".join(word for word in status if word) or None,
        created_on=moment(properties, "creationDate"),
        abac=(text(properties, "roleAssignmentMode") or "").lower() == _ABAC_MODE,
        arm_audience_enabled=switched_on(properties, "policies", "azureADAuthenticationAsArmPolicy", "status"),
        anonymous_pull_enabled=flag(properties, "anonymousPullEnabled"),
        tenant_id=text(model, "identity", "tenantId"),
        public_access=switched_on(properties, "publicNetworkAccess"),
        default_action=text(properties, "networkRuleSet", "defaultAction"),
        ip_rules=_ip_rules(properties),
        data_endpoint_enabled=flag(properties, "dataEndpointEnabled") is True,
        data_endpoint_hosts=texts(properties, "dataEndpointHostNames"),
        admin_user_enabled=flag(properties, "adminUserEnabled"),
        quarantine_enabled=switched_on(properties, "policies", "quarantinePolicy", "status"),
        retention_days=_retention_days(properties),
        encryption=_encryption(properties),
        identity=_identity(model),
    )


def _ip_rules(properties: object) -> tuple[str, ...]:
    """The ranges that rules let in; "Allow" is the only action there is, and may be left out."""
    rules = parts(properties, "networkRuleSet", "ipRules")
    allowing = (rule for rule in rules if (text(rule, "action") or "Allow").lower() == "allow")
    return tuple(value for value in (text(rule, "value") for rule in allowing) if value)


def _retention_days(properties: object) -> int | None:
    """After how many days manifests without a tag are deleted; the number stands there also while that is off."""
    if not switched_on(properties, "policies", "retentionPolicy", "status"):
        return None
    return number(properties, "policies", "retentionPolicy", "days")


def _encryption(properties: object) -> Encryption | None:
    if not switched_on(properties, "encryption", "status"):
        return None
    key = part(properties, "encryption", "keyVaultProperties")
    return Encryption(key_id=text(key, "keyIdentifier"), identity=text(key, "identity"))


def _identity(model: object) -> RegistryIdentity | None:
    principal = text(model, "identity", "principalId")
    others = {id_: text(one, "clientId") for id_, one in entries(model, "identity", "userAssignedIdentities")}
    return RegistryIdentity(principal, others) if principal or others else None
