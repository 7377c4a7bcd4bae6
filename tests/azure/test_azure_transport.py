"""The watched transport under the real SDK clients: counts, limits, guards, cancel."""

from __future__ import annotations

import threading
import time

import pytest
from azure.core.exceptions import DecodeError, HttpResponseError
from azure.core.pipeline.transport import HttpRequest
from azure_answers import SUBSCRIPTION, Answers

from core.azure.clouds import AZURE_PUBLIC
from core.azure.retry import BUDGET, wait_in_text
from core.azure.transport import RefusedHost, RefusedWrite, WatchedTransport
from core.azure.trust import WIRE_LIMIT
from core.cancel import Cancelled, CancelToken
from core.model import Requests
from core.practice.http import ConnectionReset, Response, arm_error, json_response

REGISTRY = {"id": f"/subscriptions/{SUBSCRIPTION}/x", "name": "contosoreg", "location": "westeurope"}


def get_registry(azure):
    return azure.container_registry(SUBSCRIPTION).registries.get("rg-app", "contosoreg")


def in_turn(*answers):
    """Answers one after the other; the last one for ever."""
    left = list(answers)

    def answer(request):
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, Exception):
            raise result
        return result

    return answer


def watched(answers, cancel=None):
    return WatchedTransport(answers.transport(), cancel or CancelToken(), AZURE_PUBLIC.token_hosts)


def test_one_answered_get_counts_once(connect):
    azure, _ = connect(lambda request: json_response(REGISTRY))
    assert get_registry(azure).name == "contosoreg"
    assert azure.transport.requests() == Requests(count=1)


def test_the_same_get_again_counts_as_repeated_whatever_its_casing(connect):
    azure, _ = connect(lambda request: json_response(REGISTRY))
    get_registry(azure)
    azure.container_registry(SUBSCRIPTION).registries.get("RG-App", "ContosoReg")
    assert azure.transport.requests() == Requests(count=2, repeated=1)


def test_a_404_asked_again_counts_as_repeated():
    answers = Answers(lambda request: arm_error(404, "ResourceNotFound", "gone"))
    transport = watched(answers)
    for _ in range(2):
        transport.send(HttpRequest("GET", "https://management.azure.com/x"))
    assert transport.requests().repeated == 1


def test_retries_after_a_throttled_answer_do_not_count_as_repeated(connect):
    throttled = arm_error(429, "TooManyRequests", "slow down", {"retry-after": "0.01"})
    azure, answers = connect(in_turn(throttled, json_response(REGISTRY)))
    get_registry(azure)
    assert azure.transport.requests() == Requests(count=2, throttled=1)
    assert len(answers.asked) == 2


def test_a_query_is_tried_again_like_a_get(connect):
    throttled = arm_error(429, "TooManyRequests", "Please try again after '0' seconds.")
    answer = {"totalRecords": 0, "count": 0, "data": [], "resultTruncated": "false"}
    azure, answers = connect(in_turn(throttled, json_response(answer)))
    azure.resource_graph().resources({"query": "resources", "subscriptions": [SUBSCRIPTION]})
    assert [request.method for request in answers.asked] == ["POST", "POST"]
    assert azure.transport.requests() == Requests(count=2, throttled=1)


def test_an_empty_answer_is_no_answer(connect):
    azure, _ = connect(lambda request: Response(200, {"content-type": "application/json"}))
    with pytest.raises(DecodeError):
        azure.managed_identity(SUBSCRIPTION).user_assigned_identities.get("rg-app", "kubelet")
    with pytest.raises(DecodeError):
        list(azure.authorization(SUBSCRIPTION).role_assignments.list_for_scope("/"))


@pytest.mark.parametrize("trouble", [ConnectionReset("reset"), arm_error(503, "ServiceUnavailable", "later")])
def test_retries_after_a_fault_count_as_failed_and_not_as_repeated(connect, trouble):
    azure, _ = connect(in_turn(trouble, json_response(REGISTRY)))
    get_registry(azure)
    assert azure.transport.requests() == Requests(count=2, failed=1)


def test_a_cancel_ends_a_retry_wait_at_once(connect, cancel):
    asked = threading.Event()

    def throttled(request):
        asked.set()
        return arm_error(429, "TooManyRequests", "slow down", {"retry-after": "15"})

    azure, answers = connect(throttled)
    threading.Thread(target=lambda: (asked.wait(10), cancel.cancel()), daemon=True).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        get_registry(azure)
    assert time.monotonic() - started < 5
    assert len(answers.asked) == 1


def test_a_wait_beyond_the_budget_is_not_begun(connect):
    azure, answers = connect(
        lambda request: arm_error(429, "ResourceRequestsThrottled", "Please try again after '324' seconds.")
    )
    with pytest.raises(HttpResponseError) as caught:
        get_registry(azure)
    assert caught.value.status_code == 429
    assert len(answers.asked) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("exceeded the limit of '150' for time interval '01:00:00'. Please try again after '324' seconds.", 324),
        ("The call can be retried in 14 seconds.", 14),
        ("Please try again after '5' minutes", 300),
        ("Too many requests. Please try again after sometime.", None),
        ("", None),
    ],
)
def test_the_wait_is_read_from_the_message(text, seconds):
    assert wait_in_text(text) == seconds


def test_the_budget_is_what_the_window_can_bear():
    assert BUDGET <= 20


def test_nothing_is_sent_after_a_cancel(connect, cancel):
    azure, answers = connect(lambda request: json_response(REGISTRY))
    cancel.cancel()
    with pytest.raises(Cancelled):
        get_registry(azure)
    assert answers.asked == []


