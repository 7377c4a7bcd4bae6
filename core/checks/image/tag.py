"""Does the tag, or the digest, exist in the repository?

https://learn.microsoft.com/azure/container-registry/container-registry-concepts#manifest-digest
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.artifact import (
    filled_by,
    image_values,
    import_image,
    not_cached_yet,
    reference,
    subject_of,
)
from core.checks.image.near import NEAR, distance
from core.checks.image.wording import set_image
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageManifest, ImageRepository, ImageTag, NamesThere
from core.facts.image_name import Wanted
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

LISTED = "The registry lists the tag, but does not find it."
"""What an answer says that cannot be right: whatever gave it, it was not this tag's absence."""


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    image_repository: Fact[ImageRepository | None],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
    tag_names: Fact[NamesThere | None],
    cache_rules: Fact[tuple[CacheRule, ...]],
) -> Verdict:
    """Say whether what the image names is there: the tag, and the manifest that it stands for.

    A tag may outlive its manifest, and a digest is gone once its image was deleted or purged. What a cache rule
    fetches may come with the next pull, and so may what is not there while nobody knows of the rules.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    picked, image = subject.registry, subject.image
    evidence = [Evidence("image-repository", image.repository)]
    if image.tag is not None:
        evidence.append(Evidence("image-tag", image.tag))
    if image.digest is not None:
        evidence.append(Evidence("image-digest", image.digest))
    if not isinstance(image_repository, Known):
        return unknown(image_repository, tuple(evidence))
    asked = image_manifest if image.digest is not None else image_tag
    rule = filled_by(image, cache_rules)
    if isinstance(asked, Missing) and rule is not None:
        return not_cached_yet(picked, image, rule, tuple(evidence))
    if isinstance(asked, Missing) and isinstance(cache_rules, (Denied, Unavailable)):
        return unknown(cache_rules, tuple(evidence))
    if image.digest is not None:
        return _of_digest(choice, picked, image, image_tag, image_manifest, tuple(evidence))
    if isinstance(image_tag, Missing):
        return _no_tag(choice, picked, image, tag_names, tuple(evidence))
    if not isinstance(image_tag, Known):
        return unknown(image_tag, tuple(evidence))
    values = image_values(picked, image)
    if image_tag.value is not None:
        evidence.append(Evidence("image-digest", image_tag.value.digest))
        values["digest"] = image_tag.value.digest
    if isinstance(image_manifest, Missing):
        return Verdict(
            Status.FAIL,
            "manifest-gone",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=tuple(evidence),
            fixes=(import_image(picked, image), FixRef("show-tags", values)),
        )
    if not isinstance(image_manifest, Known):
        return unknown(image_manifest, tuple(evidence))
    return Verdict(Status.PASS, "exists", values=values, evidence=tuple(evidence))


def nearest_tag(tag: str, names: tuple[str, ...]) -> tuple[str, str | None]:
    """Give the tag that may be meant, with the reason: other letters' case, a "v" too many or too few, a slip.

    `names` are newest first; of tags that are equally near the newest is taken. ("missing", None) where none is near.
    """
    for name in names:
        if name.lower() == tag.lower():
            return "other-case", name
    for name in names:
        if name.lower() in (f"v{tag.lower()}", tag.lower().removeprefix("v")):
            return "other-prefix", name
    near = min(names, key=lambda name: distance(tag, name), default=None)
    return ("misspelt", near) if near is not None and distance(tag, near) <= NEAR else ("missing", None)


def _of_digest(
    choice: Choice,
    registry: Registry,
    image: Wanted,
    tag: Fact[ImageTag | None],
    manifest: Fact[ImageManifest | None],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    """Judge a pinned image: nodes ask for the digest alone, whatever the tag beside it stands for."""
    values = image_values(registry, image)
    if isinstance(manifest, Known):
        return Verdict(Status.PASS, "digest-exists", values=values, evidence=evidence)
    if not isinstance(manifest, Missing):
        return unknown(manifest, evidence)
    now = tag.value.digest if isinstance(tag, Known) and tag.value is not None else None
    corrected = None if now is None else f"{registry.login_server}/{image.repository}@{now}"
    if corrected is not None:
        values["now"] = now or ""
        evidence = (*evidence, Evidence("digest-now", values["now"]), Evidence("corrected", corrected))
    return Verdict(
        Status.FAIL,
        "digest-missing" if now is None else "digest-replaced",
        certainty=Certainty.LIKELY if registry.quarantine_enabled else Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(set_image(choice, corrected), FixRef("show-tags", values)),
    )


def _no_tag(
    choice: Choice,
    registry: Registry,
    image: Wanted,
    names: Fact[NamesThere | None],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    tag = image.tag or ""
    there = names.value.names if isinstance(names, Known) and names.value is not None else ()
    if tag in there:
        return unknown(Unavailable(Trouble.BAD_ANSWER, LISTED), evidence)
    reason, meant = nearest_tag(tag, there)
    values = {**image_values(registry, image), "meant": meant or "", "newest": there[0] if there else "-"}
    if there:
        evidence = (*evidence, Evidence("tags-there", ", ".join(there[:20])))
    corrected = None if meant is None else reference(registry, image.repository, meant)
    rename, bring = set_image(choice, corrected), import_image(registry, image)
    if corrected is not None:
        evidence = (*evidence, Evidence("corrected", corrected))
    return Verdict(
        Status.FAIL,
        reason if there else "missing-unlisted",
        certainty=Certainty.LIKELY if registry.quarantine_enabled else Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(*((rename, bring) if meant is not None else (bring, rename)), FixRef("show-tags", values)),
    )


CHECK = Check("image.tag", Branch.IMAGE, evaluate)
