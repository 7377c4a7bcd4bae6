"""Every way that packets of the nodes take for a pull: from which subnet, to what, and over which next hop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from core.checks.network.ways import going, subnet_name
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known, Missing, NotKnown
from core.facts.items import Items
from core.facts.networks import Subnet, VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.routing import NextHop, RouteTable
from core.model import Symptom
from core.network.addresses import is_private, parse_address
from core.network.dns_servers import AZURE_DNS
from core.network.next_hop import EndpointPlace, Hop, HopType, place_of, to_address, to_endpoint, to_public
from core.network.no_proxy import takes_proxy
from core.network.paths import subnet_of
from core.network.targets import PRIVATE_WAYS, PUBLIC_WAYS, Serves, Target, name_server, targets

T = TypeVar("T")

_PLATFORM = Hop(HopType.LOCAL, f"{AZURE_DNS}/32")
"""The way to Azure's own DNS, which no route takes away.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Packets from one node subnet to one target, or to one address of it.

    `prefixes` are those of the subnet that packets to this target come from: to IPv4 addresses, which public hosts
    are taken to have, only IPv4 ones.
    `hops` holds more than one next hop where it takes more to tell which. `why` says why none is known.
    """

    path: NodePath
    prefixes: tuple[str, ...]
    target: Target
    address: str | None = None
    table: RouteTable | None = None
    subnet: Subnet | None = None
    network: VirtualNetwork | None = None
    hops: tuple[Hop, ...] = ()
    why: NotKnown | None = None

    @property
    def flow(self) -> str:
        """The packets in words: from where, to what, over which port."""
        source = ", ".join(self.prefixes) or subnet_name(self.path.where.subnet_id)
        aim = self.target.host if self.address in (None, self.target.host) else f"{self.target.host} ({self.address})"
        return f"{source} -> {aim} | {self.target.protocol} {self.target.port}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What decides over the ways of the nodes' packets, each part as it could be read."""

    choice: Choice
    cloud: CloudNames
    cluster: Cluster
    registry: Registry
    paths: tuple[NodePath, ...]
    networks: Fact[Items[VirtualNetwork]]
    tables: Fact[Items[RouteTable]]
    endpoints: Fact[Items[PrivateEndpoint]]
    tags: Fact[Mapping[str, tuple[str, ...]]]

    @property
    def known_tags(self) -> Mapping[str, tuple[str, ...]]:
        """The service tags, as far as they were read."""
        return self.tags.value if isinstance(self.tags, Known) else {}

    def stretches(self) -> tuple[Stretch, ...]:
        """Give every way that a pull takes; nothing for nodes that have no way, or that leave it to a web proxy."""
        paths = going(self.paths, *PRIVATE_WAYS, *PUBLIC_WAYS)
        return tuple(stretch for path in paths for stretch in self._of(path))

    def lookups(self) -> tuple[Stretch, ...]:
        """Give the ways to the DNS servers of the nodes' networks, where these are servers of their own."""
        return tuple(stretch for path in self.paths if path.custom_dns for stretch in self._lookups(path))

    def _lookups(self, path: NodePath) -> Iterator[Stretch]:
        network = item(self.networks, path.where.network_id)
        subnet = subnet_of(network, path.where.subnet_id)
        if not isinstance(network, Known) or not isinstance(subnet, Known):
            return
        table: Fact[RouteTable | None] = Known(None)
        if subnet.value.route_table_id:
            table = item(self.tables, subnet.value.route_table_id)
        if not isinstance(table, Known):
            return
        for address in network.value.dns_servers:
            base = Stretch(
                path, subnet.value.prefixes, name_server(address), subnet=subnet.value, network=network.value
            )
            hops = to_address(address, table.value, network.value)
            yield _but(base, table.value, (_PLATFORM,) if address == AZURE_DNS else hops, address)

    def _of(self, path: NodePath) -> Iterator[Stretch]:
        wanted = targets(path, self.cluster, self.registry, self.cloud, text_of(self.choice.symptom))
        wanted = tuple(target for target in wanted if not self._proxied(target))
        network = item(self.networks, path.where.network_id)
        subnet = subnet_of(network, path.where.subnet_id)
        if path.way in PRIVATE_WAYS and path.endpoint_id and not any(target.addresses for target in wanted):
            login = Target(path.login.host, Serves.LOGIN)
            if not self._proxied(login):
                wanted = (login, *wanted)
        for target in wanted:
            if not isinstance(network, Known) or not isinstance(subnet, Known):
                why = subnet if not isinstance(subnet, Known) else None
                yield Stretch(path, (), target, why=why)
                continue
            table: Fact[RouteTable | None] = Known(None)
            if subnet.value.route_table_id:
                table = item(self.tables, subnet.value.route_table_id)
            base = Stretch(path, subnet.value.prefixes, target, subnet=subnet.value, network=network.value)
            yield from self._routed(base, network.value, subnet.value, table)

    def _routed(
        self, base: Stretch, network: VirtualNetwork, subnet: Subnet, table: Fact[RouteTable | None]
    ) -> Iterator[Stretch]:
        target, path = base.target, base.path
        if not isinstance(table, Known):
            yield _but(base, why=table)
            return
        private = path.way in PRIVATE_WAYS and target.serves is not Serves.TOKENS
        if not private:
            address = told_address(self.choice.symptom, target)
            yield _but(base, table.value, to_public(target, table.value, subnet, self.known_tags, address))
            return
        if table.value is None or not table.value.routes:
            for own in target.addresses or (None,):
                yield _but(base, table.value, (Hop(HopType.ENDPOINT, own or ""),), own)
            return
        if path.endpoint_id is None:
            for own in target.addresses:
                yield _but(base, table.value, to_address(own, table.value, network), own)
            return
        endpoint = item(self.endpoints, path.endpoint_id)
        if not isinstance(endpoint, Known):
            yield _but(base, table.value, why=endpoint)
            return
        if not target.addresses:
            told = endpoint.value.addresses
            yield _but(base, table.value, why=Missing(target.host) if isinstance(told, Known) else told)
            return
        place = self._place(endpoint.value)
        for own in target.addresses:
            yield _but(base, table.value, to_endpoint(own, table.value, network, place), own)

    def _place(self, endpoint: PrivateEndpoint) -> EndpointPlace:
        network = item(self.networks, endpoint.network_id)
        known = network.value if isinstance(network, Known) else None
        return place_of(endpoint.subnet_id, endpoint.network_id, known)

    def _proxied(self, target: Target) -> bool:
        return takes_proxy(self.cluster.http_proxy, target.host)


