"""Taking a virtual network's answer apart: its subnets and its halves of peerings.

https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.reading import flag, listed, parsed_id, part, parts, text, texts
from core.facts.networks import Peering, ServiceEndpoint, Subnet, VirtualNetwork
from core.facts.resource_id import NotAResourceId, ResourceId

READ_NETWORKS = "Microsoft.Network/virtualNetworks/read"
READ_SUBNETS = "Microsoft.Network/virtualNetworks/subnets/read"
READ_PEERINGS = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read"


def read_virtual_network(azure: Azure, id_: ResourceId) -> VirtualNetwork:
    """Read one network. Raises what the client raises, and NotRead."""
    client = azure.network(id_.subscription_id)
    return to_virtual_network(azure, client.virtual_networks.get(id_.resource_group, id_.name))


def to_virtual_network(azure: Azure, model: object) -> VirtualNetwork:
    """Read a network off Azure's answer; what of its subnets and peerings is not in there is listed.

    Raises NotRead, and azure.core.exceptions.DeserializationError where the answer has no usable id or no properties.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    if not isinstance(properties, Mapping):
        raise DeserializationError("The answer has no properties.")

    def embedded(key: str, action: str, ask_for: Callable[[], object]) -> list[Any]:
        if properties.get(key) is None:
            return ask(action, id_.text, lambda: listed(ask_for()))
        return list(parts(properties, key))

    client = azure.network(id_.subscription_id)
    group, name = id_.resource_group, id_.name
    subnets = embedded("subnets", READ_SUBNETS, lambda: client.subnets.list(group, name))
    peerings = embedded(
        "virtualNetworkPeerings", READ_PEERINGS, lambda: client.virtual_network_peerings.list(group, name)
    )
    return VirtualNetwork(
        id=id_.text,
        name=text(model, "name") or name,
        resource_group=group,
        subscription_id=id_.subscription_id,
        location=text(model, "location") or "",
        prefixes=texts(properties, "addressSpace", "addressPrefixes"),
        dns_servers=texts(properties, "dhcpOptions", "dnsServers"),
        subnets=tuple(one for one in (to_subnet(subnet) for subnet in subnets) if one is not None),
        peerings=tuple(one for one in (to_peering(peering) for peering in peerings) if one is not None),
    )


def to_subnet(model: object) -> Subnet | None:
    """Read a subnet off Azure's answer; one without an id is None."""
    id_ = text(model, "id")
    if id_ is None:
        return None
    properties = part(model, "properties")
    one = text(properties, "addressPrefix")
    return Subnet(
        id=id_,
        name=text(model, "name") or id_.rpartition("/")[2],
        prefixes=texts(properties, "addressPrefixes") or ((one,) if one else ()),
        security_group_id=text(properties, "networkSecurityGroup", "id"),
        route_table_id=text(properties, "routeTable", "id"),
        nat_gateway_id=text(properties, "natGateway", "id"),
        service_endpoints=tuple(_service_endpoints(properties)),
        endpoint_policies=text(properties, "privateEndpointNetworkPolicies"),
        default_outbound_access=flag(properties, "defaultOutboundAccess"),
    )


def to_peering(model: object) -> Peering | None:
    """Read a half of a peering off Azure's answer; one that does not name the other network is None."""
    properties = part(model, "properties")
    try:
        remote = ResourceId.parse(text(properties, "remoteVirtualNetwork", "id") or "").text
    except NotAResourceId:
        return None
    return Peering(
        id=text(model, "id") or "",
        name=text(model, "name") or "",
        remote_network_id=remote,
        state=text(properties, "peeringState") or "",
        sync_level=text(properties, "peeringSyncLevel"),
        allows_access=flag(properties, "allowVirtualNetworkAccess") is not False,
        allows_forwarded=flag(properties, "allowForwardedTraffic") is True,
        uses_remote_gateways=flag(properties, "useRemoteGateways") is True,
        remote_prefixes=texts(properties, "remoteAddressSpace", "addressPrefixes"),
        remote_prefixes_now=texts(properties, "remoteVirtualNetworkAddressSpace", "addressPrefixes"),
        complete_networks=flag(properties, "peerCompleteVnets") is not False,
        local_subnets=texts(properties, "localSubnetNames"),
        remote_subnets=texts(properties, "remoteSubnetNames"),
        provisioning_state=text(properties, "provisioningState"),
        allows_gateway_transit=flag(properties, "allowGatewayTransit") is True,
    )


def _service_endpoints(properties: object) -> list[ServiceEndpoint]:
    found = []
    for one in parts(properties, "serviceEndpoints"):
        service = text(one, "service")
        if service:
            found.append(ServiceEndpoint(service, text(one, "provisioningState"), texts(one, "locations")))
    return found
