"""Both ends of the private way: the node subnet, and the endpoint that its nodes are meant to use."""

from __future__ import annotations

from typing import TypeVar

from core.checks.net.node_traffic import item
from core.checks.network.ways import subnet_name
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import Subnet, VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.routing import RouteTable
from core.model import Evidence
from core.network.paths import subnet_of
from core.network.peering import Side
from core.network.targets import PRIVATE_WAYS

T = TypeVar("T")


def goes_to_endpoint(path: NodePath) -> bool:
    """Say whether an endpoint is meant to carry the traffic of a node subnet, whatever its names resolve to.

    While these are not known, it is unless the registry takes the nodes on its public address too. An endpoint that
    waits for approval will carry it: what lies on its way is as broken before as after.
    """
    if path.endpoint_id is None:
        return False
    if path.way is Way.UNKNOWN:
        return path.private_meant and path.public_accepts is not True
    return path.way in PRIVATE_WAYS or (path.way is Way.NONE and path.waits)


def addresses(path: NodePath) -> tuple[str, ...]:
    """Give the endpoint's addresses, or what the names resolve to privately where these are not known."""
    expected = dict.fromkeys(address for host in path.hosts for address in host.expected)
    resolved = dict.fromkeys(address for host in path.hosts for address in host.addresses)
    return tuple(expected or resolved)


def near_side(path: NodePath, networks: Items[VirtualNetwork]) -> Side:
    """Give the nodes' end."""
    network = networks.get(path.where.network_id)
    subnet = subnet_of(network, path.where.subnet_id)
    prefixes = subnet.value.prefixes if isinstance(subnet, Known) else ()
    known = network.value if isinstance(network, Known) else None
    return Side(path.where.network_id, known, prefixes, _last(path.where.subnet_id))


def far_side(path: NodePath, endpoint: PrivateEndpoint, networks: Items[VirtualNetwork]) -> Side:
    """Give the endpoint's end."""
    network = networks.get(endpoint.network_id)
    known = network.value if isinstance(network, Known) else None
    return Side(endpoint.network_id, known, addresses(path), _last(endpoint.subnet_id))


def table_of(subnet: Subnet, tables: Fact[Items[RouteTable]]) -> Fact[RouteTable | None]:
    """Give a subnet's route table: None where it has none, or why it could not be read."""
    if subnet.route_table_id is None:
        return Known(None)
    return item(tables, subnet.route_table_id)


def network_values(prefix: str, network_id: str) -> dict[str, str]:
    """Give the names of a network for a fix: `{prefix}_id`, `_name`, `_group`, `_subscription`."""
    try:
        parts = ResourceId.parse(network_id)
    except NotAResourceId:
        names = ("<network>", "<resource-group>", "<subscription>")
    else:
        names = (parts.name, parts.resource_group, parts.subscription_id)
    return dict(zip((f"{prefix}_{key}" for key in ("name", "group", "subscription")), names, strict=True)) | {
        f"{prefix}_id": network_id
    }


def network_name(network_id: str) -> str:
    """Give a network's name, or the name that its id ends with."""
    return _last(network_id)


def endpoint_shown(path: NodePath, endpoint: PrivateEndpoint) -> Evidence:
    """Show an endpoint with its addresses and its subnet."""
    found = ", ".join(addresses(path)) or "addresses not known"
    return Evidence("private-endpoint", f"{endpoint.name} | {found} | {subnet_name(endpoint.subnet_id)}")


def _last(resource_id: str) -> str:
    return resource_id.rstrip("/").rpartition("/")[2]
