"""Resource ids and object ids as the simulated Azure reads and makes them."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import lru_cache

_SUBSCRIPTION = re.compile(r"^/subscriptions/([^/]+)", re.IGNORECASE)
_GROUP = re.compile(r"^/subscriptions/[^/]+/resourcegroups/([^/]+)", re.IGNORECASE)
_RESOURCE = re.compile(r"/providers/([^/]+)((?:/[^/]+/[^/]+)+)$", re.IGNORECASE)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "practice.contoso.com")


@lru_cache(maxsize=65536)
def guid(*parts: str) -> str:
    """The object id of the thing named by `parts`: always the same one, and no two things share one."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


@dataclass(frozen=True, slots=True)
class ArmId:
    """The parts of a resource id. Parts that the id does not have are empty.

    `type` is the full type with its namespace (`Microsoft.ContainerRegistry/registries`), `name` the last segment.
    """

    subscription: str
    group: str
    type: str
    name: str


@lru_cache(maxsize=65536)
def parse(resource_id: str) -> ArmId:
    """Take a resource id, a resource group id or a subscription id apart."""
    subscription = _SUBSCRIPTION.match(resource_id)
    group = _GROUP.match(resource_id)
    resource = _RESOURCE.search(resource_id)
    type_, name = "", ""
    if resource:
        segments = resource.group(2).strip("/").split("/")
        type_ = "/".join([resource.group(1), *segments[::2]])
        name = segments[-1]
    return ArmId(
        subscription.group(1) if subscription else "",
        group.group(1) if group else "",
        type_,
        name,
    )


def scopes_above(scope: str) -> list[str]:
    """The scope itself and every scope above it up to the subscription, lower-case, narrowest first.

    A child resource is below its parent resource, which is below the resource group.
    """
    chain = []
    current = scope.lower().rstrip("/")
    while current:
        chain.append(current)
        current = _parent(current)
    return chain


def _parent(scope: str) -> str:
    head, provider, tail = scope.rpartition("/providers/")
    if provider:
        segments = tail.split("/")
        return f"{head}/providers/{'/'.join(segments[:-2])}" if len(segments) > 3 else head
    head, _, _ = scope.partition("/resourcegroups/")
    return head if head != scope else ""
