"""Regional copies of the picked registry.

https://learn.microsoft.com/rest/api/containerregistry/replications/list
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import flag, listed, required, text
from core.facts.registry import Registry, Replica

READ_REPLICATIONS = "Microsoft.ContainerRegistry/registries/replications/read"


def replications(azure: Azure, registry: Registry) -> tuple[Replica, ...]:
    """List the copies; nothing is asked of tiers other than Premium, which have none."""
    if (registry.sku or "").lower() != "premium":
        return ()

    def call() -> tuple[Replica, ...]:
        client = azure.container_registry(registry.subscription_id)
        found = listed(client.replications.list(registry.resource_group, registry.name))
        return tuple(to_replica(model) for model in found)

    return ask(READ_REPLICATIONS, registry.id, call)


def to_replica(model: object) -> Replica:
    """Read a copy off Azure's answer; old api-versions do not say whether the global name leads to it.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    return Replica(
        id=required(model, "id"),
        location=text(model, "location") or text(model, "name") or "",
        provisioning_state=text(model, "properties", "provisioningState"),
        status=text(model, "properties", "status", "displayStatus"),
        serves=flag(model, "properties", "regionEndpointEnabled"),
    )
