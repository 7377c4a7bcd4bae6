"""The names by which one Azure cloud differs from another, as far as checks need them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CloudNames:
    """`registry_suffix` has no leading dot ("azurecr.io"); the other suffixes are those of all other clouds.

    `storage_suffix` ("core.windows.net") ends the names of storage accounts, `entra_host` is where nodes get tokens.
    https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
    """

    name: str
    registry_suffix: str
    other_registry_suffixes: tuple[str, ...]
    storage_suffix: str = "core.windows.net"
    entra_host: str = "login.microsoftonline.com"
