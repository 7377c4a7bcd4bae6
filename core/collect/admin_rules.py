"""Security admin rules of network managers, as they apply to a network.

https://learn.microsoft.com/rest/api/networkmanager/effective-security-admin-rules/list
"""

from __future__ import annotations

import re

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask, not_offered
from core.collect.each import each
from core.collect.reading import listed, number, part, parts, required, text, texts
from core.facts.fact import Known
from core.facts.filtering import AdminRule, SecurityRule
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.resource_id import ResourceId

LIST_ADMIN_RULES = "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action"

_CONFIGURATION = re.compile(
    r"(?P<id>.*/networkManagers/(?P<manager>[^/]+)/securityAdminConfigurations/[^/]+)/", re.IGNORECASE
)


def admin_rules(
    azure: Azure, node_networks: Items[VirtualNetwork], endpoint_networks: Items[VirtualNetwork]
) -> Items[tuple[AdminRule, ...]]:
    """List the rules of the nodes' and the endpoints' networks; none where there are no network managers."""
    known = {**node_networks.by_id, **endpoint_networks.by_id}
    ids = (network.value.id if isinstance(network, Known) else key for key, network in known.items())
    return each(azure, ids, LIST_ADMIN_RULES, lambda id_: _of_network(azure, id_))


def to_admin_rule(model: object) -> AdminRule:
    """Read a rule off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    id_ = required(model, "id")
    properties = part(model, "properties")
    found = _CONFIGURATION.match(id_)
    rule = SecurityRule(
        name=id_.rpartition("/")[2],
        priority=number(properties, "priority") or 0,
        direction=text(properties, "direction") or "",
        access=text(properties, "access") or "",
        protocol={"any": "*"}.get(
            (text(properties, "protocol") or "any").lower(), text(properties, "protocol") or ""
        ),
        sources=_prefixes(properties, "sources"),
        destinations=_prefixes(properties, "destinations"),
        destination_ports=_ports(properties, "destinationPortRanges"),
        source_ports=_ports(properties, "sourcePortRanges"),
        default=(text(model, "kind") or "").lower() == "default",
    )
    return AdminRule(rule, found["id"] if found else id_, found["manager"] if found else None)


def _of_network(azure: Azure, id_: ResourceId) -> tuple[AdminRule, ...]:
    try:
        return ask(LIST_ADMIN_RULES, id_.text, lambda: tuple(to_admin_rule(model) for model in _pages(azure, id_)))
    except NotRead as refused:
        # Where there are no network managers, none has a rule; a network without one has a list that is empty.
        if not_offered(refused.outcome):
            return ()
        raise


def _pages(azure: Azure, id_: ResourceId) -> list[object]:
    """The rules of all pages. Raises azure.core.exceptions.DeserializationError where they lead in a circle."""
    from azure.mgmt.network.models import QueryRequestOptions

    client = azure.network(id_.subscription_id)
    found: list[object] = []
    token: str | None = None
    seen: set[str] = set()
    while True:
        answer = client.list_network_manager_effective_security_admin_rules(
            id_.resource_group, id_.name, QueryRequestOptions(skip_token=token)
        )
        found += listed(part(answer, "value"))
        token = text(answer, "skipToken")
        if token is None:
            return found
        if token in seen:
            raise DeserializationError("The pages of the answer lead back to an earlier one.")
        seen.add(token)


def _prefixes(properties: object, key: str) -> tuple[str, ...]:
    found = (text(one, "addressPrefix") for one in parts(properties, key))
    return tuple(prefix for prefix in found if prefix) or ("*",)


def _ports(properties: object, key: str) -> tuple[str, ...]:
    """The ports of a rule; "0-65535" is how admin rules say all of them, and so is leaving them out."""
    return texts(properties, key) or ("*",)
