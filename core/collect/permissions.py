"""What the signed-in user may do on the cluster and on the registry.

https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import listed, texts
from core.facts.choice import Choice
from core.facts.resource_id import ResourceId
from core.facts.roles import CallerPermissions, PermissionBlock

READ_PERMISSIONS = "Microsoft.Authorization/permissions/read"


def cluster_permissions(azure: Azure, choice: Choice) -> CallerPermissions:
    """Read what the signed-in user may do on the picked cluster."""
    return _permissions(azure, choice.cluster_id)


def registry_permissions(azure: Azure, choice: Choice) -> CallerPermissions:
    """Read what the signed-in user may do on the picked registry."""
    return _permissions(azure, choice.registry_id)


def _permissions(azure: Azure, resource: ResourceId) -> CallerPermissions:
    namespace, _, type_ = resource.type.partition("/")

    def call() -> CallerPermissions:
        client = azure.authorization(resource.subscription_id)
        found = listed(
            client.permissions.list_for_resource(resource.resource_group, namespace, "", type_, resource.name)
        )
        return CallerPermissions(resource.text, tuple(to_block(model) for model in found))

    return ask(READ_PERMISSIONS, resource.text, call)


def to_block(model: object) -> PermissionBlock:
    """Read a permission block off Azure's answer; data actions are absent in answers of old api-versions."""
    return PermissionBlock(
        actions=texts(model, "actions"),
        not_actions=texts(model, "not_actions"),
        data_actions=texts(model, "data_actions"),
        not_data_actions=texts(model, "not_data_actions"),
    )
