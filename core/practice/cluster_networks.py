"""What AKS makes for a cluster's network: security group, load balancer with its address, and a network of its own.

https://learn.microsoft.com/azure/aks/concepts-network
"""

from __future__ import annotations

from core.practice.arm_id import guid
from core.practice.cluster_bodies import ClusterSpec, cluster_number, node_subnet
from core.practice.http import Json
from core.practice.network_bodies import (
    load_balancer_body,
    nat_gateway_body,
    public_address_body,
    route_body,
    route_table_body,
    security_group_body,
    subnet_body,
    virtual_network_body,
)
from core.practice.network_ids import network_id
from core.practice.world import World


def security_group_id(spec: ClusterSpec) -> str:
    """The id of the security group that AKS puts on the nodes' network interfaces."""
    return network_id(
        spec.subscription, spec.node_group, "networkSecurityGroups", f"aks-agentpool-{cluster_number(spec)}-nsg"
    )


def add_cluster_network(world: World, spec: ClusterSpec) -> None:
    """Put the network resources of a cluster in its node resource group."""
    group = world.add_resource(security_group_body(security_group_id(spec), spec.location))
    if not spec.subnet:
        _add_own_network(world, spec, group["id"])
    if spec.outbound == "loadBalancer":
        name = guid("egress", spec.id)
        _add_load_balancer(world, spec, name)
    elif spec.outbound == "managedNATGateway":
        _add_managed_gateway(world, spec)


def _add_own_network(world: World, spec: ClusterSpec, group: str) -> None:
    subnet = node_subnet(spec)
    network = subnet.partition("/subnets/")[0]
    references = {"networkSecurityGroup": group}
    if spec.kubenet:
        references["routeTable"] = _add_kubenet_routes(world, spec)["id"]
    world.add_resource(virtual_network_body(network, spec.location, ["10.224.0.0/12"]))
    world.add_resource(subnet_body(subnet, "10.224.0.0/16", **references))


def _add_kubenet_routes(world: World, spec: ClusterSpec) -> Json:
    """The route table through which kubenet's pods reach each other: a route for every node."""
    name = f"aks-agentpool-{cluster_number(spec)}-routetable"
    table = world.add_resource(
        route_table_body(
            network_id(spec.subscription, spec.node_group, "routeTables", name),
            spec.location,
        )
    )
    nodes = [f"{pool.name}{number}" for pool in spec.pools for number in range(pool.count)]
    for number, node in enumerate(nodes):
        route = f"{table['id']}/routes/aks-{node}-{cluster_number(spec)}"
        world.add_resource(route_body(route, f"10.244.{number}.0/24", f"10.224.0.{number + 4}"))
    return table


def _add_load_balancer(world: World, spec: ClusterSpec, name: str) -> None:
    balancer = network_id(spec.subscription, spec.node_group, "loadBalancers", "kubernetes")
    address = network_id(spec.subscription, spec.node_group, "publicIPAddresses", name)
    front = {"ipConfiguration": {"id": f"{balancer}/frontendIPConfigurations/{name}"}}
    world.add_resource(public_address_body(address, spec.location, egress_address(spec), holder=front))
    world.add_resource(load_balancer_body(balancer, spec.location, address))


def _add_managed_gateway(world: World, spec: ClusterSpec) -> None:
    gateway = network_id(spec.subscription, spec.node_group, "natGateways", f"aks-{cluster_number(spec)}-natgateway")
    address = network_id(spec.subscription, spec.node_group, "publicIPAddresses", guid("egress", spec.id))
    holder = {"natGateway": {"id": gateway}}
    world.add_resource(public_address_body(address, spec.location, egress_address(spec), holder=holder))
    world.add_resource(nat_gateway_body(gateway, spec.location, [address]))
    subnet = world.resource(node_subnet(spec))
    if subnet is not None:
        subnet["properties"]["natGateway"] = {"id": gateway}


def egress_address(spec: ClusterSpec) -> str:
    """The public address that AKS got for a cluster's way out."""
    return spec.egress or _any_address(spec.id)


def settle_outbound(world: World, cluster: Json) -> None:
    """Give a cluster what its outbound type needs, and take away what another one had.

    https://learn.microsoft.com/azure/aks/egress-outboundtype
    """
    profile = cluster["properties"]["networkProfile"]
    balancer: Json = profile.setdefault("loadBalancerProfile", {})
    below = (str(cluster["id"]).split("/")[2], str(cluster["properties"]["nodeResourceGroup"]))
    address = network_id(*below, "publicIPAddresses", guid("egress", str(cluster["id"]).lower()))
    if profile["outboundType"] != "loadBalancer":
        balancer.pop("effectiveOutboundIPs", None)
        balancer.pop("managedOutboundIPs", None)
    elif not balancer.get("effectiveOutboundIPs"):
        kubernetes = network_id(*below, "loadBalancers", "kubernetes")
        front = {"ipConfiguration": {"id": f"{kubernetes}/frontendIPConfigurations/{address.rpartition('/')[2]}"}}
        location = str(cluster["location"])
        world.add_resource(public_address_body(address, location, _any_address(address), holder=front))
        world.add_resource(load_balancer_body(kubernetes, location, address))
        balancer |= {"managedOutboundIPs": {"count": 1}, "effectiveOutboundIPs": [{"id": address}]}


def _any_address(seed: str) -> str:
    number = int(guid("egress address", seed)[:4], 16)
    return f"20.71.{number >> 8}.{number & 255}"
