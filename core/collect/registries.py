"""The picked registry.

https://learn.microsoft.com/rest/api/containerregistry/registries/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import flag, moment, parsed_id, part, required, switched_on, text
from core.facts.choice import Choice
from core.facts.registry import Registry

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
    )
