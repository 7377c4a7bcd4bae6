"""Virtual networks, as far as the nodes' traffic depends on them.

https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
"""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.fact import NotKnown


@dataclass(frozen=True, slots=True)
class ServiceEndpoint:
    """A service endpoint of a subnet, for example of the service "Microsoft.ContainerRegistry"."""

    service: str
    provisioning_state: str | None = None
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet. `prefixes` are CIDR ranges.

    `endpoint_policies` is `privateEndpointNetworkPolicies` ("Enabled", "Disabled", "NetworkSecurityGroupEnabled",
    "RouteTableEnabled"), None where Azure does not report it, which means "Disabled" for a subnet made today.
    """

    id: str
    name: str
    prefixes: tuple[str, ...]
    security_group_id: str | None = None
    route_table_id: str | None = None
    nat_gateway_id: str | None = None
    service_endpoints: tuple[ServiceEndpoint, ...] = ()
    endpoint_policies: str | None = None
    default_outbound_access: bool | None = None


@dataclass(frozen=True, slots=True)
class Peering:
    """One half of a peering, as the network that it belongs to sees it.

    `remote_prefixes` are the ranges that this half was synced with, `remote_prefixes_now` those that the other
    network has today (empty where Azure does not tell). `complete_networks` is False for a peering of subnets only.
    `allows_gateway_transit` lets the other network use a gateway of this one, if its half `uses_remote_gateways`.
    """

    id: str
    name: str
    remote_network_id: str
    state: str
    sync_level: str | None = None
    allows_access: bool = True
    allows_forwarded: bool = False
    uses_remote_gateways: bool = False
    remote_prefixes: tuple[str, ...] = ()
    remote_prefixes_now: tuple[str, ...] = ()
    complete_networks: bool = True
    local_subnets: tuple[str, ...] = ()
    remote_subnets: tuple[str, ...] = ()
    provisioning_state: str | None = None
    allows_gateway_transit: bool = False


@dataclass(frozen=True, slots=True)
class VirtualNetwork:
    """A virtual network with its subnets and its halves of peerings. No `dns_servers` means Azure's own DNS."""

    id: str
    name: str
    resource_group: str
    subscription_id: str
    location: str
    prefixes: tuple[str, ...]
    dns_servers: tuple[str, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    peerings: tuple[Peering, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeSubnet:
    """Where nodes sit: a subnet, its network, and the node pools in it."""

    subnet_id: str
    network_id: str
    pools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScaleSet:
    """The machines of one pool: a scale set, or stand-alone machines that are alike (`stand_alone`).

    `capacity` is the number of instances (None where not told). `security_group_ids` and `application_group_ids` are
    those of the machines' network interfaces, as the scale set's model has them, or the interfaces themselves where
    machines stand alone; `interfaces_unread` says why these could not be read. `public_addresses` says that each
    machine of a scale set has a public address of its own, `public_address_ids` are those of stand-alone machines.
    """

    pool: str
    name: str
    identity_ids: tuple[str, ...]
    capacity: int | None = None
    stand_alone: bool = False
    security_group_ids: tuple[str, ...] = ()
    application_group_ids: tuple[str, ...] = ()
    interfaces_unread: NotKnown | None = None
    public_addresses: bool = False
    public_address_ids: tuple[str, ...] = ()
