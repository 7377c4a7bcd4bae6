"""Azure resource ids: taking them apart and comparing them.

Azure is free with their casing (`resourcegroups`, `resourceGroups`), so they are never compared as plain text.
https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)"
    r"/providers/(?P<namespace>[^/]+)(?P<path>(?:/[^/]+/[^/]+)+)/?",
    re.IGNORECASE,
)


class NotAResourceId(Exception):
    """The text is no id of a resource in a resource group; the message quotes it, shortened."""


@dataclass(frozen=True, slots=True)
class ResourceId:
    """The parts of a resource's id.

    `text` is the id as it was given, without a trailing slash; `type` has its namespace
    ("Microsoft.ContainerRegistry/registries"); `name` is the last part.
    """

    text: str
    subscription_id: str
    resource_group: str
    type: str
    name: str

    @classmethod
    def parse(cls, text: str) -> ResourceId:
        """Take an id apart.

        Raises NotAResourceId.
        """
        match = _ID.fullmatch(text.strip())
        if match is None:
            raise NotAResourceId(f"This is not the id of an Azure resource: {text.strip()[:200]!r}")
        segments = match["path"].strip("/").split("/")
        return cls(
            text=text.strip().rstrip("/"),
            subscription_id=match["subscription"],
            resource_group=match["group"],
            type="/".join((match["namespace"], *segments[::2])),
            name=segments[-1],
        )

    def __str__(self) -> str:
        return self.text


def same_id(one: str, other: str) -> bool:
    """Say whether two ids name the same thing, whatever their casing."""
    return one.strip("/").lower() == other.strip("/").lower()


def scope_covers(scope: str, resource_id: str) -> bool:
    """Say whether something granted at `scope` reaches a resource.

    A scope reaches itself and everything below it. Management groups and the root stand above every
    subscription that Azure lists them for; a list of what applies to a resource holds no others.
    """
    wide = scope.strip("/").lower()
    narrow = resource_id.strip("/").lower()
    if wide == "" or wide.startswith("providers/microsoft.management/managementgroups/"):
        return True
    return narrow == wide or narrow.startswith(wide + "/")
