"""Tier, storage and rate of a registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.registry import sku_limits, throttling
from core.facts.choice import Choice
from core.facts.cluster import Cluster, ClusterNetwork
from core.facts.endpoints import EndpointConnection
from core.facts.fact import Known
from core.facts.registry import Registry
from core.facts.registry_parts import RegistryUsage
from core.model import Certainty, Evidence, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
GIB = 2**30
EMPTY = Known((RegistryUsage("Size", 0, 10 * GIB),))
ENDPOINT = EndpointConnection("/c", "pe-contosoreg", "Approved")
TOO_MANY = "429 Too Many Requests"


@pytest.mark.parametrize("sku", ["Basic", "Standard", "Premium"])
def test_a_tier_that_does_what_is_asked(
    choice: Choice, cluster: Cluster, registry: Registry, show: Show, sku: str
) -> None:
    verdict = sku_limits.evaluate(choice, replace(registry, sku=sku), Known(cluster), Known(()), EMPTY)
    assert (verdict.status, verdict.reason) == (Status.PASS, "enough")
    assert show(sku_limits.CHECK, verdict)


def test_a_private_way_takes_premium(choice: Choice, cluster: Cluster, registry: Registry, show: Show) -> None:
    basic = replace(registry, sku="Basic")
    verdict = sku_limits.evaluate(choice, basic, Known(cluster), Known((ENDPOINT,)), EMPTY)
    assert (verdict.reason, verdict.certainty) == ("private-needs-premium", Certainty.LIKELY)
    assert [fix.key for fix in verdict.fixes] == ["use-premium"]
    assert show(sku_limits.CHECK, verdict)
    closed = replace(basic, public_access=False)
    assert sku_limits.evaluate(choice, closed, Known(cluster), DENIED, EMPTY).status is Status.FAIL
    assert sku_limits.evaluate(choice, registry, Known(cluster), Known((ENDPOINT,)), EMPTY).status is Status.PASS


def test_a_private_way_that_is_only_hoped_for(
    choice: Choice, cluster: Cluster, registry: Registry, show: Show
) -> None:
    basic = replace(registry, sku="Basic")
    isolated = Known(replace(cluster, network=ClusterNetwork(outbound_type="none")))
    verdict = sku_limits.evaluate(choice, basic, isolated, Known(()), EMPTY)
    assert (verdict.status, verdict.reason) == (Status.WARNING, "no-private-way")
    assert show(sku_limits.CHECK, verdict)
    named = replace(choice, image="contosoreg.privatelink.azurecr.io/web/api:1")
    assert sku_limits.evaluate(named, basic, DENIED, Known(()), EMPTY).status is Status.WARNING


def test_storage(choice: Choice, cluster: Cluster, registry: Registry, show: Show) -> None:
    full = Known((RegistryUsage("Webhooks", 2, 2), RegistryUsage("Size", 9 * GIB, 10 * GIB)))
    verdict = sku_limits.evaluate(choice, registry, Known(cluster), Known(()), full)
    assert (verdict.status, verdict.values["storage"]) == (Status.WARNING, "9.0 / 10 GiB")
    assert show(sku_limits.CHECK, verdict)
    assert sku_limits.evaluate(choice, registry, Known(cluster), Known(()), DENIED).status is Status.PASS


def test_a_tier_that_is_not_told(choice: Choice, cluster: Cluster, registry: Registry, show: Show) -> None:
    verdict = sku_limits.evaluate(choice, replace(registry, sku=None), Known(cluster), Known(()), EMPTY)
    assert verdict.status is Status.UNKNOWN
    assert show(sku_limits.CHECK, verdict)


@pytest.mark.parametrize(
    ("sku", "fixes"), [("Basic", ["pull-less-often", "use-premium"]), ("Premium", ["pull-less-often"])]
)
def test_a_registry_that_slows_down(
    choice: Choice, registry: Registry, show: Show, sku: str, fixes: list[str]
) -> None:
    slow = replace(
        choice, symptom=Symptom("RATE_429", excerpt=TOO_MANY, registry="contosoreg.azurecr.io", namespace="shop")
    )
    verdict = throttling.evaluate(slow, Known(replace(registry, sku=sku)))
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert Evidence("tier", sku) in verdict.evidence
    assert [fix.key for fix in verdict.fixes] == fixes
    assert [one.fixes[0].values["namespace"] for one in (verdict, throttling.evaluate(slow, DENIED))] == 2 * ["shop"]
    assert show(throttling.CHECK, verdict)


def test_another_one_that_slows_down(choice: Choice, registry: Registry, show: Show) -> None:
    hub = Symptom("RATE_429", excerpt="toomanyrequests: https://www.docker.com/increase-rate-limit")
    verdict = throttling.evaluate(replace(choice, symptom=hub), Known(registry))
    assert (verdict.status, verdict.values["host"]) == (Status.NOT_APPLICABLE, "docker.io")
    assert show(throttling.CHECK, verdict)
    other = Symptom("RATE_429", excerpt=TOO_MANY, registry="other.azurecr.io")
    assert throttling.evaluate(replace(choice, symptom=other), Known(registry)).reason == "another-registry"
    for symptom in (hub, other):
        verdict = throttling.evaluate(replace(choice, symptom=symptom), DENIED)
        assert (verdict.status, verdict.reason) == (Status.NOT_APPLICABLE, "another-registry")
        assert show(throttling.CHECK, verdict)
    for host in ("contosoreg.azurecr.io", "ContosoReg-a1b2.azurecr.io"):
        own = replace(choice, symptom=Symptom("RATE_429", excerpt=TOO_MANY, registry=host))
        assert throttling.evaluate(own, DENIED).reason == "slowed-down-somewhere"


def test_without_the_text_nothing_is_said(choice: Choice, registry: Registry, show: Show) -> None:
    assert throttling.evaluate(choice, Known(registry)).status is Status.NOT_APPLICABLE
    qps = replace(choice, symptom=Symptom("PULL_QPS", excerpt="pull QPS exceeded"))
    assert throttling.evaluate(qps, Known(registry)).reason == "no-sign"


def test_a_registry_out_of_sight(choice: Choice, show: Show) -> None:
    slow = replace(choice, symptom=Symptom("RATE_429", excerpt=TOO_MANY))
    verdict = throttling.evaluate(slow, DENIED)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "slowed-down-somewhere")
    assert show(throttling.CHECK, verdict)
