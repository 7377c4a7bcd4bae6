"""Which types of resources the simulated Azure keeps as plain resources, and where they can be listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of resource: `type` as ids spell it. `everywhere` ones can be listed over a whole subscription.

    `embedded` are the types of its parts that a body of it also carries, by the property that holds them. `derived`
    are properties that only answers have.
    """

    type: str
    everywhere: bool = False
    embedded: tuple[tuple[str, str], ...] = ()
    derived: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The type of the resource that it stands in; empty for one that stands in a resource group."""
        head, _, _ = self.type.rpartition("/")
        return head if "/" in head else ""

    @property
    def collection(self) -> str:
        """The address of its list, with the names of what is above it in braces."""
        namespace, *segments = self.type.split("/")
        path = f"/subscriptions/{{sub}}/resourceGroups/{{group}}/providers/{namespace}"
        for number, segment in enumerate(segments[:-1]):
            path += f"/{segment}/{{above{number}}}"
        return f"{path}/{segments[-1]}"

    @property
    def one(self) -> str:
        """The address of one of it."""
        return self.collection + "/{name}"


_NETWORK = "Microsoft.Network"

KINDS: Sequence[Kind] = (
    Kind(
        f"{_NETWORK}/virtualNetworks",
        everywhere=True,
        embedded=(
            ("subnets", f"{_NETWORK}/virtualNetworks/subnets"),
            ("virtualNetworkPeerings", f"{_NETWORK}/virtualNetworks/virtualNetworkPeerings"),
        ),
    ),
    Kind(f"{_NETWORK}/virtualNetworks/subnets"),
    Kind(
        f"{_NETWORK}/virtualNetworks/virtualNetworkPeerings",
        derived=("peeringSyncLevel", "remoteVirtualNetworkAddressSpace"),
    ),
    Kind(
        f"{_NETWORK}/networkSecurityGroups",
        everywhere=True,
        embedded=(("securityRules", f"{_NETWORK}/networkSecurityGroups/securityRules"),),
        derived=("defaultSecurityRules", "subnets"),
    ),
    Kind(f"{_NETWORK}/networkSecurityGroups/securityRules"),
    Kind(
        f"{_NETWORK}/routeTables",
        everywhere=True,
        embedded=(("routes", f"{_NETWORK}/routeTables/routes"),),
        derived=("subnets",),
    ),
    Kind(f"{_NETWORK}/routeTables/routes"),
    Kind(f"{_NETWORK}/publicIPAddresses", everywhere=True),
    Kind(f"{_NETWORK}/publicIPPrefixes", everywhere=True),
    Kind(f"{_NETWORK}/natGateways", everywhere=True, derived=("subnets",)),
    Kind(f"{_NETWORK}/networkInterfaces", everywhere=True),
    Kind(f"{_NETWORK}/loadBalancers", everywhere=True),
    Kind(f"{_NETWORK}/applicationSecurityGroups", everywhere=True),
    Kind(f"{_NETWORK}/privateEndpoints", everywhere=True, derived=("customDnsConfigs",)),
    Kind(f"{_NETWORK}/privateEndpoints/privateDnsZoneGroups"),
    Kind(f"{_NETWORK}/azureFirewalls", everywhere=True),
    Kind(
        f"{_NETWORK}/firewallPolicies",
        everywhere=True,
        derived=("childPolicies", "ruleCollectionGroups", "firewalls"),
    ),
    Kind(f"{_NETWORK}/firewallPolicies/ruleCollectionGroups"),
    Kind(f"{_NETWORK}/ipGroups", everywhere=True),
    Kind(f"{_NETWORK}/virtualWans", everywhere=True),
    Kind(f"{_NETWORK}/virtualHubs", everywhere=True),
    Kind(f"{_NETWORK}/virtualHubs/hubVirtualNetworkConnections"),
    Kind(
        f"{_NETWORK}/privateDnsZones", everywhere=True, derived=("numberOfRecordSets", "numberOfVirtualNetworkLinks")
    ),
    Kind(f"{_NETWORK}/privateDnsZones/virtualNetworkLinks"),
    Kind(f"{_NETWORK}/privateDnsZones/A"),
    Kind(f"{_NETWORK}/privateDnsZones/CNAME"),
    Kind(f"{_NETWORK}/privateDnsZones/SOA"),
    Kind(f"{_NETWORK}/dnsResolvers", everywhere=True),
    Kind(f"{_NETWORK}/dnsResolvers/inboundEndpoints"),
    Kind("Microsoft.ContainerRegistry/registries/privateEndpointConnections"),
    Kind("Microsoft.ContainerRegistry/registries/cacheRules"),
    Kind("Microsoft.ContainerRegistry/registries/credentialSets"),
)
"""Every type that is answered from the store; those of a registry beside these have routes of their own."""


def kind_of(type_: str) -> Kind | None:
    """The kind of a type, however it is spelt, or None."""
    return _BY_TYPE.get(type_.lower())


_BY_TYPE = {kind.type.lower(): kind for kind in KINDS}
