"""The admin account of a registry, and the activity log that tells who made its passwords anew.

https://learn.microsoft.com/rest/api/containerregistry/registries/list-credentials
https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.practice.arm_registry import registry_of
from core.practice.http import Json, Response, arm_error, json_response
from core.practice.routing import Call, Refused, Route
from core.practice.world import World, stamp

_REGISTRY = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"
_LOG = "/subscriptions/{sub}/providers/Microsoft.Insights/eventtypes/management/values"
_NAMES = ("password", "password2")
_FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)'(?: and resourceUri eq '(?P<resource>[^']+)')?", re.IGNORECASE
)
_KEPT = timedelta(days=90)


def set_passwords(world: World, registry: Json, passwords: Sequence[str]) -> None:
    """Give the admin account of a registry these two passwords."""
    world.admin_passwords[str(registry["id"]).lower()] = list(passwords)


def note_regeneration(world: World, registry: Json, when: datetime, who: str) -> None:
    """Put into the activity log that somebody made a password of the admin account anew."""
    operation = "Microsoft.ContainerRegistry/registries/regenerateCredential/action"
    world.activity.append(
        {
            "eventTimestamp": stamp(when),
            "operationName": {
                "value": operation,
                "localizedValue": "Regenerate Container Registry Login Credentials",
            },
            "status": {"value": "Succeeded", "localizedValue": "Succeeded"},
            "resourceId": registry["id"],
            "caller": who,
        }
    )


def _admin(call: Call) -> tuple[Json, list[str]]:
    registry = registry_of(call)
    if not registry["properties"]["adminUserEnabled"]:
        message = f"The admin user of the registry '{registry['name']}' is disabled."
        raise Refused(arm_error(400, "AdminUserDisabled", message))
    key = str(registry["id"]).lower()
    if key not in call.world.admin_passwords:
        set_passwords(call.world, registry, [secrets.token_hex(26) for _ in _NAMES])
    return registry, call.world.admin_passwords[key]


def _credentials(registry: Json, passwords: Sequence[str]) -> Response:
    listed = [{"name": name, "value": value} for name, value in zip(_NAMES, passwords, strict=True)]
    return json_response({"username": registry["name"], "passwords": listed})


def _list(call: Call) -> Response:
    return _credentials(*_admin(call))


def _regenerate(call: Call) -> Response:
    registry, passwords = _admin(call)
    name = str(call.body().get("name", ""))
    if name not in _NAMES:
        return arm_error(400, "BadRequest", f"There is no password named '{name}'.")
    passwords[_NAMES.index(name)] = secrets.token_hex(26)
    note_regeneration(call.world, registry, call.world.now, call.caller.name)
    return _credentials(registry, passwords)


def _log(call: Call) -> Response:
    asked = _FILTER.fullmatch(call.filter)
    if asked is None:
        return arm_error(400, "BadRequest", "The $filter of the activity log takes eventTimestamp and resourceUri.")
    since = datetime.fromisoformat(asked["since"])
    if call.world.now - since > _KEPT:
        return arm_error(400, "BadRequest", "The start time cannot be more than 90 days in the past.")
    wanted = (asked["resource"] or f"/subscriptions/{call.args['sub']}").lower()
    found = [
        event
        for event in call.world.activity
        if str(event["resourceId"]).lower().startswith(wanted)
        and datetime.fromisoformat(event["eventTimestamp"]) >= since
    ]
    return json_response({"value": found})


ROUTES = (
    Route("POST", _REGISTRY + "/listCredentials", _list),
    Route("POST", _REGISTRY + "/regenerateCredential", _regenerate),
    Route("GET", _LOG, _log),
)
