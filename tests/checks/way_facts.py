"""Node subnets, their ways, and how they leave, for checks that judge them."""

from __future__ import annotations

from core.facts.egress import Egress, EgressKind, key_of_pool
from core.facts.fact import Denied, Fact, Known
from core.facts.items import Items
from core.facts.networks import NodeSubnet, ServiceEndpoint, Subnet, VirtualNetwork
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
NETWORK = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/virtualNetworks/vnet-spoke"
)
NODES = f"{NETWORK}/subnets/snet-nodes"
OTHER = f"{NETWORK}/subnets/snet-other"
LOGIN = "contosoreg.azurecr.io"
DATA = "contosoreg.westeurope.data.azurecr.io"
DENIED = Denied("Microsoft.Network/virtualNetworks/read", NETWORK)


def path(
    way: Way = Way.PUBLIC,
    subnet: str = NODES,
    pools: tuple[str, ...] = ("sys", "usr"),
    data: Answer | None = None,
    endpoint: str | None = None,
) -> NodePath:
    """The way of one subnet; `data` is what the layers' host resolves to, None where there is no such host."""
    private = way is Way.PRIVATE
    login = HostPath(LOGIN, HostRole.LOGIN, None, Answer.PRIVATE if private else Answer.PUBLIC)
    layers = () if data is None else (HostPath(DATA, HostRole.DATA, "westeurope", data),)
    return NodePath(
        where=NodeSubnet(subnet, NETWORK, pools),
        way=way,
        hosts=(login, *layers),
        endpoint_id=endpoint,
        private_meant=way in (Way.PRIVATE, Way.UNINTENDED, Way.NONE),
        why=DENIED if way is Way.UNKNOWN else None,
    )


def leaving(*prefixes: str, kind: EgressKind = EgressKind.LOAD_BALANCER, subnet: str = NODES) -> Items[Egress]:
    """How the nodes of one subnet leave."""
    return Items({subnet.lower(): Known(Egress(kind, prefixes))})


def apart(**pools: Fact[Egress]) -> Items[Egress]:
    """How the pools of one subnet leave that do not leave alike."""
    return Items({key_of_pool(NODES, pool): way for pool, way in pools.items()})


def unread(outcome: Fact[Egress] = DENIED, subnet: str = NODES) -> Items[Egress]:
    """Nodes of which it could not be read how they leave."""
    return Items({subnet.lower(): outcome})


def network(*services: str) -> Known[Items[VirtualNetwork]]:
    """The network of the nodes; their subnet has these service endpoints."""
    endpoints = tuple(ServiceEndpoint(service, "Succeeded") for service in services)
    subnets = (
        Subnet(NODES, "snet-nodes", ("10.10.0.0/22",), service_endpoints=endpoints),
        Subnet(OTHER, "snet-other", ("10.10.4.0/22",)),
    )
    whole = VirtualNetwork(
        NETWORK, "vnet-spoke", "rg-app", SUBSCRIPTION, "westeurope", ("10.10.0.0/16",), (), subnets
    )
    return Known(Items({NETWORK.lower(): Known(whole)}))
