"""Was the image deleted a short time ago, so that it can be restored?

https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.artifact import Subject, image_values, subject_of
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, Missing
from core.facts.image import DeletedImage, ImageManifest, ImageRepository, ImageTag
from core.facts.image_name import Wanted
from core.facts.registry import Registry, RegistryExtras
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    registry_extras: Fact[RegistryExtras],
    image_repository: Fact[ImageRepository | None],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
    deleted_images: Fact[tuple[DeletedImage, ...]],
) -> Verdict:
    """Look for the image among what was deleted, where it is not there."""
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    facts = (image_repository, image_tag, image_manifest)
    if not any(isinstance(fact, Missing) for fact in facts):
        for fact in facts:
            if not isinstance(fact, Known):
                return unknown(fact)
        return Verdict(Status.NOT_APPLICABLE, "image-there")
    found = deleted_images.value if isinstance(deleted_images, Known) else ()
    tag = image_tag.value if isinstance(image_tag, Known) else None
    match = _match(subject.image, None if tag is None else tag.digest, found)
    values = image_values(subject.registry, subject.image)
    if match is not None:
        values |= {"digest": match.digest, "tag": subject.image.tag or match.tag or "<tag>"}
        evidence = (Evidence("deleted-image", f"{values['tag']} = {match.digest}"), *_kept(registry_extras))
        restore = FixRef("restore-image", values)
        return Verdict(Status.FAIL, "restorable", Certainty.DEFINITE, values, evidence, fixes=(restore,))
    if isinstance(registry_extras, Known) and registry_extras.value.soft_delete_enabled is False:
        return Verdict(Status.NOT_APPLICABLE, "off", evidence=_purged(subject))
    if not isinstance(deleted_images, Known):
        return unknown(deleted_images)
    return Verdict(Status.PASS, "not-deleted", values=values)


def _kept(extras: Fact[RegistryExtras]) -> tuple[Evidence, ...]:
    """Show how long the registry keeps what was deleted."""
    days = extras.value.soft_delete_days if isinstance(extras, Known) else None
    return () if days is None else (Evidence("days-kept", str(days)),)


def _purged(subject: Subject) -> tuple[Evidence, ...]:
    """Show that the registry itself deletes manifests that have no tag any more, where one is asked for by digest.

    https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy
    """
    days = subject.registry.retention_days
    if subject.image.digest is None or days is None:
        return ()
    return (Evidence("untagged-kept-days", str(days)),)


def _match(image: Wanted, dangling: str | None, deleted: tuple[DeletedImage, ...]) -> DeletedImage | None:
    """Give the deleted image that is meant; of several that had the tag, the one that was deleted last."""
    if image.digest is not None:
        return next((one for one in deleted if one.digest == image.digest), None)
    tagged = [one for one in deleted if one.tag == image.tag or one.digest == dangling]
    return tagged[-1] if tagged else None


CHECK = Check("image.soft-deleted", Branch.IMAGE, evaluate)
