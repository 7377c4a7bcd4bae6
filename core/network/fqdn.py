"""Host names in rules of Azure Firewall, where only a leading "*" stands for something.

https://learn.microsoft.com/azure/firewall/firewall-faq
"""

from __future__ import annotations

from core.network.match import Match


def host_match(pattern: str, host: str) -> Match:
    """Say whether a rule's host means a host; one that begins with "*." stands for any of those names.

    A rule for some of those names only is a `MAYBE`.
    """
    wanted, own = _plain(host), _plain(pattern)
    if own == wanted or own == "*":
        return Match.YES if own else Match.NO
    suffix = own[1:] if own.startswith("*") else None
    if suffix is not None and ("*" in suffix or not suffix):
        return Match.NO
    if not wanted.startswith("*"):
        return Match.YES if suffix is not None and wanted.endswith(suffix) else Match.NO
    family = wanted[1:]
    if suffix is not None and family.endswith(suffix):
        return Match.YES
    return Match.MAYBE if (suffix or own).endswith(family) else Match.NO


def url_match(pattern: str, host: str) -> Match:
    """Say whether a rule's URL may mean a host: at most `MAYBE`, since the path decides as well."""
    name = pattern.partition("://")[2] or pattern
    return Match.NO if host_match(name.partition("/")[0], host) is Match.NO else Match.MAYBE


def _plain(host: str) -> str:
    return host.strip().rstrip(".").lower()
