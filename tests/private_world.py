"""Hand-made facts of a healthy private registry: nodes in a spoke, endpoint and zone in the hub that it peers with.

Tests change what they need and ask a check, or the paths that follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from core.checks.check import Check
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import AgentPool, Cluster, KubeletIdentity
from core.facts.egress import Egress, EgressKind
from core.facts.endpoints import EndpointAddress, EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Denied, Fact, Known, Missing
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import NodeSubnet, Peering, Subnet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.private_dns import DnsServer, PrivateZone, PrivateZones, ZoneLink
from core.facts.registry import Registry, RegistryExtras, Replica
from core.facts.resource_id import ResourceId
from core.facts.routing import RouteTable
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Symptom, Verdict
from core.network.paths import Surroundings, node_paths

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When it is in this world."""

SUB = "11111111-1111-1111-1111-111111111111"
LOGIN = "contosoreg.azurecr.io"
DATA = "contosoreg.westeurope.data.azurecr.io"
ZONE = "privatelink.azurecr.io"


def network_id(name: str, group: str = "rg-net") -> str:
    """The id of a virtual network."""
    return f"/subscriptions/{SUB}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}"


def endpoint_id(name: str, group: str = "rg-hub") -> str:
    """The id of a private endpoint."""
    return f"/subscriptions/{SUB}/resourceGroups/{group}/providers/Microsoft.Network/privateEndpoints/{name}"


def zone_id(name: str = ZONE, group: str = "rg-hub") -> str:
    """The id of a private DNS zone."""
    return f"/subscriptions/{SUB}/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/{name}"


REGISTRY_ID = (
    f"/subscriptions/{SUB}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
)
SPOKE = network_id("vnet-spoke")
HUB = network_id("vnet-hub", "rg-hub")
ENDPOINT = endpoint_id("pe-contosoreg")
REFUSED = Denied("Microsoft.Network/something/read", f"/subscriptions/{SUB}/resourceGroups/rg-hub")


def network(
    id_: str, *prefixes: str, peers: Mapping[str, str] | None = None, dns: tuple[str, ...] = ()
) -> VirtualNetwork:
    """A network with one subnet of each use; `peers` are remote networks and the state of this half."""
    parts = id_.split("/")
    names = ("snet-nodes", "snet-pe")
    return VirtualNetwork(
        id=id_,
        name=parts[-1],
        resource_group=parts[4],
        subscription_id=SUB,
        location="westeurope",
        prefixes=prefixes,
        dns_servers=dns,
        subnets=tuple(Subnet(f"{id_}/subnets/{name}", name, prefixes) for name in names),
        peerings=tuple(
            Peering(f"{id_}/virtualNetworkPeerings/to-{remote.rpartition('/')[2]}", "peering", remote, state)
            for remote, state in (peers or {}).items()
        ),
    )


def endpoint(
    id_: str = ENDPOINT, where: str = HUB, addresses: Mapping[str, str] | None = None, status: str = "Approved"
) -> PrivateEndpoint:
    """An endpoint; `addresses` are by host name."""
    hosts = {LOGIN: "10.0.2.5", DATA: "10.0.2.4"} if addresses is None else addresses
    parts = id_.split("/")
    return PrivateEndpoint(
        id=id_,
        name=parts[-1],
        resource_group=parts[4],
        subscription_id=SUB,
        location="westeurope",
        subnet_id=f"{where}/subnets/snet-pe",
        network_id=where,
        status=status,
        addresses=Known(tuple(EndpointAddress(address, (host,), _member(host)) for host, address in hosts.items())),
        provisioning_state="Succeeded",
    )


def _member(host: str) -> str:
    return f"registry_data_{host.split('.')[1]}" if ".data." in host else "registry"


def connection(id_: str | None = ENDPOINT, status: str = "Approved") -> EndpointConnection:
    """The registry's side of an endpoint."""
    name = f"{(id_ or 'unknown').rpartition('/')[2]}-conn"
    return EndpointConnection(f"{REGISTRY_ID}/privateEndpointConnections/{name}", name, status, id_)


