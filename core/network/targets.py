"""What nodes have to reach for a pull: the login server, the place of the layers, and where tokens come from.

https://learn.microsoft.com/azure/container-registry/container-registry-firewall-rules
https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.network.host_names import region_key, region_of_host

PRIVATE_WAYS = (Way.PRIVATE, Way.UNINTENDED)
PUBLIC_WAYS = (Way.PUBLIC, Way.SERVICE_ENDPOINT)


class Serves(StrEnum):
    """What a target is needed for."""

    LOGIN = "login"
    LAYERS = "layers"
    TOKENS = "tokens"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Target:
    """A host that nodes reach, over TCP 443 unless it is a DNS server.

    `host` begins with "*." where any name of a family may be used; `named` is the one of them that the pasted text
    holds. `addresses` are those of the private endpoint, empty for a public host, whose addresses nobody tells.
    `region` is where it stands, None where that is not one region. A `spare` one serves another region than the
    cluster's, which has one of its own.
    """

    host: str
    serves: Serves
    region: str | None = None
    addresses: tuple[str, ...] = ()
    named: str | None = None
    spare: bool = False
    protocol: str = "TCP"
    port: int = 443

    @property
    def stored(self) -> bool:
        """Whether these are layers in a storage account of the registry, not behind a data endpoint."""
        return self.serves is Serves.LAYERS and self.host.startswith("*.")


def targets(path: NodePath, cluster: Cluster, registry: Registry, cloud: CloudNames, text: str) -> tuple[Target, ...]:
    """Give everything that the nodes of a path need for a pull; `text` is the error as it was pasted.

    Nothing where no way is there or none is known. A private host without an address that is known is left out.
    """
    if path.way in PRIVATE_WAYS:
        found = [_target(host, _addresses(host), path, registry) for host in path.hosts if _addresses(host)]
    elif path.way in PUBLIC_WAYS:
        dedicated = registry.data_endpoint_enabled or bool(registry.data_endpoint_hosts) or bool(path.endpoint_id)
        found = [_target(host, (), path, registry) for host in path.hosts if dedicated or host.role is HostRole.LOGIN]
        known = {target.host for target in found}
        for host in registry.data_endpoint_hosts:
            if host.lower() not in known:
                found.append(Target(host.lower(), Serves.LAYERS, region_of_host(host)))
        if not any(target.serves is Serves.LAYERS for target in found):
            found.append(_storage(path, registry, cloud, text))
    else:
        return ()
    if not cluster.uses_managed_identity:
        found.append(Target(cloud.entra_host, Serves.TOKENS))
    return _spared(found, region_key(cluster.location), text)


def _addresses(host: HostPath) -> tuple[str, ...]:
    return host.expected or (host.addresses if host.answer is Answer.PRIVATE else ())


def _target(host: HostPath, addresses: tuple[str, ...], path: NodePath, registry: Registry) -> Target:
    if host.role is HostRole.LOGIN:
        return Target(host.host.lower(), Serves.LOGIN, _only_region(path, registry), addresses)
    return Target(host.host.lower(), Serves.LAYERS, host.region or region_of_host(host.host), addresses)


def _only_region(path: NodePath, registry: Registry) -> str | None:
    """The region that the login server's name leads to; None for a registry with copies, which leads to the nearest.

    https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
    """
    hosts = (host.region for host in path.hosts if host.region)
    regions = set(path.regions or (region_key(registry.location), *hosts))
    return regions.pop() if len(regions) == 1 else None


def _storage(path: NodePath, registry: Registry, cloud: CloudNames, text: str) -> Target:
    family = f".blob.{cloud.storage_suffix}"
    named = re.search(rf"[a-z0-9]{{3,24}}{re.escape(family)}", text.lower())
    return Target(f"*{family}", Serves.LAYERS, _only_region(path, registry), named=named[0] if named else None)


def _spared(found: list[Target], near: str, text: str) -> tuple[Target, ...]:
    layers = [target for target in found if target.serves is Serves.LAYERS]
    if not any(target.region == near for target in layers):
        return tuple(found)
    return tuple(
        Target(target.host, target.serves, target.region, target.addresses, target.named, spare=True)
        if target in layers and target.region != near and target.host not in text.lower()
        else target
        for target in found
    )


def name_server(address: str) -> Target:
    """Give a DNS server as what nodes have to reach."""
    return Target(address, Serves.NAMES, addresses=(address,), protocol="UDP", port=53)
