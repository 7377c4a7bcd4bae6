"""Bodies of machines that stand alone, for pools that are made of machines in place of a scale set."""

from __future__ import annotations

import ipaddress

from core.practice.cluster_bodies import instance_body
from core.practice.http import Json
from core.practice.network_bodies import interface_body


def machine_body(scale_set: Json, number: int) -> Json:
    """A virtual machine in place of an instance of a scale set; its interface is `machine_interface_body`."""
    name = _machine_name(scale_set, number)
    body = instance_body(scale_set, number)
    del body["instanceId"], body["sku"]
    del body["properties"]["latestModelApplied"], body["properties"]["modelDefinitionApplied"]
    interface = {"id": _interface_id(scale_set, number), "properties": {"primary": True}}
    body["properties"]["networkProfile"] = {"networkInterfaces": [interface]}
    return body | {
        "name": name,
        "id": f"{_group_of(scale_set)}/providers/Microsoft.Compute/virtualMachines/{name}",
        "type": "Microsoft.Compute/virtualMachines",
    }


def machine_interface_body(scale_set: Json, number: int, prefix: str) -> Json:
    """The network interface of such a machine, with the security group and the subnet that the scale set has.

    Its address is one of the last of the subnet's range, `prefix`.
    """
    profile = scale_set["properties"]["virtualMachineProfile"]["networkProfile"]
    model = profile["networkInterfaceConfigurations"][0]["properties"]
    subnet = model["ipConfigurations"][0]["properties"]["subnet"]["id"]
    address = str(ipaddress.ip_network(prefix)[-2 - number])
    body = interface_body(_interface_id(scale_set, number), scale_set["location"], subnet, [address])
    body["properties"]["networkSecurityGroup"] = dict(model["networkSecurityGroup"])
    body["properties"]["virtualMachine"] = {"id": machine_body(scale_set, number)["id"]}
    return body


def _group_of(scale_set: Json) -> str:
    return str(scale_set["id"]).partition("/providers/")[0]


def _machine_name(scale_set: Json, number: int) -> str:
    tags = scale_set["tags"]
    return f"aks-{tags['aks-managed-poolName']}-{tags['aks-managed-resourceNameSuffix']}-vms{number}"


def _interface_id(scale_set: Json, number: int) -> str:
    own = f"{_machine_name(scale_set, number)}-nic"
    return f"{_group_of(scale_set)}/providers/Microsoft.Network/networkInterfaces/{own}"