def zone(
    id_: str = "",
    links: Mapping[str, str] | None = None,
    records: Mapping[str, tuple[str, ...]] | None = None,
    falls_back: bool = False,
) -> PrivateZone:
    """A zone; `links` are the states of links by network, `records` the addresses by record name."""
    id_ = id_ or zone_id()
    found: dict[str, Fact[tuple[str, ...]]] = {
        name: Missing(name) for name in ("contosoreg", "contosoreg.westeurope.data")
    }
    wanted = (
        {"contosoreg": ("10.0.2.5",), "contosoreg.westeurope.data": ("10.0.2.4",)} if records is None else records
    )
    found |= {name: Known(addresses) for name, addresses in wanted.items()}
    linked = {SPOKE: "Completed", HUB: "Completed"} if links is None else links
    parts = id_.split("/")
    return PrivateZone(
        id=id_,
        name=parts[-1],
        resource_group=parts[4],
        subscription_id=SUB,
        links=Known(
            tuple(
                ZoneLink(
                    f"{id_}/virtualNetworkLinks/to-{remote.rpartition('/')[2]}",
                    f"to-{remote.rpartition('/')[2]}",
                    remote,
                    state,
                    falls_back,
                )
                for remote, state in linked.items()
            )
        ),
        records=found,
    )


def seeing(*subscription_ids: str) -> Subscriptions:
    """Whoever sees these subscriptions."""
    return Subscriptions({id_: Subscription(id_, "sub", "Enabled", None) for id_ in subscription_ids})


