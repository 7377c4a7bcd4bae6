"""As what the registry's own firewall sees the nodes: over a service endpoint, or from a public address.

https://learn.microsoft.com/azure/container-registry/container-registry-vnet
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.egress import Egress, EgressKind, leaving
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.items import Items
from core.facts.networks import ServiceEndpoint, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry, RegistryExtras
from core.facts.resource_id import same_id
from core.network.addresses import parse_address
from core.network.allow_list import short
from core.network.dns_servers import outside
from core.network.no_proxy import takes_proxy
from core.network.public_access import SERVICE, lets_subnet_in

WITHOUT_SERVICE_ENDPOINTS = frozenset({"AzureUSGovernment", "AzureChinaCloud"})
"""Clouds whose registries have no service endpoints."""


@dataclass(frozen=True, slots=True)
class Halves:
    """The two halves of a service endpoint for one subnet.

    `endpoint` is None where the subnet has none, `rule` whether the registry names the subnet; either may not be
    known.
    """

    endpoint: Fact[ServiceEndpoint | None]
    rule: Fact[bool]

    @property
    def any_seen(self) -> bool:
        """Whether at least one half is known to be there."""
        return self.has_endpoint or self.has_rule

    @property
    def has_endpoint(self) -> bool:
        """Whether the subnet is known to have the endpoint."""
        return isinstance(self.endpoint, Known) and self.endpoint.value is not None

    @property
    def has_rule(self) -> bool:
        """Whether the registry is known to have the rule."""
        return self.rule == Known(True)


def halves(path: NodePath, networks: Fact[Items[VirtualNetwork]], extras: Fact[RegistryExtras]) -> Halves:
    """Look for both halves of a service endpoint between a node subnet and the registry."""
    return Halves(_endpoint(path, networks), _rule(path, extras))


def _endpoint(path: NodePath, networks: Fact[Items[VirtualNetwork]]) -> Fact[ServiceEndpoint | None]:
    if not isinstance(networks, Known):
        return networks
    network = networks.value.get(path.where.network_id)
    if not isinstance(network, Known):
        return network
    subnet = next((one for one in network.value.subnets if same_id(one.id, path.where.subnet_id)), None)
    if subnet is None:
        return Missing(path.where.subnet_id)
    return Known(next((one for one in subnet.service_endpoints if one.service.lower() == SERVICE), None))


def _rule(path: NodePath, extras: Fact[RegistryExtras]) -> Fact[bool]:
    if not isinstance(extras, Known):
        return extras
    named = lets_subnet_in(extras, path.where.subnet_id)
    return outside("the registry's rules for subnets") if named is None else Known(named)


def leaves_from(paths: Iterable[NodePath], egress: Fact[Items[Egress]]) -> tuple[tuple[NodePath, Fact[Egress]], ...]:
    """Give how the nodes of each subnet leave for the internet.

    A subnet whose pools do not leave alike is there once for each way, with the pools that take it.
    """
    return tuple((replace(path, where=where), way) for path in paths for where, way in leaving(egress, path.where))


def not_told(egress: Fact[Egress]) -> bool:
    """Say whether it is known how nodes leave, but not from which address."""
    return isinstance(egress, Known) and not egress.value.prefixes and egress.value.kind is not EgressKind.NONE


_IN_WORDS = {
    EgressKind.LOAD_BALANCER: "load balancer",
    EgressKind.NAT_GATEWAY: "NAT gateway",
    EgressKind.FIREWALL: "Azure Firewall",
    EgressKind.APPLIANCE: "appliance",
    EgressKind.GATEWAY: "gateway to another network",
    EgressKind.NODE_ADDRESSES: "the nodes' own addresses",
    EgressKind.NODE_PREFIX: "the nodes' own addresses, from a range that stays",
    EgressKind.DEFAULT: "Azure's default outbound access",
    EgressKind.NONE: "no way out",
}

MOST = 20
"""How many of the addresses that nodes leave from are shown."""


def in_words(egress: Egress) -> str:
    """Write how nodes leave, and from which addresses."""
    shown = ", ".join(map(short, egress.prefixes[:MOST])) or "-"
    more = len(egress.prefixes) - MOST
    return f"{_IN_WORDS[egress.kind]} | {shown}" + (f" (+{more})" if more > 0 else "")


def first_unread(facts: Iterable[Fact[Egress]]) -> NotKnown | None:
    """Give the outcome of the first that could not be read."""
    return next((fact for fact in facts if not isinstance(fact, Known)), None)


def refused_address(choice: Choice) -> str | None:
    """Give the address that the registry itself names as refused in the text; one that is covered up is none."""
    symptom = choice.symptom
    if symptom is None or symptom.kind != "FW_IP" or parse_address(symptom.address or "") is None:
        return None
    return symptom.address


def goes_through_proxy(cluster: Cluster, registry: Registry) -> bool:
    """Say whether the nodes ask the registry through a web proxy, whose address it then sees."""
    return takes_proxy(cluster.http_proxy, registry.login_server)
