"""Recorded answers, and how ours are held to them: which keys they have, how their ids are spelt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent.parent / "data" / "payloads"
MAPS = {"userAssignedIdentities", "tags", "addonProfiles", "identityProfile"}
"""Objects whose keys are data."""

DOCUMENTED = {
    # https://learn.microsoft.com/rest/api/resources/resources/list
    "resources-list": {"kind", "sku", "sku.name", "sku.tier", "identity", "identity.type"},
    # https://learn.microsoft.com/rest/api/aks/agent-pools/list, and recorded inside of clusters
    "agentPools-list": {"properties.vnetSubnetID"},
    # https://learn.microsoft.com/rest/api/compute/virtual-machine-scale-set-vms/list
    "vmssVMs": {
        "value[].identity",
        "value[].identity.type",
        "value[].identity.userAssignedIdentities",
        "value[].identity.userAssignedIdentities.*.clientId",
        "value[].identity.userAssignedIdentities.*.principalId",
        "value[].properties.instanceView",
        "value[].properties.instanceView.statuses",
        "value[].properties.instanceView.statuses[].code",
        "value[].properties.instanceView.statuses[].displayStatus",
        "value[].properties.instanceView.statuses[].level",
    },
    # https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
    "virtualNetworks": {
        "properties.subnets[].properties.natGateway",
        "properties.subnets[].properties.natGateway.id",
        "properties.subnets[].properties.routeTable",
        "properties.subnets[].properties.routeTable.id",
    },
    # https://learn.microsoft.com/rest/api/virtualnetwork/subnets/get
    "subnets": {"properties.routeTable", "properties.routeTable.id"},
    # https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/get
    "networkSecurityGroups": {"properties.subnets", "properties.subnets[].id"},
    # https://learn.microsoft.com/rest/api/virtualnetwork/route-tables/get
    "routeTables": {"properties.subnets", "properties.subnets[].id"},
    # https://learn.microsoft.com/rest/api/virtualnetwork/nat-gateways/get
    "natGateways": {"properties.subnets", "properties.subnets[].id"},
    # https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/get
    "publicIPAddresses": {"properties.ipConfiguration", "properties.ipConfiguration.id"},
    # https://learn.microsoft.com/rest/api/virtualnetwork/firewall-policies/get
    "firewallPolicies": {"properties.firewalls[].id"},
    # https://learn.microsoft.com/rest/api/virtualwan/virtual-hubs/get
    "virtualHubs": {"properties.azureFirewall", "properties.azureFirewall.id"},
    # https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability
    "acrCheckName": {"reason", "message"},
}
"""Keys that no recording happens to have and the documentation does."""


def bodies(folder: str) -> Iterator[Any]:
    files = sorted((PAYLOADS / folder).glob("*.json"))
    assert files, folder
    for file in files:
        body = json.loads(file.read_text("utf-8"))["response"]["body"]
        if isinstance(body, dict):
            yield body


def keys(value: Any, at: str = "", last: str = "") -> Iterator[str]:
    """The dotted paths of every key in a body."""
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{at}.{'*' if last in MAPS else key}".lstrip(".")
            if last not in MAPS:
                yield path
            yield from keys(inner, path, key)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, f"{at}[]")


def spelling(resource_id: str) -> str:
    """An id with its names taken out: what is left is Azure's own spelling."""
    parts = resource_id.strip("/").split("/")
    out: list[str] = []
    names = False
    for part in parts:
        if part == "providers":
            out.append(part)
            names = False
        elif out and out[-1] == "providers":
            out.append(part)
        else:
            out.append("*" if names else part)
            names = not names
    return "/".join(out)


def item_keys(body: Any) -> set[str]:
    """The keys of a body, a list's items and a single resource written alike."""
    return {path.removeprefix("value[].") for path in keys(body)}


def recorded_keys(folder: str) -> set[str]:
    """Every key in the recordings of a type; what a list showed, a GET may show, and the other way round."""
    single = folder.removesuffix("-list")
    folders = [name for name in (single, f"{single}-list") if (PAYLOADS / name).is_dir()]
    found = {path for name in folders for body in bodies(name) for path in item_keys(body)}
    return found | {path.removeprefix("value[].") for path in DOCUMENTED.get(folder, set())}


def recorded_ids(folder: str, pick: Callable[[Any], Iterator[str]]) -> set[str]:
    return {spelling(each) for body in bodies(folder) for each in pick(body)}


def own_ids(body: Any) -> Iterator[str]:
    for entry in body.get("value", [body]):
        if "id" in entry:
            yield entry["id"]