@dataclass
class PrivateWorld:
    """Facts by what they are about; every part may be replaced by an outcome that says why it is not known."""

    registry: Registry = field(
        default_factory=lambda: Registry(
            id=REGISTRY_ID,
            name="contosoreg",
            resource_group="rg-reg",
            subscription_id=SUB,
            location="westeurope",
            sku="Premium",
            login_server=LOGIN,
            provisioning_state="Succeeded",
            status_message=None,
            created_on=None,
            abac=False,
            arm_audience_enabled=True,
            anonymous_pull_enabled=False,
            public_access=False,
        )
    )
    subnets: list[NodeSubnet] = field(
        default_factory=lambda: [NodeSubnet(f"{SPOKE}/subnets/snet-nodes", SPOKE, ("sys", "usr"))]
    )
    networks: dict[str, Fact[VirtualNetwork]] = field(
        default_factory=lambda: {
            SPOKE.lower(): Known(network(SPOKE, "10.10.0.0/16", peers={HUB: "Connected"})),
            HUB.lower(): Known(network(HUB, "10.0.0.0/16", peers={SPOKE: "Connected"})),
        }
    )
    connections: Fact[tuple[EndpointConnection, ...]] = field(default_factory=lambda: Known((connection(),)))
    endpoints: dict[str, Fact[PrivateEndpoint]] = field(default_factory=lambda: {ENDPOINT.lower(): Known(endpoint())})
    zone_groups: dict[str, Fact[tuple[ZoneConfig, ...]]] = field(
        default_factory=lambda: {ENDPOINT.lower(): Known((ZoneConfig("privatelink-azurecr-io", zone_id()),))}
    )
    zones: Fact[PrivateZones] = field(default_factory=lambda: Known(PrivateZones((zone(),))))
    dns_servers: dict[str, Fact[DnsServer]] = field(default_factory=dict)
    network_changes: Fact[Items[datetime | None]] = field(default_factory=lambda: Known(Items()))
    firewalls: dict[str, Fact[Firewall]] = field(default_factory=dict)
    route_tables: dict[str, Fact[RouteTable]] = field(default_factory=dict)
    egress: dict[str, Fact[Egress]] = field(
        default_factory=lambda: {
            f"{SPOKE}/subnets/snet-nodes".lower(): Known(Egress(EgressKind.LOAD_BALANCER, ("20.50.1.10/32",)))
        }
    )
    extras: Fact[RegistryExtras] = field(default_factory=lambda: Known(RegistryExtras((), None, None)))
    replications: Fact[tuple[Replica, ...]] = field(default_factory=lambda: Known(()))

    symptom: Symptom | None = None
    subscriptions: Fact[Subscriptions] = field(default_factory=lambda: Known(seeing(SUB)))

    def set_registry(self, **changes: Any) -> None:
        """Change properties of the registry."""
        self.registry = replace(self.registry, **changes)

    def set_network(self, id_: str, **changes: Any) -> None:
        """Change properties of a network that is known."""
        fact = self.networks[id_.lower()]
        assert isinstance(fact, Known)
        self.networks[id_.lower()] = Known(replace(fact.value, **changes))

    def set_zones(self, *zones: PrivateZone, hidden: Mapping[str, Fact[PrivateZone]] | None = None) -> None:
        """Put these zones in the place of all others."""
        self.zones = Known(PrivateZones(zones, hidden or {}))

    def add_endpoint(self, one: PrivateEndpoint, status: str = "Approved") -> None:
        """Add an endpoint, its connection, and no zone group."""
        assert isinstance(self.connections, Known)
        self.connections = Known((*self.connections.value, connection(one.id, status)))
        self.endpoints[one.id.lower()] = Known(one)
        self.zone_groups[one.id.lower()] = Known(())

    def paths(self) -> tuple[NodePath, ...]:
        """The ways of all node subnets."""
        around = Surroundings(
            registry=self.registry,
            networks=Known(Items(self.networks)),
            connections=self.connections,
            endpoints=Known(Items(self.endpoints)),
            zone_groups=Known(Items(self.zone_groups)),
            zones=self.zones,
            dns_servers=Known(Items(self.dns_servers)),
            firewalls=Known(Items(self.firewalls)),
            route_tables=Known(Items(self.route_tables)),
            egress=Known(Items(self.egress)),
            extras=self.extras,
            replications=self.replications,
        )
        return node_paths(around, self.subnets)

    def path(self) -> NodePath:
        """The way of the only node subnet."""
        (path,) = self.paths()
        return path

    def judge(self, check: Check) -> Verdict:
        """Ask a check, as the engine would."""
        facts: dict[str, Fact[Any]] = {
            "choice": Known(
                Choice(ResourceId.parse(CLUSTER.id), ResourceId.parse(REGISTRY_ID), symptom=self.symptom)
            ),
            "cluster": Known(CLUSTER),
            "cloud": Known(CloudNames("AzureCloud", "azurecr.io", ())),
            "registry": Known(self.registry),
            "node_subnets": Known(tuple(self.subnets)),
            "networks": Known(Items(self.networks)),
            "endpoint_connections": self.connections,
            "private_endpoints": Known(Items(self.endpoints)),
            "zone_groups": Known(Items(self.zone_groups)),
            "private_zones": self.zones,
            "dns_servers": Known(Items(self.dns_servers)),
            "firewalls": Known(Items(self.firewalls)),
            "node_paths": Known(self.paths()),
            "replications": self.replications,
            "subscriptions": self.subscriptions,
            "now": Known(NOW),
            "network_changes": self.network_changes,
            "scale_sets": Known(()),
        }
        arguments: dict[str, Any] = {}
        for need in check.needs:
            outcome = facts[need.fact]
            if not need.raw:
                assert isinstance(outcome, Known), f"{need.fact} is not known, and {check.id} wants it plain"
                outcome = outcome.value
            arguments[need.fact] = outcome
        return check.evaluate(**arguments)


CLUSTER = Cluster(
    id=f"/subscriptions/{SUB}/resourcegroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app",
    name="aks-app",
    resource_group="rg-app",
    subscription_id=SUB,
    location="westeurope",
    power_state="Running",
    provisioning_state="Succeeded",
    provisioning_error=None,
    kubernetes_version="1.33.2",
    node_resource_group="MC_rg-app_aks-app_westeurope",
    node_resource_group_restriction=None,
    tenant_id=None,
    control_plane_identities=(),
    kubelet_identity=KubeletIdentity("object-1", "client-1", None),
    service_principal_client_id=None,
    addon_identities=(),
    agent_pools=(AgentPool("sys", "VirtualMachineScaleSets", "System"),),
)
