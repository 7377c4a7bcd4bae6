"""Networks as Azure answers them and as facts: the small world that the tests of network collectors share."""

from __future__ import annotations

from collect_answers import GROUPS, REGISTRY_ID, SUBSCRIPTION

from core.collect.firewall_lists import ListedFirewall
from core.facts.endpoints import EndpointAddress, EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Known
from core.facts.filtering import SecurityGroup, SecurityRule
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Peering, Subnet, VirtualNetwork
from core.facts.routing import Route, RouteTable

HUB_SUBSCRIPTION = "00000000-0000-0000-0000-0000000000b2"
HUB_GROUP = f"/subscriptions/{HUB_SUBSCRIPTION}/resourceGroups/hub-rg"


def network_id(type_, name, group=f"{GROUPS}/net-rg"):
    """The id of a resource of Microsoft.Network."""
    return f"{group}/providers/Microsoft.Network/{type_}/{name}"


SPOKE = network_id("virtualNetworks", "spoke")
NODES = f"{SPOKE}/subnets/nodes"
HUB = network_id("virtualNetworks", "hub", HUB_GROUP)
SIDE = network_id("virtualNetworks", "side")
ENDPOINT = network_id("privateEndpoints", "pe", HUB_GROUP)
INTERFACE = network_id("networkInterfaces", "pe.nic", HUB_GROUP)
ZONE = network_id("privateDnsZones", "privatelink.azurecr.io", HUB_GROUP)
NSG = network_id("networkSecurityGroups", "nsg")
TABLE = network_id("routeTables", "table")
NAT = network_id("natGateways", "nat")
FIREWALL = network_id("azureFirewalls", "fw", HUB_GROUP)
POLICY = network_id("firewallPolicies", "policy", HUB_GROUP)
PUBLIC = network_id("publicIPAddresses", "fw-ip", HUB_GROUP)


def network_body(id_, prefixes, *, subnets=(), peerings=(), dns=()):
    """A network as Azure answers it; subnets are (name, properties), peerings (id of the other one, prefixes)."""
    return {
        "id": id_,
        "name": id_.rpartition("/")[2],
        "location": "westeurope",
        "properties": {
            "addressSpace": {"addressPrefixes": list(prefixes)},
            "dhcpOptions": {"dnsServers": list(dns)},
            "subnets": [
                {"id": f"{id_}/subnets/{name}", "name": name, "properties": properties}
                for name, properties in subnets
            ],
            "virtualNetworkPeerings": [
                {
                    "id": f"{id_}/virtualNetworkPeerings/{number}",
                    "name": str(number),
                    "properties": {
                        "remoteVirtualNetwork": {"id": remote},
                        "peeringState": "Connected",
                        "remoteAddressSpace": {"addressPrefixes": list(ranges)},
                    },
                }
                for number, (remote, ranges) in enumerate(peerings)
            ],
        },
    }


def network(id_=SPOKE, prefixes=("10.10.0.0/16",), *, subnets=(), peers=(), dns=()):
    """A network as a fact; subnets are (id, fields), peers (id of the other one, prefixes)."""
    parts = id_.split("/")
    return VirtualNetwork(
        id=id_,
        name=parts[-1],
        resource_group=parts[4],
        subscription_id=parts[2],
        location="westeurope",
        prefixes=tuple(prefixes),
        dns_servers=tuple(dns),
        subnets=tuple(Subnet(one, one.rpartition("/")[2], (), **fields) for one, fields in subnets),
        peerings=tuple(
            Peering(f"{id_}/virtualNetworkPeerings/p", "p", remote, "Connected", remote_prefixes=tuple(ranges))
            for remote, ranges in peers
        ),
    )


def items(*things):
    """Things that have an id, all known."""
    return Items({one.id.lower(): Known(one) for one in things})


WHERE = (NodeSubnet(NODES, SPOKE, ("sys",)),)
NODE_NETWORKS = items(
    network(
        subnets=[(NODES, {"security_group_id": NSG, "route_table_id": TABLE, "nat_gateway_id": NAT})],
        peers=[(HUB, ["10.0.0.0/16"])],
        dns=["10.0.9.9", "192.168.9.9"],
    )
)
CONNECTIONS = (EndpointConnection(f"{REGISTRY_ID}/privateEndpointConnections/c", "c", "Approved", ENDPOINT),)


def endpoint(id_=ENDPOINT, subnet=f"{SIDE}/subnets/pe", status="Approved", addresses=("10.30.0.4",)):
    """An endpoint as a fact."""
    parts = id_.split("/")
    return PrivateEndpoint(
        id=id_,
        name=parts[-1],
        resource_group=parts[4],
        subscription_id=parts[2],
        location="westeurope",
        subnet_id=subnet,
        network_id=subnet.partition("/subnets/")[0],
        status=status,
        addresses=Known(tuple(EndpointAddress(one, ("contosoreg.azurecr.io",), "registry") for one in addresses)),
    )


ENDPOINTS = items(endpoint())
ZONE_GROUPS = Items({ENDPOINT.lower(): Known((ZoneConfig("z", ZONE),))})


def table(*routes, id_=TABLE):
    """A route table as a fact; routes are (prefix, next hop type, address)."""
    return RouteTable(
        id_, "table", "net-rg", SUBSCRIPTION, tuple(Route(prefix, prefix, kind, hop) for prefix, kind, hop in routes)
    )


def firewall(address="10.0.1.4", id_=FIREWALL, at=HUB, **fields):
    """A firewall as a fact."""
    return Firewall(
        id=id_,
        name="fw",
        resource_group="hub-rg",
        subscription_id=HUB_SUBSCRIPTION,
        location="westeurope",
        private_addresses=(address,),
        network_id=at,
        **{"public_addresses": Known(("20.1.1.1",)), **fields},
    )


def listed(*firewalls, policy=POLICY, public=(PUBLIC,)):
    """Firewalls as the list of the hub's subscription shows them."""
    return Items({HUB_SUBSCRIPTION: Known(tuple(ListedFirewall(one, policy, public) for one in firewalls))})


def security_group(*rules, id_=NSG):
    """A security group as a fact; rules are (direction, destination)."""
    return SecurityGroup(
        id_,
        "nsg",
        "net-rg",
        SUBSCRIPTION,
        tuple(
            SecurityRule("r", 100, direction, "Deny", "*", ("*",), (destination,), ("443",))
            for direction, destination in rules
        ),
    )
