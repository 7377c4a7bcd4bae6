"""Answers of Microsoft.ContainerService: clusters and their node pools."""

from __future__ import annotations

from core.practice.http import Json, Response, json_response
from core.practice.routing import Call, Route, not_found, page

TYPE = "Microsoft.ContainerService/managedClusters"
_IN_GROUP = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters"
_ONE = _IN_GROUP + "/{name}"
_POOL_TYPE = "Microsoft.ContainerService/managedClusters/agentPools"


def cluster_of(call: Call) -> Json | None:
    """The cluster that the address names, or None."""
    args = call.args
    return call.world.resource(
        f"/subscriptions/{args['sub']}/resourceGroups/{args['group']}/providers/{TYPE}/{args['name']}"
    )


def _get(call: Call) -> Response:
    cluster = cluster_of(call)
    return json_response(cluster) if cluster else not_found(TYPE, call.args["name"], call.args["group"])


def _list_by_subscription(call: Call) -> Response:
    clusters = list(call.world.resources_of(TYPE, f"/subscriptions/{call.args['sub']}"))
    return page(call, clusters, parameter="$skipToken", empty_last=True)


def _list_by_group(call: Call) -> Response:
    scope = f"/subscriptions/{call.args['sub']}/resourceGroups/{call.args['group']}"
    return page(call, list(call.world.resources_of(TYPE, scope)), parameter="$skipToken", empty_last=True)


def _list_pools(call: Call) -> Response:
    cluster = cluster_of(call)
    if cluster is None:
        return not_found(TYPE, call.args["name"], call.args["group"])
    pools = [pool_body(cluster, profile) for profile in cluster["properties"]["agentPoolProfiles"]]
    return page(call, pools, parameter="$skipToken", empty_last=True)


def pool_body(cluster: Json, profile: Json) -> Json:
    """A node pool as a resource of its own."""
    properties = {key: value for key, value in profile.items() if key != "name"}
    return {
        "id": f"{cluster['id']}/agentPools/{profile['name']}",
        "name": profile["name"],
        "type": _POOL_TYPE,
        "properties": properties,
    }


ROUTES = (
    Route("GET", _ONE, _get),
    Route("GET", "/subscriptions/{sub}/providers/Microsoft.ContainerService/managedClusters", _list_by_subscription),
    Route("GET", _IN_GROUP, _list_by_group),
    Route("GET", _ONE + "/agentPools", _list_pools),
)
