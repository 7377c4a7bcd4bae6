"""What AKS makes when a node pool is added: its profile, its scale set and its machines."""

from __future__ import annotations

import copy

from core.practice.arm_id import guid
from core.practice.http import Json, merge
from core.practice.reconcile import node_group_of, set_machines
from core.practice.world import World, stamp

_SET = "Microsoft.Compute/virtualMachineScaleSets"
_NOT_FOR_WINDOWS = {"osSKU": "Windows2022", "nodeImageVersion": "AKSWindows-2022-containerd-20348.2849.241113"}


def make_pool(world: World, cluster: Json, name: str, given: Json) -> Json:
    """Add a pool to a cluster and return its profile; what is not given is like the cluster's first pool."""
    profiles: list[Json] = cluster["properties"]["agentPoolProfiles"]
    profile = copy.deepcopy(profiles[0]) | {"name": name, "mode": "User"}
    if str(given.get("osType", "")).lower() == "windows":
        profile |= _NOT_FOR_WINDOWS
    merge(profile, given)
    profile["provisioningState"] = "Succeeded"
    profile["powerState"] = {"code": "Running"}
    profiles.append(profile)
    _add_scale_set(world, cluster, profile)
    set_machines(world, cluster, profile)
    return profile


def _add_scale_set(world: World, cluster: Json, profile: Json) -> None:
    model = next(world.resources_of(_SET, node_group_of(cluster)), None)
    if model is None:
        return
    pool, number = str(profile["name"]), model["tags"]["aks-managed-resourceNameSuffix"]
    windows = profile["osType"].lower() == "windows"
    name = f"aks{pool}" if windows else f"aks-{pool}-{number}-vmss"
    body = copy.deepcopy(model)
    body |= {"name": name, "id": f"{str(model['id']).rpartition('/')[0]}/{name}"}
    body["tags"] |= {"aks-managed-poolName": pool, "aks-managed-creationSource": f"vmssclient-{name}"}
    body["sku"] |= {"name": profile["vmSize"], "capacity": 0}
    body["properties"] |= {
        "uniqueId": guid("scale-set", cluster["id"], pool),
        "timeCreated": stamp(world.now).replace("Z", "+00:00"),
    }
    world.add_resource(body)
