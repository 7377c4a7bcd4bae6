"""How the nodes come to the registry: no call of its own, everything follows from other facts."""

from __future__ import annotations

from core.azure.clients import Azure
from core.facts.egress import Egress
from core.facts.endpoints import EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import NodeSubnet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.private_dns import DnsServer, PrivateZones
from core.facts.registry import Registry, RegistryExtras, Replica
from core.facts.routing import RouteTable
from core.network import paths


def node_paths(
    azure: Azure,
    registry: Registry,
    node_subnets: tuple[NodeSubnet, ...],
    networks: Fact[Items[VirtualNetwork]],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
    private_zones: Fact[PrivateZones],
    dns_servers: Fact[Items[DnsServer]],
    firewalls: Fact[Items[Firewall]],
    route_tables: Fact[Items[RouteTable]],
    egress: Fact[Items[Egress]],
    registry_extras: Fact[RegistryExtras],
    replications: Fact[tuple[Replica, ...]],
) -> tuple[NodePath, ...]:
    """Work out the way of every node subnet; what could not be read leaves only what depends on it open."""
    around = paths.Surroundings(
        registry=registry,
        networks=networks,
        connections=endpoint_connections,
        endpoints=private_endpoints,
        zone_groups=zone_groups,
        zones=private_zones,
        dns_servers=dns_servers,
        firewalls=firewalls,
        route_tables=route_tables,
        egress=egress,
        extras=registry_extras,
        replications=replications,
    )
    return paths.node_paths(around, node_subnets)
