"""World faults: each changes one thing in a healthy world, the way it goes wrong for people.

A scenario names them with their parameters; `FAULTS` is the whole list. Principals and places are given by the
short names of `core.practice.names`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from core.practice.arm_id import guid, parse
from core.practice.base import CONTOSO
from core.practice.cluster_bodies import identity_body
from core.practice.entra_bodies import group_body, managed_identity_body
from core.practice.http import Json
from core.practice.machine_bodies import machine_body, machine_interface_body
from core.practice.names import principal as named_principal
from core.practice.names import scope as named_scope
from core.practice.network_effects import remove
from core.practice.reconcile import node_group_of
from core.practice.roles import add_custom_role, assign
from core.practice.world import World, stamp

Fault = Callable[..., None]


def revoke(world: World, *, principal: str, role: str = "", scope: str = "") -> None:
    """Take role assignments from a principal: all of them, or those of one role or at one place."""
    holder = named_principal(principal)
    for key, body in list(world.role_assignments.items()):
        properties = body["properties"]
        definition = world.role_definitions[str(properties["roleDefinitionId"]).rsplit("/", 1)[-1]]
        if (
            properties["principalId"] == holder
            and role in ("", definition["properties"]["roleName"])
            and (not scope or str(properties["scope"]).lower() == named_scope(scope).lower())
        ):
            del world.role_assignments[key]


def grant(
    world: World,
    *,
    principal: str,
    role: str,
    scope: str,
    minutes_ago: int = 60 * 24 * 90,
    condition: str = "",
    kind: str = "ServicePrincipal",
) -> None:
    """Assign a built-in role, or a custom role of the scenario, that long ago. `kind` is the principal's type."""
    definition = role
    for key, body in world.role_definitions.items():
        if body["properties"]["roleName"] == role:
            definition = key
    since = world.now - timedelta(minutes=minutes_ago)
    holder = named_principal(principal)
    assign(world, definition, holder, named_scope(scope), kind=kind, since=since, condition=condition.strip() or None)


def make_group(world: World, *, name: str, members: Sequence[str]) -> None:
    """Make a security group with these members."""
    made = world.now - timedelta(days=200)
    entry = world.add_object(CONTOSO, "group", group_body(named_principal(name), name, made))
    entry.members |= {named_principal(member) for member in members}


def make_role(
    world: World,
    *,
    name: str,
    scope: str,
    actions: Sequence[str] = (),
    not_actions: Sequence[str] = (),
    data_actions: Sequence[str] = (),
    not_data_actions: Sequence[str] = (),
) -> None:
    """Define a custom role that may be assigned in the subscription of `scope`."""
    add_custom_role(
        world,
        name,
        named_scope(scope).split("/")[2],
        actions=actions,
        not_actions=not_actions,
        data_actions=data_actions,
        not_data_actions=not_data_actions,
    )


def deny(
    world: World,
    *,
    name: str,
    scope: str,
    principals: Sequence[str],
    actions: Sequence[str],
    excluded: Sequence[str] = (),
    only_here: bool = False,
    system: bool = True,
) -> None:
    """Put a deny assignment at a place, as a deployment stack does. `only_here` spares what is below."""
    at = named_scope(scope)
    own = guid("deny", name)
    body: Json = {
        "properties": {
            "denyAssignmentName": name,
            "description": "",
            "permissions": [
                {"actions": list(actions), "notActions": [], "dataActions": [], "notDataActions": []},
            ],
            "scope": at,
            "doNotApplyToChildScopes": only_here,
            "principals": [_denied(each) for each in principals],
            "excludePrincipals": [_denied(each) for each in excluded],
            "isSystemProtected": system,
        },
        "id": f"{at}/providers/Microsoft.Authorization/denyAssignments/{own}",
        "type": "Microsoft.Authorization/denyAssignments",
        "name": own,
    }
    world.deny_assignments[str(body["id"]).lower()] = body


def _denied(name: str) -> Json:
    kind = "SystemDefined" if name == "everybody" else "ServicePrincipal"
    return {"id": named_principal(name), "type": kind}


