"""Faults in the calls, as the real SDK clients meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import (
    DecodeError,
    HttpResponseError,
    IncompleteReadError,
    ResourceNotFoundError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.pipeline.policies import RetryPolicy
from azure.mgmt.containerservice import ContainerServiceClient

from core.practice.base import PRODUCTION
from core.practice.call_faults import CallFault, Trouble
from core.practice.http import Request
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World

CLUSTERS = "*/managedClusters/*"


def read_cluster(simulator: Simulator, sleep: Callable[[float], None] = lambda _: None, **options: Any) -> Any:
    aks = ContainerServiceClient(
        PracticeCredential(simulator.world),
        PRODUCTION,
        transport=PracticeTransport(simulator, sleep),
        **options,
    )
    return aks.managed_clusters.get("rg-app", "aks-app")


def once() -> dict[str, Any]:
    return {"retry_policy": RetryPolicy.no_retries()}


@pytest.mark.parametrize(
    ("trouble", "error", "status"),
    [
        (Trouble.DENY, HttpResponseError, 403),
        (Trouble.THROTTLE, HttpResponseError, 429),
        (Trouble.SERVER_ERROR, HttpResponseError, 500),
        (Trouble.NOT_FOUND, ResourceNotFoundError, 404),
        (Trouble.HTML_PAGE, HttpResponseError, 503),
    ],
)
def test_answers_that_are_errors(world: World, trouble: Trouble, error: type[Exception], status: int) -> None:
    simulator = Simulator(world, [CallFault(trouble, CLUSTERS)])
    with pytest.raises(error) as caught:
        read_cluster(simulator, **once())
    assert isinstance(caught.value, HttpResponseError)
    assert caught.value.status_code == status


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.RESET, ServiceRequestError),
        (Trouble.TIMEOUT, ServiceResponseError),
        (Trouble.TRUNCATED_BODY, IncompleteReadError),
    ],
)
def test_answers_that_do_not_arrive(world: World, trouble: Trouble, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_cluster(Simulator(world, [CallFault(trouble, CLUSTERS)]), **once())


def test_an_empty_body(world: World) -> None:
    with pytest.raises((DecodeError, ValueError)):
        read_cluster(Simulator(world, [CallFault(Trouble.EMPTY_BODY, CLUSTERS)]), **once())


def test_a_refusal_names_action_and_scope(world: World) -> None:
    simulator = Simulator(world, [CallFault(Trouble.DENY, CLUSTERS)])
    with pytest.raises(HttpResponseError) as caught:
        read_cluster(simulator)
    assert "'Microsoft.ContainerService/managedClusters/read'" in str(caught.value)
    assert "managedClusters/aks-app'" in str(caught.value)


@pytest.mark.parametrize(
    ("method", "url", "status", "said"),
    [
        ("GET", "https://graph.microsoft.com/v1.0/me", 403, b"Authorization_RequestDenied"),
        ("GET", "https://contosoreg.azurecr.io/acr/v1/web%2Fapi", 401, b"authentication required"),
        ("POST", "https://contosoreg.azurecr.io/oauth2/token", 401, b"UNAUTHORIZED"),
        ("GET", "https://weumanaged7.blob.core.windows.net/layer", 403, b"<Code>AuthenticationFailed</Code>"),
    ],
)
def test_everybody_refuses_in_words_of_their_own(
    world: World, method: str, url: str, status: int, said: bytes
) -> None:
    answer = Simulator(world, [CallFault(Trouble.DENY, "*")]).handle(Request(method, url, {}, b""))
    assert answer.status == status
    assert said in answer.body
    assert ("www-authenticate" in answer.headers) is ("/acr/" in url)


@pytest.mark.parametrize(("retry_after", "least"), [(7, 7.0), (None, 0.0)])
def test_throttling_passes_after_its_times(world: World, retry_after: int | None, least: float) -> None:
    slept: list[float] = []
    simulator = Simulator(world, [CallFault(Trouble.THROTTLE, CLUSTERS, times=2, retry_after=retry_after)])
    assert read_cluster(simulator, slept.append).name == "aks-app"
    assert len(simulator.log) == 3
    assert slept[0] >= least
    assert (slept[0] == 7) is (retry_after == 7)


def test_a_fault_hits_what_its_pattern_says(world: World) -> None:
    fault = CallFault(Trouble.DENY, "*/microsoft.containerregistry/*", method="POST")
    simulator = Simulator(world, [fault])
    assert read_cluster(simulator).name == "aks-app"


def test_the_first_fault_left_is_the_one_that_happens(world: World) -> None:
    faults = [CallFault(Trouble.SERVER_ERROR, CLUSTERS, times=1), CallFault(Trouble.DENY, CLUSTERS)]
    simulator = Simulator(world, faults)
    with pytest.raises(HttpResponseError) as caught:
        read_cluster(simulator)
    assert caught.value.status_code == 403
    assert len(simulator.log) == 2


def test_delay_and_latency_take_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("core.practice.simulator.time.sleep", waited.append)
    read_cluster(Simulator(world, [CallFault(Trouble.DELAY, CLUSTERS, seconds=2.0)], latency=0.05))
    assert waited == [2.05]
