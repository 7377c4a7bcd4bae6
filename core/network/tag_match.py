"""Which of Azure's service tags mean a target.

https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from __future__ import annotations

from core.network.match import Match
from core.network.targets import Serves, Target

EVERYWHERE = ("azurecloud", "internet")
"""Tags that hold every public address of Azure."""

REGIONAL = frozenset({"AzureContainerRegistry", "Storage"})
"""Services whose tag can be narrowed to a region, as in "Storage.westeurope"."""


def tag_match(tag: str, target: Target) -> Match:
    """Say whether a service tag, with or without a region, means a public target.

    Where a host stands in another region than the registry's, only tags without a region are sure.
    """
    if target.addresses:
        return Match.NO
    name, _, region = tag.strip().lower().partition(".")
    if name not in (*EVERYWHERE, service_of(target).lower()):
        return Match.NO
    if not region or region == target.region:
        return Match.YES
    return Match.MAYBE if target.region is None else Match.NO


def service_of(target: Target) -> str:
    """Give the tag of the service that a target belongs to."""
    if target.serves is Serves.TOKENS:
        return "AzureActiveDirectory"
    return "Storage" if target.stored else "AzureContainerRegistry"


def tag_of(target: Target) -> str:
    """Give the narrowest tag that surely means a public target: of its region where that is known."""
    name = service_of(target)
    return f"{name}.{target.region}" if name in REGIONAL and target.region else name


def is_tag(text: str) -> bool:
    """Say whether a destination is written as a tag and not as a range of addresses or "*"."""
    return text[:1].isalpha() and ":" not in text
