"""The state of one simulated Azure: what exists, who may do what, and who is looking."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.practice.arm_id import parse, scopes_above
from core.practice.http import Json
from core.practice.registry_contents import Contents


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A time as the resource manager writes it: seven fraction digits and a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


@dataclass(slots=True)
class DirectoryObject:
    """A user, group, service principal or application as Microsoft Graph answers it, and the tenant it lives in.

    `body` is the Graph body without `@odata` keys, `kind` its Graph type ("user", "group", "servicePrincipal",
    "application"). `members` are the object ids of a group's direct members.
    """

    tenant: str
    kind: str
    body: Json
    members: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The object id."""
        return str(self.body["id"])


@dataclass(slots=True)
class World:
    """Everything the simulator answers from. Bodies are the JSON that Azure sends, casing and absent keys included.

    Keys of the maps are lower-cased resource ids, except `subscriptions` and `tenants` (their GUIDs), `directory`
    (object ids) and `role_definitions` (their GUIDs). `management_groups` names the management groups above each
    subscription, nearest first. `admin_rules` holds what a network manager imposes on a virtual network, by the
    network's lower-cased id. `caller` is the object id of the signed-in user. `reads_applications` says whether
    the signed-in user's sign-in carries the Graph permission to read applications and service principals;
    `expands_groups` whether the resource manager can resolve group membership for `assignedTo`.
    `empty_last_pages` makes every list of AKS end with an empty page, as some of Azure's do even for a single item.
    `contents` is what registries hold, by the registry's lower-cased id. `workstation` is the address that the
    signed-in user's computer has for a registry: a private one where it comes through a private endpoint.
    `taken_names` are registry names that exist somewhere outside of this world's subscriptions.
    `activity` is the activity log. `admin_passwords` are the two of each registry's admin account, by lower-cased id.
    """

    tenants: dict[str, Json] = field(default_factory=dict)
    subscriptions: dict[str, Json] = field(default_factory=dict)
    management_groups: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    resources: dict[str, Json] = field(default_factory=dict)
    directory: dict[str, DirectoryObject] = field(default_factory=dict)
    role_definitions: dict[str, Json] = field(default_factory=dict)
    role_assignments: dict[str, Json] = field(default_factory=dict)
    deny_assignments: dict[str, Json] = field(default_factory=dict)
    admin_rules: dict[str, list[Json]] = field(default_factory=dict)
    contents: dict[str, Contents] = field(default_factory=dict)
    workstation: str = "198.51.100.24"
    taken_names: set[str] = field(default_factory=set)
    activity: list[Json] = field(default_factory=list)
    admin_passwords: dict[str, list[str]] = field(default_factory=dict, repr=False)
    home_tenant: str = ""
    caller: str = ""
    reads_applications: bool = True
    expands_groups: bool = True
    page_size: int = 100
    empty_last_pages: bool = False
    clock: Callable[[], datetime] = utc_now
    token_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def now(self) -> datetime:
        """The world's time of day."""
        return self.clock()

    def resource(self, resource_id: str) -> Json | None:
        """The body of a resource, or None."""
        return self.resources.get(resource_id.lower())

    def resources_of(self, type_: str, below: str) -> Iterator[Json]:
        """The resources of one type below a subscription, resource group or parent resource, ordered by id."""
        prefix = below.lower().rstrip("/") + "/"
        for key in sorted(key for key in self.resources if key.startswith(prefix)):
            if parse(key).type.lower() == type_.lower():
                yield self.resources[key]

    def add_resource(self, body: Json) -> Json:
        """Put a resource in the world, keyed by its own id, and return it."""
        self.resources[str(body["id"]).lower()] = body
        return body

    def add_group(self, subscription: str, name: str, location: str, managed_by: str = "") -> None:
        """Put a resource group in the world where there is none; a managed one names the resource it belongs to."""
        body = {
            "id": f"/subscriptions/{subscription}/resourceGroups/{name}",
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": location,
            **({"managedBy": managed_by} if managed_by else {}),
            "properties": {"provisioningState": "Succeeded"},
        }
        self.groups.setdefault(str(body["id"]).lower(), body)

    def remove_resource(self, resource_id: str) -> None:
        """Take a resource or a group out, with everything below it and the role assignments that die with it."""
        key = resource_id.lower()
        for store in (self.groups, self.resources, self.role_assignments, self.deny_assignments):
            for other in [other for other in store if other == key or other.startswith(key + "/")]:
                del store[other]

    def add_object(self, tenant: str, kind: str, body: Json) -> DirectoryObject:
        """Put a directory object in a tenant and return it."""
        added = DirectoryObject(tenant, kind, body)
        self.directory[added.id] = added
        return added

    def service_principal_of(self, app_id: str, tenant: str) -> DirectoryObject | None:
        """The service principal of an application id in a tenant, or None."""
        return self._of_app("servicePrincipal", app_id, tenant)

    def application_of(self, app_id: str, tenant: str) -> DirectoryObject | None:
        """The application with this application id that is registered in a tenant, or None."""
        return self._of_app("application", app_id, tenant)

    def _of_app(self, kind: str, app_id: str, tenant: str) -> DirectoryObject | None:
        for entry in self.directory.values():
            if entry.kind == kind and entry.tenant == tenant and entry.body["appId"].lower() == app_id.lower():
                return entry
        return None

    def groups_of(self, object_id: str) -> list[DirectoryObject]:
        """The groups that an object is in, directly or through other groups."""
        found: dict[str, DirectoryObject] = {}
        wanted = {object_id}
        while wanted:
            parents = {
                entry.id: entry
                for entry in self.directory.values()
                if entry.kind == "group" and entry.members & wanted and entry.id not in found
            }
            found.update(parents)
            wanted = set(parents)
        return [found[key] for key in sorted(found)]

    def guest_of(self, object_id: str, tenant: str) -> str | None:
        """The object id of a user in a tenant: their own at home, a guest's elsewhere, None where there is none."""
        user = self.directory.get(object_id)
        if user is None:
            return None
        if user.tenant == tenant:
            return object_id
        for entry in self.directory.values():
            if entry.kind == "user" and entry.tenant == tenant and entry.body["mail"] == user.body.get("mail"):
                return entry.id
        return None

    def tenant_of(self, scope: str) -> str | None:
        """The tenant that owns the subscription of a scope, or None for an unknown subscription."""
        subscription = self.subscriptions.get(parse(scope).subscription.lower())
        return str(subscription["tenantId"]) if subscription else None

    def scopes(self, scope: str) -> list[str]:
        """The scope and every scope above it up to the root, management groups included, narrowest first."""
        chain = scopes_above(scope)
        above = self.management_groups.get(parse(scope).subscription.lower(), [])
        chain.extend(f"/providers/microsoft.management/managementgroups/{name.lower()}" for name in above)
        chain.append("/")
        return chain
