"""From which public addresses nodes leave for the internet.

https://learn.microsoft.com/azure/aks/egress-outboundtype
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EgressKind(StrEnum):
    """What gives the nodes of a subnet their public address."""

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
    """How one node subnet leaves. `prefixes` are its public addresses as CIDR ranges, any of which may be used.

    Empty for `NONE`, and for kinds whose addresses Azure does not tell: an appliance of somebody else, a gateway to
    another network, Azure's default outbound access. `resource_ids` name the load balancer's addresses, the NAT
    gateway or the firewall.

    `NODE_ADDRESSES` are those that the nodes have now; `NODE_PREFIX` the ranges that all of them get theirs from.
    Where only some pools of the subnet have such, the addresses that the others leave from are among them.
    """

    kind: EgressKind
    prefixes: tuple[str, ...] = ()
    resource_ids: tuple[str, ...] = ()

    @property
    def steady(self) -> bool:
        """Whether the addresses stay: new nodes get new ones of their own, and Azure's default ones come and go."""
        return self.kind not in (EgressKind.NODE_ADDRESSES, EgressKind.DEFAULT)

    @property
    def of_nodes(self) -> bool:
        """Whether nodes have public addresses of their own."""
        return self.kind in (EgressKind.NODE_ADDRESSES, EgressKind.NODE_PREFIX)
