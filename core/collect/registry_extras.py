"""What only a preview of Azure's interface tells of the picked registry.

https://learn.microsoft.com/azure/container-registry/container-registry-vnet,
https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask
from core.collect.reading import number, part, parts, required, switched_on, text
from core.collect.registries import READ_REGISTRY
from core.facts.choice import Choice
from core.facts.fact import Unavailable
from core.facts.registry import NetworkRule, RegistryExtras

_NOT_SERVED = (400, 404)
"""What a cloud answers that does not serve the preview: no bad request of the program's, and no missing registry."""


def registry_extras(azure: Azure, choice: Choice) -> RegistryExtras:
    """Read the picked registry once more; everything is None where the cloud does not serve the preview."""
    picked = choice.registry_id

    def call() -> RegistryExtras:
        client = azure.container_registry_preview(picked.subscription_id)
        return to_registry_extras(client.registries.get(picked.resource_group, picked.name))

    try:
        return ask(READ_REGISTRY, picked.text, call)
    except NotRead as refused:
        if isinstance(refused.outcome, Unavailable) and refused.status in _NOT_SERVED:
            return RegistryExtras(None, None, None)
        raise


def to_registry_extras(model: object) -> RegistryExtras:
    """Read the rules for subnets and the soft delete policy off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    required(model, "id")
    properties = part(model, "properties")
    rules = part(properties, "networkRuleSet", "virtualNetworkRules")
    policy = part(properties, "policies", "softDeletePolicy")
    return RegistryExtras(
        network_rules=None if rules is None else tuple(_rules(properties)),
        soft_delete_enabled=switched_on(policy, "status"),
        soft_delete_days=number(policy, "retentionDays"),
    )


def _rules(properties: object) -> list[NetworkRule]:
    """The rules for subnets; what old api-versions call `id` is `virtualNetworkSubnetResourceId` in new ones."""
    found = parts(properties, "networkRuleSet", "virtualNetworkRules")
    subnets = (text(rule, "virtualNetworkSubnetResourceId") or text(rule, "id") for rule in found)
    named = ((subnet, text(rule, "action") or "Allow") for subnet, rule in zip(subnets, found, strict=True))
    return [NetworkRule(subnet_id, action) for subnet_id, action in named if subnet_id]
