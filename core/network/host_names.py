"""The host names of a registry, and where private DNS keeps their records.

A registry with an approved private endpoint has its public names redirected (CNAME) to the same names below
"privatelink", which private zones then answer:
https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
"""

from __future__ import annotations

from collections.abc import Iterable

from core.facts.endpoints import EndpointAddress
from core.facts.fact import Fact, Known
from core.facts.registry import Registry, Replica

PRIVATE_LABEL = "privatelink"
DATA_LABEL = "data"
_DATA_MEMBER = "registry_data_"
_SERVES = frozenset({"succeeded", "updating"})


def suffix_of(login_server: str) -> str:
    """What follows the first label of a login server: the cloud's suffix, "azurecr.io"."""
    return login_server.lower().partition(".")[2]


def registry_zone(login_server: str) -> str:
    """The name of the private zone for a registry's names, "privatelink.azurecr.io"."""
    return f"{PRIVATE_LABEL}.{suffix_of(login_server)}"


def private_name(host: str, suffix: str) -> str:
    """The name that a public host name is redirected to: "reg.privatelink.azurecr.io" for "reg.azurecr.io"."""
    return f"{host.lower().removesuffix(f'.{suffix}')}.{PRIVATE_LABEL}.{suffix}"


def record_name(host: str, suffix: str, zone_name: str) -> str | None:
    """The name of a host's record relative to a zone; None where the zone does not answer for it."""
    name = private_name(host, suffix)
    end = f".{zone_name.lower()}"
    return name.removesuffix(end) if name.endswith(end) else None


def region_key(location: str) -> str:
    """A region in the one spelling that host names have: "westeurope" for "West Europe"."""
    return "".join(location.split()).lower()


def region_of_host(host: str) -> str | None:
    """The region in the name of a data endpoint ("reg.westeurope.data.azurecr.io"), None for any other name."""
    labels = host.lower().split(".")
    return labels[1] if len(labels) > 3 and labels[2] == DATA_LABEL else None


def serving_regions(registry: Registry, replications: Fact[tuple[Replica, ...]]) -> tuple[str, ...]:
    """The regions whose layers nodes may be sent to, the registry's own first.

    Without the list of replicas those of the dedicated data endpoints stand in for it.
    """
    regions = [region_key(registry.location)]
    if isinstance(replications, Known):
        out = {region_key(replica.location) for replica in replications.value if not _serves(replica)}
        regions += [region_key(replica.location) for replica in replications.value]
        return tuple(region for region in dict.fromkeys(regions) if region not in out)
    regions += [region for host in registry.data_endpoint_hosts if (region := region_of_host(host))]
    return tuple(dict.fromkeys(regions))


def data_host(registry: Registry, region: str, addresses: Iterable[EndpointAddress]) -> str:
    """The host that serves the layers of a region: as the registry or an endpoint tells it, else by its pattern."""
    told = [*registry.data_endpoint_hosts]
    for address in addresses:
        if (address.member or "").lower() == f"{_DATA_MEMBER}{region}":
            told += address.hosts
    found = next((host.lower() for host in told if region_of_host(host) == region), None)
    label, _, suffix = registry.login_server.lower().partition(".")
    return found or f"{label}.{region}.{DATA_LABEL}.{suffix}"


def expected_of(host: str, addresses: Iterable[EndpointAddress]) -> tuple[str, ...]:
    """Give the addresses of an endpoint that answer for a host."""
    return tuple(sorted({one.address for one in addresses if host.lower() in (name.lower() for name in one.hosts)}))


def _serves(replica: Replica) -> bool:
    return replica.serves is not False and (replica.provisioning_state or "Succeeded").lower() in _SERVES
