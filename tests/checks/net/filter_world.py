"""Nodes in a spoke, the registry's endpoint in a hub, security groups on both, as facts; tests change one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.checks.check import Check
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import EndpointAddress, PrivateEndpoint
from core.facts.fact import Denied, Known, Missing, NotKnown, Unavailable
from core.facts.filtering import AdminRule, SecurityGroup, SecurityRule
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Peering, ScaleSet, Subnet, VirtualNetwork
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.facts.routing import Route, RouteTable
from core.model import FixRef, Status, Verdict

SUB, HUB_SUB = "22222222-2222-2222-2222-222222222222", "33333333-3333-3333-3333-333333333333"
NET = f"/subscriptions/{SUB}/resourceGroups/rg-app/providers/Microsoft.Network"
HUB_NET = f"/subscriptions/{HUB_SUB}/resourceGroups/rg-hub/providers/Microsoft.Network"
SPOKE, HUB = f"{NET}/virtualNetworks/vnet-spoke", f"{HUB_NET}/virtualNetworks/vnet-hub"
NODES, PLACE = f"{SPOKE}/subnets/snet-nodes", f"{HUB}/subnets/snet-pe"
TABLE, ENDPOINT = f"{NET}/routeTables/rt-spoke", f"{HUB_NET}/privateEndpoints/pe-contosoreg"
NSG, NIC_NSG = f"{NET}/networkSecurityGroups/nsg-nodes", f"{NET}/networkSecurityGroups/aks-agentpool-nsg"
PE_NSG = f"{HUB_NET}/networkSecurityGroups/nsg-pe"
ASG = f"{NET}/applicationSecurityGroups/asg-nodes"
LOGIN, DATA = "contosoreg.azurecr.io", "contosoreg.westeurope.data.azurecr.io"
MANAGER = f"{HUB_NET}/networkManagers/avnm-contoso/securityAdminConfigurations/baseline"

OUTCOMES = (Known, Denied, Missing, Unavailable)
_DEFAULTS = (
    ("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
    ("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
)


def rule(
    name: str = "DenyIt",
    priority: int = 200,
    access: str = "Deny",
    destination: str = "*",
    source: str = "*",
    direction: str = "Outbound",
    ports: tuple[str, ...] = ("*",),
    protocol: str = "*",
    **more: Any,
) -> SecurityRule:
    made = SecurityRule(name, priority, direction, access, protocol, (source,), (destination,), ports)
    return replace(made, **more)


def group(id_: str, *rules: SecurityRule) -> SecurityGroup:
    defaults = (
        SecurityRule(name, priority, direction, access, "*", (source,), (destination,), ("*",), default=True)
        for name, priority, direction, access, source, destination in _DEFAULTS
    )
    parts = id_.split("/")
    return SecurityGroup(id_, parts[-1], parts[4], parts[2], (*rules, *defaults))


def admin(access: str, name: str = "from-above", **more: Any) -> AdminRule:
    return AdminRule(rule(name, 50, access, **more), MANAGER, "avnm-contoso")


def half(remote: str, state: str = "Connected", **more: Any) -> Peering:
    own, prefix = (SPOKE, "10.0.0.0/16") if remote == HUB else (HUB, "10.10.0.0/16")
    name = "spoke-to-hub" if remote == HUB else "hub-to-spoke"
    made = Peering(
        f"{own}/virtualNetworkPeerings/{name}", name, remote, state, "FullyInSync", True, True, False, (prefix,)
    )
    return replace(made, **more)


PRIVATE_HOSTS = (
    HostPath(LOGIN, HostRole.LOGIN, None, Answer.PRIVATE, ("10.0.2.5",), ("10.0.2.5",)),
    HostPath(DATA, HostRole.DATA, "westeurope", Answer.PRIVATE, ("10.0.2.4",), ("10.0.2.4",)),
)
PUBLIC_HOSTS = (HostPath(LOGIN, HostRole.LOGIN, None, Answer.PUBLIC),)


def items(facts: Mapping[str, Any]) -> Items[Any]:
    """Things by id; what is no outcome yet is known."""
    outcomes = {key.lower(): value if isinstance(value, OUTCOMES) else Known(value) for key, value in facts.items()}
    return Items(outcomes)


@dataclass
class FilterWorld:
    """Facts in the shape that the checks of peerings and rules take."""

    way: Way = Way.PRIVATE
    hosts: tuple[HostPath, ...] | None = None
    endpoint: bool | None = None
    paths: tuple[NodePath, ...] | None = None
    near: tuple[Peering, ...] = field(default_factory=lambda: (half(HUB),))
    far: tuple[Peering, ...] = field(default_factory=lambda: (half(SPOKE),))
    node_rules: tuple[SecurityRule, ...] | None = None
    nic_rules: tuple[SecurityRule, ...] | None = None
    endpoint_rules: tuple[SecurityRule, ...] | None = None
    policies: str | None = "Disabled"
    admin_rules: tuple[AdminRule, ...] = ()
    endpoint_admin_rules: tuple[AdminRule, ...] = ()
    application_groups: tuple[str, ...] = ()
    interfaces_unread: NotKnown | None = None
    endpoint_groups: tuple[str, ...] = ()
    dns_servers: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    node_prefixes: tuple[str, ...] = ("10.10.0.0/22",)
    networks: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    overrides: dict[str, Any] = field(default_factory=dict)

    def path(self) -> NodePath:
        meant = self.way in (Way.PRIVATE, Way.UNINTENDED) if self.endpoint is None else self.endpoint
        hosts = self.hosts or (PRIVATE_HOSTS if meant else PUBLIC_HOSTS)
        where = NodeSubnet(NODES, SPOKE, ("sys", "usr"))
        return NodePath(where, self.way, hosts, endpoint_id=ENDPOINT if meant else None, private_meant=meant)

    def facts(self, cluster: Cluster, registry: Registry, choice: Choice) -> dict[str, Any]:
        """Give every fact that one of the checks may ask for, those of `overrides` in place of the usual ones."""
        nodes = Subnet(
            NODES,
            "snet-nodes",
            self.node_prefixes,
            NSG if self.node_rules is not None else None,
            TABLE if self.routes else None,
        )
        place = Subnet(
            PLACE,
            "snet-pe",
            ("10.0.2.0/24",),
            PE_NSG if self.endpoint_rules is not None else None,
            endpoint_policies=self.policies,
        )
        spoke = VirtualNetwork(
            SPOKE, "vnet-spoke", "rg-app", SUB, "westeurope", ("10.10.0.0/16",), self.dns_servers, (nodes,), self.near
        )
        hub = VirtualNetwork(
            HUB, "vnet-hub", "rg-hub", HUB_SUB, "westeurope", ("10.0.0.0/16",), (), (place,), self.far
        )
        addresses = tuple(EndpointAddress(host.expected[0], (host.host,)) for host in PRIVATE_HOSTS)
        endpoint = PrivateEndpoint(
            ENDPOINT,
            "pe-contosoreg",
            "rg-hub",
            HUB_SUB,
            "westeurope",
            PLACE,
            HUB,
            "Approved",
            Known(addresses),
            application_group_ids=self.endpoint_groups,
        )
        rules = {NSG: self.node_rules, NIC_NSG: self.nic_rules, PE_NSG: self.endpoint_rules}
        groups = {id_: group(id_, *own) for id_, own in rules.items() if own is not None}
        nics = (NIC_NSG,) if self.nic_rules is not None else ()
        machines = tuple(
            ScaleSet(
                pool,
                f"aks-{pool}",
                (),
                stand_alone=self.interfaces_unread is not None,
                interfaces_unread=self.interfaces_unread,
                security_group_ids=nics,
                application_group_ids=self.application_groups,
            )
            for pool in ("sys", "usr")
        )
        table = RouteTable(TABLE, "rt-spoke", "rg-app", SUB, self.routes)
        usual: dict[str, Any] = {
            "choice": choice,
            "cloud": CloudNames("AzureCloud", "azurecr.io", ()),
            "cluster": cluster,
            "registry": registry,
            "node_paths": self.paths if self.paths is not None else (self.path(),),
            "networks": items({SPOKE: spoke, HUB: hub} | self.networks),
            "private_endpoints": items({ENDPOINT: endpoint}),
            "security_groups": items(groups | self.groups),
            "admin_rules": items({SPOKE: self.admin_rules, HUB: self.endpoint_admin_rules}),
            "scale_sets": Known(machines),
            "route_tables": Known(items({TABLE: table} if self.routes else {})),
            "service_tags": Known(self.tags),
        }
        return usual | self.overrides

    def judge(self, check: Check, cluster: Cluster, registry: Registry, choice: Choice) -> Verdict:
        """Ask a check; facts that it takes as outcomes are handed over as such."""
        facts = self.facts(cluster, registry, choice)
        given = {}
        for need in check.needs:
            value = facts[need.fact]
            outcome = isinstance(value, OUTCOMES)
            given[need.fact] = Known(value) if need.raw and not outcome else value
        return check.evaluate(**given)


def said(verdict: Verdict) -> tuple[Status, str]:
    return verdict.status, verdict.reason


def rows(verdict: Verdict) -> list[dict[str, str]]:
    return [dict(row) for row in verdict.fixes[0].each]


def opened(rules: tuple[SecurityRule, ...], fix: FixRef, nsg: str, direction: str) -> tuple[SecurityRule, ...]:
    """The rules of a group after the commands of a fix were carried out."""
    found = {one.name: one for one in rules}
    for row in fix.each:
        if row["nsg_name"] != nsg:
            continue
        if fix.key == "open-nsg-moving-rule":
            found[row["moved_rule"]] = replace(found[row["moved_rule"]], priority=int(row["moved_to"]))
        assert row["rule_name"] not in found
        assert int(row["priority"]) not in {one.priority for one in found.values() if one.direction == direction}
        found[row["rule_name"]] = SecurityRule(
            row["rule_name"],
            int(row["priority"]),
            direction,
            "Allow",
            row["protocol"],
            tuple(row["sources"].split(",")),
            tuple(row["destinations"].split(",")),
            (row["port"],),
        )
    return tuple(found.values())
