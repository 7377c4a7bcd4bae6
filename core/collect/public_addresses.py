"""Public addresses and prefixes by their ids.

https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/get
"""

from __future__ import annotations

from collections.abc import Iterable

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.each import each
from core.collect.reading import required, text
from core.facts.items import Items
from core.facts.resource_id import ResourceId

READ_ADDRESSES = "Microsoft.Network/publicIPAddresses/read"
READ_PREFIXES = "Microsoft.Network/publicIPPrefixes/read"


def read_public_addresses(azure: Azure, ids: Iterable[str | None]) -> Items[tuple[str, ...]]:
    """Read addresses and prefixes, each as Azure spells it; nothing for one that has no address yet.

    Raises Cancelled.
    """
    return each(azure, ids, READ_ADDRESSES, lambda id_: _of(azure, id_))


def _of(azure: Azure, id_: ResourceId) -> tuple[str, ...]:
    client = azure.network(id_.subscription_id)
    if id_.type.lower() == "microsoft.network/publicipprefixes":
        return ask(
            READ_PREFIXES,
            id_.text,
            lambda: _told(client.public_ip_prefixes.get(id_.resource_group, id_.name), "ipPrefix"),
        )
    return _told(client.public_ip_addresses.get(id_.resource_group, id_.name), "ipAddress")


def _told(model: object, key: str) -> tuple[str, ...]:
    required(model, "id")
    found = text(model, "properties", key)
    return (found,) if found else ()
