from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.checks.check import Check
from core.checks.context import caller_permissions, tenant_and_cloud
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Known, Trouble, Unavailable
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.roles import CallerPermissions, PermissionBlock
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Certainty, Evidence, Status, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]

ONE, TWO = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
REGISTRY_IN_TWO = ResourceId.parse(
    f"/subscriptions/{TWO}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
)


@pytest.fixture
def judge(choice: Choice, cloud: CloudNames, cluster: Cluster, registry: Registry) -> Judge:
    """Judge with the cluster in subscription ONE and the registry in TWO."""

    def judged(states: dict[str, str], **changed: Any) -> Verdict:
        listed = Subscriptions(
            {
                key: Subscription(key, f"sub-{key[0]}", state, f"tenant-{key[0]}", changed.get("managers", ()))
                for key, state in states.items()
            }
        )
        return tenant_and_cloud.evaluate(
            replace(choice, registry_id=REGISTRY_IN_TWO, image=changed.get("image", choice.image)),
            cloud,
            listed,
            changed.get("cluster", Known(cluster)),
            changed.get("registry", Known(registry)),
        )

    return judged


ACTIVE = {ONE: "Enabled", TWO: "Enabled"}


@pytest.mark.parametrize(
    ("states", "status", "reason"),
    [
        (ACTIVE, Status.PASS, "right-place"),
        ({ONE: "Disabled", TWO: "Enabled"}, Status.FAIL, "cluster-subscription-over"),
        ({ONE: "Enabled", TWO: "disabled"}, Status.FAIL, "registry-subscription-over"),
        ({ONE: "Warned", TWO: "Deleted"}, Status.FAIL, "registry-subscription-over"),
        ({ONE: "Warned", TWO: "Enabled"}, Status.WARNING, "cluster-subscription-at-risk"),
        ({ONE: "Enabled", TWO: "PastDue"}, Status.WARNING, "registry-subscription-at-risk"),
    ],
)
def test_subscription_states(judge: Judge, show: Show, states: dict[str, str], status: Status, reason: str) -> None:
    verdict = judge(states)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert [fix.key for fix in verdict.fixes] == ([] if status is Status.PASS else ["renew-subscription"])
    assert show(tenant_and_cloud.CHECK, verdict)


def test_two_directories_are_no_fault_here(judge: Judge) -> None:
    verdict = judge(ACTIVE, managers=("tenant-9",))
    assert verdict.status is Status.PASS
    assert Evidence("cluster-directory", "tenant-1") in verdict.evidence
    assert Evidence("registry-directory", "tenant-2") in verdict.evidence
    assert Evidence("managed-by", "tenant-9") in verdict.evidence


@pytest.mark.parametrize(
    ("listed", "hidden", "reason"),
    [
        ({ONE: "Enabled"}, "registry", "registry-subscription-hidden"),
        ({TWO: "Enabled"}, "cluster", "cluster-subscription-hidden"),
    ],
)
def test_a_subscription_out_of_sight(
    judge: Judge, show: Show, listed: dict[str, str], hidden: str, reason: str
) -> None:
    elsewhere = Unavailable(Trouble.WRONG_TENANT, tenant_id="tenant-7")
    verdict = judge(listed, **{hidden: elsewhere})
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, reason)
    assert verdict.missing is not None
    assert verdict.missing.action == "Microsoft.Resources/subscriptions/read"
    assert verdict.fixes[0].values == {"tenant_id": "tenant-7"}
    assert show(tenant_and_cloud.CHECK, verdict)
    untold = judge(listed, **{hidden: Denied("a/read", "/s")})
    assert untold.fixes[0].values == {"tenant_id": "<tenant-id>"}
    assert show(tenant_and_cloud.CHECK, untold)


def test_what_could_be_read_is_not_out_of_sight(judge: Judge, show: Show) -> None:
    verdict = judge({ONE: "Enabled"})
    assert (verdict.status, verdict.reason) == (Status.PASS, "not-listed")
    assert Evidence("registry-subscription-not-listed", TWO) in verdict.evidence
    assert TWO in show(tenant_and_cloud.CHECK, verdict)
    nothing = show(tenant_and_cloud.CHECK, judge({}))
    assert ONE in nothing
    assert "subscriptions of both resources are active" not in nothing