def test_a_late_answer_is_dropped(connect, cancel):
    def late(request):
        cancel.cancel()
        return json_response(REGISTRY)

    azure, answers = connect(late)
    with pytest.raises(Cancelled):
        get_registry(azure)
    assert len(answers.asked) == 1


def test_a_connection_that_breaks_after_a_cancel_is_a_cancel(cancel):
    def broken(request):
        cancel.cancel()
        raise ConnectionReset("reset")

    with pytest.raises(Cancelled):
        watched(Answers(broken), cancel).send(HttpRequest("GET", "https://management.azure.com/x"))


def test_at_most_eight_requests_are_on_the_wire():
    lock, full, go = threading.Lock(), threading.Event(), threading.Event()
    now = most = 0

    def answer(request):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == WIRE_LIMIT:
                full.set()
        assert go.wait(10)
        with lock:
            now -= 1
        return json_response({})

    transport = watched(Answers(answer))
    threads = [
        threading.Thread(target=transport.send, args=(HttpRequest("GET", f"https://management.azure.com/{number}"),))
        for number in range(WIRE_LIMIT + 4)
    ]
    for thread in threads:
        thread.start()
    assert full.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert most == WIRE_LIMIT
    assert transport.requests().count == WIRE_LIMIT + 4


def test_a_cancel_frees_whoever_waits_for_a_slot():
    go, full = threading.Event(), threading.Semaphore(0)
    cancel = CancelToken()

    def answer(request):
        full.release()
        assert go.wait(10)
        return json_response({})

    transport = watched(Answers(answer), cancel)
    holders = [
        threading.Thread(target=send_and_be_cancelled, args=(transport,), daemon=True) for _ in range(WIRE_LIMIT)
    ]
    for holder in holders:
        holder.start()
    for _ in holders:
        assert full.acquire(timeout=10)
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        send(transport)
    go.set()
    for holder in holders:
        holder.join(10)


def send_and_be_cancelled(transport):
    with pytest.raises(Cancelled):
        send(transport)


def send(transport):
    return transport.send(HttpRequest("GET", "https://management.azure.com/x"))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/subscriptions",
        "https://management.azure.com.evil.example/subscriptions",
        "https://management.azure.com:8443/subscriptions",
        "https://management.azure.com@evil.example/subscriptions",
        "http://management.azure.com/subscriptions",
        "https://management.usgovcloudapi.net/subscriptions",
    ],
)
def test_a_token_goes_to_the_chosen_cloud_only(url):
    answers = Answers(lambda request: json_response({}))
    with pytest.raises(RefusedHost):
        watched(answers).send(HttpRequest("GET", url, headers={"Authorization": "Bearer x"}))
    assert answers.asked == []


def test_graph_may_have_its_token_and_gets_its_own(connect):
    azure, answers = connect(lambda request: json_response({"id": "1"}))
    assert azure.graph_get("/me") == {"id": "1"}
    assert answers.asked[0].headers["authorization"] == "Bearer token-for-https://graph.microsoft.com/.default"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/subscriptions/x"),
        ("DELETE", "/subscriptions/x"),
        ("PATCH", "/subscriptions/x"),
        ("POST", "/subscriptions/x/providers/Microsoft.ContainerService/register"),
        ("POST", "/subscriptions/x/providers/Microsoft.ContainerRegistry/registries/r/regenerateCredential"),
    ],
)
def test_what_would_change_azure_is_refused(method, path):
    answers = Answers(lambda request: json_response({}))
    with pytest.raises(RefusedWrite):
        watched(answers).send(HttpRequest(method, f"https://management.azure.com{path}"))
    assert answers.asked == []


def test_the_sdk_cannot_register_a_provider_behind_the_users_back(connect):
    refusal = arm_error(
        409, "MissingSubscriptionRegistration", "not registered to use namespace 'Microsoft.ContainerRegistry'."
    )
    azure, answers = connect(lambda request: refusal)
    with pytest.raises(RefusedWrite):
        get_registry(azure)
    assert [request.method for request in answers.asked] == ["GET"]


def test_closing_a_client_leaves_the_transport_open_for_the_others(connect):
    azure, _ = connect(lambda request: json_response(REGISTRY))
    azure.container_registry(SUBSCRIPTION).close()
    azure.close()
    assert get_registry(azure).name == "contosoreg"


def test_clients_are_made_once_per_subscription(connect):
    azure, _ = connect(lambda request: Response(200))
    assert azure.compute(SUBSCRIPTION) is azure.compute(SUBSCRIPTION.upper())
    assert azure.compute(SUBSCRIPTION) is not azure.compute(SUBSCRIPTION.replace("a1", "a2"))


def test_map_keeps_the_order_and_raises_the_first_error(connect):
    azure, _ = connect(lambda request: Response(200))
    assert azure.map(lambda number: number * 2, range(30)) == [number * 2 for number in range(30)]
    assert azure.map(str, []) == []
    with pytest.raises(ZeroDivisionError):
        azure.map(lambda number: 1 // number, [1, 0, 1])


def test_map_answers_a_cancel_at_once(connect, cancel):
    azure, _ = connect(lambda request: Response(200))
    begun, never = threading.Event(), threading.Event()

    def hang(item):
        begun.set()
        never.wait(30)

    threading.Thread(target=lambda: (begun.wait(10), cancel.cancel()), daemon=True).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        azure.map(hang, range(3))
    never.set()
    assert time.monotonic() - started < 5


def test_a_map_inside_a_map_ends(connect):
    azure, _ = connect(lambda request: Response(200))
    result = azure.map(lambda outer: azure.map(lambda inner: outer * inner, range(10)), range(10))
    assert result[9][9] == 81
