"""The copies of a registry in other regions: their state, and what is still on its way to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from way_facts import DENIED

from core.checks.check import Check
from core.checks.registry import geo_replicas
from core.checks.registry.geo_replicas import REPLICATES_WITHIN
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageManifest, ImageTag
from core.facts.registry import Registry, Replica
from core.model import Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
Tag = Fact[ImageTag | None]
Manifest = Fact[ImageManifest | None]

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
JUST_NOW = NOW - timedelta(minutes=4)
LONG_AGO = NOW - timedelta(days=9)
IMAGE = "contosoreg.azurecr.io/web/api:1.4.2"
DIGEST = f"sha256:{'a' * 64}"
AWAY = Unavailable(Trouble.WORKSTATION, "client with IP '203.0.113.7' is not allowed access.")
HOME = Replica("/r/northeurope", "northeurope", "Succeeded", "Ready", serves=True)
NEAR = Replica("/r/westeurope", "West Europe", "Succeeded", "Ready", serves=True)
FAR = Replica("/r/eastus", "eastus", "Succeeded", "Ready", serves=None)
BOTH = (HOME, NEAR)


def tag(created_on: datetime | None = JUST_NOW) -> Tag:
    return Known(ImageTag("1.4.2", DIGEST, True, created_on))


def manifest(created_on: datetime | None = JUST_NOW) -> Manifest:
    return Known(ImageManifest(DIGEST, True, None, AWAY, created_on))


FRESH_TAG, FRESH_MANIFEST = tag(), manifest()


@pytest.fixture
def judge(choice: Choice, registry: Registry, cluster: Cluster) -> Callable[..., Verdict]:
    """Judge copies, by default in a run whose text says that the image is not found."""

    def judged(
        copies: tuple[Replica, ...] = BOTH,
        a_tag: Tag = FRESH_TAG,
        a_manifest: Manifest = FRESH_MANIFEST,
        kind: str = "NOT_FOUND",
        told: str | None = IMAGE,
        image: str | None = IMAGE,
        where: Fact[Cluster] | None = None,
    ) -> Verdict:
        symptom = (
            Symptom(kind, excerpt="as it was pasted", image=told, pod="api-1", namespace="shop") if kind else None
        )
        picked = replace(choice, symptom=symptom, image=image)
        return geo_replicas.evaluate(picked, registry, copies, where or Known(cluster), a_tag, a_manifest, NOW)

    return judged


Judge = Callable[..., Verdict]


@pytest.mark.parametrize(
    ("states", "status", "reason", "fixes"),
    [
        ((), Status.NOT_APPLICABLE, "one-region", []),
        (("Succeeded", "Succeeded"), Status.PASS, "healthy", []),
        (("Succeeded", None), Status.PASS, "healthy", []),
        (("Succeeded", "Creating"), Status.WARNING, "busy", []),
        (("Failed", "Creating"), Status.WARNING, "failed", ["inspect-replica"]),
    ],
)
def test_copies(
    judge: Judge, show: Show, states: tuple[str | None, ...], status: Status, reason: str, fixes: list[str]
) -> None:
    copies = tuple(Replica(f"/r{n}", f"region{n}", state, "Ready", n == 0) for n, state in enumerate(states))
    for kind in ("", "NOT_FOUND"):
        verdict = judge(copies, kind=kind)
        assert (verdict.status, verdict.reason) == (status, reason)
        assert [fix.key for fix in verdict.fixes] == fixes
        assert show(geo_replicas.CHECK, verdict)


def test_a_copy_that_failed_is_named_before_one_that_is_being_made(judge: Judge) -> None:
    busy = Replica("/r1", "eastus", "Creating", None, None)
    failed = Replica("/r2", "northeurope", "Failed", None, serves=False)
    verdict = judge((busy, failed))
    assert verdict.values["regions"] == "northeurope"
    assert [one.value for one in verdict.evidence] == ["eastus: Creating", "northeurope: Failed, not in use"]


def test_an_image_of_just_now_may_not_have_reached_the_nodes_copy(judge: Judge, show: Show) -> None:
    verdict = judge()
    assert (verdict.status, verdict.reason) == (Status.WARNING, "on-its-way")
    assert (verdict.values["regions"], verdict.values["age"]) == ("West Europe", "4 min")
    assert ("pushed", "2026-11-24 11:56 UTC") in [(one.label, one.value) for one in verdict.evidence]
    (retry,) = verdict.fixes
    assert (retry.key, retry.values["pod"], retry.values["namespace"]) == ("retry-pull", "api-1", "shop")
    assert "may not have had it yet" in show(geo_replicas.CHECK, verdict)


def test_without_a_copy_in_the_clusters_region_any_may_be_asked(judge: Judge, show: Show) -> None:
    assert judge((HOME, FAR)).values["regions"] == "northeurope, eastus"
    unseen = judge(where=DENIED)
    assert (unseen.reason, unseen.values["regions"], unseen.fixes) == ("on-its-way", "northeurope, West Europe", ())
    assert show(geo_replicas.CHECK, unseen)


@pytest.mark.parametrize("copies", [(HOME,), (NEAR,), (HOME, replace(NEAR, serves=False))])
def test_one_copy_that_serves_has_whatever_was_pushed(judge: Judge, copies: tuple[Replica, ...]) -> None:
    assert judge(copies).reason == "healthy"


@pytest.mark.parametrize(
    ("kind", "told", "image"),
    [
        ("", None, IMAGE),
        ("SERVER_5XX", IMAGE, IMAGE),
        ("ANON_401", IMAGE, IMAGE),
        ("NOT_FOUND", "contosoreg.azurecr.io/web/api:1.4.3", IMAGE),
        ("NOT_FOUND", "docker.io/library/api:1.4.2", IMAGE),
        ("NOT_FOUND", None, "contosodev.azurecr.io/web/api:1.4.2"),
        ("NOT_FOUND", IMAGE, None),
    ],
)
def test_only_a_text_that_does_not_find_this_very_image_asks_for_its_age(
    judge: Judge, kind: str, told: str | None, image: str | None
) -> None:
    for a_tag in (tag(), DENIED):
        verdict = judge(a_tag=a_tag, kind=kind, told=told, image=image)
        assert (verdict.status, verdict.reason) == (Status.PASS, "healthy")


def test_a_text_that_names_no_image_may_be_about_the_picked_one(judge: Judge) -> None:
    assert judge(told=None).reason == "on-its-way"
    assert judge(told="CONTOSOREG.azurecr.io/web/api:1.4.2").reason == "on-its-way"


@pytest.mark.parametrize(
    ("a_tag", "a_manifest", "reason"),
    [
        (tag(LONG_AGO), manifest(LONG_AGO), "healthy"),
        (tag(LONG_AGO), manifest(JUST_NOW), "on-its-way"),
        (tag(JUST_NOW), manifest(LONG_AGO), "on-its-way"),
        (tag(None), manifest(JUST_NOW), "on-its-way"),
        (tag(NOW - REPLICATES_WITHIN), manifest(LONG_AGO), "on-its-way"),
        (tag(NOW - REPLICATES_WITHIN - timedelta(seconds=1)), manifest(LONG_AGO), "healthy"),
        (tag(NOW + timedelta(minutes=2)), manifest(LONG_AGO), "on-its-way"),
        (tag(None), manifest(None), "push-not-told"),
        (Missing(IMAGE), Missing(IMAGE), "healthy"),
        (tag(), Missing(f"web/api@{DIGEST}"), "healthy"),
        (tag(), AWAY, "unavailable-workstation"),
        (AWAY, AWAY, "unavailable-workstation"),
        (DENIED, manifest(), "denied"),
    ],
)
def test_the_later_of_tag_and_manifest_counts(
    judge: Judge, show: Show, a_tag: Tag, a_manifest: Manifest, reason: str
) -> None:
    verdict = judge(a_tag=a_tag, a_manifest=a_manifest)
    assert verdict.reason == reason
    assert (verdict.status is Status.WARNING) is (reason == "on-its-way")
    assert (verdict.status is Status.PASS) is (reason == "healthy")
    assert show(geo_replicas.CHECK, verdict)


def test_a_pinned_image_is_as_old_as_its_manifest(judge: Judge, show: Show) -> None:
    pinned = f"contosoreg.azurecr.io/web/api:1.4.2@{DIGEST}"
    fresh = judge(a_tag=DENIED, told=pinned, image=pinned)
    assert (fresh.reason, fresh.values["pushed_image"]) == ("on-its-way", f"web/api@{DIGEST}")
    assert show(geo_replicas.CHECK, fresh)
    assert judge(a_tag=tag(), a_manifest=manifest(LONG_AGO), told=pinned, image=pinned).reason == "healthy"
