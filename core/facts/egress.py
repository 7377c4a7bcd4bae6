"""From which public addresses nodes leave for the internet, for every node subnet or for single pools in it.

https://learn.microsoft.com/azure/aks/egress-outboundtype
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import NodeSubnet


class EgressKind(StrEnum):
    """What gives nodes their public address."""

    LOAD_BALANCER = "load-balancer"
    NAT_GATEWAY = "nat-gateway"
    FIREWALL = "firewall"
    APPLIANCE = "appliance"
    GATEWAY = "gateway"
    NODE_ADDRESSES = "node-addresses"
    NODE_PREFIX = "node-prefix"
    DEFAULT = "default-outbound"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Egress:
    """How the nodes of a subnet leave, or those of one pool where not all pools of the subnet leave alike.

    `prefixes` are the public addresses as CIDR ranges, any of which may be used. They are empty for `NONE`, and for
    kinds whose addresses Azure does not tell: an appliance of somebody else, a gateway to another network, Azure's
    default outbound access.

    `NODE_ADDRESSES` are those that the nodes have now; `NODE_PREFIX` the ranges that all of them get theirs from.
    """

    kind: EgressKind
    prefixes: tuple[str, ...] = ()

    @property
    def steady(self) -> bool:
        """Whether the addresses stay: new nodes get new ones of their own, and Azure's default ones come and go."""
        return self.kind not in (EgressKind.NODE_ADDRESSES, EgressKind.DEFAULT)

    @property
    def of_nodes(self) -> bool:
        """Whether nodes have public addresses of their own."""
        return self.kind in (EgressKind.NODE_ADDRESSES, EgressKind.NODE_PREFIX)


def key_of_pool(subnet_id: str, pool: str) -> str:
    """Give the key in `Items` for one pool of a subnet whose pools do not leave alike."""
    return f"{subnet_id.rstrip('/')}|{pool}".lower()


def leaving(egress: Fact[Items[Egress]], where: NodeSubnet) -> Iterator[tuple[NodeSubnet, Fact[Egress]]]:
    """Say how the pools of a subnet leave; those that leave alike stand together."""
    if not isinstance(egress, Known):
        yield where, egress
        return
    apart = [(pool, key_of_pool(where.subnet_id, pool)) for pool in where.pools]
    own = [(pool, egress.value.by_id[key]) for pool, key in apart if key in egress.value.by_id]
    if not own:
        yield where, egress.value.get(where.subnet_id)
        return
    alike: list[tuple[list[str], Fact[Egress]]] = []
    for pool, outcome in own:
        same = next((pools for pools, other in alike if other == outcome), None)
        if same is None:
            alike.append(([pool], outcome))
        else:
            same.append(pool)
    for pools, outcome in alike:
        yield replace(where, pools=tuple(pools)), outcome
