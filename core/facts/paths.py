"""How the nodes of each subnet come to the registry: what its names resolve to there, and what follows from that.

Worked out of other facts, by `core.network.paths`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.facts.fact import NotKnown
from core.facts.networks import NodeSubnet
from core.facts.private_dns import ServerKind


class Answer(StrEnum):
    """What a name resolves to for the nodes of a subnet."""

    PRIVATE = "private"
    PUBLIC = "public"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Way(StrEnum):
    """How nodes come to the registry.

    `PRIVATE`: through an endpoint, as intended. `UNINTENDED`: an endpoint is there or public access is off, but the
    login server resolves to its public address (or to none) and the registry refuses it there. `PUBLIC`: over the
    internet, and nothing says that it should be otherwise. `SERVICE_ENDPOINT`: over a service endpoint. `NONE`:
    public access is off and no endpoint was ever made or approved. `UNKNOWN`: what it takes to tell could not be
    read.
    """

    PRIVATE = "private"
    UNINTENDED = "public-unintended"
    PUBLIC = "public"
    SERVICE_ENDPOINT = "service-endpoint"
    NONE = "none"
    UNKNOWN = "unknown"


class HostRole(StrEnum):
    """What a host name of the registry serves."""

    LOGIN = "login"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one DNS server answers for one host name.

    `server` is its address, None for Azure's own DNS; `network_id` the virtual network whose zone links count for it.
    `zone_id` and `zone_name` are the linked zone that decides, also where it has no record and the question goes on
    to the public DNS (a link that falls back). `why` is set for `UNKNOWN`.
    """

    answer: Answer
    kind: ServerKind = ServerKind.AZURE
    server: str | None = None
    network_id: str | None = None
    addresses: tuple[str, ...] = ()
    zone_id: str | None = None
    zone_name: str | None = None
    why: NotKnown | None = None


@dataclass(frozen=True, slots=True)
class HostPath:
    """One host name of the registry, seen from one subnet.

    `expected` are the addresses of the intended endpoint for this host (empty without one), `addresses` what the name
    resolves to where that is private. `zone_id` and `zone_name` name the zone that answers (or that hides the public
    answer, for `NOTHING`); None where the answer is the public one. `why` says why the answer is not known. `lookups`
    are the answers of the single DNS servers that nodes ask; the worst of them is `answer`.
    """

    host: str
    role: HostRole
    region: str | None
    answer: Answer
    expected: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    zone_id: str | None = None
    zone_name: str | None = None
    why: NotKnown | None = None
    lookups: tuple[Lookup, ...] = ()


@dataclass(frozen=True, slots=True)
class NodePath:
    """The way of one node subnet.

    `endpoint_id` is the endpoint that these nodes are meant to use: what the names lead to if it is in reach, or one
    in their own network before one in a directly peered network before any other. `private_meant` says that public
    access is off, or that an endpoint is near: in the nodes' network, in one that it peers with, or behind a hub that
    both share.
    `public_accepts` is whether the registry takes these nodes on its public address (None: not known; False also
    where they have no way to the internet). `why` is set for `UNKNOWN`, and where `public_accepts` is not known.
    `in_reach` are all approved endpoints that peerings and routes lead these nodes to. `waits` says that the endpoint
    is not approved yet; where public access is off, `hosts` are then as they will be once it is.
    `regions` are those that the login server's name may lead to, empty where nobody has looked.
    """

    where: NodeSubnet
    way: Way
    hosts: tuple[HostPath, ...]
    custom_dns: bool = False
    endpoint_id: str | None = None
    private_meant: bool = False
    public_accepts: bool | None = None
    why: NotKnown | None = None
    in_reach: tuple[str, ...] = ()
    waits: bool = False
    regions: tuple[str, ...] = ()

    @property
    def login(self) -> HostPath:
        """The login server's own path."""
        return next(host for host in self.hosts if host.role is HostRole.LOGIN)
