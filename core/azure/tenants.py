"""What a directory is called.

https://learn.microsoft.com/rest/api/resources/tenants/list
"""

from __future__ import annotations

from collections.abc import Mapping

from core.azure.clients import Azure
from core.azure.errors import AZURE_ERRORS
from core.azure.stumbles import stumbles_are_bad_answers


def tenant_name(azure: Azure, tenant_id: str) -> str | None:
    """The display name of a directory that the signed-in user is in; one request.

    None where Azure does not tell it, for whatever reason: the id says the same. Raises core.cancel.Cancelled.
    """
    try:
        with stumbles_are_bad_answers():
            tenants: list[object] = list(azure.subscriptions().tenants.list())
    except AZURE_ERRORS:
        azure.cancel.raise_if_cancelled()
        return None
    for tenant in tenants:
        if isinstance(tenant, Mapping) and str(tenant.get("tenantId")).lower() == tenant_id.lower():
            name = tenant.get("displayName")
            return name if isinstance(name, str) and name else None
    return None
