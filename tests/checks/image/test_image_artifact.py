"""The checks of the image itself, on facts alone: there, readable, an image, not held back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from image_facts import (
    ARM,
    AWAY,
    DENIED,
    DIGEST,
    IMAGE,
    LINUX,
    NO_MANIFEST,
    NO_REPOSITORY,
    NO_RULES,
    NO_TAG,
    NOTHING,
    OTHER,
    REPOSITORY,
    TAG,
    manifest,
)

from core.checks.image import kind, locked, quarantine, repository, soft_deleted, tag
from core.facts.fact import Known
from core.facts.image import DeletedImage, ImageManifest, ImageRepository, ImageTag, NamesThere
from core.facts.registry import RegistryExtras
from core.facts.registry_parts import CacheRule
from core.model import Certainty, Evidence, Status

REBUILT = Known(ImageTag("1.4.2", OTHER, True))
SIGNATURE = "application/vnd.cncf.notary.signature"


class TestRepository:
    def judge(self, choice, registry, there, names=NOTHING, rules=NO_RULES):
        return repository.evaluate(choice, Known(registry), there, names, rules)

    def test_it_is_there(self, choice, registry, show):
        verdict = self.judge(choice, registry, REPOSITORY)
        assert (verdict.status, verdict.reason) == (Status.PASS, "exists")
        assert "your PC" in show(repository.CHECK, verdict)

    @pytest.mark.parametrize(
        ("names", "meant"),
        [(("web/api2", "db"), "web/api2"), (("shop/api",), "shop/api"), (("jobs/report",), None), ((), None)],
    )
    def test_another_name_may_be_meant(self, choice, registry, show, names, meant):
        verdict = self.judge(choice, registry, NO_REPOSITORY, Known(NamesThere(names, True)))
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
        assert verdict.values["near"] == (meant or "")
        assert (meant or "no repository web/api") in show(repository.CHECK, verdict)

    def test_the_first_fix_names_the_right_image(self, choice, registry):
        verdict = self.judge(choice, registry, NO_REPOSITORY, Known(NamesThere(("web/apis",), True)))
        assert verdict.fixes[0].values["image"] == "contosoreg.azurecr.io/web/apis:1.4.2"

    def test_without_the_list_there_is_no_suggestion_but_a_finding(self, choice, registry, show):
        verdict = self.judge(choice, registry, NO_REPOSITORY, DENIED)
        assert (verdict.status, verdict.reason) == (Status.FAIL, "missing")
        show(repository.CHECK, verdict)

    @pytest.mark.parametrize("target", ["web/api", "web/*", "*"])
    @pytest.mark.parametrize("there", [NO_REPOSITORY, DENIED])
    def test_a_cache_rule_fills_it_later(self, choice, registry, show, target, there):
        rules = Known((CacheRule("/rule", "hub", "docker.io/library/*", target),))
        verdict = self.judge(choice, registry, there, Known(NamesThere(("jobs/report",), True)), rules)
        assert (verdict.status, verdict.reason) == (Status.WARNING, "not-cached-yet")
        show(repository.CHECK, verdict)

    def test_what_the_registry_lists_is_not_missing(self, choice, registry, show):
        verdict = self.judge(choice, registry, NO_REPOSITORY, Known(NamesThere(("web/api",), True)))
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "unavailable-bad-answer")
        show(repository.CHECK, verdict)

    def test_a_quarantine_may_hide_it(self, choice, registry):
        verdict = self.judge(choice, replace(registry, quarantine_enabled=True), NO_REPOSITORY)
        assert verdict.certainty is Certainty.LIKELY

    def test_a_401_for_a_name_that_is_in_no_list_is_a_wrong_name(self, choice, registry):
        verdict = self.judge(choice, registry, DENIED, Known(NamesThere(("web/apis",), True)))
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.LIKELY)

    @pytest.mark.parametrize("names", [NamesThere(("web/apis",), False), NamesThere(("web/api",), True), None])
    def test_any_other_401_is_the_persons_own(self, choice, registry, names, show):
        verdict = self.judge(choice, registry, DENIED, Known(names))
        assert verdict.status is Status.UNKNOWN
        assert verdict.missing is not None
        show(repository.CHECK, verdict)

    def test_a_computer_that_is_not_let_in_finds_nothing(self, choice, registry, show):
        verdict = self.judge(choice, registry, AWAY, AWAY)
        assert verdict.status is Status.UNKNOWN
        assert "from your PC" in show(repository.CHECK, verdict)

    @pytest.mark.parametrize("image", [None, " ", "elsewhere.azurecr.io/web/api:1", "web/api"])
    def test_it_does_not_apply_to_other_images(self, choice, registry, image, show):
        verdict = self.judge(replace(choice, image=image), registry, NOTHING)
        assert verdict.status is Status.NOT_APPLICABLE
        show(repository.CHECK, verdict)


class TestTag:
    def judge(self, choice, registry, there=TAG, found=IMAGE, names=NOTHING, rules=NO_RULES):
        return tag.evaluate(choice, Known(registry), REPOSITORY, there, found, names, rules)

    def test_it_is_there(self, choice, registry, show):
        verdict = self.judge(choice, registry)
        assert verdict.status is Status.PASS
        show(tag.CHECK, verdict)

    @pytest.mark.parametrize(
        ("wanted", "names", "reason", "meant"),
        [
            ("1.4.3", ("1.4.2", "1.4.1", "1.4.0"), "misspelt", "1.4.2"),
            ("RC1", ("2.0", "rc1"), "other-case", "rc1"),
            ("v1.4.2", ("2.0", "1.4.2"), "other-prefix", "1.4.2"),
            ("1.4.2", ("2.0", "v1.4.2"), "other-prefix", "v1.4.2"),
            ("release-2026", ("1.4.2",), "missing", None),
            ("1.4.3", (), "missing", None),
        ],
    )
    def test_the_nearest_tag_is_told_the_newest_first(self, choice, registry, show, wanted, names, reason, meant):
        assert tag.nearest_tag(wanted, names) == (reason, meant)
        picked = replace(choice, image=f"contosoreg.azurecr.io/web/api:{wanted}")
        verdict = self.judge(picked, registry, NO_TAG, NO_TAG, Known(NamesThere(names, True)))
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
        assert wanted in show(tag.CHECK, verdict)

    def test_what_the_registry_lists_is_not_missing(self, choice, registry, show):
        verdict = self.judge(choice, registry, NO_TAG, NO_TAG, Known(NamesThere(("1.4.2", "1.4.1"), True)))
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "unavailable-bad-answer")
        show(tag.CHECK, verdict)

    def test_a_tag_without_its_manifest_is_told_apart(self, choice, registry, show):
        verdict = self.judge(choice, registry, TAG, NO_MANIFEST)
        assert (verdict.status, verdict.reason) == (Status.FAIL, "manifest-gone")
        assert "exists, but the manifest" in show(tag.CHECK, verdict)

    def test_a_tag_whose_manifest_could_not_be_read_may_be_without_one(self, choice, registry):
        verdict = self.judge(choice, registry, TAG, DENIED)
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")

    @pytest.mark.parametrize(
        ("image", "there", "found", "status", "reason"),
        [
            (f"web/api@{DIGEST}", NOTHING, IMAGE, Status.PASS, "digest-exists"),
            (f"web/api@{DIGEST}", NOTHING, NO_MANIFEST, Status.FAIL, "digest-missing"),
            (f"web/api:1.4.2@{DIGEST}", TAG, IMAGE, Status.PASS, "digest-exists"),
            (
                f"web/api:1.4.2@{DIGEST}",
                Known(ImageTag("1.4.2", OTHER, True)),
                NO_MANIFEST,
                Status.FAIL,
                "digest-replaced",
            ),
            (f"web/api:1.4.2@{DIGEST}", NO_TAG, NO_MANIFEST, Status.FAIL, "digest-missing"),
            (f"web/api@{DIGEST}", NOTHING, DENIED, Status.UNKNOWN, "denied"),
        ],
    )
    def test_a_digest_decides(self, choice, registry, show, image, there, found, status, reason):
        verdict = self.judge(replace(choice, image=f"contosoreg.azurecr.io/{image}"), registry, there, found)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(tag.CHECK, verdict)

    def test_the_digest_of_today_is_the_way_out(self, choice, registry):
        pinned = replace(choice, image=f"contosoreg.azurecr.io/web/api:1.4.2@{DIGEST}")
        verdict = self.judge(pinned, registry, Known(ImageTag("1.4.2", OTHER, True)), NO_MANIFEST)
        assert verdict.certainty is Certainty.DEFINITE
        assert verdict.fixes[0].values["image"] == f"contosoreg.azurecr.io/web/api@{OTHER}"
        held = replace(registry, quarantine_enabled=True)
        assert self.judge(pinned, held, NO_TAG, NO_MANIFEST).certainty is Certainty.LIKELY

    @pytest.mark.parametrize(
        ("image", "there", "found"),
        [("web/api:9", NO_TAG, NO_TAG), (f"web/api@{DIGEST}", NOTHING, NO_MANIFEST)],
    )
    def test_a_cache_rule_may_still_fetch_it(self, choice, registry, show, image, there, found):
        named = replace(choice, image=f"contosoreg.azurecr.io/{image}")
        rules = Known((CacheRule("/rule", "mcr", "mcr.microsoft.com/*", "web/*"),))
        verdict = self.judge(named, registry, there, found, rules=rules)
        assert (verdict.status, verdict.reason) == (Status.WARNING, "not-cached-yet")
        show(tag.CHECK, verdict)
        other = Known((CacheRule("/rule", "mcr", "mcr.microsoft.com/*", "jobs/*"),))
        assert self.judge(named, registry, there, found, rules=other).status is Status.FAIL
        open_ = self.judge(named, registry, there, found, rules=DENIED)
        assert (open_.status, open_.missing is not None) == (Status.UNKNOWN, True)

    def test_it_is_open_where_the_repository_could_not_be_read(self, choice, registry):
        verdict = tag.evaluate(choice, Known(registry), AWAY, AWAY, AWAY, AWAY, AWAY)
        assert verdict.status is Status.UNKNOWN
        assert self.judge(choice, registry, DENIED, DENIED).status is Status.UNKNOWN


class TestLocked:
    @pytest.mark.parametrize(
        ("where", "reason", "fixes"),
        [
            ((True, True, True), "readable", []),
            ((None, None, None), "readable", []),
            ((False, True, True), "repository-locked", ["unlock-repository"]),
            ((True, False, True), "tag-locked", ["unlock-image"]),
            ((True, True, False), "manifest-locked", ["unlock-image"]),
            ((False, False, False), "repository-locked", ["unlock-repository", "unlock-image"]),
        ],
    )
    def test_each_lock_alone_stops_a_pull(self, choice, registry, show, where, reason, fixes):
        verdict = locked.evaluate(
            choice,
            Known(registry),
            Known(ImageRepository("web/api", where[0])),
            Known(ImageTag("1.4.2", DIGEST, where[1])),
            manifest(LINUX, can_read=where[2]),
        )
        assert verdict.reason == reason
        assert [one.key for one in verdict.fixes] == fixes
        show(locked.CHECK, verdict)

    @pytest.mark.parametrize(("abac", "mode"), [(False, "rbac"), (True, "rbac-abac")])
    def test_who_may_unlock_depends_on_the_registry_s_mode(self, choice, registry, abac, mode):
        (fix,) = locked.evaluate(
            choice, Known(replace(registry, abac=abac)), Known(ImageRepository("web/api", False)), TAG, IMAGE
        ).fixes
        assert fix.values["permission_mode"] == mode

    def test_a_lock_is_certain_whatever_else_is_not_known(self, choice, registry):
        verdict = locked.evaluate(choice, Known(registry), REPOSITORY, Known(ImageTag("1", DIGEST, False)), DENIED)
        assert verdict.status is Status.FAIL
        assert locked.evaluate(choice, Known(registry), REPOSITORY, TAG, DENIED).status is Status.UNKNOWN

    def test_a_digest_has_no_tag_to_unlock(self, choice, registry):
        pinned = replace(choice, image=f"contosoreg.azurecr.io/web/api@{DIGEST}")
        verdict = locked.evaluate(pinned, Known(registry), REPOSITORY, NOTHING, manifest(LINUX, can_read=False))
        assert [one.key for one in verdict.fixes] == ["unlock-manifest"]

    def test_a_digest_does_not_ask_for_the_tag_beside_it(self, choice, registry):
        pinned = replace(choice, image=f"contosoreg.azurecr.io/web/api:1.4.2@{DIGEST}")
        shut = Known(ImageTag("1.4.2", OTHER, False))
        for beside in (shut, NO_TAG, DENIED):
            verdict = locked.evaluate(pinned, Known(registry), REPOSITORY, beside, IMAGE)
            assert verdict.status is Status.PASS
        held = manifest(LINUX, can_read=False)
        verdict = locked.evaluate(pinned, Known(registry), REPOSITORY, shut, held)
        assert [one.key for one in verdict.fixes] == ["unlock-manifest"]
        quarantined = Known(replace(registry, quarantine_enabled=True))
        assert quarantine.evaluate(pinned, quarantined, REPOSITORY, NO_TAG, IMAGE).reason == "on"
        assert quarantine.evaluate(pinned, quarantined, REPOSITORY, NO_TAG, NO_MANIFEST).reason == "maybe-held"


class TestKind:
    @pytest.mark.parametrize(
        ("found", "reason", "certainty"),
        [
            (IMAGE, "image", None),
            (manifest(LINUX, ARM, config=None, media="application/vnd.oci.image.index.v1+json"), "index", None),
            (manifest(config="application/vnd.cncf.helm.config.v1+json"), "helm-chart", Certainty.DEFINITE),
            (manifest(config="application/vnd.wasm.config.v0+json"), "wasm", Certainty.DEFINITE),
            (
                manifest(artifact=SIGNATURE, config="x/y"),
                "signature",
                Certainty.DEFINITE,
            ),
            (manifest(config="application/vnd.unknown.config.v1+json"), "other-artifact", Certainty.DEFINITE),
            (manifest(config=None, media=kind.SCHEMA_1[0]), "schema-1", Certainty.LIKELY),
        ],
    )
    def test_it_is_told_by_its_types(self, choice, registry, show, found, reason, certainty):
        verdict = kind.evaluate(choice, Known(registry), REPOSITORY, found)
        assert (verdict.reason, verdict.certainty) == (reason, certainty)
        show(kind.CHECK, verdict)

    def test_a_signature_may_look_like_an_image(self, choice, registry):
        signed = replace(choice, image=f"contosoreg.azurecr.io/web/api:sha256-{'a' * 64}.sig")
        assert kind.evaluate(signed, Known(registry), REPOSITORY, IMAGE).reason == "signature"

    @pytest.mark.parametrize("found", [DENIED, Known(ImageManifest(DIGEST, True, None, AWAY))])
    def test_what_could_not_be_read_stays_open(self, choice, registry, found):
        assert kind.evaluate(choice, Known(registry), REPOSITORY, found).status is Status.UNKNOWN


class TestQuarantine:
    @pytest.mark.parametrize(
        ("enabled", "there", "found", "status", "reason"),
        [
            (False, TAG, IMAGE, Status.PASS, "off"),
            (None, TAG, IMAGE, Status.NOT_APPLICABLE, "not-reported"),
            (True, TAG, IMAGE, Status.WARNING, "on"),
            (True, TAG, manifest(LINUX, state="Quarantined"), Status.FAIL, "held"),
            (True, NO_TAG, NO_TAG, Status.FAIL, "maybe-held"),
            (True, DENIED, DENIED, Status.WARNING, "on"),
        ],
    )
    def test_what_is_held_back(self, choice, registry, show, enabled, there, found, status, reason):
        picked = replace(registry, quarantine_enabled=enabled)
        verdict = quarantine.evaluate(choice, Known(picked), REPOSITORY, there, found)
        assert (verdict.status, verdict.reason) == (status, reason)
        assert (verdict.certainty is Certainty.LIKELY) == (reason == "maybe-held")
        show(quarantine.CHECK, verdict)

    def test_a_registry_that_could_not_be_read_stays_open(self, choice):
        assert quarantine.evaluate(choice, DENIED, DENIED, DENIED, DENIED).status is Status.UNKNOWN


class TestSoftDeleted:
    def judge(self, choice, registry, deleted, enabled=True, there=NO_TAG, found=NO_TAG, repository=REPOSITORY):
        extras = Known(RegistryExtras(None, enabled, 7))
        return soft_deleted.evaluate(choice, Known(registry), extras, repository, there, found, deleted)

    def test_a_deleted_tag_can_be_restored(self, choice, registry, show):
        found = Known((DeletedImage(OTHER, "1.4.2"), DeletedImage(DIGEST, "1.4.2"), DeletedImage(OTHER, "1.4.1")))
        verdict = self.judge(choice, registry, found)
        assert (verdict.status, verdict.certainty) == (Status.FAIL, Certainty.DEFINITE)
        assert verdict.fixes[0].values["digest"] == DIGEST
        assert Evidence("days-kept", "7") in verdict.evidence
        show(soft_deleted.CHECK, verdict)

    def test_manifests_without_a_tag_are_deleted_by_the_registry_itself(self, choice, registry):
        pinned = replace(choice, image=f"contosoreg.azurecr.io/web/api@{DIGEST}")
        purging = replace(registry, retention_days=9)
        gone = {"enabled": False, "there": NOTHING, "found": NO_MANIFEST}
        assert self.judge(pinned, purging, Known(()), **gone).evidence == (Evidence("untagged-kept-days", "9"),)
        assert self.judge(pinned, registry, Known(()), **gone).evidence == ()
        assert self.judge(choice, purging, Known(()), enabled=False).evidence == ()

    def test_a_digest_is_looked_for_by_itself(self, choice, registry):
        pinned = replace(choice, image=f"contosoreg.azurecr.io/web/api@{DIGEST}")
        found = Known((DeletedImage(OTHER, "1.4.2"), DeletedImage(DIGEST, "1.4.1")))
        verdict = self.judge(pinned, registry, found, there=NOTHING, found=NO_MANIFEST)
        assert verdict.fixes[0].values["tag"] == "1.4.1"

    @pytest.mark.parametrize(
        ("deleted", "enabled", "status", "reason"),
        [
            (Known(()), True, Status.PASS, "not-deleted"),
            (Known((DeletedImage(OTHER, "9"),)), True, Status.PASS, "not-deleted"),
            (Known(()), False, Status.NOT_APPLICABLE, "off"),
            (DENIED, False, Status.NOT_APPLICABLE, "off"),
            (DENIED, True, Status.UNKNOWN, "denied"),
            (DENIED, None, Status.UNKNOWN, "denied"),
        ],
    )
    def test_what_else_is_known(self, choice, registry, show, deleted, enabled, status, reason):
        verdict = self.judge(choice, registry, deleted, enabled)
        assert (verdict.status, verdict.reason) == (status, reason)
        show(soft_deleted.CHECK, verdict)

    def test_what_is_there_need_not_be_restored(self, choice, registry, show):
        verdict = self.judge(choice, registry, Known(()), there=TAG, found=IMAGE)
        assert verdict.status is Status.NOT_APPLICABLE
        show(soft_deleted.CHECK, verdict)
        assert (
            self.judge(choice, registry, Known(()), there=AWAY, found=AWAY, repository=AWAY).status is Status.UNKNOWN
        )
