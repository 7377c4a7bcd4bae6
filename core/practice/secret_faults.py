"""World faults about what pull secrets sign in with: tokens, the admin account, service principals of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from core.practice.arm_registry_credentials import note_regeneration, set_passwords
from core.practice.arm_registry_tokens import PASSWORDS, add_token, offset_stamp
from core.practice.arm_scope_maps import add_scope_map
from core.practice.base import CONTOSO, PULL_APP_ID
from core.practice.entra_bodies import application_body, password_credential, service_principal_body
from core.practice.names import scope as named_scope
from core.practice.world import World

Fault = Callable[..., None]
_OWNER = "maria@contoso.com"


def registry_token(
    world: World,
    *,
    name: str,
    days_left: Sequence[int],
    days_old: int = 2000,
    actions: Sequence[str] = (),
    scope_map: str = "_repositories_pull",
    enabled: bool = True,
) -> None:
    """Make a token with a password for each number, ending in that many days (0: never).

    With `actions` it has a scope map of its own in place of `scope_map`.
    """
    registry = world.resources[named_scope("registry").lower()]
    made = world.now - timedelta(days=days_old)
    if actions:
        scope_map = str(add_scope_map(world, registry, f"{name}-scope-map", list(actions), _OWNER)["name"])
    token = add_token(world, registry, name, f"{registry['id']}/scopeMaps/{scope_map}", made, _OWNER)
    passwords = [
        {
            "creationTime": offset_stamp(made),
            **({"expiry": offset_stamp(world.now + timedelta(days=days))} if days else {}),
            "name": password,
        }
        for password, days in zip(PASSWORDS, days_left, strict=False)
    ]
    token["properties"] |= {
        "credentials": {"passwords": passwords},
        "status": "enabled" if enabled else "disabled",
    }


def admin_account(world: World, *, passwords: Sequence[str]) -> None:
    """Switch the registry's admin account on, with these two passwords."""
    registry = world.resources[named_scope("registry").lower()]
    registry["properties"]["adminUserEnabled"] = True
    set_passwords(world, registry, passwords)


def regenerate_admin_password(world: World, *, days_ago: int) -> None:
    """Say that somebody made a password of the admin account anew that many days ago."""
    registry = world.resources[named_scope("registry").lower()]
    note_regeneration(world, registry, world.now - timedelta(days=days_ago), _OWNER)


def pull_principal(world: World, *, days_left: Sequence[int], days_old: int = 2000, enabled: bool = True) -> None:
    """Make the service principal `pull-principal` that secrets sign in as, with a password for each number."""
    made = world.now - timedelta(days=days_old)
    application = application_body(PULL_APP_ID, "sp-pull", made)
    application["passwordCredentials"] = [
        password_credential(PULL_APP_ID, f"secret {number}", start=made, end=world.now + timedelta(days=days))
        for number, days in enumerate(days_left, 1)
    ]
    principal = service_principal_body(PULL_APP_ID, "sp-pull", CONTOSO, made) | {"accountEnabled": enabled}
    world.add_object(CONTOSO, "application", application)
    world.add_object(CONTOSO, "servicePrincipal", principal)


FAULTS: dict[str, Fault] = {
    "admin-account": admin_account,
    "pull-principal": pull_principal,
    "regenerate-admin-password": regenerate_admin_password,
    "registry-token": registry_token,
}
"""The faults around pull secrets by name."""
