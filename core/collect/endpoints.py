"""The registry's private endpoints, from both sides.

https://learn.microsoft.com/rest/api/containerregistry/private-endpoint-connections/list,
https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints/get
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.each import distinct, each, parent_of
from core.collect.reading import listed, parsed_id, part, parts, required, text, texts
from core.facts.choice import Choice
from core.facts.endpoints import EndpointAddress, EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known, Missing
from core.facts.items import Items
from core.facts.resource_id import ResourceId

READ_CONNECTIONS = "Microsoft.ContainerRegistry/registries/privateEndpointConnections/read"
READ_ENDPOINTS = "Microsoft.Network/privateEndpoints/read"
READ_ZONE_GROUPS = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read"
READ_INTERFACES = "Microsoft.Network/networkInterfaces/read"


def endpoint_connections(azure: Azure, choice: Choice) -> tuple[EndpointConnection, ...]:
    """List what the registry knows of its endpoints; the registry's own answer leaves them out."""
    picked = choice.registry_id

    def call() -> tuple[EndpointConnection, ...]:
        client = azure.container_registry(picked.subscription_id)
        found = listed(client.private_endpoint_connections.list(picked.resource_group, picked.name))
        return tuple(to_endpoint_connection(model) for model in found)

    return ask(READ_CONNECTIONS, picked.text, call)


def private_endpoints(azure: Azure, endpoint_connections: tuple[EndpointConnection, ...]) -> Items[PrivateEndpoint]:
    """Read the endpoints from their own side, each followed by its network interface."""

    def read(id_: ResourceId) -> PrivateEndpoint:
        client = azure.network(id_.subscription_id)
        return _endpoint(azure, client.private_endpoints.get(id_.resource_group, id_.name))

    return each(azure, (one.endpoint_id for one in endpoint_connections), READ_ENDPOINTS, read)


def zone_groups(azure: Azure, endpoint_connections: tuple[EndpointConnection, ...]) -> Items[tuple[ZoneConfig, ...]]:
    """List the zones that each endpoint keeps its records in."""

    def read(id_: ResourceId) -> tuple[ZoneConfig, ...]:
        client = azure.network(id_.subscription_id)
        groups = listed(client.private_dns_zone_groups.list(id_.name, id_.resource_group))
        return tuple(config for group in groups for config in to_zone_configs(group))

    return each(azure, (one.endpoint_id for one in endpoint_connections), READ_ZONE_GROUPS, read)


def to_endpoint_connection(model: object) -> EndpointConnection:
    """Read a connection off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    id_ = required(model, "id")
    properties = part(model, "properties")
    return EndpointConnection(
        id=id_,
        name=text(model, "name") or id_.rpartition("/")[2],
        status=text(properties, "privateLinkServiceConnectionState", "status") or "",
        endpoint_id=text(properties, "privateEndpoint", "id"),
        description=text(properties, "privateLinkServiceConnectionState", "description"),
        provisioning_state=text(properties, "provisioningState"),
    )


def to_private_endpoint(
    model: object, addresses: Fact[tuple[EndpointAddress, ...]], interfaces: Iterable[object] = ()
) -> PrivateEndpoint:
    """Read an endpoint off Azure's answer; connections that wait for approval stand apart from the others.

    `interfaces` are the answers of its network interfaces: they name its application security groups as it does.

    Raises azure.core.exceptions.DeserializationError where the answer has no usable id or subnet.
    """
    id_ = parsed_id(model)
    properties = part(model, "properties")
    subnet = required(properties, "subnet", "id")
    network = parent_of(subnet)
    if network is None:
        raise DeserializationError("The answer has no subnet in a network.")
    connections = (
        *parts(properties, "privateLinkServiceConnections"),
        *parts(properties, "manualPrivateLinkServiceConnections"),
    )
    states = (text(one, "properties", "privateLinkServiceConnectionState", "status") for one in connections)
    return PrivateEndpoint(
        id=id_.text,
        name=text(model, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=text(model, "location") or "",
        subnet_id=subnet,
        network_id=network,
        status=next((state for state in states if state), None),
        addresses=addresses,
        provisioning_state=text(properties, "provisioningState"),
        application_group_ids=_application_groups((properties, *_configurations(interfaces))),
    )


def to_endpoint_addresses(interface: object) -> tuple[EndpointAddress, ...]:
    """Read the addresses of an endpoint off its network interface's answer."""
    found = []
    for properties in _configurations((interface,)):
        address = text(properties, "privateIPAddress")
        if address:
            serves = part(properties, "privateLinkConnectionProperties")
            hosts = tuple(host.lower() for host in texts(serves, "fqdns"))
            found.append(EndpointAddress(address, hosts, text(serves, "requiredMemberName")))
    return tuple(found)


def to_zone_configs(group: object) -> tuple[ZoneConfig, ...]:
    """Read the zones of a zone group off Azure's answer."""
    found = []
    for config in parts(group, "properties", "privateDnsZoneConfigs"):
        zone = text(config, "properties", "privateDnsZoneId")
        if zone:
            found.append(
                ZoneConfig(text(config, "name") or zone.rpartition("/")[2], zone, text(group, "name") or "default")
            )
    return tuple(found)


def _endpoint(azure: Azure, model: object) -> PrivateEndpoint:
    def read(id_: ResourceId) -> object:
        interface: object = azure.network(id_.subscription_id).network_interfaces.get(id_.resource_group, id_.name)
        required(interface, "id")
        return interface

    ids = (text(one, "id") for one in parts(model, "properties", "networkInterfaces"))
    interfaces = each(azure, ids, READ_INTERFACES, read)
    unread = next((outcome for _, outcome in interfaces.unread()), None)
    if unread is None and interfaces.by_id:
        found = list(interfaces.known())
        own = tuple(one for interface in found for one in to_endpoint_addresses(interface))
        return to_private_endpoint(model, Known(own), found)
    told = _told_by_endpoint(model)
    return to_private_endpoint(model, Known(told) if told else unread or Missing(required(model, "id")))


def _configurations(interfaces: Iterable[object]) -> Iterator[object]:
    for interface in interfaces:
        for configuration in parts(interface, "properties", "ipConfigurations"):
            yield part(configuration, "properties")


def _application_groups(holders: Iterable[object]) -> tuple[str, ...]:
    groups = (group for holder in holders for group in parts(holder, "applicationSecurityGroups"))
    return distinct(text(group, "id") for group in groups)


def _told_by_endpoint(model: object) -> tuple[EndpointAddress, ...]:
    """The addresses that the endpoint itself names; none as a rule where a zone group keeps its records."""
    hosts: dict[str, list[str]] = {}
    for config in parts(model, "properties", "customDnsConfigs"):
        host = text(config, "fqdn")
        for address in texts(config, "ipAddresses"):
            hosts.setdefault(address, []).extend([host.lower()] if host else [])
    return tuple(EndpointAddress(address, tuple(names)) for address, names in hosts.items())
