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
    DEFAULT = "default-outbound"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Egress:
    """How one node subnet leaves. `prefixes` are its public addresses as CIDR ranges, any of which may be used.

    Empty for `NONE`, and for kinds whose addresses Azure does not tell: an appliance of somebody else, a gateway to
    another network, nodes with addresses of their own, Azure's default outbound access. `resource_ids` name the load
    balancer's addresses, the NAT gateway or the firewall.
    """

    kind: EgressKind
    prefixes: tuple[str, ...] = ()
    resource_ids: tuple[str, ...] = ()
