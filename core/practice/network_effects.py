"""What follows when a network resource comes or goes, whoever changes it: a request or a scenario's fault."""

from __future__ import annotations

from core.practice.arm_id import parse
from core.practice.http import Json
from core.practice.network_kinds import Kind, kind_of
from core.practice.network_views import PEERING, other_half
from core.practice.private_link import connection_for, detach_zones
from core.practice.private_link_bodies import interface_id
from core.practice.world import World

_ENDPOINT = "microsoft.network/privateendpoints"
_ZONE_GROUP = f"{_ENDPOINT}/privatednszonegroups"


def remove(world: World, resource_id: str) -> None:
    """Take a resource out with everything that goes with it.

    The other half of a peering becomes Disconnected. An endpoint takes its network interface, its records and the
    registry's side of it along; a zone group takes its records along.
    """
    body = world.resource(resource_id)
    if body is not None:
        for group in [each for each in world.resources.values() if _below(each, body) and _type(each) == _ZONE_GROUP]:
            detach_zones(world, group)
        for half in [each for each in world.resources.values() if _below(each, body) and _is_peering(each)]:
            _disconnect(world, half)
        if _type(body) == _ENDPOINT:
            _forget_endpoint(world, body)
    world.remove_resource(resource_id)


def _type(body: Json) -> str:
    return str(body["type"]).lower()


def _is_peering(body: Json) -> bool:
    return _type(body) == PEERING.lower()


def _below(body: Json, top: Json) -> bool:
    """Whether a resource is `top` or stands inside of it."""
    return f"{str(body['id']).lower()}/".startswith(f"{str(top['id']).lower()}/")


def _disconnect(world: World, half: Json) -> None:
    other = other_half(world, half)
    if other is not None:
        other["properties"]["peeringState"] = "Disconnected"


def _forget_endpoint(world: World, endpoint: Json) -> None:
    connection = connection_for(world, endpoint)
    if connection is not None:
        world.remove_resource(str(connection["id"]))
    world.remove_resource(interface_id(str(endpoint["id"])))


def split(kind: Kind, body: Json) -> list[Json]:
    """Take the parts out of a body that carries them; each gets the id that it has as a resource of its own."""
    parts: list[Json] = []
    for key, type_ in kind.embedded:
        for given in body["properties"].pop(key, None) or []:
            parts.append({**given, "id": f"{body['id']}/{type_.rpartition('/')[2]}/{given['name']}"})
    for key in kind.derived:
        body["properties"].pop(key, None)
    return parts


def kind_at(resource_id: str) -> Kind | None:
    """The kind of the resource that an id names."""
    return kind_of(parse(resource_id).type)
