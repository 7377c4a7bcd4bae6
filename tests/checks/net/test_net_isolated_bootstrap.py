"""The registry that a network-isolated cluster bootstraps from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.net.isolated_bootstrap import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cluster import AgentPool, Cluster, ClusterNetwork
from core.facts.fact import Known
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule
from core.model import Certainty, Status, Verdict
from core.tree import TREE

Show = Callable[[Check, Verdict], str]
RULE = CacheRule("/r", "aks", "mcr.microsoft.com/*", "aks-managed-repository/*")
MCR = "mcr.microsoft.com/oss/kubernetes/pause:3.9"


@pytest.fixture
def isolated(cluster: Cluster, registry: Registry) -> Cluster:
    return replace(cluster, bootstrap_artifact_source="Cache", bootstrap_registry_id=registry.id.upper())


def test_the_rule_is_there(choice: Choice, isolated: Cluster, registry: Registry, show: Show) -> None:
    verdict = evaluate(choice, isolated, registry, Known((RULE,)))
    assert (verdict.status, verdict.reason) == (Status.PASS, "has-rule")
    assert show(CHECK, verdict)


@pytest.mark.parametrize(
    "rules", [(), (replace(RULE, target="mcr/*"),), (replace(RULE, source="mcr.microsoft.com/oss/*"),)]
)
def test_only_images_of_aks_fail_without_it(
    choice: Choice, isolated: Cluster, registry: Registry, show: Show, rules: tuple[CacheRule, ...]
) -> None:
    web = replace(choice, image="contosoreg.azurecr.io/web/api:1")
    own = evaluate(web, isolated, registry, Known(rules))
    assert (own.status, own.reason) == (Status.WARNING, "rule-for-aks-missing")
    assert show(CHECK, own)
    unnamed = evaluate(replace(choice, image=None), isolated, registry, Known(rules))
    assert (unnamed.status, unnamed.certainty) == (Status.FAIL, Certainty.LIKELY)
    cached = replace(choice, image="contosoreg.azurecr.io/aks-managed-repository/oss/kubernetes/pause:3.9")
    assert evaluate(cached, isolated, registry, Known(rules)).certainty is Certainty.DEFINITE
    of_aks = evaluate(replace(choice, image=MCR), isolated, registry, Known(rules))
    assert (of_aks.status, of_aks.certainty) == (Status.FAIL, Certainty.DEFINITE)
    assert [fix.key for fix in of_aks.fixes] == ["add-bootstrap-rule"]
    assert show(CHECK, of_aks)


def test_a_new_rule_takes_no_name_that_another_one_has(choice: Choice, isolated: Cluster, registry: Registry) -> None:
    other = replace(RULE, name="AKS-managed-mcr", target="mcr/*")
    (fix,) = evaluate(replace(choice, image=MCR), isolated, registry, Known((other,))).fixes
    assert fix.values["rule_name"] == "aks-managed-mcr-2"


def test_it_is_about_isolated_clusters_and_this_registry(
    choice: Choice, cluster: Cluster, isolated: Cluster, registry: Registry, show: Show
) -> None:
    direct = evaluate(choice, replace(cluster, bootstrap_artifact_source="Direct"), registry, Known(()))
    assert (direct.status, direct.reason) == (Status.NOT_APPLICABLE, "not-isolated")
    elsewhere = evaluate(choice, replace(isolated, bootstrap_registry_id="/another"), registry, Known(()))
    assert (elsewhere.status, elsewhere.reason) == (Status.NOT_APPLICABLE, "another-registry")
    assert show(CHECK, elsewhere)


def test_rules_that_may_not_be_read(choice: Choice, isolated: Cluster, registry: Registry, show: Show) -> None:
    unneeded = evaluate(replace(choice, image="contosoreg.azurecr.io/web/api:1"), isolated, registry, DENIED)
    assert (unneeded.status, unneeded.reason) == (Status.UNKNOWN, "denied")
    for image in (None, MCR):
        verdict = evaluate(replace(choice, image=image), isolated, registry, DENIED)
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "rules-unread")
        assert verdict.reason in TREE.undecided[CHECK.id]
        assert verdict.missing is not None
        assert show(CHECK, verdict)


def test_what_isolated_clusters_do_not_support(
    choice: Choice, isolated: Cluster, registry: Registry, show: Show
) -> None:
    pools = (AgentPool("win", "VirtualMachineScaleSets", os_type="Windows"),)
    odd = replace(isolated, agent_pools=pools, network=ClusterNetwork(plugin="kubenet"))
    verdict = evaluate(choice, odd, registry, Known((RULE,)))
    assert (verdict.status, verdict.values["what"]) == (Status.WARNING, "Windows (win), kubenet")
    assert show(CHECK, verdict)
