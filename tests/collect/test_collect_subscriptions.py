"""Subscriptions: all pages, by lower-cased id."""

from __future__ import annotations

import pytest
from collect_answers import bodies, body, connect

from core.collect.subscriptions import subscriptions, to_subscription

LISTS = bodies("subscriptions-list")
ONES = bodies("subscriptions")


def read(*pages):
    azure, answers = connect({"GET /subscriptions?": list(pages)})
    found = subscriptions(azure)
    assert len(answers.asked) == len(pages)
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_recorded_list_is_read(name):
    answer = LISTS[name]["value"]
    found = read(LISTS[name])
    assert len(found.by_id) == len({one["subscriptionId"].lower() for one in answer})
    for one in answer:
        read_one = found.find(one["subscriptionId"].upper())
        assert read_one.id == one["subscriptionId"]
        assert read_one.name == one["displayName"]
        assert read_one.state == one["state"]
        assert read_one.tenant_id == one.get("tenantId")
        assert list(read_one.managed_by_tenants) == [t["tenantId"] for t in one.get("managedByTenants", [])]


@pytest.mark.parametrize("name", ONES)
def test_a_recorded_subscription_is_read(name):
    found = read({"value": [ONES[name]]}).find(ONES[name]["subscriptionId"])
    assert (found.name, found.state) == (ONES[name]["displayName"], ONES[name]["state"])


def test_a_subscription_that_another_directory_manages():
    found = to_subscription(body("subscriptions", "subscriptiondiagnosticsettingsfiltertest-diag-01"))
    assert found.tenant_id == "00000000-0000-0000-0000-000000000003"
    assert found.managed_by_tenants == ("00000000-0000-0000-0000-000000000003",)


def test_an_empty_page_with_a_next_link_is_not_the_end():
    first = {
        "value": [],
        "nextLink": "https://management.azure.com/subscriptions?api-version=2022-12-01&%24skiptoken=x",
    }
    found = read(first, body("subscriptions-list", "environment-operations-dataplane-scenario-01"))
    assert len(found.by_id) == 3
