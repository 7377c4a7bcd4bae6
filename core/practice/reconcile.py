"""What AKS does to the world when it brings a cluster back in line with its own description."""

from __future__ import annotations

from core.practice.arm_id import guid
from core.practice.cluster_bodies import identity_body, instance_body
from core.practice.cluster_networks import settle_outbound
from core.practice.entra_bodies import managed_identity_body
from core.practice.http import Json, arm_error
from core.practice.routing import Refused
from core.practice.world import World, stamp

_SET = "Microsoft.Compute/virtualMachineScaleSets"
_MACHINE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
_IDENTITIES = "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"


def node_group_of(cluster: Json) -> str:
    """The id of the cluster's node resource group."""
    subscription = str(cluster["id"]).split("/")[2]
    return f"/subscriptions/{subscription}/resourceGroups/{cluster['properties']['nodeResourceGroup']}"


def reconcile(world: World, cluster: Json) -> None:
    """Give the cluster a living kubelet identity, put it on every scale set, and bring the machines up to date.

    A kubelet identity of the cluster's own that is gone is made anew, with another object id; one that was brought
    along and is gone is refused.
    """
    if "identity" in cluster:
        _ensure_control_plane(world, cluster)
        kubelet = _ensure_kubelet(world, cluster)
        for scale_set in _scale_sets(world, cluster):
            _attach(scale_set, kubelet)
            _bring_up_to_date(world, scale_set)
        for machine in world.resources_of("Microsoft.Compute/virtualMachines", node_group_of(cluster)):
            _attach(machine, kubelet)
    properties = cluster["properties"]
    properties["provisioningState"] = "Succeeded"
    for profile in properties["agentPoolProfiles"]:
        profile["provisioningState"] = "Succeeded"
        set_machines(world, cluster, profile)
    settle_outbound(world, cluster)


def set_machines(world: World, cluster: Json, profile: Json) -> None:
    """Give a pool's scale set as many machines as the pool says, none where it is stopped.

    A pool of machines that stand alone has no count, and none of them comes or goes.
    """
    if "count" not in profile:
        return
    running = profile["powerState"]["code"] == "Running" and cluster["properties"]["powerState"]["code"] == "Running"
    count = profile["count"] if running else 0
    for scale_set in _scale_sets(world, cluster):
        if scale_set["tags"]["aks-managed-poolName"] != profile["name"]:
            continue
        scale_set["sku"]["capacity"] = count
        machines = list(world.resources_of(_MACHINE, scale_set["id"]))
        for machine in machines[count:]:
            world.remove_resource(machine["id"])
        for number in range(len(machines), count):
            world.add_resource(instance_body(scale_set, number))


def _scale_sets(world: World, cluster: Json) -> list[Json]:
    return list(world.resources_of(_SET, node_group_of(cluster)))


def _ensure_control_plane(world: World, cluster: Json) -> None:
    identity = cluster["identity"]
    if identity["type"] != "SystemAssigned" or identity.get("principalId") in world.directory:
        return
    tenant = str(world.tenant_of(cluster["id"]))
    principal = guid("control-plane", cluster["id"], stamp(world.now))
    cluster["identity"] = {"type": "SystemAssigned", "principalId": principal, "tenantId": tenant}
    described = {"principalId": principal, "clientId": guid("control-plane-client", principal)}
    entry = managed_identity_body({"id": cluster["id"], "name": cluster["name"], "properties": described})
    world.add_object(tenant, "servicePrincipal", entry)


def _ensure_kubelet(world: World, cluster: Json) -> Json:
    profile = cluster["properties"].get("identityProfile", {}).get("kubeletidentity", {})
    own = f"{node_group_of(cluster)}{_IDENTITIES}{cluster['name']}-agentpool".lower()
    wanted = str(profile.get("resourceId") or own).lower()
    body = world.resource(wanted)
    if body is None and wanted != own:
        message = f"The kubelet identity '{profile['resourceId']}' does not exist."
        raise Refused(arm_error(400, "CustomKubeletIdentityMissingError", message))
    if body is None:
        body = make_identity(
            world,
            str(cluster["id"]).split("/")[2],
            cluster["properties"]["nodeResourceGroup"],
            f"{cluster['name']}-agentpool",
            cluster["location"],
        )
    cluster["properties"]["identityProfile"] = {
        "kubeletidentity": {
            "resourceId": body["id"],
            "clientId": body["properties"]["clientId"],
            "objectId": body["properties"]["principalId"],
        }
    }
    return body


def make_identity(world: World, subscription: str, group: str, name: str, location: str) -> Json:
    """Put a new user-assigned identity in the world, with its service principal; its ids are nobody's before it."""
    tenant = str(world.tenant_of(f"/subscriptions/{subscription}"))
    moment = stamp(world.now)
    body = identity_body(
        subscription,
        group,
        name,
        location,
        tenant,
        principal=guid("identity", subscription, group, name, moment),
        client=guid("identity-client", subscription, group, name, moment),
    )
    world.add_resource(body)
    world.add_object(tenant, "servicePrincipal", managed_identity_body(body))
    return body


def _attach(scale_set: Json, kubelet: Json) -> None:
    key = str(kubelet["id"]).replace("/resourcegroups/", "/resourceGroups/")
    ids = {name: kubelet["properties"][name] for name in ("principalId", "clientId")}
    there = scale_set.get("identity", {}).get("userAssignedIdentities", {})
    kept = {name: value for name, value in there.items() if not name.lower().endswith("-agentpool")}
    scale_set["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {**kept, key: ids}}
    scale_set["tags"]["aks-managed-kubeletIdentityClientID"] = ids["clientId"]


def _bring_up_to_date(world: World, scale_set: Json) -> None:
    for machine in world.resources_of(_MACHINE, scale_set["id"]):
        machine["properties"]["latestModelApplied"] = True
        machine["identity"] = {
            "type": scale_set["identity"]["type"],
            "userAssignedIdentities": dict(scale_set["identity"]["userAssignedIdentities"]),
        }
