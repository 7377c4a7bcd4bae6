"""What changes clusters: updates, start and stop, node images, and the operations that go with them.

Operations finish at once: the address that a client polls already says so.
https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
"""

from __future__ import annotations

from core.practice.arm_containerservice import TYPE, cluster_of, pool_body
from core.practice.arm_id import guid
from core.practice.http import ARM_HOST, Json, Response, arm_error, json_response, merge
from core.practice.new_pool import make_pool
from core.practice.reconcile import reconcile, set_machines
from core.practice.routing import Call, Refused, Route, not_found
from core.practice.world import stamp

_ONE = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{name}"
_POOL = _ONE + "/agentPools/{pool}"
_OPERATIONS = "/subscriptions/{sub}/providers/Microsoft.ContainerService/locations/{location}"
_OPERATIONS_VERSION = "2016-03-30"
_NEW_IMAGE = "AKSUbuntu-2204gen2containerd-202611.03.0"
_BUSY = frozenset({"Creating", "Updating", "Upgrading", "Deleting", "Starting", "Stopping"})

_KEPT = frozenset(
    {
        "azurePortalFQDN",
        "currentKubernetesVersion",
        "fqdn",
        "identityProfile",
        "maxAgentPools",
        "nodeResourceGroup",
        "powerState",
        "privateFQDN",
        "provisioningState",
        "resourceUID",
        "agentPoolProfiles",
        "servicePrincipalProfile",
    }
)
"""Properties of a cluster that a PUT does not simply overwrite."""

_POOL_KEPT = frozenset({"currentOrchestratorVersion", "eTag", "nodeImageVersion", "provisioningState"})


def _existing(call: Call) -> Json:
    cluster = cluster_of(call)
    if cluster is None:
        raise Refused(not_found(TYPE, call.args["name"], call.args["group"]))
    state = cluster["properties"]["provisioningState"]
    if state in _BUSY:
        message = (
            f"Operation is not allowed because there's an in progress {state.lower()} operation on managed cluster "
            f"{cluster['name']}. Please wait for it to finish before starting a new operation."
        )
        raise Refused(json_response({"code": "OperationNotAllowed", "details": None, "message": message}, 409))
    return cluster


def _pool_of(call: Call, cluster: Json) -> Json:
    for profile in cluster["properties"]["agentPoolProfiles"]:
        if profile["name"].lower() == call.args["pool"].lower():
            found: Json = profile
            return found
    message = f"Could not find agent pool resource: {call.args['pool']} in managed cluster: {cluster['name']}."
    raise Refused(json_response({"code": "NotFound", "message": message}, 404))


def _operation_headers(call: Call, cluster: Json) -> dict[str, str]:
    operation = guid("operation", call.request.method, call.request.path, stamp(call.world.now))
    root = (
        f"https://{ARM_HOST}/subscriptions/{call.args['sub']}/providers/Microsoft.ContainerService"
        f"/locations/{cluster['location']}"
    )
    return {
        "azure-asyncoperation": f"{root}/operations/{operation}?api-version={_OPERATIONS_VERSION}",
        "location": f"{root}/operationresults/{operation}?api-version={_OPERATIONS_VERSION}",
    }


def _accepted(call: Call, cluster: Json) -> Response:
    return Response(202, _operation_headers(call, cluster))


def _put(call: Call) -> Response:
    cluster = _existing(call)
    given = call.body()
    properties: Json = given.get("properties", {})
    wanted_kubelet = properties.get("identityProfile", {}).get("kubeletidentity", {}).get("resourceId")
    before = cluster["properties"]
    merge(before, {key: value for key, value in properties.items() if key not in _KEPT})
    before["currentKubernetesVersion"] = _full_version(
        before["kubernetesVersion"], before["currentKubernetesVersion"]
    )
    for profile in before["agentPoolProfiles"]:
        for new in properties.get("agentPoolProfiles", []):
            if new["name"] == profile["name"]:
                _merge_pool(profile, new)
    if given.get("identity"):
        _take_identity(call, cluster, given["identity"])
    if wanted_kubelet:
        before.setdefault("identityProfile", {}).setdefault("kubeletidentity", {})["resourceId"] = wanted_kubelet
    cluster["tags"] = given.get("tags") or {}
    reconcile(call.world, cluster)
    shown = cluster | {"properties": before | {"provisioningState": "Updating"}}
    return json_response(shown, 200, _operation_headers(call, cluster))


