"""What belongs to a registry: its regional copies, and what only a preview tells."""

from __future__ import annotations

import pytest
from collect_answers import REGISTRY_ID, bodies, body, choice, connect, refused

from core.collect.asking import NotRead
from core.collect.registries import to_registry
from core.collect.registry_extras import registry_extras
from core.collect.replications import replications
from core.facts.fact import Denied, Missing
from core.facts.registry import NetworkRule, RegistryExtras
from core.practice.http import arm_error

PREMIUM = to_registry(body("registries", "network-rule-02"))
COPIES = bodies("replications")


def copies(answer, registry=PREMIUM):
    azure, answers = connect({"GET /replications?": answer})
    return replications(azure, registry), answers


@pytest.mark.parametrize("name", COPIES)
def test_recorded_copies_are_read(name):
    answers = COPIES[name].get("value", [COPIES[name]])
    found, _ = copies({"value": answers})
    assert [(one.id, one.location, one.provisioning_state, one.status, one.serves) for one in found] == [
        (
            answer["id"],
            answer["location"],
            answer["properties"]["provisioningState"],
            answer["properties"].get("status", {}).get("displayStatus"),
            answer["properties"].get("regionEndpointEnabled"),
        )
        for answer in answers
    ]


def test_tiers_without_copies_are_not_asked():
    found, answers = copies({}, to_registry(body("registries", "create-webhook-01")))
    assert (found, answers.asked) == ((), [])


def extras(answer):
    azure, answers = connect({"GET /registries/": answer})
    found = registry_extras(azure, choice())
    assert [url.partition("api-version=")[2] for url in answers.urls()] == ["2026-09-01-preview"]
    return found


def test_rules_for_subnets_are_read_off_the_preview():
    subnet = (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/clitest.rg000001/providers/"
        "Microsoft.Network/virtualNetworks/cliregvnet/subnets/cliregsubnet"
    )
    assert extras(body("registries", "network-rule-02")) == RegistryExtras(
        (NetworkRule(subnet, "Allow"),), None, None
    )
    recorded = body("registries", "api-2026-09-dualstack-dataendpoint-01")
    assert extras(recorded) == RegistryExtras((), False, 7)
    assert extras(body("registries", "network-rule-03")) == RegistryExtras(None, False, 7)


@pytest.mark.parametrize(
    "answer",
    [
        arm_error(400, "NoRegisteredProviderFound", "No such version."),
        arm_error(400, "InvalidApiVersionParameter", "No such version."),
        arm_error(404, "InvalidResourceType", "No such version."),
    ],
)
def test_a_cloud_without_the_preview_tells_nothing(answer):
    assert extras(answer) == RegistryExtras(None, None, None)


def test_a_refusal_and_a_deleted_registry_are_no_old_cloud():
    for answer, outcome in (
        (refused("a/read", "/subscriptions/s"), Denied("a/read", "/subscriptions/s")),
        (arm_error(404, "ResourceNotFound", "Gone."), Missing(REGISTRY_ID)),
    ):
        with pytest.raises(NotRead) as caught:
            extras(answer)
        assert caught.value.outcome == outcome
