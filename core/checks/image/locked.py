"""Has somebody locked the image against reading?

https://learn.microsoft.com/azure/container-registry/container-registry-image-lock
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.artifact import image_values, subject_of
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.image import ImageManifest, ImageRepository, ImageTag
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    image_repository: Fact[ImageRepository | None],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
) -> Verdict:
    """Look at the locks of the repository, of the tag and of the manifest: each of them alone stops every pull.

    A pinned image is asked for by its digest, so that nothing depends on the tag beside it.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    picked, image = subject.registry, subject.image
    read = {"repository": image_repository, "tag": image_tag, "manifest": image_manifest}
    if image.digest is not None:
        del read["tag"]
    locked = [
        what
        for what, fact in read.items()
        if isinstance(fact, Known) and fact.value is not None and fact.value.can_read is False
    ]
    values = image_values(picked, image)
    if isinstance(image_manifest, Known) and image_manifest.value is not None:
        values["digest"] = image_manifest.value.digest
    if locked:
        fixes = []
        if "repository" in locked:
            fixes.append(FixRef("unlock-repository", values))
        if "manifest" in locked or "tag" in locked:
            fixes.append(FixRef("unlock-image" if image.digest is None else "unlock-manifest", values))
        return Verdict(
            Status.FAIL,
            f"{locked[0]}-locked",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=tuple(Evidence(f"locked-{what}", _name(what, values)) for what in locked),
            fixes=tuple(fixes),
        )
    for fact in read.values():
        if not isinstance(fact, Known):
            return unknown(fact)
    return Verdict(Status.PASS, "readable", values=values)


def _name(what: str, values: dict[str, str]) -> str:
    ending = {"repository": "", "tag": f":{values['tag']}", "manifest": f"@{values['digest']}"}[what]
    return f"{values['repository']}{ending}"


CHECK = Check("image.locked", Branch.IMAGE, evaluate)