def test_a_known_fault_is_told_before_an_unlisted_subscription(judge: Judge) -> None:
    assert judge({ONE: "Warned"}).reason == "cluster-subscription-at-risk"


def test_another_cloud(judge: Judge, show: Show, registry: Registry) -> None:
    foreign = judge(ACTIVE, registry=Known(replace(registry, login_server="contosoreg.azurecr.us")))
    assert (foreign.status, foreign.reason) == (Status.FAIL, "registry-other-cloud")
    assert [fix.key for fix in foreign.fixes] == ["use-registry-of-this-cloud"]
    assert show(tenant_and_cloud.CHECK, foreign)
    image = judge(ACTIVE, image="contosoreg.AZURECR.CN/web:1")
    assert (image.status, image.reason) == (Status.WARNING, "image-other-cloud")
    assert show(tenant_and_cloud.CHECK, image)
    assert judge(ACTIVE, image="notazurecr.cn/web:1").status is Status.PASS
    assert judge(ACTIVE, image=None).status is Status.PASS


CLUSTER_ID = (
    f"/subscriptions/{ONE}/resourcegroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
)


def may(scope: str, *actions: str, but_not: tuple[str, ...] = ()) -> Known[CallerPermissions]:
    return Known(CallerPermissions(scope, (PermissionBlock(actions, but_not),)))


def on_registry(*actions: str, but_not: tuple[str, ...] = ()) -> Known[CallerPermissions]:
    return may(REGISTRY_IN_TWO.text, *actions, but_not=but_not)


@pytest.mark.parametrize(
    ("cluster", "registry", "status", "reason"),
    [
        (may(CLUSTER_ID, "*"), on_registry("*"), Status.PASS, "sees-and-fixes"),
        (may(CLUSTER_ID, "*/read"), on_registry("*/read"), Status.PASS, "sees"),
        (may(CLUSTER_ID, "*"), on_registry("*", but_not=("Microsoft.Authorization/*/Write",)), Status.PASS, "sees"),
        (
            may(CLUSTER_ID, "*/read"),
            on_registry("Microsoft.ContainerRegistry/registries/read"),
            Status.WARNING,
            "blind-spots",
        ),
        (may(CLUSTER_ID), on_registry("*/read"), Status.WARNING, "blind-spots"),
        (Denied("a/read", "/s"), on_registry("*"), Status.UNKNOWN, "denied"),
        (may(CLUSTER_ID, "*"), Unavailable(Trouble.SERVER), Status.UNKNOWN, "unavailable-server"),
    ],
)
def test_caller_permissions(show: Show, cluster: Any, registry: Any, status: Status, reason: str) -> None:
    verdict = caller_permissions.evaluate(cluster, registry)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert show(caller_permissions.CHECK, verdict)


def test_what_may_be_fixed_is_told(show: Show) -> None:
    verdict = caller_permissions.evaluate(may(CLUSTER_ID, "*"), on_registry("*/read"))
    assert verdict.evidence == (
        Evidence("you-may-not", f"Microsoft.Authorization/roleAssignments/write ({REGISTRY_IN_TWO.text})"),
        Evidence("you-may", f"Microsoft.ContainerService/managedClusters/write ({CLUSTER_ID})"),
    )


def test_blind_spots_are_named_with_a_fix_for_each_resource(show: Show) -> None:
    verdict = caller_permissions.evaluate(
        may(CLUSTER_ID), on_registry("Microsoft.ContainerRegistry/registries/read", "Microsoft.Authorization/*/read")
    )
    assert verdict.values["actions"] == "Microsoft.ContainerService/managedClusters/read"
    assert [dict(fix.values) for fix in verdict.fixes] == [{"scope": CLUSTER_ID, "subscription": ONE}]
    assert show(caller_permissions.CHECK, verdict)
