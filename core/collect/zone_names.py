"""Which records of which private zones the registry's host names would be.

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Known
from core.facts.registry import Registry, Replica


def is_zone_of(name: str, suffix: str) -> bool:
    """Whether a zone may answer for registries of a cloud: all of them, or the layers of one region."""
    base = f"privatelink.{suffix}".lower()
    return name.lower() == base or name.lower().endswith(f".data.{base}")


def hosts_of(registry: Registry, replicas: Iterable[Replica], endpoints: Iterable[PrivateEndpoint]) -> frozenset[str]:
    """Every host name that pulls from a registry may need, lower-cased: its login server and its data endpoints."""
    login = registry.login_server.lower()
    label, _, suffix = login.partition(".")
    regions = {one.lower().replace(" ", "") for one in (registry.location, *(copy.location for copy in replicas))}
    hosts = {login, *(host.lower() for host in registry.data_endpoint_hosts)}
    hosts |= {f"{label}.{region}.data.{suffix}" for region in regions if region}
    for endpoint in endpoints:
        if isinstance(endpoint.addresses, Known):
            hosts |= {host for one in endpoint.addresses.value for host in one.hosts}
    return frozenset(hosts)


@dataclass(frozen=True, slots=True)
class RegistryNamesInDns:
    """The host names of a registry (lower-cased) in a cloud whose registries end in `suffix`."""

    suffix: str
    hosts: frozenset[str]

    def in_zone(self, zone: str) -> tuple[str, ...]:
        """The names of the records that would answer for them in a zone; none for a zone of another region."""
        base = f"privatelink.{self.suffix}".lower()
        name = zone.lower()
        if name == base:
            end = f".{self.suffix}".lower()
            return tuple(sorted(host.removesuffix(end) for host in self.hosts if host.endswith(end)))
        region = name.removesuffix(f".data.{base}")
        end = f".{region}.data.{self.suffix}".lower()
        return tuple(sorted(host.removesuffix(end) for host in self.hosts if host.endswith(end)))