def item(facts: Fact[Items[T]], key: str) -> Fact[T]:
    """Give one of several things, or why none of them was read."""
    return facts.value.get(key) if isinstance(facts, Known) else facts


def next_hop(hop: Hop, next_hops: Fact[Items[NextHop]]) -> Fact[NextHop]:
    """Give who has the address of a route's appliance."""
    return item(next_hops, hop.address or "")


def text_of(symptom: Symptom | None) -> str:
    """Give everything that was kept of a pasted text."""
    return " ".join((symptom.excerpt, *(other.excerpt for other in symptom.others))) if symptom else ""


def told_address(symptom: Symptom | None, target: Target) -> str | None:
    """Give the public address that the pasted text tells for a target; `FW_IP` tells the nodes' own."""
    if symptom is None or symptom.address is None or symptom.kind == "FW_IP":
        return None
    meant = Serves.LAYERS if symptom.kind.startswith("BLOB") else Serves.LOGIN
    if target.serves is not meant or parse_address(symptom.address) is None or is_private(symptom.address):
        return None
    return symptom.address.strip("[]")


def _but(
    base: Stretch,
    table: RouteTable | None = None,
    hops: tuple[Hop, ...] = (),
    address: str | None = None,
    why: NotKnown | None = None,
) -> Stretch:
    six = address is not None and ":" in address
    prefixes = tuple(prefix for prefix in base.prefixes if (":" in prefix) == six)
    return replace(base, prefixes=prefixes, address=address, table=table, hops=hops, why=why)
