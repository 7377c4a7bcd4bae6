"""The far end of a connection as rules of network security groups name it: by address or by service tag.

https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.network.addresses import EVERYTHING_V4, PRIVATE, covered
from core.network.intervals import Intervals, intervals
from core.network.match import Match, meant
from core.network.tag_match import tag_match, tag_of
from core.network.targets import Target

VIRTUAL_NETWORK = "virtualnetwork"
INTERNET = "internet"

_LOCAL_ONLY = "azureloadbalancer"
_ALL_V4 = intervals((EVERYTHING_V4,))
_PRIVATE = intervals(PRIVATE)

_OLD_REGION_NAMES = {
    "brazilse": "brazilsoutheast",
    "centralfrance": "francecentral",
    "germanyn": "germanynorth",
    "germanywc": "germanywestcentral",
    "norwaye": "norwayeast",
    "norwayw": "norwaywest",
    "southfrance": "francesouth",
    "switzerlandn": "switzerlandnorth",
    "switzerlandw": "switzerlandwest",
}
"""Regions that the tag AzureCloud calls by another name than Azure's locations."""


class Platform(StrEnum):
    """Services of the host itself: no rule by address, by "*" or by any other tag reaches them.

    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
    """

    DNS = "AzurePlatformDNS"
    METADATA = "AzurePlatformIMDS"


@dataclass(frozen=True, slots=True)
class Destination:
    """What a connection leads to: a target of a pull, a service of the platform, or else a DNS server.

    `name` is the host or the address, for people; `address` is set where there is exactly one. `within` are ranges of
    which it has one address: a known address is a range of its own, and nothing is known without any. `virtual` says
    whether the tag VirtualNetwork means it. `groups` are the application security groups that it belongs to,
    lower-cased; None where that is not known.
    """

    name: str
    protocol: str
    port: int
    within: Intervals = ()
    address: str | None = None
    virtual: Match = Match.NO
    target: Target | None = None
    platform: Platform | None = None
    groups: frozenset[str] | None = None

    @property
    def is_private(self) -> bool:
        """Whether it surely has an address of a private network."""
        return bool(self.within) and all(covered(one, _PRIVATE) for one in self.within)

    @property
    def tag(self) -> str | None:
        """The narrowest service tag that surely means it; None for what is named by its address."""
        if self.platform is not None:
            return self.platform.value
        if self.target is None or self.is_private:
            return None
        return tag_of(self.target)


def meant_by_tag(tag: str, destination: Destination) -> Match:
    """Say whether a service tag, lower-cased, with or without a region, means a destination."""
    if destination.platform is not None:
        return Match.YES if tag == destination.platform.lower() else Match.NO
    if tag == VIRTUAL_NETWORK:
        return destination.virtual
    if tag == INTERNET:
        return Match.NO if destination.is_private else Match.YES
    if destination.is_private or tag == _LOCAL_ONLY:
        return Match.NO
    if destination.target is None:
        return Match.MAYBE
    name, dot, region = tag.partition(".")
    return tag_match(f"{name}{dot}{_OLD_REGION_NAMES.get(region, region)}", destination.target)


def meant_by_address(ranges: Intervals, destination: Destination) -> Match:
    """Say whether ranges of addresses mean a destination."""
    if not ranges or destination.platform is not None:
        return Match.NO
    if destination.within:
        return meant(destination.within, ranges)
    if all(covered(everything, ranges) for everything in _ALL_V4):
        return Match.YES
    # Whatever a pull needs of the internet is there over IPv4, and a range of the other kind keeps nobody from it.
    public = (one for one in ranges if one.version == 4 and not covered(one, _PRIVATE))
    return Match.MAYBE if any(public) else Match.NO
