"""A spoke with nodes, a hub with the registry's endpoint and an Azure Firewall, as facts; tests change one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.checks.net import firewall_rules, route_table
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import EndpointAddress, PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.firewalls import (
    Firewall,
    FirewallPolicy,
    FirewallRule,
    RuleCollection,
    RuleGroup,
    RuleKind,
)
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Peering, Subnet, VirtualNetwork
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.facts.routing import HopKind, NextHop, Route, RouteTable
from core.model import Verdict

SUB = "22222222-2222-2222-2222-222222222222"
NET = f"/subscriptions/{SUB}/resourceGroups/rg-net/providers/Microsoft.Network"
SPOKE, HUB = f"{NET}/virtualNetworks/vnet-spoke", f"{NET}/virtualNetworks/vnet-hub"
NODES, USER = f"{SPOKE}/subnets/snet-nodes", f"{SPOKE}/subnets/snet-usr"
TABLE, ENDPOINT = f"{NET}/routeTables/rt-spoke", f"{NET}/privateEndpoints/pe-contosoreg"
FIREWALL, POLICY = f"{NET}/azureFirewalls/afw-hub", f"{NET}/firewallPolicies/afwp-hub"
LOGIN, DATA = "contosoreg.azurecr.io", "contosoreg.westeurope.data.azurecr.io"
BLOBS = "*.blob.core.windows.net"
FIREWALL_ADDRESS = "10.0.1.4"
DEFAULT = Route("default", "0.0.0.0/0", "VirtualAppliance", FIREWALL_ADDRESS)


def known(**facts: Any) -> Known[Any]:
    """Things by id, all of them read."""
    return Known(Items({key.lower(): Known(value) for key, value in facts.items()}))


def items(facts: Mapping[str, Any]) -> Known[Any]:
    return Known(
        Items(
            {
                key.lower(): value if hasattr(value, "action") or isinstance(value, Known) else Known(value)
                for key, value in facts.items()
            }
        )
    )


def application(
    *hosts: str, sources: tuple[str, ...] = ("10.10.0.0/22",), name: str = "rule", **more: Any
) -> FirewallRule:
    return FirewallRule(name, RuleKind.APPLICATION, ("https:443",), sources, hosts=hosts, **more)


def network(
    *destinations: str, sources: tuple[str, ...] = ("10.10.0.0/22",), name: str = "rule", **more: Any
) -> FirewallRule:
    return FirewallRule(name, RuleKind.NETWORK, ("TCP",), sources, destinations=destinations, ports=("443",), **more)


def collection(
    *rules: FirewallRule, action: str = "Allow", priority: int = 200, name: str = "rules"
) -> RuleCollection:
    return RuleCollection(name, priority, action, rules[0].kind, rules)


def group(
    *collections: RuleCollection, priority: int = 300, name: str = "group", policy: str | None = POLICY
) -> RuleGroup:
    return RuleGroup(name, priority, collections, policy)


@dataclass
class TrafficWorld:
    """Facts in the shape that both checks take; `hub` has the endpoint, `way` says how nodes are meant to go."""

    way: Way = Way.PUBLIC
    routes: tuple[Route, ...] = ()
    gateway_routes: bool = True
    groups: tuple[RuleGroup, ...] = ()
    policies: str | None = "Disabled"
    peering: str = "Connected"
    choice: Choice | None = None
    cloud: CloudNames = field(default_factory=lambda: CloudNames("AzureCloud", "azurecr.io", ()))
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overrides: dict[str, Fact[Any]] = field(default_factory=dict)
    subnet: dict[str, Any] = field(default_factory=dict)
    spoke: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    firewall: dict[str, Any] = field(default_factory=dict)
    hosts: tuple[HostPath, ...] | None = None

    def path(self, subnet: str = NODES, pools: tuple[str, ...] = ("sys", "usr")) -> NodePath:
        private = self.way in (Way.PRIVATE, Way.UNINTENDED)
        login = HostPath(LOGIN, HostRole.LOGIN, None, Answer.PUBLIC)
        hosts: tuple[HostPath, ...] = (login,)
        if private:
            hosts = (
                HostPath(LOGIN, HostRole.LOGIN, None, Answer.PRIVATE, ("10.0.2.5",), ("10.0.2.5",)),
                HostPath(DATA, HostRole.DATA, "westeurope", Answer.PRIVATE, ("10.0.2.4",), ("10.0.2.4",)),
            )
        return NodePath(
            NodeSubnet(subnet, SPOKE, pools),
            self.way,
            self.hosts if self.hosts is not None else hosts,
            endpoint_id=ENDPOINT if private else None,
        )

    def facts(self, cluster: Cluster, registry: Registry, choice: Choice) -> dict[str, Any]:
        subnet = {"route_table_id": TABLE if self.routes else None} | self.subnet
        spoke = VirtualNetwork(
            SPOKE,
            "vnet-spoke",
            "rg-net",
            SUB,
            "westeurope",
            ("10.10.0.0/16",),
            subnets=(
                Subnet(NODES, "snet-nodes", ("10.10.0.0/22",), **subnet),
                Subnet(USER, "snet-usr", ("10.10.8.0/24",)),
            ),
            peerings=(Peering("p", "to-hub", HUB, self.peering, remote_prefixes=("10.0.0.0/16",)),),
        )
        hub = VirtualNetwork(
            HUB,
            "vnet-hub",
            "rg-net",
            SUB,
            "westeurope",
            ("10.0.0.0/16",),
            subnets=(Subnet(f"{HUB}/subnets/snet-pe", "snet-pe", ("10.0.2.0/24",), endpoint_policies=self.policies),),
        )
        endpoint = PrivateEndpoint(
            ENDPOINT,
            "pe-contosoreg",
            "rg-net",
            SUB,
            "westeurope",
            f"{HUB}/subnets/snet-pe",
            HUB,
            "Approved",
            Known((EndpointAddress("10.0.2.5", (LOGIN,)), EndpointAddress("10.0.2.4", (DATA,)))),
        )
        policy = FirewallPolicy(**{**self._policy(), **self.policy})
        firewall = Firewall(
            **{
                "id": FIREWALL,
                "name": "afw-hub",
                "resource_group": "rg-net",
                "subscription_id": SUB,
                "location": "westeurope",
                "private_addresses": (FIREWALL_ADDRESS,),
                "public_addresses": Known(("20.50.2.20",)),
                "policy": Known(policy),
                "network_id": HUB,
                **self.firewall,
            }
        )
        table = RouteTable(TABLE, "rt-spoke", "rg-net", SUB, self.routes, self.gateway_routes)
        return {
            "choice": self.choice or choice,
            "cloud": self.cloud,
            "cluster": cluster,
            "registry": registry,
            "node_paths": (self.path(),),
            "networks": items({SPOKE: _with(spoke, self.spoke), HUB: hub}),
            "route_tables": items({TABLE: table}),
            "private_endpoints": items({ENDPOINT: endpoint}),
            "next_hops": items(
                {FIREWALL_ADDRESS: NextHop(FIREWALL_ADDRESS, HopKind.FIREWALL, FIREWALL, network_id=HUB)}
            ),
            "firewalls": items({FIREWALL: firewall}),
            "service_tags": Known(self.tags),
            **self.overrides,
        }

    def _policy(self) -> dict[str, Any]:
        return {
            "id": POLICY,
            "name": "afwp-hub",
            "resource_group": "rg-net",
            "subscription_id": SUB,
            "groups": self.groups,
        }

    def routed(self, cluster: Cluster, registry: Registry, choice: Choice) -> Verdict:
        return route_table.evaluate(**self.facts(cluster, registry, choice))

    def filtered(self, cluster: Cluster, registry: Registry, choice: Choice) -> Verdict:
        return firewall_rules.evaluate(**self.facts(cluster, registry, choice))


def _with(network: VirtualNetwork, changes: Mapping[str, Any]) -> VirtualNetwork:
    from dataclasses import replace

    return replace(network, **changes)
