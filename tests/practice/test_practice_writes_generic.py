"""What generic clients do (`az resource update`): ask for api-versions, read a resource, send it back as it came."""

from __future__ import annotations

import re

from practice_calls import GRAPH, call, get

from core.practice.base import PRODUCTION, SP_APP_ID, base_service_principal
from core.practice.faults import drop_value
from core.practice.names import SCOPES
from core.practice.simulator import Simulator
from core.practice.world import World

AKS = f"/subscriptions/{PRODUCTION}/providers/microsoft.containerservice?api-version=2024-11-01"


def test_a_provider_names_its_types_and_their_versions_the_newest_first(simulator: Simulator) -> None:
    provider = get(simulator, AKS)
    assert provider["namespace"] == "Microsoft.ContainerService"
    (clusters,) = provider["resourceTypes"]
    assert clusters["resourceType"] == "managedClusters"
    assert clusters["apiVersions"] == sorted(clusters["apiVersions"], reverse=True)


def test_a_provider_that_does_not_exist(simulator: Simulator) -> None:
    answer = call(simulator, AKS.replace("containerservice", "nothing"))
    assert answer.status == 404
    assert answer.json()["error"]["code"] == "InvalidResourceNamespace"


def test_a_cluster_without_a_kubelet_identity_gets_one_when_it_is_sent_back(
    simulator: Simulator, world: World
) -> None:
    drop_value(world, resource="cluster", path="properties.identityProfile")
    version = next(
        each for each in get(simulator, AKS)["resourceTypes"][0]["apiVersions"] if not each.endswith("preview")
    )
    address = f"{SCOPES['cluster']}?api-version={version}"
    sent = get(simulator, address)
    assert "identityProfile" not in sent["properties"]
    assert call(simulator, address, method="PUT", body=sent).status == 200
    kubelet = get(simulator, address)["properties"]["identityProfile"]["kubeletidentity"]
    assert kubelet["resourceId"].lower() == SCOPES["kubelet-identity"].lower()


def test_a_new_client_secret_is_no_flag_of_a_command_line() -> None:
    simulator = Simulator(base_service_principal())
    url = f"{GRAPH}/v1.0/applications(appId='{SP_APP_ID}')"
    object_id = get(simulator, url)["id"]
    made = call(simulator, f"{GRAPH}/v1.0/applications/{object_id}/addPassword", method="POST", body={})
    assert re.fullmatch(r"[0-9a-f]{3}8Q~[\w-]+", made.json()["secretText"])
