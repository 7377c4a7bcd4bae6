"""Azure resource ids: taking them apart and comparing them.

Azure is free with their casing (`resourcegroups`, `resourceGroups`), so they are never compared as plain text.
https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = r"[^/\x00-\x1f\x7f-\x9f\u2028\u2029\"'`$;&|<>\\?%*{}!]+"
"""A part of an id: no control characters, quotes or anything that a shell gives a meaning to."""

_ID = re.compile(
    rf"/subscriptions/(?P<subscription>{_PART})/resourcegroups/(?P<group>{_PART})"
    rf"/providers/(?P<namespace>{_PART})(?P<path>(?:/{_PART}/{_PART})+)/?",
    re.IGNORECASE,
)
MAX_LENGTH = 2_000
"""Characters of the longest text that is looked at; Azure's ids stay far below."""


class NotAResourceId(Exception):
    """The text is no id of a resource in a resource group; the message quotes it, shortened."""


@dataclass(frozen=True, slots=True)
class ResourceId:
    """The parts of a resource's id.

    `text` is the id as it was given, without a trailing slash; `type` has its namespace
    ("Microsoft.ContainerRegistry/registries"); `name` is the last part. Ids are equal whatever their casing.
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
        match = _ID.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResourceId) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())


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
