"""World faults in the directory: service principals, other tenants, and what the signed-in user may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from core.practice.arm_id import guid
from core.practice.base import (
    CONTOSO,
    FABRIKAM,
    FABRIKAM_SHARED,
    MARIA,
    PRODUCTION,
    SP_APP_ID,
    add_registry,
)
from core.practice.entra_bodies import graph_stamp, guest_body, password_credential, service_principal_body
from core.practice.names import principal as named_principal
from core.practice.names import scope as named_scope
from core.practice.registry_bodies import RegistrySpec
from core.practice.roles import add_custom_role, assign
from core.practice.world import World

Fault = Callable[..., None]


def secrets(world: World, *, days_left: Sequence[int]) -> None:
    """Replace the secrets of the cluster's application: one for each number, ending in that many days."""
    application = world.directory[named_principal("application")]
    application.body["passwordCredentials"] = [
        password_credential(
            SP_APP_ID,
            f"secret {number}",
            start=world.now + timedelta(days=days - 365),
            end=world.now + timedelta(days=days),
        )
        for number, days in enumerate(days_left, 1)
    ]


def delete_service_principal(world: World) -> None:
    """Delete the cluster's application and its service principal. Role assignments stay behind."""
    del world.directory[named_principal("application")]
    del world.directory[named_principal("service-principal")]


def disable_service_principal(world: World) -> None:
    """Switch the sign-in of the cluster's service principal off."""
    world.directory[named_principal("service-principal")].body["accountEnabled"] = False


def hide_applications(world: World) -> None:
    """Sign in without the Graph permission to read applications, as most people are."""
    world.reads_applications = False


def hide_groups(world: World) -> None:
    """Keep the resource manager from looking through group memberships."""
    world.expands_groups = False


def replace_service_principal(world: World, *, days_ago: int) -> None:
    """Say that the cluster's service principal was made anew that many days ago."""
    made = world.now - timedelta(days=days_ago)
    for name in ("application", "service-principal"):
        world.directory[named_principal(name)].body["createdDateTime"] = graph_stamp(made)
    secrets(world, days_left=[365 - days_ago])


def caller_roles(world: World, *, roles: Sequence[dict[str, str]]) -> None:
    """Give the signed-in user these roles and no others; each names a role and a place."""
    holders = {MARIA, named_principal("platform-team")}
    for key, body in list(world.role_assignments.items()):
        if body["properties"]["principalId"] in holders:
            del world.role_assignments[key]
    since = world.now - timedelta(days=300)
    for entry in roles:
        definition = entry["role"]
        for key, body in world.role_definitions.items():
            if body["properties"]["roleName"] == definition:
                definition = key
        assign(world, definition, MARIA, named_scope(entry["scope"]), kind="User", since=since)


def hide(world: World, *, actions: Sequence[str], scope: str = "") -> None:
    """Take actions from the signed-in user, in one subscription or in all of them; everything else stays allowed."""
    place = named_scope(scope) if scope else ""
    name = f"Everything but {', '.join(actions)}"
    role = add_custom_role(world, name, PRODUCTION, actions=["*"], not_actions=actions)
    for key, body in list(world.role_assignments.items()):
        if body["properties"]["principalId"] in {MARIA, named_principal("platform-team")}:
            del world.role_assignments[key]
    since = world.now - timedelta(days=300)
    for subscription, body in world.subscriptions.items():
        if body["tenantId"] == CONTOSO:
            at = f"/subscriptions/{subscription}"
            chosen = role if place in ("", at) else "Owner"
            assign(world, chosen, MARIA, at, kind="User", since=since)


def registry_abroad(world: World, *, delegated: bool) -> None:
    """Put a registry in Fabrikam's directory, where the signed-in user is a guest with the Reader role.

    A `delegated` subscription can be read from home, as with Azure Lighthouse.
    """
    made = world.now - timedelta(days=300)
    world.add_group(FABRIKAM_SHARED, "rg-images", "westeurope")
    add_registry(
        world,
        RegistrySpec(
            FABRIKAM_SHARED, "rg-images", "fabrikamreg", "westeurope", "Premium", made, "admin@fabrikam.com"
        ),
    )
    guest = guid("guest", "maria", "fabrikam")
    world.add_object(FABRIKAM, "user", guest_body(guest, world.directory[MARIA].body, "fabrikam.com"))
    readers = [guest]
    if delegated:
        world.subscriptions[FABRIKAM_SHARED]["managedByTenants"] = [{"tenantId": CONTOSO}]
        readers.append(MARIA)
    for reader in readers:
        assign(world, "Reader", reader, f"/subscriptions/{FABRIKAM_SHARED}", kind="User", since=made)


def share_application(world: World) -> None:
    """Consent to the cluster's application in Fabrikam and let it pull from the registry there."""
    made = world.now - timedelta(days=200)
    body = service_principal_body(SP_APP_ID, "sp-aks-app", CONTOSO, made)
    body["id"] = guid("service-principal", SP_APP_ID, "fabrikam")
    world.add_object(FABRIKAM, "servicePrincipal", body)
    assign(world, "AcrPull", body["id"], named_scope("fabrikam-registry"), since=made)


FAULTS: dict[str, Fault] = {
    "caller-roles": caller_roles,
    "delete-service-principal": delete_service_principal,
    "disable-service-principal": disable_service_principal,
    "hide": hide,
    "hide-applications": hide_applications,
    "hide-groups": hide_groups,
    "registry-abroad": registry_abroad,
    "replace-service-principal": replace_service_principal,
    "secrets": secrets,
    "share-application": share_application,
}
"""The faults of the directory's side by name."""
