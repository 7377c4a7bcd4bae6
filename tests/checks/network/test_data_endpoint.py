"""Where layers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DATA, OTHER, path

from core.checks.check import Check
from core.checks.network.data_endpoint import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.paths import Answer, Way
from core.facts.registry import Registry
from core.model import Certainty, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]


def test_hosts_of_the_registrys_own(choice: Choice, cloud: CloudNames, registry: Registry, show: Show) -> None:
    own = replace(registry, data_endpoint_enabled=True, data_endpoint_hosts=(DATA,))
    verdict = evaluate(choice, cloud, own, (path(),))
    assert (verdict.status, verdict.reason, verdict.values["hosts"]) == (Status.PASS, "dedicated", DATA)
    assert show(CHECK, verdict)


def test_storage_accounts_of_the_cloud(choice: Choice, cloud: CloudNames, registry: Registry, show: Show) -> None:
    china = replace(cloud, storage_suffix="core.chinacloudapi.cn")
    verdict = evaluate(choice, china, registry, (path(data=Answer.PUBLIC),))
    assert (verdict.status, verdict.reason) == (Status.PASS, "storage")
    assert verdict.values["hosts"] == "*.blob.core.chinacloudapi.cn"
    assert show(CHECK, verdict)


def test_an_endpoint_switches_them_on(choice: Choice, cloud: CloudNames, registry: Registry) -> None:
    """Old registries still report that they are off."""
    verdict = evaluate(choice, cloud, registry, (path(Way.PRIVATE, data=Answer.PRIVATE, endpoint="/an/endpoint"),))
    assert (verdict.reason, verdict.values["hosts"]) == ("dedicated", DATA)


@pytest.mark.parametrize("answer", [Answer.PUBLIC, Answer.NOTHING])
def test_layers_that_do_not_come_privately(
    choice: Choice, cloud: CloudNames, registry: Registry, show: Show, answer: Answer
) -> None:
    paths = (path(Way.PRIVATE, data=Answer.PRIVATE, endpoint="/e"), path(Way.PRIVATE, OTHER, ("gpu",), answer, "/e"))
    verdict = evaluate(choice, cloud, registry, paths)
    assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)
    assert (verdict.values["pools"], verdict.values["missing"]) == ("gpu", DATA)
    assert show(CHECK, verdict)


def test_a_name_that_is_not_known_is_not_called_wrong(choice: Choice, cloud: CloudNames, registry: Registry) -> None:
    verdict = evaluate(choice, cloud, registry, (path(Way.PRIVATE, data=Answer.UNKNOWN, endpoint="/e"),))
    assert verdict.status is Status.PASS
    wrong_way = evaluate(choice, cloud, registry, (path(Way.UNINTENDED, data=Answer.PUBLIC, endpoint="/e"),))
    assert wrong_way.status is Status.PASS


def test_advice_where_layers_do_not_arrive(choice: Choice, cloud: CloudNames, registry: Registry, show: Show) -> None:
    hurt = replace(choice, symptom=Symptom("BLOB_NET"))
    verdict = evaluate(hurt, cloud, registry, (path(),))
    assert (verdict.status, verdict.reason) == (Status.WARNING, "shared-storage")
    assert [fix.key for fix in verdict.fixes] == ["use-data-endpoints"]
    assert show(CHECK, verdict)
    assert evaluate(hurt, cloud, replace(registry, sku="Basic"), (path(),)).status is Status.PASS
