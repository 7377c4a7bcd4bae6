"""Which hosts go past a web proxy: the rules of Go's `httpproxy`, by which containerd and the kubelet decide.

https://pkg.go.dev/golang.org/x/net/http/httpproxy
"""

from __future__ import annotations

from collections.abc import Iterable

from core.facts.cluster import HttpProxy
from core.network.addresses import Range, parse, parse_address


def takes_proxy(proxy: HttpProxy | None, host: str) -> bool:
    """Say whether nodes with this proxy ask a host through it; a family of hosts is written "*.suffix"."""
    if proxy is None or not (proxy.https_proxy or proxy.http_proxy):
        return False
    return not goes_past_proxy(proxy.no_proxy, host.replace("*", "any"))


def goes_past_proxy(no_proxy: Iterable[str], host: str, port: int = 443) -> bool:
    """Say whether a request to `host` is sent without the proxy.

    An entry is a host name, which stands for itself and all names below it; a name with a leading dot or "*.", for
    the names below it only; an address or a CIDR range, which match hosts that are written as addresses and never a
    name, whatever it resolves to; or "*". Any but a range may name a port. Commas part several.
    """
    host = host.strip().lower().strip("[]").removesuffix(".")
    address = parse_address(host)
    if host == "localhost" or (address is not None and _is_loopback(address)):
        return True
    entries = (entry.strip().lower() for text in no_proxy for entry in text.split(","))
    return any(_matches(entry, host, address, port) for entry in entries if entry)


def _matches(entry: str, host: str, address: Range | None, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        network = parse(entry)
        return network is not None and address is not None and _inside(address, network)
    name, wanted_port = _split_port(entry)
    if wanted_port not in (None, str(port)):
        return False
    literal = parse_address(name)
    if literal is not None or address is not None:
        return literal == address
    below = name.removeprefix("*") if name.startswith("*.") else name
    if below.startswith("."):
        return host.endswith(below)
    return bool(below) and (host == below or host.endswith(f".{below}"))


def _split_port(entry: str) -> tuple[str, str | None]:
    """Cut off a port; IPv6 addresses have colons of their own, and need brackets before one."""
    if entry.startswith("[") and "]" in entry:
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":") or None
    name, _, port = entry.partition(":")
    return (entry, None) if ":" in port else (name, port or None)


def _inside(address: Range, network: Range) -> bool:
    return address.version == network.version and network.first <= address.first <= network.last


def _is_loopback(address: Range) -> bool:
    return any(_inside(address, loopback) for loopback in map(parse, ("127.0.0.0/8", "::1")) if loopback is not None)