def set_value(world: World, *, resource: str, path: str, value: object) -> None:
    """Change one value of a resource; `path` is dotted, list places are numbers."""
    *parents, last = path.split(".")
    holder = _walk(world, resource, parents)
    if isinstance(holder, list):
        holder[int(last)] = value
    else:
        holder[last] = value


def drop_value(world: World, *, resource: str, path: str) -> None:
    """Take one key out of a resource, which is how Azure says that there is nothing."""
    *parents, last = path.split(".")
    del _walk(world, resource, parents)[last]


def _walk(world: World, resource: str, parents: Sequence[str]) -> Any:
    value: Any = world.resources[named_scope(resource).lower()]
    for part in parents:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def delete(world: World, *, resource: str) -> None:
    """Delete a resource or a resource group, what is below it, what cannot be without it, and the roles on it."""
    remove(world, named_scope(resource))


def stop_cluster(world: World, *, resource: str = "cluster") -> None:
    """Stop a cluster: the pools stop with it and the scale sets are empty."""
    cluster = world.resources[named_scope(resource).lower()]
    cluster["properties"]["powerState"] = {"code": "Stopped"}
    for pool in cluster["properties"]["agentPoolProfiles"]:
        pool["powerState"] = {"code": "Stopped"}
    node_group = node_group_of(cluster)
    for scale_set in list(world.resources_of("Microsoft.Compute/virtualMachineScaleSets", node_group)):
        scale_set["sku"]["capacity"] = 0
        for key in [key for key in world.resources if key.startswith(f"{scale_set['id'].lower()}/")]:
            del world.resources[key]


def scale_set_of(world: World, pool: str) -> Json:
    """The scale set of a pool of the cluster that scenarios are about; raises KeyError where there is none."""
    for body in world.resources_of("Microsoft.Compute/virtualMachineScaleSets", named_scope("node-group")):
        if body["tags"]["aks-managed-poolName"] == pool:
            return body
    raise KeyError(pool)


def _machines(world: World, scale_set: Json) -> list[Json]:
    return list(world.resources_of("Microsoft.Compute/virtualMachineScaleSets/virtualMachines", scale_set["id"]))


def use_machines(world: World, *, pool: str) -> None:
    """Make a pool one of virtual machines in place of a scale set: it has neither a size nor a count of its own."""
    scale_set = scale_set_of(world, pool)
    for number in range(scale_set["sku"]["capacity"]):
        world.add_resource(machine_body(scale_set, number))
        world.add_resource(machine_interface_body(scale_set, number, _subnet_prefix(world, scale_set)))
    world.remove_resource(scale_set["id"])
    for profile in world.resources[named_scope("cluster").lower()]["properties"]["agentPoolProfiles"]:
        if profile["name"] == pool:
            part = {"size": profile.pop("vmSize"), "count": profile.pop("count")}
            profile["type"] = "VirtualMachines"
            profile["virtualMachinesProfile"] = {"scale": {"manual": [part]}}
            profile["virtualMachineNodesStatus"] = [dict(part)]


def _subnet_prefix(world: World, scale_set: Json) -> str:
    """The range of the subnet that a scale set puts its machines in."""
    profile = scale_set["properties"]["virtualMachineProfile"]["networkProfile"]
    (address,) = profile["networkInterfaceConfigurations"][0]["properties"]["ipConfigurations"]
    subnet = world.resources[address["properties"]["subnet"]["id"].lower()]
    return str(subnet["properties"]["addressPrefix"])


def detach_identity(world: World, *, pool: str, machine: int = -1) -> None:
    """Take the kubelet identity off a pool's scale set and its machines, or off one machine that stands alone."""
    if machine >= 0:
        alone = world.resources_of("Microsoft.Compute/virtualMachines", named_scope("node-group"))
        del [body for body in alone if body["tags"]["aks-managed-poolName"] == pool][machine]["identity"]
        return
    scale_set = scale_set_of(world, pool)
    for body in (scale_set, *_machines(world, scale_set)):
        del body["identity"]


