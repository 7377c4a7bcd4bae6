"""What the Azure CLI's commands for images and node pools do to a simulated Azure."""

from __future__ import annotations

from typing import Any

import pytest
from practice_calls import call

from core.practice.http import Response
from core.practice.names import SCOPES
from core.practice.registry_contents import Repository
from core.practice.registry_stock import stock
from core.practice.simulator import Simulator

IMPORT = f"{SCOPES['registry']}/importImage?api-version=2025-11-01"
POOLS = f"{SCOPES['cluster']}/agentPools"


def bring(simulator: Simulator, source: dict[str, str], *targets: str, mode: str = "NoForce") -> Response:
    body = {"source": source, "targetTags": list(targets), "mode": mode}
    return call(simulator, IMPORT, method="POST", body=body)


def repository(simulator: Simulator, name: str) -> Repository | None:
    return simulator.world.contents[SCOPES["registry"].lower()].repository(name)


def test_an_image_comes_from_the_internet(simulator: Simulator) -> None:
    source = {"registryUri": "mcr.microsoft.com", "sourceImage": "oss/nginx:1.27"}
    assert bring(simulator, source, "oss/nginx:1.27").status == 200
    there = repository(simulator, "oss/nginx")
    assert there is not None
    assert list(there.tags) == ["1.27"]


def test_an_image_comes_from_another_registry_with_all_its_platforms(simulator: Simulator) -> None:
    other = SCOPES["development-registry"]
    stock(simulator.world, other)
    source = {"resourceId": other, "sourceImage": "web/ui:2.1.0"}
    assert bring(simulator, source, "copied/ui:1").status == 200
    there = repository(simulator, "copied/ui")
    assert there is not None
    index = there.manifests[there.tags["1"].digest]
    assert {str(one["digest"]) for one in index.references} <= set(there.manifests)
    missing = bring(simulator, {"resourceId": other, "sourceImage": "web/ui:9"}, "copied/ui:9")
    assert (missing.status, missing.json()["error"]["code"]) == (400, "InvalidParameters")


@pytest.mark.parametrize(("mode", "status"), [("NoForce", 409), ("Force", 200)])
def test_a_tag_that_is_taken_is_replaced_by_force_only(simulator: Simulator, mode: str, status: int) -> None:
    source = {"registryUri": "docker.io", "sourceImage": "library/api:1"}
    assert bring(simulator, source, "web/api:1.4.2", mode=mode).status == status


def test_a_pool_that_is_added_has_machines(simulator: Simulator) -> None:
    address = f"{POOLS}/win22?api-version=2026-08-01"
    assert call(simulator, address).status == 404
    body: dict[str, Any] = {"properties": {"osType": "Windows", "osSKU": "Windows2022", "count": 1, "vmSize": "X"}}
    assert call(simulator, address, method="PUT", body=body).status == 200
    pool = call(simulator, address).json()["properties"]
    assert (pool["osType"], pool["osSKU"], pool["count"]) == ("Windows", "Windows2022", 1)
    sets = [one for one in simulator.world.resources.values() if one.get("name") == "akswin22"]
    assert [one["sku"] for one in sets] == [{"name": "X", "tier": "Standard", "capacity": 1}]
    assert sets[0]["tags"]["aks-managed-poolName"] == "win22"
