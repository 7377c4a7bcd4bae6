"""Answers of Microsoft.ResourceGraph: queries over everything the caller may read.

https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from core.practice.arm_id import parse
from core.practice.arm_subscriptions import sees_subscription
from core.practice.http import Json, Response, json_response
from core.practice.kql import QueryError, Row, run, table_of
from core.practice.network_views import shown
from core.practice.permissions import may
from core.practice.routing import Call, Refused, Route

_MOST = 1000
_NESTED = frozenset({"microsoft.network/dnsresolvers/inboundendpoints"})
"""Types of resources inside of others that are in the table as well."""


def _query(call: Call) -> Response:
    body = call.body()
    query = str(body.get("query", ""))
    options = body.get("options") or {}
    if options.get("resultFormat", "objectArray") != "objectArray":
        raise Refused(_bad_request("InvalidQuery", "The result format is not supported."))
    subscriptions = [
        key
        for key in (str(given).lower() for given in body.get("subscriptions") or call.world.subscriptions)
        if key in call.world.subscriptions and sees_subscription(call.world, call.caller, key)
    ]
    try:
        rows = run(query, _table(call, table_of(query), subscriptions))
    except QueryError as problem:
        raise Refused(_bad_request("ParserFailure", str(problem))) from problem
    return _page(call, rows, options)


def _page(call: Call, rows: list[Row], options: Json) -> Response:
    size = min(int(options.get("$top") or _MOST), _MOST, call.world.page_size)
    token = options.get("$skipToken")
    start = _position(token) if token else int(options.get("$skip") or 0)
    data = rows[start : start + size]
    more = start + size < len(rows)
    pageable = more and "id" in rows[0]
    answer: Json = {
        "totalRecords": len(rows),
        "count": len(data),
        "data": data,
        "facets": [],
        "resultTruncated": "true" if more and not pageable else "false",
    }
    if pageable:
        answer["$skipToken"] = base64.urlsafe_b64encode(f"rows:{start + size}".encode()).decode()
    return json_response(answer)


def _position(token: str) -> int:
    found = re.fullmatch(r"rows:(\d+)", base64.urlsafe_b64decode(token).decode())
    if found is None:
        raise Refused(_bad_request("InvalidSkipToken", "The skip token is invalid."))
    return int(found.group(1))


def _table(call: Call, table: str, subscriptions: list[str]) -> Iterator[Row]:
    if table == "resources":
        return _resources(call, subscriptions)
    if table == "resourcecontainers":
        return _containers(call, subscriptions)
    raise QueryError(f"unknown table {table!r}")


def _resources(call: Call, subscriptions: list[str]) -> Iterator[Row]:
    for key, body in sorted(call.world.resources.items()):
        parts = parse(key)
        kept = parts.type.count("/") == 1 or parts.type in _NESTED
        if not kept or parts.subscription not in subscriptions:
            continue
        if may(call.world, call.caller.object_id, f"{parts.type}/read", key):
            yield _row(call, shown(call.world, body), key)


def _row(call: Call, body: Json, key: str) -> Row:
    parts = parse(key)
    return {
        "id": str(body["id"]).replace("/resourcegroups/", "/resourceGroups/"),
        "name": body["name"],
        "type": parts.type,
        "tenantId": call.world.tenant_of(key),
        "kind": body.get("kind", ""),
        "location": body["location"],
        "resourceGroup": parts.group,
        "subscriptionId": parts.subscription,
        "managedBy": body.get("managedBy", ""),
        "sku": body.get("sku"),
        "plan": None,
        "properties": body["properties"],
        "tags": body.get("tags"),
        "identity": body.get("identity"),
        "zones": None,
        "extendedLocation": None,
    }


def _containers(call: Call, subscriptions: list[str]) -> Iterator[Row]:
    for key in sorted(subscriptions):
        body = call.world.subscriptions[key]
        yield {
            "id": body["id"],
            "name": body["displayName"],
            "type": "microsoft.resources/subscriptions",
            "tenantId": body["tenantId"],
            "location": "",
            "resourceGroup": "",
            "subscriptionId": key,
            "properties": {"state": body["state"], "managedByTenants": body["managedByTenants"]},
            "tags": body.get("tags"),
        }
    for key, body in sorted(call.world.groups.items()):
        parts = parse(key)
        if parts.subscription in subscriptions and may(
            call.world, call.caller.object_id, "Microsoft.Resources/subscriptions/resourceGroups/read", key
        ):
            yield {
                "id": body["id"],
                "name": body["name"],
                "type": "microsoft.resources/subscriptions/resourcegroups",
                "tenantId": call.world.tenant_of(key),
                "location": body["location"],
                "resourceGroup": parts.group,
                "subscriptionId": parts.subscription,
                "managedBy": body.get("managedBy", ""),
                "properties": body["properties"],
                "tags": body.get("tags"),
            }


def _bad_request(code: str, message: str) -> Response:
    details = [
        {
            "code": "InvalidQuery",
            "message": "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and "
            "fix the error before retrying.",
        },
        {"code": code, "message": message},
    ]
    body = {"error": {"code": "BadRequest", "message": "Please provide valid query and options.", "details": details}}
    return json_response(body, 400)


ROUTES = (Route("POST", "/providers/Microsoft.ResourceGraph/resources", _query, open=True),)
