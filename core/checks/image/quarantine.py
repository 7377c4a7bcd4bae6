"""Does the registry hold new images in quarantine?

https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.artifact import image_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, Missing
from core.facts.image import ImageManifest, ImageRepository, ImageTag
from core.facts.image_name import wanted_of
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    image_repository: Fact[ImageRepository | None],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
) -> Verdict:
    """Say whether images wait for a release. To nodes, and to most people, an image in quarantine is not there."""
    if not isinstance(registry, Known):
        return unknown(registry)
    if registry.value.quarantine_enabled is None:
        return Verdict(Status.NOT_APPLICABLE, "not-reported")
    evidence: tuple[Evidence, ...] = (
        Evidence("quarantine", "enabled" if registry.value.quarantine_enabled else "disabled"),
    )
    if not registry.value.quarantine_enabled:
        return Verdict(Status.PASS, "off", evidence=evidence)
    image = wanted_of(choice.image or "", registry.value.login_server)
    if image is None:
        return Verdict(Status.WARNING, "on", evidence=evidence)
    values = image_values(registry.value, image)
    release = FixRef("disable-quarantine", values)
    manifest = image_manifest.value if isinstance(image_manifest, Known) else None
    if manifest is not None and (manifest.quarantine_state or "").lower() == "quarantined":
        evidence = (*evidence, Evidence("quarantine-state", manifest.quarantine_state or ""))
        return Verdict(Status.FAIL, "held", Certainty.DEFINITE, values, evidence, fixes=(release,))
    asked = (image_repository, image_manifest if image.digest is not None else image_tag, image_manifest)
    if any(isinstance(fact, Missing) for fact in asked):
        return Verdict(Status.FAIL, "maybe-held", Certainty.LIKELY, values, evidence, fixes=(release,))
    return Verdict(Status.WARNING, "on", values=values, evidence=evidence)


CHECK = Check("image.quarantine", Branch.IMAGE, evaluate)
