"""What the checks of the network share: choosing the node subnets that go one way, and naming them."""

from __future__ import annotations

from collections.abc import Iterable

from core.checks.unread import unknown
from core.facts.fact import Denied
from core.facts.paths import NodePath, Way
from core.model import Evidence, Status, Verdict

BESIDE = {
    Way.PRIVATE: "way-private",
    Way.UNINTENDED: "way-unintended",
    Way.PUBLIC: "way-public",
    Way.SERVICE_ENDPOINT: "way-service-endpoint",
    Way.NONE: "way-none",
}
"""Why a check of one way has nothing to judge where nodes go another; the sentences are in the table `words`."""


def going(paths: Iterable[NodePath], *ways: Way) -> tuple[NodePath, ...]:
    """Give the node subnets that go one of these ways."""
    return tuple(path for path in paths if path.way in ways)


def beside(paths: Iterable[NodePath]) -> Verdict:
    """Say that nodes go another way than the one that a check judges, or that their way is not known."""
    paths = tuple(paths)
    unclear = _unclear(paths)
    if unclear is not None:
        return unclear
    reason = BESIDE.get(paths[0].way, "way-none") if paths else "way-of-nobody"
    return Verdict(Status.NOT_APPLICABLE, str(reason), evidence=subnets(paths))


def whole(verdict: Verdict, paths: Iterable[NodePath]) -> Verdict:
    """Give a verdict about some subnets as one about all, in order only where the way of each is known."""
    if verdict.status not in (Status.PASS, Status.NOT_APPLICABLE):
        return verdict
    return _unclear(tuple(paths)) or verdict


def _unclear(paths: tuple[NodePath, ...]) -> Verdict | None:
    unclear = [path for path in going(paths, Way.UNKNOWN) if path.why is not None]
    unclear.sort(key=lambda path: not isinstance(path.why, Denied))
    return unknown(unclear[0].why, subnets(unclear)) if unclear and unclear[0].why is not None else None


def subnet_name(subnet_id: str) -> str:
    """Give network and subnet of a subnet's id, as people say them: "vnet-spoke/snet-nodes"."""
    pieces = subnet_id.strip("/").split("/")
    return "/".join((pieces[-3], pieces[-1])) if len(pieces) >= 3 else subnet_id


def pools(paths: Iterable[NodePath]) -> str:
    """Name the node pools of some subnets."""
    names = dict.fromkeys(pool for path in paths for pool in path.where.pools)
    return ", ".join(names) or "-"


def subnets(paths: Iterable[NodePath]) -> tuple[Evidence, ...]:
    """Show node pools and their subnets."""
    return tuple(Evidence("node-subnet", f"{pools((path,))} | {subnet_name(path.where.subnet_id)}") for path in paths)
