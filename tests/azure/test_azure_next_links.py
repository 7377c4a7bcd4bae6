"""Links from one page of a list to the next that lead elsewhere, or never to an end."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError
from azure_answers import SUBSCRIPTION

from core.azure.errors import fact_of_error
from core.azure.transport import PAGES, RefusedHost, RefusedRepeat
from core.facts.fact import Trouble
from core.practice.http import arm_error, json_response


def test_a_next_link_to_another_host_gets_no_token(connect):
    azure, answers = connect(
        lambda request: json_response({"value": [], "nextLink": "https://evil.example/subscriptions?api-version=1"})
    )
    with pytest.raises(RefusedHost, match=r"evil\.example"):
        list(azure.subscriptions().subscriptions.list())
    assert [request.host for request in answers.asked] == ["management.azure.com"]


@pytest.mark.parametrize(
    "link",
    ["https://graph.microsoft.com/subscriptions?x=1", "https://management.azure.com:99999999/x", "https://[::1"],
)
def test_a_next_link_to_microsoft_graph_gets_no_arm_token(connect, link):
    azure, answers = connect(lambda request: json_response({"value": [], "nextLink": link}))
    with pytest.raises((RefusedHost, ValueError)):
        list(azure.subscriptions().subscriptions.list())
    assert len(answers.asked) == 1


def test_a_next_link_of_microsoft_graph_gets_no_token_elsewhere(connect):
    link = "https://management.azure.com/v1.0/groups?$skiptoken=1"
    azure, answers = connect(lambda request: json_response({"value": [], "@odata.nextLink": link}))
    with pytest.raises(RefusedHost):
        list(azure.graph_pages("/groups"))
    assert len(answers.asked) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_a_list_that_goes_round_in_circles_ends(connect, count):
    """Each of `count` pages names the next one, and the last one the first."""

    def answer(request):
        page = (int(request.query.get("page", 0)) + 1) % count
        link = f"https://management.azure.com/subscriptions?api-version=1&page={page}"
        return json_response({"value": [{"subscriptionId": SUBSCRIPTION}], "nextLink": link})

    azure, answers = connect(answer)
    with pytest.raises(RefusedRepeat) as caught:
        list(azure.subscriptions().subscriptions.list())
    assert len(answers.asked) <= 2 * count + 1
    outcome = fact_of_error(caught.value, action="a", scope="s", resource="r")
    assert outcome.trouble is Trouble.BAD_ANSWER
    assert "/subscriptions" in outcome.detail


def test_a_list_that_never_ends_is_given_up(connect):
    def answer(request):
        page = int(request.query.get("page", 0)) + 1
        return json_response({"value": [], "@odata.nextLink": f"https://graph.microsoft.com/v1.0/groups?page={page}"})

    azure, answers = connect(answer)
    with pytest.raises(RefusedRepeat):
        list(azure.graph_pages("/groups"))
    assert len(answers.asked) == PAGES


def test_what_went_wrong_may_be_asked_again(connect):
    azure, answers = connect(lambda request: arm_error(404, "ResourceNotFound", "gone"))
    for _ in range(4):
        with pytest.raises(HttpResponseError):
            azure.graph_get("/servicePrincipals/x")
    assert len(answers.asked) == 4
