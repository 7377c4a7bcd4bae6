"""The fixes for two virtual networks that should be connected and are not.

A half may only use a gateway of the other network while the other half allows that.
https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.checks.fix_values import free_name
from core.checks.net.ends import network_name, network_values
from core.facts.networks import Peering
from core.facts.resource_id import same_id
from core.model import FixRef
from core.network.peering import Halves, Link, Side, halves, stale


def peering_fix(found: Link, near: Side, far: Side) -> tuple[FixRef, ...]:
    """Give the fix for what is between two networks; nothing where all is in order."""
    both = halves(near, far)
    values = pair_values(near, far, both)
    match found:
        case Link.NONE:
            return (FixRef("create-peering", values),)
        case Link.DISCONNECTED if _uses_gateway(both.near):
            return (_recreate(far, near),)
        case Link.DISCONNECTED:
            return (_recreate(near, far),)
        case Link.HALF_MISSING:
            return (_complete(near, far, both, values),)
        case Link.ACCESS_OFF:
            closed = [place(half) for half in both if not half.allows_access]
            return (FixRef("allow-peering-access", values, tuple(closed)),)
        case Link.OUT_OF_SYNC:
            late = [half for half, other in ((both.near, far), (both.far, near)) if half and stale(half, other)]
            return (FixRef("sync-peering", values, tuple(place(half) for half in late)),)
        case Link.SUBNETS_LEFT_OUT:
            return (FixRef("widen-subnet-peering", values, tuple(_with_subnets(near, far, both))),)
    return ()


def pair_values(near: Side, far: Side, both: Halves) -> dict[str, str]:
    """Give the names of two networks and of the halves between them, those that are there or are to be made."""
    return {
        **network_values("near", near.network_id),
        **network_values("far", far.network_id),
        "near_peering": both.near.name if both.near else _free_name(near, far),
        "far_peering": both.far.name if both.far else _free_name(far, near),
        "near_forwarded": _flag(both.near is not None and both.near.allows_forwarded),
        "far_forwarded": _flag(both.far is not None and both.far.allows_forwarded),
        "near_transit": _transit(both.near, both.far),
        "far_transit": _transit(both.far, both.near),
        "near_gateways": _flag(_uses_gateway(both.near)),
        "far_gateways": _flag(_uses_gateway(both.far)),
    }


def place(half: Peering) -> Mapping[str, str]:
    """Give the names of one half for a command; its id ends with its network's and its own."""
    network_id = half.id.rsplit("/", 2)[0]
    return {**network_values("half", network_id), "half_peering": half.name}


def _recreate(near: Side, far: Side) -> FixRef:
    """Both halves have to go before either can come back; the near one comes first."""
    both = halves(near, far)
    values = pair_values(near, far, both)
    if both.near and both.far:
        return FixRef("recreate-peering", values)
    left, right = (near, far) if both.near else (far, near)
    names = {
        **network_values("left", left.network_id),
        "left_peering": values["near_peering"] if left is near else values["far_peering"],
        "right_name": network_name(right.network_id),
    }
    return FixRef("replace-left-over-peering", {**values, **names})


def _complete(near: Side, far: Side, both: Halves, values: dict[str, str]) -> FixRef:
    missing, other = (far, near) if both.near else (near, far)
    key = "far" if missing is far else "near"
    names = {
        **network_values("missing", missing.network_id),
        "missing_peering": values[f"{key}_peering"],
        "other_id": other.network_id,
        "other_name": network_name(other.network_id),
        "forwarded": _flag(any(half.allows_forwarded for half in both)),
        "transit": _flag(any(half.uses_remote_gateways for half in both)),
    }
    return FixRef("complete-peering", {**values, **names})


def _with_subnets(near: Side, far: Side, both: Halves) -> Iterable[Mapping[str, str]]:
    for half, own, other in ((both.near, near, far), (both.far, far, near)):
        if half is not None and not half.complete_networks:
            local, remote = _added(half.local_subnets, own), _added(half.remote_subnets, other)
            yield {**place(half), "local_subnets": local, "remote_subnets": remote}


def _added(names: tuple[str, ...], side: Side) -> str:
    known = {name.lower() for name in names}
    return ",".join((*names, *(() if side.subnet.lower() in known or not side.subnet else (side.subnet,))))


def _free_name(own: Side, other: Side) -> str:
    """Give a name for a new half: making one under a name that is taken would replace that one."""
    halves = own.network.peerings if own.network else ()
    taken = [half.name for half in halves if not same_id(half.remote_network_id, other.network_id)]
    return free_name(f"{network_name(own.network_id)}-to-{network_name(other.network_id)}", taken)


def _transit(half: Peering | None, other: Peering | None) -> str:
    """Say whether a half has to let the other network use its gateway: it did, or the other half does use it."""
    return _flag((half is not None and half.allows_gateway_transit) or _uses_gateway(other))


def _uses_gateway(half: Peering | None) -> bool:
    return half is not None and half.uses_remote_gateways


def _flag(value: bool) -> str:
    return "true" if value else "false"
