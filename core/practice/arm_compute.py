"""Answers of Microsoft.Compute: scale sets, their machines, and machines that stand alone."""

from __future__ import annotations

from core.practice.http import Json, Response, json_response
from core.practice.routing import Call, Route, not_found, page

_SET = "Microsoft.Compute/virtualMachineScaleSets"
_SET_MACHINE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
_SET_ADDRESS = f"{_SET_MACHINE}/networkInterfaces/ipConfigurations/publicIPAddresses"
_MACHINE = "Microsoft.Compute/virtualMachines"
_COMPUTE = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Compute"


def _scope(call: Call) -> str:
    """The scope of a list: the resource group, or the whole subscription where the address names none."""
    subscription = f"/subscriptions/{call.args['sub']}"
    return f"{subscription}/resourceGroups/{call.args['group']}" if "group" in call.args else subscription


def _get_set(call: Call) -> Response:
    body = call.world.resource(f"{_scope(call)}/providers/{_SET}/{call.args['name']}")
    return json_response(body) if body else not_found(_SET, call.args["name"], call.args["group"])


def _list_sets(call: Call) -> Response:
    return page(call, list(call.world.resources_of(_SET, _scope(call))))


def _list_set_machines(call: Call) -> Response:
    scale_set = call.world.resource(f"{_scope(call)}/providers/{_SET}/{call.args['name']}")
    if scale_set is None:
        return not_found(_SET, call.args["name"], call.args["group"])
    return page(call, [_as_asked(call, body) for body in call.world.resources_of(_SET_MACHINE, scale_set["id"])])


def _list_set_addresses(call: Call) -> Response:
    """The public addresses of the machines; unlike other resources, these do not tell their type."""
    scale_set = call.world.resource(f"{_scope(call)}/providers/{_SET}/{call.args['name']}")
    if scale_set is None:
        return not_found(_SET, call.args["name"], call.args["group"])
    found = call.world.resources_of(_SET_ADDRESS, scale_set["id"])
    return page(call, [{key: value for key, value in body.items() if key != "type"} for body in found])


def _list_machines(call: Call) -> Response:
    return page(call, [_as_asked(call, body) for body in call.world.resources_of(_MACHINE, _scope(call))])


def _as_asked(call: Call, body: Json) -> Json:
    if call.request.query.get("$expand", "").lower() == "instanceview":
        return body
    return body | {"properties": {key: value for key, value in body["properties"].items() if key != "instanceView"}}


ROUTES = (
    Route("GET", _COMPUTE + "/virtualMachineScaleSets", _list_sets),
    Route("GET", _COMPUTE + "/virtualMachineScaleSets/{name}", _get_set),
    Route("GET", _COMPUTE + "/virtualMachineScaleSets/{name}/virtualMachines", _list_set_machines),
    Route("GET", _COMPUTE + "/virtualMachineScaleSets/{name}/publicIPAddresses", _list_set_addresses),
    Route("GET", _COMPUTE + "/virtualMachines", _list_machines),
    Route("GET", "/subscriptions/{sub}/providers/Microsoft.Compute/virtualMachineScaleSets", _list_sets),
    Route("GET", "/subscriptions/{sub}/providers/Microsoft.Compute/virtualMachines", _list_machines),
)
