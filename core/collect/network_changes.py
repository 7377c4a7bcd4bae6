"""When the networks of nodes were changed last, where nodes seem to ask DNS servers that are no longer named there.

https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#change-dns-servers
"""

from __future__ import annotations

from datetime import datetime

from core.azure.clients import Azure
from core.collect.activity import READ_ACTIVITY, last_done
from core.collect.each import each
from core.facts.choice import Choice
from core.facts.items import Items
from core.facts.paths import NodePath, Way
from core.network.told_answer import led_elsewhere

DAYS = 14
"""How far back a change counts: nodes rarely live longer without a new image."""

_WRITE = "Microsoft.Network/virtualNetworks/write"


def network_changes(
    azure: Azure, choice: Choice, now: datetime, node_paths: tuple[NodePath, ...]
) -> Items[datetime | None]:
    """Find out when each network was written last, by its id; None where nobody did lately.

    Asked only where the registry's name leads to a private address by the DNS servers of now, while the pasted text
    shows that it led the nodes elsewhere: for all nodes, as the text may be about those that go another way. The log
    does not tell what of the network was changed.
    """
    if not led_elsewhere(choice.symptom) or any(path.way is not Way.PRIVATE for path in node_paths):
        return Items()
    ids = (path.where.network_id for path in node_paths)
    return each(azure, ids, READ_ACTIVITY, lambda id_: last_done(azure, id_, _WRITE, now, DAYS))