def _take_identity(call: Call, cluster: Json, given: Json) -> None:
    cluster["properties"]["servicePrincipalProfile"] = {"clientId": "msi"}
    if given["type"] != "UserAssigned":
        cluster.setdefault("identity", {"type": given["type"]})
        return
    identities = {}
    for key in given["userAssignedIdentities"]:
        body = call.world.resource(key)
        if body is None:
            message = f"The resource identity '{key}' was not found."
            raise Refused(arm_error(400, "FailedIdentityOperation", message))
        identities[key] = {name: body["properties"][name] for name in ("clientId", "principalId")}
    cluster["identity"] = {"type": "UserAssigned", "userAssignedIdentities": identities}


def _full_version(asked: str, current: str) -> str:
    if current.startswith(asked):
        return current
    return asked if asked.count(".") == 2 else f"{asked}.1"


def _merge_pool(profile: Json, given: Json) -> None:
    merge(profile, {key: value for key, value in given.items() if key not in _POOL_KEPT})
    profile["currentOrchestratorVersion"] = _full_version(
        profile["orchestratorVersion"], profile["currentOrchestratorVersion"]
    )


def _start(call: Call) -> Response:
    return _switch(call, "Running")


def _stop(call: Call) -> Response:
    return _switch(call, "Stopped")


def _switch(call: Call, code: str) -> Response:
    cluster = _existing(call)
    cluster["properties"]["powerState"] = {"code": code}
    for profile in cluster["properties"]["agentPoolProfiles"]:
        profile["powerState"] = {"code": code}
    reconcile(call.world, cluster)
    return _accepted(call, cluster)


def _reset_service_principal(call: Call) -> Response:
    cluster = _existing(call)
    cluster["properties"]["servicePrincipalProfile"] = {"clientId": str(call.body()["clientId"])}
    return _accepted(call, cluster)


def _get_pool(call: Call) -> Response:
    cluster = cluster_of(call)
    if cluster is None:
        return not_found(TYPE, call.args["name"], call.args["group"])
    return json_response(pool_body(cluster, _pool_of(call, cluster)))


def _put_pool(call: Call) -> Response:
    cluster = _existing(call)
    given: Json = call.body().get("properties", {})
    names = [str(one["name"]).lower() for one in cluster["properties"]["agentPoolProfiles"]]
    if call.args["pool"].lower() in names:
        profile = _pool_of(call, cluster)
        _merge_pool(profile, given)
        set_machines(call.world, cluster, profile)
    else:
        profile = make_pool(call.world, cluster, call.args["pool"], given)
    body = pool_body(cluster, profile | {"provisioningState": "Updating"})
    return json_response(body, 200, _operation_headers(call, cluster))


def _upgrade_image(call: Call) -> Response:
    cluster = _existing(call)
    _pool_of(call, cluster)["nodeImageVersion"] = _NEW_IMAGE
    reconcile(call.world, cluster)
    return _accepted(call, cluster)


def _upgrades(call: Call) -> Response:
    cluster = cluster_of(call)
    if cluster is None:
        return not_found(TYPE, call.args["name"], call.args["group"])
    current = cluster["properties"]["currentKubernetesVersion"]
    major, minor, _ = current.split(".")
    newer = [{"kubernetesVersion": f"{major}.{int(minor) + 1}.1"}]
    profile = {"kubernetesVersion": current, "osType": "Linux", "upgrades": newer}
    return json_response(
        {
            "id": f"{cluster['id']}/upgradeprofiles/default",
            "name": "default",
            "type": "Microsoft.ContainerService/managedClusters/upgradeprofiles",
            "properties": {
                "controlPlaneProfile": profile,
                "agentPoolProfiles": [
                    {"name": pool["name"], **profile} for pool in cluster["properties"]["agentPoolProfiles"]
                ],
            },
        }
    )


def _operation(call: Call) -> Response:
    moment = stamp(call.world.now)
    body = {"name": call.args["operation"], "status": "Succeeded", "startTime": moment, "endTime": moment}
    return json_response(body)


def _operation_result(_: Call) -> Response:
    return Response(204)


ROUTES = (
    Route("PUT", _ONE, _put),
    Route("POST", _ONE + "/start", _start),
    Route("POST", _ONE + "/stop", _stop),
    Route("POST", _ONE + "/resetServicePrincipalProfile", _reset_service_principal),
    Route("GET", _ONE + "/upgradeProfiles/default", _upgrades),
    Route("GET", _POOL, _get_pool),
    Route("PUT", _POOL, _put_pool),
    Route("POST", _POOL + "/upgradeNodeImageVersion", _upgrade_image),
    Route("GET", _OPERATIONS + "/operations/{operation}", _operation, open=True),
    Route("GET", _OPERATIONS + "/operationresults/{operation}", _operation_result, open=True),
)
