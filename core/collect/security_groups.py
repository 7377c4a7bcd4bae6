"""The network security groups on the way from the nodes to the registry's endpoints.

https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/get
"""

from __future__ import annotations

from core.azure.clients import Azure
from core.collect.each import each
from core.collect.networks import subnet_in, subnets_of_nodes
from core.collect.reading import number, parsed_id, part, parts, text, texts
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.filtering import SecurityGroup, SecurityRule
from core.facts.items import Items
from core.facts.networks import NodeSubnet, ScaleSet, VirtualNetwork
from core.facts.resource_id import ResourceId

READ_SECURITY_GROUPS = "Microsoft.Network/networkSecurityGroups/read"


def security_groups(
    azure: Azure,
    node_subnets: tuple[NodeSubnet, ...],
    node_networks: Items[VirtualNetwork],
    endpoint_networks: Items[VirtualNetwork],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
) -> Items[SecurityGroup]:
    """Read the groups of the nodes' and the endpoints' subnets and of the nodes' network interfaces."""

    def read(id_: ResourceId) -> SecurityGroup:
        client = azure.network(id_.subscription_id)
        return to_security_group(client.network_security_groups.get(id_.resource_group, id_.name))

    subnets = [subnet for _, subnet in subnets_of_nodes(node_subnets, node_networks)]
    known = {**node_networks.by_id, **endpoint_networks.by_id}
    if isinstance(private_endpoints, Known):
        for endpoint in private_endpoints.value.known():
            network = Items(known).get(endpoint.network_id)
            if isinstance(network, Known):
                subnets.append(subnet_in(network.value, endpoint.subnet_id))
    ids = [subnet.value.security_group_id for subnet in subnets if isinstance(subnet, Known)]
    if isinstance(scale_sets, Known):
        ids += [id_ for machines in scale_sets.value for id_ in machines.security_group_ids]
    return each(azure, ids, READ_SECURITY_GROUPS, read)


def to_security_group(model: object) -> SecurityGroup:
    """Read a group off Azure's answer, its own and its default rules.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    return SecurityGroup(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        rules=(
            *(to_security_rule(rule, default=False) for rule in parts(properties, "securityRules")),
            *(to_security_rule(rule, default=True) for rule in parts(properties, "defaultSecurityRules")),
        ),
    )


def to_security_rule(model: object, *, default: bool) -> SecurityRule:
    """Read a rule off Azure's answer; what it names once stands in the singular, the rest in the plural."""
    properties = part(model, "properties")
    return SecurityRule(
        name=text(model, "name") or "",
        priority=number(properties, "priority") or 0,
        direction=text(properties, "direction") or "",
        access=text(properties, "access") or "",
        protocol=text(properties, "protocol") or "*",
        sources=_all(properties, "sourceAddressPrefix", "sourceAddressPrefixes"),
        destinations=_all(properties, "destinationAddressPrefix", "destinationAddressPrefixes"),
        destination_ports=_all(properties, "destinationPortRange", "destinationPortRanges"),
        source_ports=_all(properties, "sourcePortRange", "sourcePortRanges"),
        source_group_ids=_ids(properties, "sourceApplicationSecurityGroups"),
        destination_group_ids=_ids(properties, "destinationApplicationSecurityGroups"),
        default=default,
    )


def _all(properties: object, one: str, several: str) -> tuple[str, ...]:
    single = text(properties, one)
    return (*((single,) if single else ()), *texts(properties, several))


def _ids(properties: object, key: str) -> tuple[str, ...]:
    return tuple(id_ for id_ in (text(group, "id") for group in parts(properties, key)) if id_)