def leave_stale(world: World, *, pool: str, machines: int) -> None:
    """Leave the first machines of a pool on an older model of their scale set, one without the identity."""
    for body in _machines(world, scale_set_of(world, pool))[:machines]:
        body["properties"]["latestModelApplied"] = False
        body.pop("identity", None)


def delete_kubelet_identity(world: World) -> None:
    """Delete the kubelet identity: the resource and its service principal. Its role assignments stay behind."""
    delete(world, resource="kubelet-identity")
    del world.directory[named_principal("kubelet")]


def recreate_kubelet_identity(world: World) -> None:
    """Delete the kubelet identity and make a new one of the same name: the same id, another principal."""
    body = world.resources[named_scope("kubelet-identity").lower()]
    old = world.directory.pop(named_principal("kubelet"))
    body["properties"] |= {"principalId": guid("kubelet", "again"), "clientId": guid("kubelet-client", "again")}
    again = old.body | {"id": guid("kubelet", "again"), "appId": guid("kubelet-client", "again")}
    world.add_object(CONTOSO, "servicePrincipal", again)


def enable_vault_add_on(world: World) -> None:
    """Give the cluster the add-on that reads secrets from key vaults, which comes with an identity of its own."""
    cluster = world.resources[named_scope("cluster").lower()]
    own = identity_body(
        parse(cluster["id"]).subscription,
        cluster["properties"]["nodeResourceGroup"],
        f"azurekeyvaultsecretsprovider-{cluster['name']}",
        cluster["location"],
        CONTOSO,
        principal=named_principal("vault-add-on"),
        client=guid("vault-add-on-client", cluster["id"]),
    )
    world.add_resource(own)
    world.add_object(CONTOSO, "servicePrincipal", managed_identity_body(own))
    made = own["properties"]
    names = {"resourceId": own["id"], "clientId": made["clientId"], "objectId": made["principalId"]}
    cluster["properties"]["addonProfiles"] = {
        "azureKeyvaultSecretsProvider": {
            "enabled": True,
            "config": {"enableSecretRotation": "true"},
            "identity": names,
        }
    }


def age_nodes(world: World, *, pool: str, days: int, image: str) -> None:
    """Say that a pool's nodes are that old and run that node image version."""
    born = stamp(world.now - timedelta(days=days)).replace("Z", "+00:00")
    scale_set_of(world, pool)["properties"]["timeCreated"] = born
    cluster = world.resources[named_scope("cluster").lower()]
    for profile in cluster["properties"]["agentPoolProfiles"]:
        if profile["name"] == pool:
            profile["nodeImageVersion"] = image


def age_registry(world: World, *, days: int) -> None:
    """Say that the registry was made that many days ago."""
    made = stamp(world.now - timedelta(days=days))
    registry = world.resources[named_scope("registry").lower()]
    registry["properties"]["creationDate"] = made
    registry["systemData"] |= dict.fromkeys(("createdAt", "lastModifiedAt"), made.replace("Z", "+00:00"))


def disable_subscription(world: World, *, scope: str, state: str = "Disabled") -> None:
    """Put a subscription in another state than Enabled."""
    world.subscriptions[named_scope(scope).split("/")[2]]["state"] = state


FAULTS: dict[str, Fault] = {
    "age-nodes": age_nodes,
    "age-registry": age_registry,
    "delete": delete,
    "delete-kubelet-identity": delete_kubelet_identity,
    "deny": deny,
    "detach-identity": detach_identity,
    "disable-subscription": disable_subscription,
    "drop-value": drop_value,
    "enable-vault-add-on": enable_vault_add_on,
    "grant": grant,
    "leave-stale": leave_stale,
    "make-group": make_group,
    "make-role": make_role,
    "recreate-kubelet-identity": recreate_kubelet_identity,
    "revoke": revoke,
    "set-value": set_value,
    "stop-cluster": stop_cluster,
    "use-machines": use_machines,
}
"""The faults of the resource manager's side by name."""
