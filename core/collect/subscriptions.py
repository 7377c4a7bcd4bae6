"""All subscriptions that the signed-in user sees.

https://learn.microsoft.com/rest/api/resources/subscriptions/list
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import listed, parts, required, text
from core.facts.subscriptions import Subscription, Subscriptions

READ_SUBSCRIPTIONS = "Microsoft.Resources/subscriptions/read"


def subscriptions(azure: Azure) -> Subscriptions:
    """List the visible subscriptions."""

    def call() -> Subscriptions:
        found = [to_subscription(model) for model in listed(azure.subscriptions().subscriptions.list())]
        return Subscriptions({subscription.id.lower(): subscription for subscription in found})

    return ask(READ_SUBSCRIPTIONS, "/subscriptions", call)


def to_subscription(model: object) -> Subscription:
    """Read a subscription off Azure's answer; old api-versions tell no directory.

    Raises azure.core.exceptions.DeserializationError where the answer has no subscription id.
    """
    id_ = required(model, "subscriptionId")
    tenants = (text(tenant, "tenantId") for tenant in parts(model, "managedByTenants"))
    return Subscription(
        id=id_,
        name=text(model, "displayName") or id_,
        state=text(model, "state") or "",
        tenant_id=text(model, "tenantId"),
        managed_by_tenants=tuple(tenant for tenant in tenants if tenant),
    )
